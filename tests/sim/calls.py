"""Scripts for the two parties of a `Wire`: how a callee behaves, how a call is placed."""

from collections.abc import Callable
from typing import Final

from callwright.protocol.sip.endpoint import Invitation
from callwright.protocol.sip.events import (
    CallEnded,
    CallFailed,
    Cancelled,
    HungUp,
    Invited,
    SipCallId,
    SipEvent,
)
from tests.sim.wire import CALLEE_AT, Wire

OFFER: Final = b"v=0\r\no=offer\r\n"
ANSWER: Final = b"v=0\r\no=answer\r\n"

TERMINAL: Final = (CallFailed, HungUp, CallEnded, Cancelled)


def place(
    wire: Wire, *, ring_timeout: float = 60.0, target: str = "sip:ann@192.0.2.2"
) -> SipCallId:
    """The caller invites the callee, now."""
    return wire.caller.endpoint.invite(
        Invitation(
            target=target,
            next_hop=CALLEE_AT,
            from_uri="sip:bob@example.com",
            to_uri="sip:ann@example.com",
            body=OFFER,
            ring_timeout=ring_timeout,
        ),
        wire.now,
    )


def answering(wire: Wire, *, after: float = 2.0, rings: bool = True) -> None:
    """The callee answers `after` seconds."""

    def react(event: SipEvent, now: float) -> None:
        if isinstance(event, Invited):
            call = event.call
            if rings:
                wire.callee.endpoint.ring(call, now)
            if after > 0:
                wire.at(now + after, lambda at: wire.callee.endpoint.accept(call, ANSWER, at))
            else:
                wire.callee.endpoint.accept(call, ANSWER, now)

    wire.callee.react = react


def ringing(wire: Wire) -> None:
    """The callee rings, and nobody comes."""

    def react(event: SipEvent, now: float) -> None:
        if isinstance(event, Invited):
            wire.callee.endpoint.ring(event.call, now)

    wire.callee.react = react


def rejecting(wire: Wire, status: int, reason: str = "") -> None:
    """The callee refuses at once."""

    def react(event: SipEvent, now: float) -> None:
        if isinstance(event, Invited):
            wire.callee.endpoint.reject(event.call, status, now, reason=reason)

    wire.callee.react = react


def names(events: list[SipEvent]) -> list[str]:
    """Events by their kind alone."""
    return [type(event).__name__ for event in events]


def hang_up_at(wire: Wire, when: float, call: SipCallId) -> None:
    """The caller hangs up at that moment."""
    wire.at(when, lambda at: wire.caller.endpoint.hang_up(call, at))


def callee_hangs_up(wire: Wire, after: float) -> Callable[[SipEvent, float], None]:
    """A reaction: answer at once, hang up `after` seconds."""

    def react(event: SipEvent, now: float) -> None:
        if isinstance(event, Invited):
            call = event.call
            wire.callee.endpoint.accept(call, ANSWER, now)
            wire.at(now + after, lambda at: wire.callee.endpoint.hang_up(call, at))

    return react


def assert_over(wire: Wire) -> None:
    """Everything has run out, and nobody remembers anything."""
    wire.run_out()
    assert wire.caller.is_idle
    assert wire.callee.is_idle
