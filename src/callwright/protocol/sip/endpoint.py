"""The door to SIP: bytes, time and verbs in; bytes, events and the next deadline out.

After any call of `receive`, `handle_timer` or a verb, empty `to_send` and `events` before the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from callwright.protocol.sip.events import SipEvent
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Counters, Datagram, Link
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.uri import SipUri
from callwright.protocol.sip.values import HostPort, SipCallId

__all__ = ["Counters", "Datagram", "Endpoint", "HostPort", "Invitation", "Limits", "Timers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A call to place."""

    target: SipUri | str
    next_hop: HostPort
    from_uri: str
    to_uri: str
    body: bytes
    ring_timeout: float
    display_name: str = ""
    headers: Sequence[tuple[str, str]] = ()


class Endpoint:
    """All SIP calls of one UDP port."""

    def __init__(
        self,
        *,
        local: HostPort,
        user_agent: str,
        tokens: Callable[[], str],
        timers: Timers = Timers(),  # noqa: B008 - frozen: sharing it is harmless
        limits: Limits = Limits(),  # noqa: B008 - the same
    ) -> None:
        self._link = Link(local, user_agent, tokens, timers, limits)

    @property
    def counters(self) -> Counters:
        return self._link.counters

    def receive(self, datagram: Datagram, now: float) -> None:
        raise NotImplementedError

    def handle_timer(self, now: float) -> None:
        raise NotImplementedError

    def to_send(self) -> list[Datagram]:
        raise NotImplementedError

    def events(self) -> list[SipEvent]:
        raise NotImplementedError

    def deadline(self) -> float | None:
        raise NotImplementedError

    def invite(self, invitation: Invitation, now: float) -> SipCallId:
        raise NotImplementedError

    def cancel(self, call: SipCallId, now: float) -> None:
        raise NotImplementedError

    def ring(self, call: SipCallId, now: float, *, status: int = 180, body: bytes = b"") -> None:
        raise NotImplementedError

    def accept(self, call: SipCallId, body: bytes, now: float) -> None:
        raise NotImplementedError

    def reject(self, call: SipCallId, status: int, now: float, *, reason: str = "") -> None:
        raise NotImplementedError

    def hang_up(self, call: SipCallId, now: float, *, reason: str | None = None) -> None:
        raise NotImplementedError

    def answer_reinvite(self, call: SipCallId, body: bytes, now: float) -> None:
        raise NotImplementedError

    def reject_reinvite(self, call: SipCallId, status: int, now: float) -> None:
        raise NotImplementedError
