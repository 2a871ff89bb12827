"""Every kind of fact has a form on the wire, and that form is flat JSON."""

from typing import get_args

import msgspec
import pytest

from callwright.api.fact_events import EVENT_NAMES, event_of
from callwright.domain import facts
from callwright.domain.causes import cause_of_sip_failure
from callwright.domain.clock import UnixTime
from callwright.domain.far_end import FarEnd, FarEndType, Heard
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceRef
from callwright.domain.records import ErrorCode
from callwright.records.live_facts import LiveFact

AT = UnixTime(1366641192.5)
CALL = CallId("049136ca36e44662.209560.914358273")
REF = ServiceRef("2e891aea_0.1366641192.77832")

FORMS: list[tuple[facts.Fact, dict[str, object]]] = [
    (facts.StartQueued(AT, "tel:443069990123"), {"event": "queued", "to": "tel:443069990123"}),
    (facts.StartRefused(AT, "No"), {"event": "could_not_run", "reason": "No"}),
    (facts.StartCancelled(AT), {"event": "cancelled"}),
    (
        facts.InstanceStarted(
            AT,
            instance_id=InstanceId("049136ca36e44662.1"),
            application_name="reminder",
            rest_to="tel:443069990123",
            rest_from="443069999876",
            rest_initial_token="t",
            outbound_parameters="",
            application_parameters="",
            rest_log_filename="log",
            extra_channel_count=0,
            fax=False,
        ),
        {
            "event": "instance_started",
            "instance_id": "049136ca36e44662.1",
            "application_name": "reminder",
            "rest_to": "tel:443069990123",
            "rest_from": "443069999876",
            "rest_initial_token": "t",
            "outbound_parameters": "",
            "application_parameters": "",
            "rest_log_filename": "log",
            "extra_channel_count": 0,
            "fax": False,
        },
    ),
    (
        facts.CallPlaced(AT, CALL, "tel:1", "2@sip", "sim"),
        {
            "event": "call_placed",
            "call_id": CALL,
            "destination_address": "tel:1",
            "originating_address": "2@sip",
            "trunk": "sim",
            "direction": "out",
            "channel_type": "p",
        },
    ),
    (
        facts.CallRinging(AT, CALL, 180),
        {"event": "ringing", "call_id": CALL, "sip_status": 180},
    ),
    (facts.CallAnswered(AT, CALL), {"event": "answered", "call_id": CALL}),
    (
        facts.FarEndClassified(
            AT, CALL, FarEnd(FarEndType.HUMAN, 1.25, ("short",), (Heard(0.0, 1.0, "speech"),))
        ),
        {
            "event": "far_end",
            "call_id": CALL,
            "far_end_type": "human",
            "seconds": 1.25,
            "reasons": ["short"],
        },
    ),
    (facts.CallJoined(AT, CALL), {"event": "joined", "call_id": CALL}),
    (facts.CallParted(AT, CALL), {"event": "parted", "call_id": CALL}),
    (
        facts.CallOver(AT, CALL, cause_of_sip_failure(486)),
        {
            "event": "call_over",
            "call_id": CALL,
            "hangup_cause": "BUSY(486)",
            "call_cause": "busy",
        },
    ),
    (facts.DigitPressed(AT, CALL, "5"), {"event": "digit", "call_id": CALL, "digit": "5"}),
    (
        facts.PageAnswered(AT, "first", "http://a/", 200, ("play", "record")),
        {
            "event": "page",
            "page": "first",
            "url": "http://a/",
            "http_status": 200,
            "actions": ["play", "record"],
            "problem": "",
        },
    ),
    (
        facts.ActionStarted(AT, "play", "Hello"),
        {"event": "action_started", "action": "play", "detail": "Hello"},
    ),
    (
        facts.ActionEnded(AT, "play"),
        {"event": "action_ended", "action": "play", "detail": ""},
    ),
    (facts.SpeechUsed(AT, 1.5), {"event": "speech", "seconds": 1.5, "neural": False}),
    (
        facts.FeatureUsed(AT, CALL, "sr_play", "in", 2.5, "t1"),
        {
            "event": "feature",
            "call_id": CALL,
            "feature_type": "sr_play",
            "audio_path": "in",
            "seconds": 2.5,
            "transaction_id": "t1",
        },
    ),
    (
        facts.RecordingMade(AT, "a.wav", 2.5),
        {"event": "recording", "filename": "a.wav", "duration": 2.5},
    ),
    (
        facts.ErrorReported(AT, ErrorCode.PAGE_REQUEST_FAILED, "down"),
        {"event": "error", "code": "2101", "text": "down"},
    ),
    (facts.InstanceStopped(AT, -1), {"event": "instance_stopped", "exit_status": -1}),
]


def test_no_kind_of_fact_is_forgotten() -> None:
    kinds = set(get_args(facts.Fact))

    assert set(EVENT_NAMES) == kinds
    assert {type(fact) for fact, _ in FORMS} == kinds
    assert len(set(EVENT_NAMES.values())) == len(kinds)


@pytest.mark.parametrize(("fact", "form"), FORMS)
def test_a_fact_is_printed_flat_with_its_time_and_reference(
    fact: facts.Fact, form: dict[str, object]
) -> None:
    printed = msgspec.json.encode(event_of(LiveFact(AccountId(1), REF, fact)))

    assert msgspec.json.decode(printed) == {"at": AT, "service_ref": REF} | form
