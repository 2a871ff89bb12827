"""Whole answers: the list, the token, the version, and actions without a module of their own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.pages.actions import (
    WIRE_NAMES,
    HangUp,
    PageAnswer,
    Record,
    Redirect,
    Sleep,
    wire_name,
)
from callwright.protocol.pages.errors import BadAnswer, FaultCode
from callwright.protocol.pages.media import Cipher, PageLink
from callwright.protocol.pages.parse import parse_answer


def parse(document: object) -> PageAnswer:
    return parse_answer(json.dumps(document).encode(), api_version="2.0")


def parse_actions(*actions: object) -> PageAnswer:
    return parse({"api_version": "2.0", "actions": list(actions)})


def refusal(*actions: object) -> BadAnswer:
    with pytest.raises(BadAnswer) as caught:
        parse_actions(*actions)
    return caught.value


MINIMAL: dict[str, object] = {
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
    "redirect": {"next_page": {"url": "n", "method": "GET"}},
    "reject": {},
    "run_menu": {"menu_options": [{"digit": "1", "next_page": "n"}]},
    "run_speech_menu": {"menu_options": [{"word": "yes", "next_page": "n"}]},
    "send_fax": {"fax_to_send": "a.tif"},
    "sleep": {"seconds": 1.5},
    "start_transcription": {"results_page": "r"},
    "stop_transcription": {},
}


def test_reads_an_answer_of_every_action() -> None:
    actions = [{name: properties} for name, properties in MINIMAL.items()]
    answer = parse({"api_version": "2.0", "token": "basket-5521", "actions": actions})

    assert [wire_name(action) for action in answer.actions] == list(MINIMAL)
    assert sorted(MINIMAL) == sorted(WIRE_NAMES.values())
    simple = [action for action in answer.actions if isinstance(action, Redirect | Sleep | HangUp)]
    assert simple == [HangUp(), Redirect(PageLink("n", "GET")), Sleep(1.5)]
    assert (answer.token, answer.api_version, answer.warnings) == ("basket-5521", "2.0", ())


def test_reads_the_cipher_of_the_whole_call() -> None:
    cipher = {"type": "aescbc", "key": "0f" * 32, "initialisation_vector": "f0" * 16}
    answer = parse({"api_version": "2.0", "actions": [], "call_recording_cipher": cipher})
    assert answer.call_recording_cipher == Cipher(b"\x0f" * 32, b"\xf0" * 16)
    assert "0f" not in repr(answer)


WRONG_ANSWERS: list[tuple[object, FaultCode, str]] = [
    ([], FaultCode.INVALID_RESPONSE, "the response is a list of 0: an object was expected"),
    ("x", FaultCode.INVALID_RESPONSE, "the response is 'x': an object was expected"),
    ({"api_version": "2.0"}, FaultCode.INVALID_RESPONSE, "actions is missing"),
    ({"actions": None}, FaultCode.INVALID_RESPONSE, "actions is missing"),
    ({"actions": {}}, FaultCode.INVALID_RESPONSE, "actions is an object: an array was expected"),
    (
        {"actions": [], "api_version": "1.0"},
        FaultCode.API_VERSION_MISMATCH,
        "api_version is '1.0': the service's, '2.0', was expected",
    ),
    (
        {"actions": [], "api_version": 2.0},
        FaultCode.API_VERSION_MISMATCH,
        "api_version is 2.0: the service's, '2.0', was expected",
    ),
    ({"actions": [], "token": 5}, FaultCode.INVALID_RESPONSE, "token is 5: a string was expected"),
    (
        {"actions": [], "token": "x" * 5001},
        FaultCode.INVALID_RESPONSE,
        "token has 5001 characters: at most 5000 were expected",
    ),
]


@pytest.mark.parametrize(("document", "code", "text"), WRONG_ANSWERS)
def test_refuses_an_answer(document: object, code: FaultCode, text: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        parse(document)
    assert (caught.value.code, caught.value.text) == (code, text)


KEYS = "the digits 0123456789ABCD#*"
AT_LEAST_0 = "a whole number of at least 0"
ONE_MEMBER = "an object with exactly one member, the action, was expected"
WRONG_ACTIONS: list[tuple[object, str]] = [
    ("hang_up", f"actions[1] is 'hang_up': {ONE_MEMBER}"),
    ({}, f"actions[1] is an object: {ONE_MEMBER}"),
    ({"hang_up": {}, "sleep": {"seconds": 1}}, f"actions[1] is an object: {ONE_MEMBER}"),
    ({"hang_up": None}, "actions[1].hang_up is null: an object was expected"),
    ({"hang_up": []}, "actions[1].hang_up is a list of 0: an object was expected"),
    ({"connect": 5}, "actions[1].connect is 5: an object was expected"),
    ({"sleep": {}}, "actions[1].sleep.seconds is missing"),
    (
        {"sleep": {"seconds": -1}},
        "actions[1].sleep.seconds is -1: a number of at least 0 was expected",
    ),
    (
        {"sleep": {"seconds": "2"}},
        "actions[1].sleep.seconds is '2': a number of at least 0 was expected",
    ),
    (
        {"sleep": {"seconds": True}},
        "actions[1].sleep.seconds is true: a number of at least 0 was expected",
    ),
    ({"redirect": {}}, "actions[1].redirect.next_page is missing"),
    ({"redirect": {"next_page": {}}}, "actions[1].redirect.next_page.url is missing"),
    ({"record": {}}, "actions[1].record.next_page is missing"),
    (
        {"record": {"next_page": "n", "format": "mp3"}},
        "actions[1].record.format is 'mp3': 'alaw' or 'ulaw' was expected",
    ),
    (
        {"record": {"next_page": "n", "barge_in_digits": "x"}},
        f"actions[1].record.barge_in_digits is 'x': a string of {KEYS} was expected",
    ),
    (
        {"record": {"next_page": "n", "seconds_max_duration": 1.5}},
        "actions[1].record.seconds_max_duration is 1.5: a whole number of at least 0 was expected",
    ),
    (
        {"record": {"next_page": "n", "milliseconds_max_silence": -1}},
        f"actions[1].record.milliseconds_max_silence is -1: {AT_LEAST_0} was expected",
    ),
    (
        {"record": {"next_page": "n", "beep_on_start": "true"}},
        "actions[1].record.beep_on_start is 'true': true or false was expected",
    ),
    (
        {"record": {"next_page": "n", "recording_available_page": 7}},
        "actions[1].record.recording_available_page is 7: an object was expected",
    ),
    (
        {"get_number": {"next_page": "n", "digit_count": 33}},
        "actions[1].get_number.digit_count is 33: a whole number from 0 to 32 was expected",
    ),
]


@pytest.mark.parametrize(("action", "text"), WRONG_ACTIONS, ids=[text for _, text in WRONG_ACTIONS])
def test_refuses_a_list_with_a_wrong_action(action: object, text: str) -> None:
    error = refusal({"hang_up": {}}, action)
    assert (error.code, error.text) == (FaultCode.INVALID_RESPONSE, text)


def test_an_unknown_action_has_a_code_of_its_own() -> None:
    error = refusal({"dance": {}})
    assert (error.code, error.action) == (FaultCode.UNKNOWN_ACTION, "dance")
    assert error.text == "actions[0]: 'dance' is not an action"


def test_an_error_names_the_action_whose_rule_is_broken() -> None:
    assert refusal({"sleep": {}}).action == "sleep"


def test_record_has_the_published_defaults() -> None:
    assert parse_actions({"record": {"next_page": "n"}}).actions == (
        Record(
            PageLink("n"),
            recording_id="",
            barge_in_digits="#",
            max_duration=60.0,
            max_silence=3.0,
            max_initial_silence=3.0,
            encoding=None,
            beep_on_start=False,
            cipher=None,
            recording_available_page=None,
        ),
    )


def test_record_takes_every_property() -> None:
    cipher = {"type": "aescbc", "key": "0" * 32, "initialisation_vector": "0" * 32}
    record = {
        "next_page": {"url": "n"},
        "id": "complaint",
        "barge_in_digits": "",
        "seconds_max_duration": 10,
        "milliseconds_max_silence": 1000,
        "milliseconds_max_initial_silence": 5500,
        "format": "ulaw",
        "encryption_cipher": cipher,
        "beep_on_start": True,
        "recording_available_page": {"url": "a", "method": "GET"},
    }
    expected = Record(
        PageLink("n"),
        "complaint",
        "",
        10.0,
        1.0,
        5.5,
        "ulaw",
        beep_on_start=True,
        cipher=Cipher(bytes(16), bytes(16)),
        recording_available_page=PageLink("a", "GET"),
    )
    answer = parse_actions({"record": record})
    assert (answer.actions, answer.warnings) == ((expected,), ())


WARNINGS: list[tuple[object, str]] = [
    ({"actions": []}, "api_version is missing and taken as '2.0'"),
    ({"api_version": "2.0", "actions": [], "colour": 1}, "colour is not known and ignored"),
    (
        {"api_version": "2.0", "actions": [{"hang_up": {"now": True}}]},
        "actions[0].hang_up.now is not known and ignored",
    ),
    (
        {"api_version": "2.0", "actions": [{"sleep": {"seconds": 1e300}}]},
        "actions[0].sleep.seconds counts as 86400, the longest time there is",
    ),
]


@pytest.mark.parametrize(("document", "warning"), WARNINGS)
def test_warns_of_what_is_odd_but_allowed(document: object, warning: str) -> None:
    assert parse(document).warnings == (warning,)


def test_so_many_warnings_and_no_more() -> None:
    members = {f"p{n:04}": 1 for n in range(150)}
    warnings = parse({"api_version": "2.0", "actions": [], **members}).warnings
    assert warnings[99:] == ("p0099 is not known and ignored", "and 50 warnings more")


def test_null_is_as_good_as_absent() -> None:
    record: dict[str, Any] = {
        "next_page": "n",
        "id": None,
        "format": None,
        "encryption_cipher": None,
        "recording_available_page": None,
    }
    assert parse_actions({"record": record}) == parse_actions({"record": {"next_page": "n"}})
    assert parse({"api_version": None, "token": None, "actions": []}).api_version is None


NAMES = st.sampled_from(
    [
        *("actions", "token", "api_version", "play", "play_list", "text_to_say", "file_to_play"),
        *("digits_to_play", "url", "method", "next_page", "get_number", "get_input", "prompt"),
        *("record", "sleep", "seconds", "redirect", "hang_up", "connect", "digit_count"),
        *("seconds_timeout", "milliseconds_inter_digit_timeout", "digit_input_options", "key"),
        *("on_input_timeout_messages", "encryption_cipher", "type", "end_digit", "word_hints"),
        *("speech_recognition_options", "words", "call_recording_cipher"),
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(-(10**4200))
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2.0", "GET", "http://[", "//x:y", "#", "aescbc", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, VALUES), st.lists(st.dictionaries(NAMES, VALUES, max_size=1)))
def test_random_json_is_an_answer_or_one_error(members: Any, actions: Any) -> None:
    document = {**members, "api_version": "2.0", "actions": actions}
    try:
        answer = parse(document)
    except BadAnswer:
        return
    assert len(answer.actions) == len(actions)
