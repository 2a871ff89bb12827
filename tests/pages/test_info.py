"""Instance info as customers read it, printed by the platform itself."""

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.pages import (
    Alternative,
    BadInstanceInfo,
    ConnectResult,
    FaxResult,
    GetInputResult,
    GetNumberResult,
    InstanceInfo,
    Interrupted,
    OtherResult,
    Phrase,
    RecordResult,
    RunMenuResult,
    RunSpeechMenuResult,
    TranscriptionResult,
)
from callwright.protocol.pages import request, results
from callwright.protocol.pages.errors import FaultCode

CALL: Final = request.CallInfo(
    call_id="a.2.3",
    direction="in",
    call_from="441632960961",
    call_to="441632960100",
    call_target="441632960101",
    call_state="idle",
    duration=38.44,
    application_parameters="blue",
    outbound_parameters="green",
    divert="441632960102",
    attestation="B",
    far_end_type="human",
    recording_filename="a.wav",
    sip_headers=(("X-Order", "17"),),
    call_cause="hung_up",
    call_raw_cause="200",
)
SAID: Final = results.Phrase(
    (results.Alternative("refund", 0.91), results.Alternative("re fund")),
    direction=results.Direction.INBOUND,
    translation="Erstattung",
)
HEARD: Final = (
    (Alternative("refund", 0.91), Alternative("re fund")),
    True,
    None,
    "inbound",
    "Erstattung",
)


def _told(**more: Any) -> bytes:  # whatever a test wants to say
    info = request.InstanceInfo("a.1", "t", "rest_a.1.log", "2.0", CALL)
    return json.dumps({**json.loads(request.print_instance_info(info)), **more}).encode()


def test_every_property_of_a_call_arrives() -> None:
    info = InstanceInfo.parse(_told())
    call = info.this_call
    assert (info.application_instance_id, info.token, info.log_filename) == (
        *("a.1", "t"),
        "rest_a.1.log",
    )
    assert (call.call_id, call.call_direction, call.call_from) == ("a.2.3", "in", "441632960961")
    assert (call.call_to, call.call_target) == ("441632960100", "441632960101")
    assert (call.call_divert, call.call_attestation) == ("441632960102", "B")
    assert (call.call_state, call.seconds_call_duration) == ("idle", 38.4)
    assert (call.application_parameters, call.outbound_parameters) == ("blue", "green")
    assert (call.far_end_type, call.call_recording_filename) == ("human", "a.wav")
    assert (call.call_cause, call.call_raw_cause) == ("hung_up", "200")
    assert call.sip_headers == (("X-Order", "17"),)
    assert not info.is_notification
    assert not info.extra
    assert not call.extra


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (results.NumberEntered("4711"), GetNumberResult("4711")),
        (results.InputTaken("12"), GetInputResult("12", ())),
        (results.InputTaken("", (SAID,)), GetInputResult("", (Phrase(*HEARD),))),
        (results.MenuChosen("2"), RunMenuResult("2")),
        (results.SpeechMenuChosen("", "sales"), RunSpeechMenuResult("", "sales")),
        (
            results.RecordingStored("id", "a.wav", contains_sound=True, duration=12.6),
            RecordResult("id", "a.wav", contains_sound=True, seconds_duration=12.6),
        ),
        (results.Connected("connect", 61.04), ConnectResult(61.0)),
        (results.Connected("connect_to_conference", 0.0), ConnectResult(0.0)),
        (
            results.Transcribed("start_transcription", "leg", (SAID,), is_completed=True),
            TranscriptionResult("leg", (Phrase(*HEARD),), completed=True),
        ),
        (
            results.Transcribed("connect.translator", "t1", (), is_completed=False),
            TranscriptionResult("t1", (), completed=False),
        ),
        (results.Interrupted("sleep"), Interrupted()),
    ],
)
def test_every_result_that_the_platform_prints_is_read(
    printed: results.ActionResult, read: object
) -> None:
    told = request.InstanceInfo("a.1", None, "", "2.0", None, action_result=printed)
    info = InstanceInfo.parse(request.print_instance_info(told))
    assert info.action_result is not None
    assert info.action_result.result == read
    assert info.result(type(read)) == read
    assert info.is_notification
    assert not info.action_result.extra


