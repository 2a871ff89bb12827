"""Actions that make a second call: sections 4.7, 4.8 and 5.7 to 5.13 of the page protocol."""

import re
from typing import Final

from callwright.protocol.pages.connecting import (
    CallRecording,
    CallRecordingMode,
    ClassifyCallee,
    Connect,
    ConnectToConference,
    Participant,
    SecondaryCall,
    SipHeader,
    Translation,
    Translator,
)
from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.parse_play import cipher_of, link_of, play_of
from callwright.protocol.pages.parse_speech import parse_speech_options
from callwright.protocol.pages.sip_header_names import STANDARD_HEADER_NAMES
from callwright.protocol.pages.wire_names import (
    CLASSIFY_MODE,
    CLASSIFY_TIMEOUT,
    CONNECT_HEADERS,
    CONNECT_TRANSLATOR,
    HANG_UP_ON_FAX,
    HANG_UP_ON_MACHINE,
    TRANSLATION_LANGUAGE,
    TRANSLATION_OPTIONS,
    TRANSLATION_SPEECH,
    TRANSLATION_VOICE,
    WireName,
)

_RING_TIMEOUT: Final = 30
"""Seconds (published)."""

_MAX_DURATION_MINUTES: Final = 240
"""Published."""

_CLASSIFICATION_MS: Final = 5000
"""The longest, and what holds when nothing is said (published)."""

_CLASSIFICATION_MODES: Final = ("default", "network_connect", "answer_detect")

_TOKEN: Final = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
"""RFC 3261 25.1: token."""

_MAX_HEADER_LENGTH: Final = 1024
"""Characters of name and value together, as for a service start."""


def parse_connect(fields: Fields) -> Connect:
    """Read the properties of `connect`."""
    connect = Connect(
        destinations=_destinations(fields),
        call_from=fields.text("call_from", "") or None,
        hold_media=play_of(fields, "hold_media"),
        passes_early_media=fields.boolean("pass_early_media", default=False),
        ring_timeout=fields.whole_seconds("seconds_answer_timeout", _RING_TIMEOUT),
        classify=_classify(fields),
        secondary=_secondary(fields),
        next_page=link_of(fields, "next_page"),
        translator=_translator(fields),
        headers=parse_headers(fields, CONNECT_HEADERS),
    )
    is_plain = len(connect.destinations) == 1 and connect.secondary.first_page is None
    if connect.passes_early_media and not is_plain:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.at('pass_early_media')} is true: exactly one destination and no "
            "secondary_call.first_page were expected with it",
        )
    return connect


def parse_connect_to_conference(fields: Fields) -> ConnectToConference:
    """Read the properties of `connect_to_conference`."""
    return ConnectToConference(
        name=fields.required_text("name"),
        hold_media=play_of(fields, "hold_media"),
        ring_timeout=fields.whole_seconds("seconds_answer_timeout", _RING_TIMEOUT),
        participant=_participant(fields),
        secondary=_secondary(fields),
        next_page=link_of(fields, "next_page"),
    )


def parse_headers(fields: Fields, name: str | WireName) -> tuple[SipHeader, ...]:
    """Read an array of SIP headers (5.13)."""
    headers: list[SipHeader] = []
    for index, value in enumerate(fields.listed(name) or []):
        member = Fields.of(value, f"{fields.at(name)}[{index}]", fields.warnings)
        headers.append(_header(member))
        member.finish()
    return tuple(headers)


def _header(fields: Fields) -> SipHeader:
    name, value = fields.required_text("name"), fields.text("value", "")
    fields.required("value")
    if not _TOKEN.fullmatch(name):
        raise invalid(fields.at("name"), name, "a SIP header name")
    if name.lower() in STANDARD_HEADER_NAMES:
        raise invalid(fields.at("name"), name, "a name that is no standard SIP header's")
    if any(character < " " or character == "\x7f" for character in value):
        raise invalid(fields.at("value"), value, "a string without control characters")
    if len(name) + len(value) > _MAX_HEADER_LENGTH:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.path} has more than {_MAX_HEADER_LENGTH} characters in name and value",
        )
    return SipHeader(name, value)


def _destinations(fields: Fields) -> tuple[str, ...]:
    fields.required("destinations")
    destinations = fields.texts("destinations")
    if not destinations:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.at('destinations')} is empty: an address was expected",
        )
    for index, destination in enumerate(destinations):
        if not destination:
            raise invalid(f"{fields.at('destinations')}[{index}]", destination, "an address")
    return destinations


