"""The door to SIP: bytes, time and verbs in; bytes, events and the next deadline out.

After any call of `receive`, `handle_timer` or a verb, empty `to_send` and `events` before the next.
"""

from collections.abc import Callable, Sequence

from callwright.protocol.sip.added_fields import added_fields
from callwright.protocol.sip.answering import Answering
from callwright.protocol.sip.calling import Calling, Invitation
from callwright.protocol.sip.errors import LocalSipError, RemoteSipError
from callwright.protocol.sip.events import Invited, SipEvent
from callwright.protocol.sip.grammar import has_controls
from callwright.protocol.sip.inspection import (
    Refusal,
    check_request,
    check_response,
    refusal,
    scheme_refusal,
)
from callwright.protocol.sip.invite_usage import InviteUsage
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Counters, Datagram, Link
from callwright.protocol.sip.matching import is_for
from callwright.protocol.sip.message import Request, Response, parse_message
from callwright.protocol.sip.replies import ACCEPT, ALLOW, reply, reply_hop
from callwright.protocol.sip.server_invite import ServerInvite
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.transactions import Transactions
from callwright.protocol.sip.values import HostPort, SipCallId

__all__ = ["Counters", "Datagram", "Endpoint", "HostPort", "Invitation", "Limits", "Timers"]