def test_faxes_and_what_is_not_known_are_read_too() -> None:
    settings = {"data_rate": 14400}
    fax = {"pages_sent": 2, "negotiated_settings": settings, "succeeded": True, "new": 1}
    info = InstanceInfo.parse(_told(action_result={"action": "send_fax", "result": fax}))
    assert info.result(FaxResult) == FaxResult(
        "", "", succeeded=True, cause="", pages=2, remote_id="", negotiated_settings=settings,
        extra={"new": 1},
    )  # fmt: skip
    progress = {"id": "f1", "pages_received": 3, "negotiated_settings": settings}
    told = InstanceInfo.parse(
        _told(action_progress={"action": "receive_fax", "progress": progress})
    ).action_progress
    assert told is not None
    assert (told.action, told.id, told.pages) == ("receive_fax", "f1", 3)
    other = InstanceInfo.parse(_told(action_result={"action": "dance", "result": {"steps": 2}}))
    assert other.result(OtherResult).result == {"steps": 2}


def test_errors_and_dropped_calls_are_read() -> None:
    error = request.ErrorResult("play", "no such file", FaultCode.MEDIA_NOT_FOUND)
    told = request.InstanceInfo(
        "a.1", None, "", "2.0", CALL, error_result=error, dropped_calls=(CALL, CALL)
    )
    info = InstanceInfo.parse(request.print_instance_info(told))
    assert info.error_result is not None
    assert (info.error_result.action, info.error_result.code) == ("play", "media_not_found")
    assert info.error_result.result == "no such file"
    assert [call.call_id for call in info.dropped_calls] == ["a.2.3", "a.2.3"]


def test_what_is_not_known_is_kept() -> None:
    call = json.loads(_told())["this_call"]
    info = InstanceInfo.parse(_told(mood="fine", this_call={**call, "weather": ["rain"]}))
    assert dict(info.extra) == {"mood": "fine"}
    assert dict(info.this_call.extra) == {"weather": ["rain"]}


def test_a_get_has_the_document_in_its_query() -> None:
    url = request.url_with_instance_info("http://a.example/first?x=1", _told(token="ü & +"))
    info = InstanceInfo.parse(url.partition("?")[2])
    assert info.token == "ü & +"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (b"", "the body is no JSON document"),
        (b"\xff", "the body is no JSON document"),
        (b"[" * 100_000, "the body is no JSON document"),
        (b"[]", "the body is an array: an object expected"),
        (b"{}", "application_instance_id is missing: a string expected"),
        ("x=1", "instance_info is missing from the query"),
        (_told(token=1), "token is a number: a string expected"),
        (_told(this_call=[]), "this_call is an array: an object expected"),
        (_told(this_call={}), "this_call.call_id is missing: a string expected"),
        (_told(is_notification="no"), "is_notification is a string: true or false expected"),
        (_told(dropped_calls=[1]), "dropped_calls[0] is a number: an object expected"),
        (
            _told(action_result={"action": "get_number", "result": {"entered_number": True}}),
            "action_result.result.entered_number is a boolean: a string expected",
        ),
        (
            _told(action_result={"action": "get_input", "result": {"speech": [{"final": 1}]}}),
            "action_result.result.speech[0].final is a number: true or false expected",
        ),
        (_told(action_result={"result": {}}), "action_result.action is missing: a string expected"),
    ],
)
def test_a_mistake_is_told_with_its_path(told: bytes | str, text: str) -> None:
    with pytest.raises(BadInstanceInfo) as caught:
        InstanceInfo.parse(told)
    assert str(caught.value) == text


def test_a_page_that_expects_something_else_is_told() -> None:
    info = InstanceInfo.parse(_told())
    with pytest.raises(BadInstanceInfo, match="action_result is a NoneType: a GetNumberResult"):
        _ = info.entered_number
    notification = InstanceInfo.parse(b'{"application_instance_id": "a.1"}')
    with pytest.raises(BadInstanceInfo, match="this_call is missing"):
        _ = notification.this_call


def test_input_is_read_whichever_it_was() -> None:
    for taken, text in (
        (results.InputTaken("12"), "12"),
        (results.InputTaken("", (SAID,)), "refund"),
    ):
        told = request.InstanceInfo("a.1", None, "", "2.0", CALL, action_result=taken)
        assert InstanceInfo.parse(request.print_instance_info(told)).entered_or_spoken == text


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(json.loads(_told()))), JSON)
def test_whatever_stands_there_is_read_or_refused(name: str, value: object) -> None:
    try:
        InstanceInfo.parse(_told(**{name: value}))
    except BadInstanceInfo as error:
        assert str(error).startswith(name)  # noqa: PT017 - some values are fine


@given(st.binary(max_size=60))
def test_random_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(BadInstanceInfo):
        InstanceInfo.parse(body)
