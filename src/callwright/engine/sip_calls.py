"""The part of the SIP endpoint that legs use."""

from collections.abc import Sequence
from typing import Protocol

from callwright.protocol.sip.endpoint import Invitation
from callwright.protocol.sip.events import SipCallId


class SipCalls(Protocol):
    """Calls as the SIP endpoint keeps them; every verb takes the time."""

    def invite(self, invitation: Invitation, now: float) -> SipCallId:
        """Start a call."""
        ...

    def cancel(self, call: SipCallId, now: float) -> None:
        """Give up before the answer."""
        ...

    def ring(self, call: SipCallId, now: float, *, status: int = 180, body: bytes = b"") -> None:
        """Tell a caller that it rings, with early media if there is a body."""
        ...

    def accept(
        self, call: SipCallId, body: bytes, now: float, *, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Answer a caller."""
        ...

    def reject(self, call: SipCallId, status: int, now: float) -> None:
        """Refuse a caller."""
        ...

    def hang_up(self, call: SipCallId, now: float, *, reason: str | None = None) -> None:
        """End an answered call."""
        ...

    def answer_reinvite(self, call: SipCallId, body: bytes, now: float) -> None:
        """Accept a new offer inside the call."""
        ...

    def reject_reinvite(self, call: SipCallId, status: int, now: float) -> None:
        """Refuse a new offer inside the call; the call goes on as it was."""
        ...
