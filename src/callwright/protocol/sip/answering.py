"""A call that comes in, until its answer: RFC 3261 9.2 and 13.3."""

from collections.abc import Callable, Sequence

from callwright.protocol.sip.call_states import Input, State, Step
from callwright.protocol.sip.dialog import Dialog
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.events import Cancelled
from callwright.protocol.sip.invite_usage import InviteUsage
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.replies import ALLOW, reply
from callwright.protocol.sip.server_invite import ServerInvite
from callwright.protocol.sip.transactions import Transactions
from callwright.protocol.sip.values import HostPort, SipCallId


class Answering(InviteUsage):
    """The answering side."""

    __slots__ = (
        "_body", "_headers", "_invite", "_provisional", "_reason", "_refresh_at", "_request",
        "_source", "_status",
    )  # fmt: skip

    def __init__(
        self,
        call: SipCallId,
        request: Request,
        *,
        source: HostPort,
        invite: ServerInvite,
        link: Link,
        transactions: Transactions,
        retire: Callable[[InviteUsage], None],
    ) -> None:
        super().__init__(call, State.INVITED, link, transactions, retire)
        self.dialog = Dialog.from_request(request, invite.local_tag, source)
        self._request = request
        self._source = source
        self._invite = invite
        self._status = 0
        self._reason = ""
        self._body = b""
        self._headers: Sequence[tuple[str, str]] = ()
        self._provisional: tuple[int, bytes] | None = None
        self._refresh_at: float | None = None
        invite.on_cancel = self._receive_cancel

    @property
    def dialog_key(self) -> tuple[str, str]:
        return self._request.call_id, self._invite.local_tag

    def trying(self, now: float) -> None:
        """Quiet the caller's retransmissions: 17.2.1."""
        self._invite.respond(100, reply(self._request, 100, self._link, self._source), now)

    def ring(self, status: int, body: bytes, now: float) -> None:
        """Raises: LocalSipError: the status is not 101 to 199, or the call is past ringing."""
        if not 100 < status < 200:  # noqa: PLR2004 - the class of RFC 3261 21.1 without Trying
            raise LocalSipError(f"ring with {status}, expected 101 to 199")
        self._status, self._body = status, body
        self.take(Input.RING, now)

    def accept(self, body: bytes, now: float, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Raises: LocalSipError: the call is past being answered."""
        self._status, self._body, self._headers = 200, body, headers
        self.take(Input.ACCEPT, now)

    def reject(self, status: int, reason: str, now: float) -> None:
        """Raises: LocalSipError: the status is not 300 to 699, or the call is past refusing."""
        if not 300 <= status < 700:  # noqa: PLR2004 - the classes of RFC 3261 21.3 to 21.6
            raise LocalSipError(f"reject with {status}, expected 300 to 699")
        self._status, self._reason, self._body = status, reason, b""
        self.take(Input.REJECT, now)

    def handle_timer(self, now: float) -> None:
        if self._refresh_at is not None and self._refresh_at <= now:
            self._refresh_at = None
            if self.state is State.INVITED and self._provisional is not None:
                status, data = self._provisional
                self._invite.respond(status, data, now)
                self._refresh_at = now + self._link.timers.provisional_refresh
        super().handle_timer(now)

    def moments(self) -> list[float]:
        waits = [] if self._refresh_at is None else [self._refresh_at]
        return super().moments() + waits

    def do(self, step: Step, now: float, message: Request | Response | None) -> None:
        match step:
            case Step.SEND_PROVISIONAL:
                data = self._reply(self._status)
                self._provisional = self._status, data
                self._refresh_at = now + self._link.timers.provisional_refresh
                self._invite.respond(self._status, data, now)
            case Step.SEND_SUCCESS:
                self._refresh_at = None
                self.send_success(
                    self._request,
                    self._source,
                    self._invite,
                    self._body,
                    now,
                    headers=self._headers,
                )
            case Step.SEND_FAILURE:
                self._invite.respond(self._status, self._reply(self._status), now)
            case Step.SEND_UNAVAILABLE:
                self._bye_status = 480
                self._invite.respond(480, self._reply(480), now)
            case Step.SEND_REQUEST_TERMINATED:
                self._reason, self._body = "", b""
                self._invite.respond(487, self._reply(487), now)
            case Step.REPORT_CANCELLED:
                self._link.events.append(Cancelled(self.call))
            case _:
                super().do(step, now, message)

    def _receive_cancel(self, now: float) -> None:
        self.take(Input.CANCEL, now)

    def _reply(self, status: int) -> bytes:
        request = self._request
        extra: list[tuple[str, str]] = []
        if status < 200:  # noqa: PLR2004 - a provisional response makes an early dialog: 12.1.1
            extra += [("Record-Route", route) for route in request.headers.all("Record-Route")]
            extra += [("Contact", self._link.contact), ALLOW]
        return reply(
            request,
            status,
            self._link,
            self._source,
            to_tag=self._invite.local_tag,
            reason=self._reason,
            extra=extra,
            body=self._body,
        )