class Endpoint:
    """All SIP calls of one UDP port.

    `local` is what peers are told to reach us at. `tokens` gives a fresh unguessable token of at
    least 64 bits, `[a-z0-9]`, at each call. `now` is seconds on any monotonic clock.

    A verb for a call that is over does nothing: the event that says so is on its way. One that the
    call's state forbids is a bug of the caller's, and raises LocalSipError.
    """

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
        self._transactions = Transactions(self._link)
        self._calls: dict[SipCallId, InviteUsage] = {}
        self._dialogs: dict[tuple[str, str], InviteUsage] = {}

    @property
    def local(self) -> HostPort:
        """What peers reach us at, and what we would reach ourselves at."""
        return self._link.local

    @property
    def counters(self) -> Counters:
        return self._link.counters

    @property
    def call_count(self) -> int:
        """Calls that are not over."""
        return len(self._calls)

    @property
    def transaction_count(self) -> int:
        """Transactions that still wait for something."""
        return len(self._transactions)

    def receive(self, datagram: Datagram, now: float) -> None:
        """Take a datagram in. Whatever it holds, nothing is raised."""
        counters = self._link.counters
        counters.received += 1
        if not datagram.data.strip(b"\r\n\0"):
            counters.keepalives += 1
            return
        try:
            message = parse_message(datagram.data)
            if isinstance(message, Response):
                check_response(message)
        except RemoteSipError:
            counters.malformed += 1
            return
        if isinstance(message, Response):
            self._receive_response(message, now)
        else:
            self._receive_request(message, datagram.peer, now)

    def handle_timer(self, now: float) -> None:
        """Do what was due at `deadline`; harmless when called early."""
        self._link.agenda.handle_timer(now)

    def to_send(self) -> list[Datagram]:
        """The datagrams that wait to go out, once."""
        out, self._link.outbox = self._link.outbox, []
        return out

    def events(self) -> list[SipEvent]:
        """What happened since the last time."""
        happened, self._link.events = self._link.events, []
        return happened

    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called next, None for never."""
        return self._link.agenda.deadline()

    def invite(self, invitation: Invitation, now: float) -> SipCallId:
        """Place a call. The result is its Call-ID.

        Raises:
            LocalSipError: the invitation holds what can't be sent.
        """
        calling = Calling(invitation, self._link, self._transactions, self._retire)
        self._calls[calling.call] = calling
        self._dialogs[calling.dialog_key] = calling
        calling.start(invitation.ring_timeout, now)
        return calling.call

    def cancel(self, call: SipCallId, now: float) -> None:
        """Give a call up before its answer: CANCEL, as soon as the peer has shown itself (9.1).

        Reports `CallFailed`. A 200 that crosses it is acknowledged and ended with BYE.
        """
        usage = self._calls.get(call)
        if isinstance(usage, Answering):
            raise LocalSipError(f"cancel of {call!r}, which is not ours to cancel")
        if isinstance(usage, Calling):
            usage.cancel(now)

    def ring(self, call: SipCallId, now: float, *, status: int = 180, body: bytes = b"") -> None:
        """Send a provisional response, with an early-media answer if `body` is given."""
        answering = self._answering(call)
        if answering is not None:
            answering.ring(status, body, now)

    def accept(
        self, call: SipCallId, body: bytes, now: float, *, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Answer with 200, repeated until its ACK; without one the call ends with `HungUp`.

        Raises:
            LocalSipError: the headers hold what can't be sent.
        """
        fields = added_fields(headers)
        answering = self._answering(call)
        if answering is not None:
            answering.accept(body, now, fields)

    def reject(self, call: SipCallId, status: int, now: float, *, reason: str = "") -> None:
        """Refuse with 300 to 699, in the words of `reason` if any. Nothing is reported."""
        _check_text(reason)
        answering = self._answering(call)
        if answering is not None:
            answering.reject(status, reason, now)

    def hang_up(self, call: SipCallId, now: float, *, reason: str | None = None) -> None:
        """End a call in whatever way its state asks for; `reason` is a Reason header field's value.

        BYE after the answer, reporting `CallEnded`; before it, CANCEL on the calling side,
        reporting `CallFailed`, and 480 on the answering side, reporting `CallEnded`.
        """
        _check_text(reason or "")
        usage = self._calls.get(call)
        if usage is not None:
            usage.hang_up(reason, now)

    def answer_reinvite(self, call: SipCallId, body: bytes, now: float) -> None:
        """Accept the offer of `Reinvited`; nothing happens when that was withdrawn."""
        usage = self._calls.get(call)
        if usage is not None:
            usage.answer_reinvite(body, now)

    def reject_reinvite(self, call: SipCallId, status: int, now: float) -> None:
        """Refuse the offer of `Reinvited`; the call goes on as it was."""
        if not 300 <= status < 700:  # noqa: PLR2004 - the classes of RFC 3261 21.3 to 21.6
            raise LocalSipError(f"reject_reinvite with {status}, expected 300 to 699")
        usage = self._calls.get(call)
        if usage is not None:
            usage.reject_reinvite(status, now)

    def _answering(self, call: SipCallId) -> Answering | None:
        usage = self._calls.get(call)
        if isinstance(usage, Calling):
            raise LocalSipError(f"{call!r} is our call: only its callee can answer it")
        return usage if isinstance(usage, Answering) else None

    def _retire(self, usage: InviteUsage) -> None:
        del self._calls[usage.call]
        del self._dialogs[usage.dialog_key]

    def _receive_response(self, response: Response, now: float) -> None:
        if is_for(response, self._link.local):
            self._transactions.receive_response(response, now)
        else:
            self._link.counters.stray += 1

    def _receive_request(self, request: Request, source: HostPort, now: float) -> None:
        try:
            check_request(request)
            why = refusal(request)
        except RemoteSipError as error:
            self._link.counters.malformed += 1
            self._answer_statelessly(request, source, (error.status, ()))
            return
        if request.method == "ACK":
            self._receive_ack(request, now)
        elif self._is_repeated(request, now):
            return
        elif request.method == "CANCEL":
            self._receive_cancel(request, source, now)
        elif request.to.tag:
            self._receive_in_dialog(request, source, why, now)
        else:
            self._receive_initial(request, source, why, now)

    def _is_repeated(self, request: Request, now: float) -> bool:
        """17.2.3: a request that was here before goes to its transaction."""
        transaction = self._transactions.find(request)
        if transaction is None:
            return False
        if isinstance(transaction, ServerInvite):
            transaction.receive_invite(now)
        else:
            transaction.receive_again(now)
        return True

    def _receive_ack(self, ack: Request, now: float) -> None:
        """For a failure to its transaction, for a 2xx to its call: 17.2.3, 13.3.1.4."""
        transaction = self._transactions.find(ack)
        if isinstance(transaction, ServerInvite) and transaction.takes_ack:
            transaction.receive_ack(now)
            return
        usage = self._dialogs.get((ack.call_id, ack.to.tag))
        if usage is not None and usage.is_with(ack.from_.tag):
            usage.receive_ack(ack, now)
        else:
            self._link.counters.stray += 1

    def _receive_cancel(self, cancel: Request, source: HostPort, now: float) -> None:
        """9.2. It is answered without a transaction: doing it twice changes nothing."""
        invite = self._transactions.find_cancelled(cancel)
        if invite is None:
            self._link.counters.stray += 1
            self._answer_statelessly(cancel, source, (481, ()))
            return
        self._answer_statelessly(cancel, source, (200, ()), to_tag=invite.local_tag)
        if invite.is_proceeding and invite.on_cancel is not None:
            invite.on_cancel(now)

    def _receive_in_dialog(
        self, request: Request, source: HostPort, why: Refusal | None, now: float
    ) -> None:
        """12.2.2."""
        usage = self._dialogs.get((request.call_id, request.to.tag))
        if usage is None or not usage.is_with(request.from_.tag):
            self._link.counters.stray += 1
            self._answer_statelessly(request, source, (481, ()))
            return
        if usage.dialog is not None and not usage.dialog.accepts(request.cseq.number):
            why = 500, ()
        if request.method == "INVITE":
            invite = self._transactions.answer_invite(
                request, source, local_tag=request.to.tag, is_initial=False
            )
            if why is None:
                usage.receive_reinvite(request, source, invite, now)
            else:
                status, extra = why
                data = reply(request, status, self._link, source, extra=extra)
                invite.respond(status, data, now)
            return
        if why is None:
            why = (200, _CAPABILITIES) if request.method == "OPTIONS" else (200, ())
            if request.method == "BYE":
                usage.receive_bye(request, now)
        status, extra = why
        data = reply(request, status, self._link, source, extra=extra)
        self._transactions.answer_other(request, source).respond(data, now)

    def _receive_initial(
        self, request: Request, source: HostPort, why: Refusal | None, now: float
    ) -> None:
        """8.2, in its order: method, Request-URI, merged requests, extensions, content."""
        is_known = why is None or why[0] != 405  # noqa: PLR2004 - a status reads best as its number
        if is_known:
            why = scheme_refusal(request) or why
        if request.method == "BYE":
            why = why or (481, ())
        elif request.method == "OPTIONS":
            why = why or (200, _CAPABILITIES)
        elif is_known and self._transactions.has_merged(request):
            why = 482, ()
        elif why is None and self._transactions.is_full:
            self._link.counters.refused += 1
            why = 503, ()
        if why is None:
            self._receive_invite(request, source, now)
        else:
            self._answer_statelessly(request, source, why)

    def _receive_invite(self, request: Request, source: HostPort, now: float) -> None:
        invite = self._transactions.answer_invite(
            request, source, local_tag=self._link.tokens(), is_initial=True
        )
        call = SipCallId(request.call_id)
        if call in self._calls:  # a caller that is also its own callee, or uses a Call-ID twice
            call = SipCallId(f"{call};tag={invite.local_tag}")
        answering = Answering(
            call,
            request,
            source=source,
            invite=invite,
            link=self._link,
            transactions=self._transactions,
            retire=self._retire,
        )
        self._calls[call] = answering
        self._dialogs[answering.dialog_key] = answering
        answering.trying(now)
        self._link.events.append(Invited(call, request, source))

    def _answer_statelessly(
        self, request: Request, source: HostPort, why: Refusal, *, to_tag: str = ""
    ) -> None:
        """8.2.7: nothing is remembered, so that nothing can be made to pile up."""
        if request.method == "ACK" or "Via" not in request.headers:
            return
        status, extra = why
        tag = to_tag or self._link.stateless_tag(request)
        data = reply(request, status, self._link, source, to_tag=tag, extra=extra)
        self._link.send(Datagram(data, reply_hop(request, source)))


_CAPABILITIES = (ALLOW, ACCEPT, ("Accept-Encoding", "identity"), ("Supported", ""))
"""What OPTIONS is told: 11.2."""


def _check_text(text: str) -> None:
    if has_controls(text):
        raise LocalSipError(f"control characters in {text!r}")
