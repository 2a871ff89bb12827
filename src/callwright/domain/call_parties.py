"""Who calls whom, as pages are told in `this_call`."""

from dataclasses import dataclass
from typing import Final

from callwright.domain.records import CallDirection


@dataclass(frozen=True, slots=True)
class CallParties:
    """The two ends of a call, in the words of the page protocol: numbers without their prefix."""

    direction: CallDirection
    call_from: str
    call_to: str
    call_target: str
    """Where the caller meant to call; for outbound calls the same as `call_to`."""
    divert: str = ""
    """Who was called first, of a diverted inbound call."""
    attestation: str | None = None
    """`A`, `B`, `C` or empty for inbound calls; None for outbound ones."""
    sip_headers: tuple[tuple[str, str], ...] = ()
    """Of the INVITE, those that the service wants to see: name and value."""

    @property
    def caller_id(self) -> str:
        """Who is at the far end, as another call may name him: the one who called, or was called.

        A service or room has a name; a server is nobody who could be called back.
        """
        if self.direction is CallDirection.IN:
            return self.call_from
        prefix, colon, name = self.call_to.partition(":")
        if colon and prefix in _WITHOUT_NUMBER:
            return name if prefix in _WITH_NAME else ""
        return self.call_to


_WITH_NAME: Final = frozenset({"loc", "con"})
_WITHOUT_NUMBER: Final = _WITH_NAME | {"wss", "webrtc"}
