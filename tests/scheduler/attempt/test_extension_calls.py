"""What is said of a call to the extensions that are told of it, field by field."""

from dataclasses import replace

import pytest

from callwright.domain.callback import (
    CallUuid,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import (
    EventRegistration,
    ExtensionEvent,
    RegistrationId,
    TellMethod,
)
from callwright.scheduler.attempt.extension_calls import CALL_EVENTS
from callwright.scheduler.attempt.order import TransferRule
from callwright.scheduler.attempt.recordings import record_uuid_of
from callwright.scheduler.values import Telling
from tests.sim.call import FarEnd
from tests.sim.told_attempt import (
    BOB,
    BUSY,
    CID,
    DESK,
    HOST,
    LEAVES_AT_5,
    ORDER,
    PUBLIC,
    TALKS,
    UUID,
    B,
    Story,
    telephone,
)

RECORD = record_uuid_of(UUID)


def test_every_field_says_what_is_so() -> None:
    order = replace(ORDER, a_side=(telephone(CID),))
    wish = TaskWish("202", B, DESK.extension_id, UnixTime(0.0), call_api_id=CallUuid("F" * 32))
    story = Story(FarEnd(answers_at=1.0), {PUBLIC: TALKS}, order, wish=wish).tell()
    of_call = {
        "CallID": UUID,
        "CallerExtension": "0007*200@sip.example.net",
        "CallAPIID": "F" * 32,
        "CallBackID": "5",
    }
    of_a = of_call | {
        "CallerIDNum": "441908273801",
        "CallerIDName": "Shown to A",
        "CalledNumber": "202",
        "CalledExtension": "0007*202@sip.example.net",
    }
    of_b = of_call | {
        "CallerIDNum": "441908273802",
        "CallerIDName": "Billing & Co",
        "CalledNumber": B,
    }
    out, into = {"CallFlow": "out"}, {"CallFlow": "in", "RemoteNumber": B}
    calling, answer = {"CallStatus": "CALLING"}, {"CallStatus": "ANSWER"}
    ends = answer | {"Bridged": "yes"}
    parts = {form.pop("CalledNumber"): form.pop("SubCallID") for form in story.forms}
    assert len(set(parts.values())) == 2
    assert all(len(part) == 32 for part in parts.values())
    assert [
        form | {"SubCallID": form["SubCallID"] == parts[form["CalledNumber"]]}
        for form in story.forms
    ] == [
        {"to": to, "EventType": event, "SubCallID": True, **fields}
        for to, event, fields in (
            ("200", "dial-out", of_a | out | calling),
            ("202", "dial-in", of_a | into | calling),
            ("200", "answer", of_a | out | answer),
            ("202", "answer", of_a | into | answer),
            ("200", "dial-out", of_b | out | calling),
            ("200", "answer", of_b | out | answer),
            ("200", "hangup", of_b | out | ends | {"Duration": "2"}),
            ("200", "hangup", of_a | out | ends | {"Duration": "3"}),
            ("202", "hangup", of_a | into | ends | {"Duration": "3"}),
        )
    ]


def test_only_a_transfer_is_said_to_be_one_and_only_calls_that_go_out() -> None:
    order = replace(ORDER, transfers=TransferRule(after_a=telephone(CID)))
    b_stays = FarEnd(answers_at=1.0, hangs_up_at=20.0)
    story = Story(LEAVES_AT_5, {PUBLIC: b_stays, telephone(CID): TALKS}, order).tell()
    transferred = {
        (form["to"], form["EventType"], form["CalledNumber"])
        for form in story.forms
        if form.get("Transfered") == "yes"
    }
    assert transferred == {("200", event, "202") for event in ("dial-out", "answer", "hangup")}
    remote = [form["RemoteNumber"] for form in story.forms if "RemoteNumber" in form]
    assert remote == [B] * 3, "who is transferred talks to B"
    assert not any("CallBackID" in form or "CallAPIID" in form for form in story.forms)


def test_without_a_caller_id_the_extension_calls() -> None:
    order = replace(ORDER, b_caller_id="", b_caller_name="")
    story = Story(order=order, others={PUBLIC: BUSY}).tell()
    assert {form["CallerIDNum"] for form in story.forms} == {"200"}
    assert not any("CallerIDName" in form for form in story.forms)


@pytest.mark.parametrize("event", sorted(ExtensionEvent))
def test_one_is_told_what_he_asked_for_and_as_he_asked(event: ExtensionEvent) -> None:
    registrations = [
        EventRegistration(RegistrationId(n), BOB, DESK.extension_id, event, f"{HOST}/{n}", method)
        for n, method in enumerate(TellMethod)
    ]
    story = Story(others={PUBLIC: TALKS}, registrations=registrations).tell()
    events = [one.event for one in story.outbox.kept]
    happens = event in CALL_EVENTS - {ExtensionEvent.DIAL_IN}
    assert [(one.url, one.telling, one.event) for one in events] == [
        (f"{HOST}/0", Telling.FORM_GET, event),
        (f"{HOST}/1", Telling.FORM_POST, event),
    ] * happens
    assert len({one.event_id for one in events}) == len(events)
    assert {one.stream for one in events} <= {f"call {UUID} 7 {HOST}"}


@pytest.mark.parametrize(
    ("recording", "is_full", "expected"),
    [("x.wav", False, {B: RECORD}), ("x.wav", True, {}), ("", False, {})],
)
def test_the_part_that_was_recorded_names_its_recording(
    *, recording: str, is_full: bool, expected: dict[str, str]
) -> None:
    order = replace(ORDER, a_side=(telephone(CID),), recording=recording)
    story = Story(FarEnd(answers_at=1.0), {PUBLIC: TALKS}, order)
    story.media.is_full = is_full
    forms = story.tell().forms
    found = {form["CalledNumber"]: form["RecID"] for form in forms if "RecID" in form}
    assert found == expected
    assert all(form["EventType"] == "hangup" for form in forms if "RecID" in form)
