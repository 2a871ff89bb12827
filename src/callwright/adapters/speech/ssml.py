"""Texts of customers, made fit for espeak-ng.

espeak-ng's own reader of SSML opens files that an `<audio>` element names, and lets a text choose
its voice. Therefore only the elements below get through, rebuilt from what is known of them;
other tags are dropped, and what is no tag is said as it stands.
"""

import re
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, unescape

_ELEMENTS: Final[dict[str, frozenset[str]]] = {
    "speak": frozenset(),
    "p": frozenset(),
    "s": frozenset(),
    "break": frozenset({"time", "strength"}),
    "emphasis": frozenset({"level"}),
    "prosody": frozenset({"rate", "pitch", "range", "volume"}),
    "say-as": frozenset({"interpret-as", "format", "detail"}),
    "sub": frozenset({"alias"}),
}
"""Elements of SSML 1.1 (W3C) and the attributes that pass. No `audio`, no `voice`."""

_EMPTY: Final = frozenset({"break"})

_TAG: Final = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w.:-]*)"
    r"(?P<attributes>(?:\s+[\w.:-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*/?>",
    re.ASCII,
)
_ATTRIBUTE: Final = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTES: Final = {"&quot;": '"', "&apos;": "'"}


class Speakable(NamedTuple):
    """A text for espeak-ng."""

    text: str
    is_ssml: bool


def speakable(text: str) -> Speakable:
    """Say how a customer's text is to be read; `&` and `<` are escaped where they are no SSML."""
    text = _CONTROL.sub(" ", text)
    tags = list(_TAG.finditer(text))
    if not any(tag["name"].lower() in _ELEMENTS for tag in tags):
        return Speakable(text, is_ssml=False)
    parts = []
    at = 0
    for tag in tags:
        parts += [_said(text[at : tag.start()]), _rebuilt(tag)]
        at = tag.end()
    parts.append(_said(text[at:]))
    return Speakable("".join(parts), is_ssml=True)


def _said(text: str) -> str:
    return escape(unescape(text, _QUOTES))


def _rebuilt(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    allowed = _ELEMENTS.get(name)
    if allowed is None:
        return ""
    if tag["end"]:
        return "" if name in _EMPTY else f"</{name}>"
    attributes = "".join(
        f' {key.lower()}="{escape(unescape(double or single, _QUOTES), {chr(34): "&quot;"})}"'
        for key, double, single in _ATTRIBUTE.findall(tag["attributes"])
        if key.lower() in allowed
    )
    return f"<{name}{attributes}{'/' if name in _EMPTY else ''}>"
