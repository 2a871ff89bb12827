"""Each property of each action: what it is when absent or null, what it takes, what it refuses.

Every row names a property and its kind; the wrong values, and the words that refuse them, follow
from the kind, so that no property is forgotten.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from callwright.protocol.pages.actions import WIRE_NAMES, Action
from callwright.protocol.pages.errors import BadAnswer, FaultCode
from callwright.protocol.pages.parse import parse_answer

Document = dict[str, Any]  # JSON
MEGABYTE: Final = "x" * 1_000_000
CIPHER: Final[Document] = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0f" * 16}
PLAY: Final[Document] = {"play": {"play_list": [{"text_to_say": "Hello."}]}}
HEADERS: Final = [{"name": "X-Colour", "value": "blue"}]
DIGITS: Final = "0123456789ABCD#*"


@dataclass(frozen=True)
class Kind:
    """A kind of property: values that are taken, and values that are refused with these words."""

    good: tuple[Any, ...]
    bad: tuple[tuple[Any, str], ...]


def refused(expected: str, *values: Any) -> tuple[tuple[Any, str], ...]:
    return tuple((value, expected) for value in values)


NO_INTEGERS: Final[tuple[Any, ...]] = ("1", 1.5, True, [], {}, MEGABYTE)


def whole(least: int | None, most: int | None = None) -> Kind:
    if most is not None:
        expected = f"a whole number from {least} to {most}"
        return Kind((least, most), refused(expected, (least or 0) - 1, most + 1, *NO_INTEGERS))
    if least is not None:
        expected = f"a whole number of at least {least}"
        return Kind((least, 7, 7.0), refused(expected, least - 1, *NO_INTEGERS))
    return Kind((0, -7, 7.0), refused("a whole number", *NO_INTEGERS))


def words(*allowed: str) -> Kind:
    *most, last = (repr(word) for word in allowed)
    expected = f"{', '.join(most)} or {last}"
    return Kind(
        allowed,
        (*refused("a string", 1, True, [], {}), *refused(expected, "other", "", MEGABYTE)),
    )


TEXT: Final = Kind(("", "ä"), refused("a string", 1, 1.5, True, [], {}))
NAME: Final = Kind(
    ("a",),
    refused("a string that is not empty", "", 1, True, [], {}),
)
BOOLEAN: Final = Kind((True, False), refused("true or false", 0, 1, "true", [], {}, MEGABYTE))
SECONDS: Final = Kind((0, 1.5, 7), refused("a number of at least 0", -1, "1", True, [], {}))
KEY: Final = Kind(
    ("", "#", "D"),
    (
        *refused("a string", 1, True, [], {}),
        ("12", 'one digit or ""'),
        ("x", f"a string of the digits {DIGITS}"),
        (MEGABYTE, f"a string of the digits {DIGITS}"),
    ),
)
KEYS: Final = Kind(
    ("", "123ABC"),
    (
        *refused("a string", 1, True, [], {}),
        ("1x", f"a string of the digits {DIGITS}"),
        (MEGABYTE, f"a string of the digits {DIGITS}"),
    ),
)
PAGE: Final = Kind(
    ("next", {"url": "next"}, {"url": "https://example.com/", "method": "GET"}),
    (
        *refused("an object", 1, True, []),
        ("", "an http or https URL, or one relative to this page's"),
        ("ftp://example.com/", "an http or https URL, or one relative to this page's"),
    ),
)
NESTED: Final = Kind((PLAY, PLAY["play"]), refused("an object", 1, "a", True, []))
NESTED_LIST: Final = Kind(([], [PLAY, PLAY]), refused("an array", 1, "a", True, {}, PLAY))
SECRET: Final = Kind((CIPHER,), refused("an object", 1, "a", True, []))
OBJECT: Final = Kind(({},), refused("an object", 1, "a", True, []))
LIST: Final = Kind((), refused("an array", 1, "a", True, {}))
LANGUAGE: Final = Kind(
    ("en-GB", "fr", "zh-Hans-CN"),
    (
        *refused("a string", 1, True, [], {}),
        *refused("a language code such as 'en-GB'", "", "x y", "en_GB", MEGABYTE),
    ),
)
HEADER_LIST: Final = Kind((HEADERS, []), LIST.bad)
STRING_LIST: Final = Kind(([], ["a"]), LIST.bad)

MINIMAL: Final[dict[str, Document]] = {
    "answer": {},
    "connect": {"destinations": ["sip:a@b.example"]},
    "connect_to_conference": {"name": "weekly42"},
    "delete_file": {"file_to_delete": "a.wav"},
    "get_input": {"next_page": "n"},
    "get_number": {"next_page": "n"},
    "hang_up": {},
    "play": {"play_list": []},
    "receive_fax": {"next_page": "n"},
    "record": {"next_page": "n"},
    "redirect": {"next_page": "n"},
    "reject": {},
    "run_menu": {"menu_options": [{"digit": "1", "next_page": "n"}]},
    "run_speech_menu": {"menu_options": [{"word": "yes", "next_page": "n"}]},
    "send_fax": {"fax_to_send": "a.tif"},
    "sleep": {"seconds": 0},
    "start_transcription": {"results_page": "n"},
    "stop_transcription": {},
}
MODEL: Final[Document] = {"language": LANGUAGE, "speech_model_options": OBJECT}
SPEECH: Final[Document] = {
    **MODEL,
    "language_outbound": LANGUAGE,
    "word_hints": Kind(([], [{"words": ["refund"], "priority": 1250}]), LIST.bad),
    "max_alternatives": whole(1, 3),
    "enable_profanity_filtering": BOOLEAN,
    "speech_model_options_outbound": OBJECT,
}
PLAYED: Final[Document] = {
    "barge_in_on_digit": BOOLEAN,
    "barge_in_on_speech": BOOLEAN,
    "barge_in_on_speech_options": {**MODEL, "barge_in_phrases": STRING_LIST},
}
MESSAGES: Final[Document] = {
    "prompt": NESTED,
    "on_input_timeout_messages": NESTED_LIST,
    "on_invalid_input_messages": NESTED_LIST,
}
WAITS: Final[Document] = {
    "seconds_timeout": whole(0),
    "milliseconds_inter_digit_timeout": whole(None),
    "milliseconds_initial_timeout": whole(None),
}
SECONDARY: Final[Document] = {
    "call_recording": BOOLEAN,
    "call_recording_encryption": BOOLEAN,
    "call_recording_eliminate_dtmf": BOOLEAN,
    "call_recording_mode": words("mixed", "separate"),
    "call_recording_cipher": SECRET,
    "minutes_max_call_duration": whole(1),
    "first_page": PAGE,
    "final_page": PAGE,
    "error_page": PAGE,
}
CONNECTS: Final[Document] = {
    "hold_media": NESTED,
    "seconds_answer_timeout": whole(0),
    "secondary_call": SECONDARY,
    "next_page": PAGE,
}
PROPERTIES: Final[dict[str, Document]] = {
    "answer": {"extra_sip_headers": HEADER_LIST},
    "connect": {
        **CONNECTS,
        "call_from": TEXT,
        "pass_early_media": BOOLEAN,
        "classify_callee": {
            "enable": BOOLEAN,
            "hang_up_on_answering_machine": BOOLEAN,
            "hang_up_on_fax_machine": BOOLEAN,
            "mode": words("default", "network_connect", "answer_detect"),
            "milliseconds_timeout": whole(1, 5000),
        },
        "extra_sip_headers": HEADER_LIST,
    },
    "connect_to_conference": {
        **CONNECTS,
        "name": NAME,
        "conference_participant": {
            "talker": BOOLEAN,
            "start_on_entry": BOOLEAN,
            "destroy_on_exit": BOOLEAN,
            "beep_on_entry": BOOLEAN,
            "exit_digit": KEY,
            "mute_digit": KEY,
            "unmute_digit": KEY,
            "while_stopped_media": NESTED,
            "name": NESTED,
            "has_joined_message": NESTED,
            "has_left_message": NESTED,
        },
    },
    "delete_file": {"file_to_delete": NAME},
    "get_input": {
        **MESSAGES,
        **WAITS,
        "next_page": PAGE,
        "speech_input_mode": words("timeout", "disabled", "auto"),
        "speech_recognition_options": SPEECH,
        "digit_input_enabled": BOOLEAN,
        "digit_input_options": {
            "digit_count": whole(0, 32),
            "end_digit": KEY,
            "valid_digits": KEYS,
        },
        "help_digit": KEY,
        "milliseconds_inter_speech_timeout": whole(None),
    },
    "get_number": {
        **MESSAGES,
        **WAITS,
        "next_page": PAGE,
        "digit_count": whole(0, 32),
        "end_digit": KEY,
        "valid_digits": KEYS,
        "help_digit": KEY,
    },
    "hang_up": {},
    "play": {"play_list": Kind(([], [{"digits_to_play": "12,#"}]), LIST.bad), **PLAYED},
    "receive_fax": {
        "next_page": PAGE,
        "id": TEXT,
        "progress_page": PAGE,
        "encryption_cipher": SECRET,
        "fax_available_page": PAGE,
    },
    "record": {
        "next_page": PAGE,
        "id": TEXT,
        "barge_in_digits": KEYS,
        "seconds_max_duration": whole(0),
        "milliseconds_max_silence": whole(0),
        "milliseconds_max_initial_silence": whole(0),
        "format": words("alaw", "ulaw"),
        "encryption_cipher": SECRET,
        "beep_on_start": BOOLEAN,
        "recording_available_page": PAGE,
    },
    "redirect": {"next_page": PAGE},
    "reject": {
        "cause": words(
            *("busy", "noanswer", "unobtainable", "changed", "outoforder", "barred"),
            *("rejected", "nochannels", "congestion"),
        ),
        "raw_cause": Kind(
            ("486", 486, "699"),
            refused(
                "a SIP status from '300' to '699'",
                *("", "200", "700", 200, True, 4.5, [], {}, "٤٨٦", MEGABYTE),
            ),
        ),
    },
    "run_menu": {
        "menu_options": Kind((), LIST.bad),
        "prompt": NESTED,
        "help_digit": KEY,
        "seconds_digit_timeout": whole(0),
        "on_digit_timeout_messages": NESTED_LIST,
        "on_invalid_digit_messages": NESTED_LIST,
    },
    "run_speech_menu": {
        **MESSAGES,
        **MODEL,
        "menu_options": Kind((), LIST.bad),
        "help_digit": KEY,
        "help_word": TEXT,
        "seconds_timeout": whole(None),
    },
    "send_fax": {
        "fax_to_send": Kind(("a.tif", {"url": "a.tif"}), OBJECT.bad[:1]),
        "progress_page": PAGE,
        "next_page": PAGE,
        "decryption_cipher": SECRET,
        "id": TEXT,
    },
    "sleep": {"seconds": SECONDS},
    "start_transcription": {
        "results_page": PAGE,
        "transcription_mode": words("separate", "mixed", "inbound", "outbound"),
        "id": TEXT,
        "speech_recognition_options": SPEECH,
        "enable_interim_results": BOOLEAN,
    },
    "stop_transcription": {},
}


def parse(name: str, properties: Document) -> Action:
    document = {"api_version": "2.0", "actions": [{name: properties}]}
    answer = parse_answer(json.dumps(document).encode(), api_version="2.0")
    assert answer.warnings == ()
    return answer.actions[0]


def kinds(table: Document, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Kind]]:
    """Every property with its path; a property that is an object has properties of its own."""
    for name, kind in table.items():
        if isinstance(kind, Kind):
            yield (*path, name), kind
        else:
            yield (*path, name), OBJECT
            yield from kinds(kind, (*path, name))


def with_value(name: str, path: tuple[str, ...], value: Any) -> Document:
    """The smallest action of this name with a value at a path."""
    document = json.loads(json.dumps(MINIMAL[name]))
    place = document
    for member in path[:-1]:
        place = place.setdefault(member, {})
    place[path[-1]] = value
    return dict(document)


def label(value: object) -> str:
    """A short name for a case: a megabyte has no place in one."""
    return ".".join(value) if isinstance(value, tuple) else repr(value)[:30]


ROWS: Final = [
    (name, path, kind) for name, table in PROPERTIES.items() for path, kind in kinds(table)
]
GOOD: Final = [(name, path, value) for name, path, kind in ROWS for value in kind.good]
BAD: Final = [(name, path, *bad) for name, path, kind in ROWS for bad in kind.bad]
REQUIRED: Final = [(name, member) for name, members in MINIMAL.items() for member in members]
OPTIONAL: Final = [(name, path) for name, path, _ in ROWS if path[0] not in MINIMAL[name]]


def test_every_action_is_in_the_table() -> None:
    assert sorted(PROPERTIES) == sorted(MINIMAL) == sorted(WIRE_NAMES.values())


@pytest.mark.parametrize(("name", "path", "value"), GOOD, ids=label)
def test_takes(name: str, path: tuple[str, ...], value: Any) -> None:
    given = with_value(name, path, value)
    if path[-1] == "end_digit" and not value:
        # No end digit needs a number of digits beside it.
        given = with_value(name, (*path[:-1], "digit_count"), 4)
        place = given if len(path) == 1 else given[path[0]]
        place["end_digit"] = ""
    parse(name, given)


@pytest.mark.parametrize(("name", "path", "value", "expected"), BAD, ids=label)
def test_refuses(name: str, path: tuple[str, ...], value: Any, expected: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        parse(name, with_value(name, path, value))

    error = caught.value
    assert (error.code, error.action) == (FaultCode.INVALID_RESPONSE, name)
    assert error.text.startswith(f"actions[0].{name}.{'.'.join(path)} is ")
    assert error.text.endswith(f": {expected} was expected")
    # An error of a megabyte would cost more than the call it came in.
    assert len(error.text) < 400


@pytest.mark.parametrize(("name", "member"), REQUIRED)
@pytest.mark.parametrize("is_null", [True, False])
def test_misses_what_is_required(name: str, member: str, *, is_null: bool) -> None:
    properties = {other: value for other, value in MINIMAL[name].items() if other != member}
    if is_null:
        properties[member] = None
    if name == "receive_fax":
        parse(name, properties)
        return
    with pytest.raises(BadAnswer) as caught:
        parse(name, properties)
    assert caught.value.text == f"actions[0].{name}.{member} is missing"


@pytest.mark.parametrize(("name", "path"), OPTIONAL, ids=label)
def test_null_is_as_good_as_absent(name: str, path: tuple[str, ...]) -> None:
    absent = with_value(name, path[:-1], {}) if path[1:] else MINIMAL[name]
    assert parse(name, with_value(name, path, None)) == parse(name, absent)