def _secondary(parent: Fields) -> SecondaryCall:
    fields = parent.inner("secondary_call")
    if fields is None:
        return SecondaryCall()
    minutes = fields.integer("minutes_max_call_duration", _MAX_DURATION_MINUTES, least=1)
    call = SecondaryCall(
        recording=_recording(fields),
        max_duration=min(minutes, _MAX_DURATION_MINUTES) * 60.0,
        first_page=link_of(fields, "first_page"),
        final_page=link_of(fields, "final_page"),
        error_page=link_of(fields, "error_page"),
    )
    fields.finish()
    return call


def _recording(fields: Fields) -> CallRecording | None:
    mode = fields.word("call_recording_mode", CallRecordingMode.MIXED, tuple(CallRecordingMode))
    recording = CallRecording(
        CallRecordingMode(mode),
        eliminates_dtmf=fields.boolean("call_recording_eliminate_dtmf", default=True),
        is_encrypted=fields.boolean("call_recording_encryption", default=False),
        cipher=cipher_of(fields, "call_recording_cipher"),
    )
    return recording if fields.boolean("call_recording", default=False) else None


def _classify(parent: Fields) -> ClassifyCallee | None:
    fields = parent.inner("classify_callee")
    if fields is None:
        return None
    how = ClassifyCallee(
        fields.word(CLASSIFY_MODE, _CLASSIFICATION_MODES[0], _CLASSIFICATION_MODES),
        fields.integer(CLASSIFY_TIMEOUT, _CLASSIFICATION_MS, least=1, most=_CLASSIFICATION_MS)
        / 1000,
        hangs_up_on_machine=fields.boolean(HANG_UP_ON_MACHINE, default=True),
        hangs_up_on_fax=fields.boolean(HANG_UP_ON_FAX, default=True),
    )
    is_enabled = fields.boolean("enable", default=True)
    fields.finish()
    return how if is_enabled else None


def _participant(parent: Fields) -> Participant:
    fields = parent.inner("conference_participant")
    if fields is None:
        return Participant()
    mute_digit = fields.key("mute_digit", "")
    participant = Participant(
        is_talker=fields.boolean("talker", default=True),
        starts_on_entry=fields.boolean("start_on_entry", default=True),
        destroys_on_exit=fields.boolean("destroy_on_exit", default=False),
        beeps_on_entry=fields.boolean("beep_on_entry", default=True),
        exit_digit=fields.key("exit_digit", ""),
        mute_digit=mute_digit,
        unmute_digit=fields.key("unmute_digit", "") or mute_digit,
        while_stopped=play_of(fields, "while_stopped_media", barge_in=False),
        name=play_of(fields, "name", barge_in=False),
        has_joined=play_of(fields, "has_joined_message", barge_in=False),
        has_left=play_of(fields, "has_left_message", barge_in=False),
    )
    fields.finish()
    return participant


def _translator(parent: Fields) -> Translator | None:
    fields = parent.inner(CONNECT_TRANSLATOR)
    if fields is None:
        return None
    translator = Translator(
        _translation(fields, "primary"),
        _translation(fields, "secondary"),
        link_of(fields, "transcription_results_page"),
        fields.text("id", ""),
    )
    fields.finish()
    return translator


def _translation(parent: Fields, name: str) -> Translation:
    parent.required(name)
    fields = Fields.of(parent.value(name), parent.at(name), parent.warnings)
    fields.required(TRANSLATION_OPTIONS)
    options = Fields.of(
        fields.value(TRANSLATION_OPTIONS), fields.at(TRANSLATION_OPTIONS), fields.warnings
    )
    language = options.required_text(TRANSLATION_LANGUAGE)
    if language not in _TRANSLATED:
        raise invalid(options.at(TRANSLATION_LANGUAGE), language, "a translation language code")
    options.finish()
    translation = Translation(
        parse_speech_options(fields, TRANSLATION_SPEECH.name),
        language,
        fields.text(TRANSLATION_VOICE, "") or None,
    )
    fields.finish()
    return translation


_TRANSLATED: Final = frozenset(
    """
    af sq am ar hy as ay az bm eu be bn bho bs bg ca ceb ny zh-CN zh-TW co hr cs da dv doi nl en
    eo et ee tl fi fr fy gl lg ka de el gn gu ht ha haw he hi hmn hu is ig ilo id ga it ja jv kn
    kk km rw gom ko kri ku ckb ky lo la lv ln lt lb mk mai mg ms ml mt mi mr mni-Mtei lus mn my ne
    nso no or om ps fa pl pt pa qu ro ru sm sa gd sr st sn sd si sk sl so es su sw sv tg ta tt te
    th ti ts tr tk ak uk ur ug uz vi cy xh yi yo zu
    """.split()  # noqa: SIM905 - one name a line would fill pages
)
"""Languages that can be translated into (published, Appendix B)."""
