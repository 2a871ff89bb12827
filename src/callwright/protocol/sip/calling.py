"""A call that we place, until its answer: RFC 3261 9.1 and 13.2."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from callwright.protocol.sip.added_fields import added_fields, checked_text
from callwright.protocol.sip.call_states import Input, State, Step
from callwright.protocol.sip.client_invite import ClientInvite
from callwright.protocol.sip.dialog import Dialog
from callwright.protocol.sip.errors import LocalSipError, RemoteSipError
from callwright.protocol.sip.events import Answered, CallFailed, Progress
from callwright.protocol.sip.grammar import quote, readable
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.invite_usage import InviteUsage
from callwright.protocol.sip.link import Datagram, Link
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.replies import ALLOW, CONTENT_TYPE, reason_phrase
from callwright.protocol.sip.transactions import Transactions
from callwright.protocol.sip.uri import SipUri, parse_uri
from callwright.protocol.sip.values import HostPort, SipCallId, q850_cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A call to place.

    `target` is the Request-URI, `next_hop` where the datagram goes. `from_uri`, `to_uri` and
    `display_name` are what both parties see. `body` is the SDP offer. `ring_timeout` is in seconds
    from the INVITE: then the endpoint sends CANCEL by itself, and `CallFailed` says `timed_out`
    when that is through: after a round trip, or 64*T1 (32 s) where the peer doesn't answer.
    `headers` are added to the INVITE.
    """

    target: SipUri | str
    next_hop: HostPort
    from_uri: str
    to_uri: str
    body: bytes
    ring_timeout: float
    display_name: str = ""
    headers: Sequence[tuple[str, str]] = ()


