"""A leg that calls a customer's server over a WebSocket; the media worker speaks with the server.

The order of a call: the server's address, a leg in the worker, which connects and is told that the
server has taken the call, sound, the end from either side, the leg given back.
"""

from typing import Final, assert_never

from callwright.domain.causes import (
    HUNG_UP_BY_US,
    SOCKET_ENDED_BY_US,
    SOCKET_GIVEN_UP,
    EndCause,
    HangupCause,
    cause_of_socket_end,
)
from callwright.domain.clock import Instant
from callwright.engine.call_leg import MEDIA_PATIENCE, CallLeg, LegSeat
from callwright.engine.call_plan import SocketPlan
from callwright.engine.call_sockets import SocketManners
from callwright.engine.leg import LegEvent, LegState, next_state
from callwright.protocol.callsocket.causes import Origin, RawCause, cause_of
from callwright.worker import rpc

PARTING_PATIENCE: Final = 5.0
"""Seconds that a media worker has to say goodbye to a server; it does not wait for the answer."""


class SocketLeg(CallLeg):
    """One call to a server."""

    def __init__(self, seat: LegSeat, plan: SocketPlan, manners: SocketManners) -> None:
        """Prepare; nobody knows yet where the server is."""
        super().__init__(seat, plan.identity)
        self.plan = plan
        self._manners = manners
        self._ring_until = Instant(0.0)

    def place(self) -> None:
        """Begin; `connect` or `give_up` says where the server is, or that it is nowhere."""
        self._begin()
        self.state = next_state(self.state, LegEvent.INVITE)
        self._ring_until = Instant(self._now() + self.plan.ring_timeout)
        self._deadline = self._ring_until

    def connect(self, address: str) -> None:
        """Call the server there, unless the call has ended meanwhile."""
        if self.state is not LegState.CALLING:
            return
        command = rpc.OpenSocketLeg(
            leg=self.leg,
            url=self.plan.url,
            address=address,
            from_=self.plan.caller,
            sub_protocols=self._manners.sub_protocols,
            trust_file=self._manners.trust_file,
            handshake_timeout=self._manners.handshake_timeout,
        )
        self._deadline = min(self._ring_until, Instant(self._now() + MEDIA_PATIENCE))
        self.media.open_socket(command, beside=self.plan.beside)

    def give_up(self, raw_cause: RawCause, problem: str) -> None:
        """End a call whose server cannot be found, unless it has ended meanwhile."""
        if self.state is LegState.CALLING:
            self._report_problem(problem)
            self._end(cause_of_socket_end(HangupCause(cause_of(raw_cause)), raw_cause))

    def hang_up(self, cause: EndCause) -> None:
        """End the call; what a SIP call would have ended with is said in the socket's words."""
        if cause == HUNG_UP_BY_US:
            is_waiting = self.state is LegState.CALLING
            cause = SOCKET_GIVEN_UP if is_waiting else SOCKET_ENDED_BY_US
        super().hang_up(cause)

    # --- what the media worker reports ---

    def _opened(self, rtp_port: int) -> None:  # noqa: ARG002 - it has none
        if self.state is LegState.CALLING:
            self._deadline = self._ring_until
        else:
            self._wait(PARTING_PATIENCE)

    def _socket_event(self, event: rpc.SocketConnected | rpc.SocketEnded) -> None:
        if self.state is LegState.OVER:
            return
        match event:
            case rpc.SocketConnected():
                self._connected()
            case rpc.SocketEnded():
                self._ended(event)
            case _:
                assert_never(event)
        self.world.changed(self)

    def _connected(self) -> None:
        self.state = next_state(self.state, LegEvent.ANSWER)
        if self.state is LegState.ANSWERED:
            self._note_answer()
            self._tell_answered(self.plan.max_duration)

    def _ended(self, ended: rpc.SocketEnded) -> None:
        if ended.origin == Origin.ERROR and self.state is not LegState.CLEARING:
            self._report_problem(ended.problem)
        self._end(cause_of_socket_end(HangupCause(ended.cause), ended.raw_cause))

    # --- what a leg of this kind knows ---

    def _leave(self, before: LegState) -> None:  # noqa: ARG002 - there is one way
        if self.state is LegState.OVER:
            return
        if self.media.is_open:
            assert self._cause is not None, "whoever leaves has said why"
            self._wait(PARTING_PATIENCE)
            self.media.end_socket(self._cause.hangup_cause, max(0, self._cause.raw_cause))
        else:
            self.state = next_state(self.state, LegEvent.END)

    def _overdue(self) -> None:
        if self.state is LegState.CLEARING:
            self._end(SOCKET_ENDED_BY_US)
        elif self._now() < self._ring_until:
            self.media_failed("the media worker opened no leg in time")
        else:
            self.hang_up(HUNG_UP_BY_US)

    def _report_problem(self, problem: str) -> None:
        if problem:
            self.report(f"{self.plan.destination_address}: {problem}")
