"""How speech is recognised, wherever an answer says so: page protocol 5.4 and 5.5."""

import re
from typing import Final

from callwright.protocol.pages.errors import invalid
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.inputs import SpeechOptions, WordHint
from callwright.protocol.pages.media import SpeechModel
from callwright.protocol.pages.wire_names import SPEECH_MODEL

DEFAULT_LANGUAGE: Final = "en-US"
"""Published."""

MAX_ALTERNATIVES: Final = 3
"""Published."""

_BCP_47: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""What RFC 5646 2.1 lets a language tag look like; which ones are spoken is not known here."""


def parse_model(
    fields: Fields,
    *,
    language: str = "language",
    options: str = "speech_model_options",
    default: SpeechModel | None = None,
) -> SpeechModel:
    """Read the two members that choose a recogniser; what they leave out is as `default` has it."""
    fallback = default or SpeechModel(DEFAULT_LANGUAGE)
    tag = fields.text(language, fallback.language)
    if not _BCP_47.fullmatch(tag):
        raise invalid(fields.at(language), tag, "a language code such as 'en-GB'")
    inner = fields.inner(options)
    if inner is None:
        return SpeechModel(tag, fallback.model)
    model = inner.text(SPEECH_MODEL, fallback.model)
    inner.finish()
    return SpeechModel(tag, model)


def parse_speech_options(parent: Fields, name: str = "speech_recognition_options") -> SpeechOptions:
    """Read section 5.4.1; an absent object has its defaults."""
    fields = parent.inner(name)
    if fields is None:
        return SpeechOptions()
    inbound = parse_model(fields)
    options = SpeechOptions(
        inbound,
        parse_model(
            fields,
            language="language_outbound",
            options="speech_model_options_outbound",
            default=inbound,
        ),
        tuple(
            _word_hint(Fields.of(hint, f"{fields.at('word_hints')}[{index}]", fields.warnings))
            for index, hint in enumerate(fields.listed("word_hints") or [])
        ),
        fields.integer("max_alternatives", 1, least=1, most=MAX_ALTERNATIVES),
        fields.boolean("enable_profanity_filtering", default=False),
    )
    fields.finish()
    return options


def _word_hint(fields: Fields) -> WordHint:
    fields.required("words")
    hint = WordHint(fields.texts("words"), fields.integer("priority", 0, least=None))
    fields.finish()
    return hint
