"""One call, driven by the table in `call_states`: BYE, re-INVITE, and answers that need an ACK.

What differs between the sides before the answer is in `calling` and `answering`; what is the same
after it is here.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence

from callwright.protocol.sip.agenda import Timed
from callwright.protocol.sip.call_states import TRANSITIONS, USER_INPUTS, Input, State, Step
from callwright.protocol.sip.dialog import Dialog
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.events import Acknowledged, CallEnded, HungUp, Reinvited
from callwright.protocol.sip.grammar import readable
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.replies import ALLOW, reply
from callwright.protocol.sip.server_invite import ServerInvite
from callwright.protocol.sip.transactions import Transactions
from callwright.protocol.sip.unacknowledged import UnacknowledgedSuccess
from callwright.protocol.sip.values import HostPort, SipCallId, q850_cause


class InviteUsage(Timed):
    """One call, from its INVITE to its end. `Calling` and `Answering` are its two sides."""

    __slots__ = (
        "_bye_reason", "_bye_status", "_link", "_reinvite", "_retire", "_transactions", "_unacked",
        "call", "dialog", "state",
    )  # fmt: skip

    def __init__(
        self,
        call: SipCallId,
        state: State,
        link: Link,
        transactions: Transactions,
        retire: Callable[["InviteUsage"], None],
    ) -> None:
        super().__init__()
        self.call = call
        self.state = state
        self.dialog: Dialog | None = None
        self._link = link
        self._transactions = transactions
        self._retire = retire
        self._bye_reason: str | None = None
        self._bye_status = 0
        self._unacked: UnacknowledgedSuccess | None = None
        self._reinvite: tuple[Request, HostPort, ServerInvite] | None = None

    @property
    @abstractmethod
    def dialog_key(self) -> tuple[str, str]:
        """Call-ID and local tag, under which requests from the peer find this call."""

    def is_with(self, remote_tag: str) -> bool:
        """Whether the peer with this tag is one that we are talking to."""
        return self.dialog is not None and self.dialog.remote_tag == remote_tag

    def hang_up(self, reason: str | None, now: float) -> None:
        self._bye_reason = reason
        self.take(Input.HANG_UP, now)

    def receive_ack(self, ack: Request, now: float) -> None:
        """An ACK that came for a 2xx of ours: 13.3.1.4."""
        unacked = self._unacked
        if unacked is None or unacked.sequence != ack.cseq.number:
            self._link.counters.repeated += 1
            return
        self._unacked = None
        self.take(Input.ACK, now, ack)

    def receive_bye(self, bye: Request, now: float) -> None:
        self.take(Input.BYE, now, bye)

    def receive_reinvite(
        self, request: Request, source: HostPort, transaction: ServerInvite, now: float
    ) -> None:
        """14.2. The request has passed inspection and is in order."""
        if self.state in {State.HANGING_UP, State.ENDED}:
            self._refuse(request, source, transaction, 481, now)
        elif self._reinvite is not None:
            # Up to ten seconds, so that both sides don't try again at once (14.2).
            pause = ("Retry-After", str(int(self._link.tokens(), 36) % 11))
            self._refuse(request, source, transaction, 500, now, pause)
        elif self.state is not State.ESTABLISHED or self._unacked is not None:
            self._refuse(request, source, transaction, 491, now)
        else:
            self._reinvite = request, source, transaction
            transaction.on_cancel = self._cancel_reinvite
            self._link.events.append(Reinvited(self.call, request.body))

    def answer_reinvite(self, body: bytes, now: float) -> None:
        """Nothing happens when the re-INVITE, or the call, is over."""
        if self._reinvite is None or self.dialog is None:
            return
        request, source, transaction = self._reinvite
        self._reinvite = None
        self.dialog.refresh_target(request)
        self.send_success(request, source, transaction, body, now)

    def reject_reinvite(self, status: int, now: float) -> None:
        """Nothing happens when the re-INVITE, or the call, is over."""
        if self._reinvite is not None:
            request, source, transaction = self._reinvite
            self._reinvite = None
            self._refuse(request, source, transaction, status, now)

    def send_success(
        self,
        request: Request,
        source: HostPort,
        transaction: ServerInvite,
        body: bytes,
        now: float,
        *,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Send a 200, again and again until its ACK comes: 13.3.1.4."""
        data = reply(
            request,
            200,
            self._link,
            source,
            to_tag=transaction.local_tag,
            extra=(
                *(("Record-Route", value) for value in request.headers.all("Record-Route")),
                ("Contact", self._link.contact),
                ALLOW,
                *headers,
            ),
            body=body,
        )
        transaction.respond(200, data, now)
        timers = self._link.timers
        self._unacked = UnacknowledgedSuccess(
            transaction,
            data,
            sequence=request.cseq.number,
            resend_at=now + timers.t1,
            interval=timers.t1,
            give_up_at=now + timers.transaction_timeout,
        )
        self.set_deadline()

    def handle_timer(self, now: float) -> None:
        unacked = self._unacked
        if unacked is not None and unacked.give_up_at <= now:
            self._unacked = None
            self.take(Input.NO_ACK, now)
        elif unacked is not None and unacked.resend_at <= now:
            unacked.send_again(now, self._link.timers.t2)
        if self.state is not State.ENDED:
            self.set_deadline()

    def moments(self) -> list[float]:
        """What this call waits for."""
        unacked = self._unacked
        return [] if unacked is None else [min(unacked.resend_at, unacked.give_up_at)]

    def set_deadline(self) -> None:
        self._link.agenda.set(self, min(self.moments(), default=None))

    def take(self, event: Input, now: float, message: Request | Response | None = None) -> None:
        """Follow the table.

        Raises:
            LocalSipError: our user asks for what can't be done any more, or not yet.
        """
        arrow = TRANSITIONS[self.state].get(event)
        if arrow is None:
            if event in USER_INPUTS:
                raise LocalSipError(f"{event.name} for a call that is {self.state.name}")
            self._link.counters.stray += 1
            return
        was_over = self.state is State.ENDED
        self.state, steps = arrow
        for step in steps:
            self.do(step, now, message)
        if self.state is State.ENDED:
            if not was_over:
                self._end(now)
        else:
            self.set_deadline()

    def do(self, step: Step, now: float, message: Request | Response | None) -> None:
        """The steps of both sides; each side adds its own."""
        events = self._link.events
        match step:
            case Step.SEND_BYE:
                self._unacked = None
                self._bye(now)
            case Step.SEND_LAST_BYE:
                assert self.dialog is not None, "a 2xx made a dialog"
                self.send_unwatched_bye(self.dialog, now)
            case Step.REPORT_HUNG_UP:
                reasons = [] if message is None else message.headers.all("Reason")
                events.append(HungUp(self.call, q850_cause(reasons), readable(", ".join(reasons))))
            case Step.REPORT_NO_ACK:
                events.append(HungUp(self.call, None, "no ACK"))
            case Step.REPORT_ENDED:
                events.append(CallEnded(self.call, self._bye_status))
            case Step.REPORT_ACKNOWLEDGED:
                assert message is not None, "an ACK is a message"
                events.append(Acknowledged(self.call, message.body))
            case Step.REPORT_NEW_ANSWER:
                assert message is not None, "an ACK is a message"
                if message.body:
                    events.append(Acknowledged(self.call, message.body))
            case _:
                raise AssertionError(f"{step} on the wrong side of a call")

    def send_unwatched_bye(self, dialog: Dialog, now: float) -> None:
        """End a dialog whose end has been reported, or that nobody was told of."""
        bye = dialog.request("BYE", self._link)
        self._transactions.send(
            bye,
            dialog.next_hop(),
            now,
            on_response=lambda _response, _now: None,
            on_timeout=lambda _now: None,
        )

    def _bye(self, now: float) -> None:
        assert self.dialog is not None, "a call that can be hung up has a dialog"
        reason = self._bye_reason
        extra = () if reason is None else (("Reason", reason),)
        self._transactions.send(
            self.dialog.request("BYE", self._link, extra),
            self.dialog.next_hop(),
            now,
            on_response=self._bye_response,
            on_timeout=self._bye_timeout,
        )

    def _bye_response(self, response: Response, now: float) -> None:
        self._bye_status = response.sip_status
        self.take(Input.BYE_DONE, now)

    def _bye_timeout(self, now: float) -> None:
        self._bye_status = 408
        self.take(Input.BYE_DONE, now)

    def _cancel_reinvite(self, now: float) -> None:
        self.reject_reinvite(487, now)

    def _refuse(
        self,
        request: Request,
        source: HostPort,
        transaction: ServerInvite,
        status: int,
        now: float,
        *extra: tuple[str, str],
    ) -> None:
        data = reply(request, status, self._link, source, to_tag=transaction.local_tag, extra=extra)
        transaction.respond(status, data, now)

    def _end(self, now: float) -> None:
        """A request that waits for its answer gets one, whatever else happens: 15.1.2."""
        self.reject_reinvite(487, now)
        self._unacked = None
        self._link.agenda.set(self, None)
        self._retire(self)