class Calling(InviteUsage):
    """The calling side."""

    __slots__ = (
        "_acks", "_cancelled", "_early_tags", "_give_up_at", "_invite", "_peer", "_request",
        "_ring_until", "_timed_out",
    )  # fmt: skip

    def __init__(
        self,
        invitation: Invitation,
        link: Link,
        transactions: Transactions,
        retire: Callable[[InviteUsage], None],
    ) -> None:
        """Raises: LocalSipError: the invitation holds what can't be sent."""
        call_id = link.tokens()
        super().__init__(SipCallId(call_id), State.INVITING, link, transactions, retire)
        self._request = _invite(invitation, call_id, link)
        self._peer = invitation.next_hop
        self._invite: ClientInvite | None = None
        self._acks: dict[str, Datagram] = {}
        self._early_tags: set[str] = set()
        self._cancelled = False
        self._timed_out = False
        self._ring_until: float | None = None
        self._give_up_at: float | None = None

    @property
    def dialog_key(self) -> tuple[str, str]:
        return self._request.call_id, self._request.from_.tag

    def is_with(self, remote_tag: str) -> bool:
        if self.dialog is None:
            return remote_tag in self._early_tags
        return super().is_with(remote_tag)

    def start(self, ring_timeout: float, now: float) -> None:
        """Send the INVITE."""
        self._ring_until = now + ring_timeout
        self._invite = self._transactions.invite(
            self._request,
            self._peer,
            now,
            on_response=self._receive_response,
            on_timeout=self._receive_silence,
        )
        self.set_deadline()

    def cancel(self, now: float) -> None:
        self._cancelled = not self._timed_out
        self.take(Input.GIVE_UP, now)

    def hang_up(self, reason: str | None, now: float) -> None:
        if self.dialog is None:
            self._cancelled = not self._timed_out
        super().hang_up(reason, now)

    def handle_timer(self, now: float) -> None:
        if self._give_up_at is not None and self._give_up_at <= now:
            self._give_up_at = None
            self.take(Input.SILENCE, now)
        elif self._ring_until is not None and self._ring_until <= now:
            self._ring_until = None
            self._timed_out = not self._cancelled
            self.take(Input.GIVE_UP, now)
        else:
            super().handle_timer(now)

    def moments(self) -> list[float]:
        waits = [at for at in (self._ring_until, self._give_up_at) if at is not None]
        return super().moments() + waits

    def do(self, step: Step, now: float, message: Request | Response | None) -> None:
        match step:
            case Step.SEND_CANCEL:
                self._send_cancel(now)
            case Step.ABANDON_INVITE:
                assert self._invite is not None, "a call starts with its INVITE"
                self._invite.abandon()
            case Step.ACKNOWLEDGE:
                assert isinstance(message, Response), "only a response is acknowledged"
                self._acknowledge(message, now)
            case (
                Step.REPORT_PROGRESS
                | Step.REPORT_ANSWERED
                | Step.REPORT_FAILURE
                | Step.REPORT_SILENCE
                | Step.REPORT_TOO_LATE
            ):
                self._report(step, message)
            case _:
                super().do(step, now, message)

    def _receive_response(self, response: Response, now: float) -> None:
        if response.is_provisional:
            tag = response.to.tag
            if tag and len(self._early_tags) < self._link.limits.forks:
                self._early_tags.add(tag)
            event = Input.PROVISIONAL
        elif response.is_success:
            self._ring_until = self._give_up_at = None
            event = Input.SUCCESS
        else:
            event = Input.FAILURE
        self.take(event, now, response)

    def _receive_silence(self, now: float) -> None:
        self.take(Input.SILENCE, now)

    def _send_cancel(self, now: float) -> None:
        """9.1: what it cancels is copied, down to the branch."""
        invite = self._request.headers
        fields = [(name, invite.all(name)[0]) for name in ("Via", "From", "To", "Call-ID")]
        fields += [("CSeq", f"{self._request.cseq.number} CANCEL"), ("Max-Forwards", "70")]
        self._transactions.send(
            Request("CANCEL", self._request.uri_text, Headers(fields)),
            self._peer,
            now,
            on_response=lambda _response, _now: None,
            on_timeout=lambda _now: None,
        )
        # A 487 may never come, from a proxy of RFC 2543 for one.
        self._give_up_at = now + self._link.timers.transaction_timeout

    def _acknowledge(self, response: Response, now: float) -> None:
        """13.2.2.4: one ACK for each branch, the same whenever its 2xx comes again."""
        tag = response.to.tag
        ack = self._acks.get(tag)
        if ack is not None:
            self._link.counters.repeated += 1
            self._link.send_again(ack)
            return
        if len(self._acks) >= self._link.limits.forks:
            self._link.counters.stray += 1
            return
        dialog = Dialog.from_response(self._request, response, self._peer)
        ack = Datagram(dialog.request("ACK", self._link).encode(), dialog.next_hop())
        self._acks[tag] = ack
        self._link.send(ack)
        if self.dialog is None:
            self.dialog = dialog
        else:
            self.send_unwatched_bye(dialog, now)

    def _report(self, step: Step, message: Request | Response | None) -> None:
        events = self._link.events
        if isinstance(message, Response):
            status = message.sip_status
            match step:
                case Step.REPORT_PROGRESS:
                    if status > 100:  # noqa: PLR2004 - 100 comes from the next hop, not the callee
                        events.append(
                            Progress(self.call, status, readable(message.reason), message.body)
                        )
                    return
                case Step.REPORT_ANSWERED:
                    events.append(Answered(self.call, message.body))
                    return
                case Step.REPORT_FAILURE:
                    q850 = q850_cause(message.headers.all("Reason"))
                    events.append(self._failure(status, readable(message.reason), q850=q850))
                    return
                case _:
                    pass
        status = 487 if step is Step.REPORT_TOO_LATE and self._cancelled else 408
        events.append(self._failure(status, reason_phrase(status), is_local=True))

    def _failure(
        self, status: int, reason: str, *, is_local: bool = False, q850: int | None = None
    ) -> CallFailed:
        return CallFailed(
            self.call,
            status,
            reason,
            timed_out=self._timed_out,
            cancelled=self._cancelled,
            is_local=is_local,
            q850=q850,
        )


def _invite(invitation: Invitation, call_id: str, link: Link) -> Request:
    """The INVITE: 8.1.1, 13.2.1."""
    if invitation.ring_timeout <= 0:
        raise LocalSipError(f"ring_timeout {invitation.ring_timeout} is not above 0")
    target = _checked_uri(str(invitation.target))
    caller = f"<{_checked_uri(invitation.from_uri)}>;tag={link.tokens()}"
    if invitation.display_name:
        caller = f"{quote(checked_text(invitation.display_name))} {caller}"
    fields = [
        ("Via", link.new_via()),
        ("Max-Forwards", "70"),
        ("From", caller),
        ("To", f"<{_checked_uri(invitation.to_uri)}>"),
        ("Call-ID", call_id),
        ("CSeq", "1 INVITE"),
        ("Contact", link.contact),
        ALLOW,
        ("User-Agent", link.user_agent),
    ]
    fields += added_fields(invitation.headers)
    if invitation.body:
        fields.append(CONTENT_TYPE)
    return Request("INVITE", target, Headers(fields), invitation.body)


def _checked_uri(text: str) -> str:
    try:
        parse_uri(text)
    except RemoteSipError as error:
        raise LocalSipError(f"can't call with {text!r}: {error}") from error
    return text
