"""Facts as JSON events: one flat object each, for the live view and whoever else follows calls."""

from dataclasses import fields
from enum import StrEnum
from typing import Final

from callwright.domain import facts
from callwright.domain.causes import EndCause
from callwright.domain.far_end import FarEnd
from callwright.records.live_facts import LiveFact

JsonValue = str | int | float | bool | None | list[str]
Event = dict[str, JsonValue]

EVENT_NAMES: Final[dict[type[facts.Fact], str]] = {
    facts.StartQueued: "queued",
    facts.StartRefused: "could_not_run",
    facts.StartCancelled: "cancelled",
    facts.InstanceStarted: "instance_started",
    facts.CallPlaced: "call_placed",
    facts.CallRinging: "ringing",
    facts.CallAnswered: "answered",
    facts.FarEndClassified: "far_end",
    facts.CallJoined: "joined",
    facts.CallParted: "parted",
    facts.CallOver: "call_over",
    facts.DigitPressed: "digit",
    facts.PageAnswered: "page",
    facts.ActionStarted: "action_started",
    facts.ActionEnded: "action_ended",
    facts.SpeechUsed: "speech",
    facts.FeatureUsed: "feature",
    facts.RecordingMade: "recording",
    facts.ErrorReported: "error",
    facts.InstanceStopped: "instance_stopped",
}
"""What `event` says of each kind of fact."""

LAST: Final = (facts.StartRefused, facts.StartCancelled, facts.InstanceStopped)
"""After one of these there is nothing more to tell of a reference."""

MISSED: Final = "missed"
"""Not a fact: `count` facts were dropped because the follower came too late or reads too slowly."""

ENDED: Final = "ended"
"""Not a fact: this reference had ended, and nothing of it is remembered but its `status`."""


def event_of(live_fact: LiveFact) -> Event:
    """Print a fact: `event`, `at`, `service_ref`, then whatever it carries."""
    fact = live_fact.fact
    event: Event = {
        "event": EVENT_NAMES[type(fact)],
        "at": fact.at,
        "service_ref": live_fact.ref,
    }
    for field in fields(fact):
        _put(event, field.name, getattr(fact, field.name))
    return event


def _put(event: Event, name: str, value: object) -> None:
    match value:
        case EndCause():
            event["hangup_cause"] = str(value)
            event["call_cause"] = value.call_cause.value
        case FarEnd():
            event["far_end_type"] = value.far_end_type.value
            event["seconds"] = value.decided_after
            event["reasons"] = list(value.reasons)
        case StrEnum():
            event[name] = value.value
        case tuple():
            event[name] = [str(item) for item in value]
        case str() | bool() | int() | float() | None:
            event[name] = value
        case _:
            raise TypeError(f"{name}: {type(value).__name__} has no form on the wire")
