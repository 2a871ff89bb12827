"""Many far ends behind one SIP port: binds their deeds to SIP calls and to legs of sound.

Datagrams, events of sound and time come in; datagrams, commands for the sound, journal entries
and the next deadline come out. No socket and no clock of its own. After any call of the first
kind, empty all of the second kind before the next.
"""

import heapq
from collections.abc import Callable
from pathlib import Path
from typing import Final, assert_never

from callwright.carrier.call import Call, Phase, PlacedCall
from callwright.carrier.far_end import (
    Deed,
    FarEnd,
    PickUp,
    PressKeys,
    PutDown,
    RecordCaller,
    Refuse,
    RingPhone,
    SendTones,
    Speak,
)
from callwright.carrier.journal import Detail, Entry, Journal
from callwright.carrier.scripts import script_for
from callwright.carrier.sounds import Sounds, Voices
from callwright.protocol.sdp.description import SdpError
from callwright.protocol.sdp.offer_answer import RtpCodec, make_answer, make_offer, read_answer
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Datagram, Endpoint, Invitation
from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.events import SipCallId
from callwright.protocol.sip.message import Request
from callwright.protocol.sip.uri import SipUri
from callwright.worker import rpc

CODECS: Final = (RtpCodec("PCMA", 8), RtpCodec("PCMU", 0))
"""What our phones speak; the caller's order of preference decides."""

RINGS_FOR: Final = 60.0
"""Seconds until somebody of ours who calls gives up: ten rings or more."""

_NOT_ACCEPTABLE_HERE: Final = 488
_UNAVAILABLE: Final = 503


class Exchange:
    """All calls that the carrier has."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        media_host: str,
        voices: Voices,
        recordings: Path,
        session_ids: Callable[[], int],
    ) -> None:
        """Take what the far ends work with.

        `recordings`: the folder for what they record. `session_ids`: a fresh number for each
        session description (RFC 8866 5.2).
        """
        self._endpoint = endpoint
        self._media_host = media_host
        self._session_ids = session_ids
        self._journal = Journal()
        self._sounds = Sounds(voices=voices, recordings=recordings, journal=self._journal)
        self._by_sip_call: dict[SipCallId, Call] = {}
        self._by_leg: dict[int, Call] = {}
        self._to_place: dict[int, PlacedCall] = {}
        self._last_leg = 0
        self._agenda: list[tuple[float, int, SipCallId]] = []

    @property
    def is_idle(self) -> bool:
        """Whether there is no call, and none is being placed."""
        return not (self._by_sip_call or self._by_leg or self._to_place)

    # --- in ---

    def receive(self, datagram: Datagram, now: float) -> None:
        """Take a datagram from the SIP port."""
        self._endpoint.receive(datagram, now)
        self._settle(now)

    def handle_timer(self, now: float) -> None:
        """Do what is due."""
        self._endpoint.handle_timer(now)
        while self._agenda and self._agenda[0][0] <= now:
            at, _, sip_call = heapq.heappop(self._agenda)
            call = self._by_sip_call.get(sip_call)
            if call is not None and call.wakes_at == at:
                call.wakes_at = None
                call.far_end.handle_timer(now)
                self._act(call, now)
        self._settle(now)

    def take_sound(self, event: rpc.Event, now: float) -> None:
        """Take an event of the media loop."""
        if not isinstance(event, rpc.Ready | rpc.TickReport):
            call = self._by_leg.get(event.leg)
            if call is not None:
                self._heard(call, event, now)
                self._act(call, now)
            elif event.leg in self._to_place:
                self._place(self._to_place.pop(event.leg), event, now)
        self._settle(now)

    def place(self, wanted: PlacedCall) -> None:
        """Let somebody of ours make a call, as soon as there are ports for its sound."""
        self._last_leg += 1
        self._to_place[self._last_leg] = wanted
        self._sounds.open(self._last_leg)

    def end_all(self, now: float) -> None:
        """Let all far ends put their phones down."""
        for call in list(self._by_sip_call.values()):
            call.far_end.stop()
            self._put_down(call, now)
        self._settle(now)

    # --- out ---

    def to_send(self) -> list[Datagram]:
        """Take the datagrams that leave now."""
        return self._endpoint.to_send()

    def commands(self) -> list[rpc.Command]:
        """Take the commands for the media loop."""
        return self._sounds.commands()

    def entries(self) -> list[Entry]:
        """Take what is to be written into the journal."""
        return self._journal.take()

    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called next, or None for never."""
        ours = self._agenda[0][0] if self._agenda else None
        theirs = self._endpoint.deadline()
        return min((at for at in (ours, theirs) if at is not None), default=None)

    # --- SIP ---

    def _settle(self, now: float) -> None:
        while events := self._endpoint.events():
            for event in events:
                call = self._by_sip_call.get(event.call)
                if isinstance(event, sip.Invited):
                    self._invited(event, now)
                elif call is not None:
                    self._told(call, event, now)
                    self._act(call, now)

    def _invited(self, event: sip.Invited, now: float) -> None:
        self._last_leg += 1
        number = _called_user(event.request)
        script = script_for(number)
        call = Call(
            sip_call=event.call,
            sip_call_id=event.request.call_id,
            offer=event.request.body,
            far_end=FarEnd(script.steps, now),
            leg=self._last_leg,
            session_id=self._session_ids(),
            line=script.line,
        )
        self._by_sip_call[call.sip_call] = call
        source = f"{event.source.host}:{event.source.port}"
        self._tell(call, "invited", number=number, caller=_caller(event.request), source=source)
        self._act(call, now)

    def _place(self, wanted: PlacedCall, event: rpc.Event, now: float) -> None:
        """Send the INVITE of a call of ours, now that its ports are taken or could not be."""
        if not isinstance(event, rpc.LegOpened):
            problem = event.problem if isinstance(event, rpc.CommandFailed) else str(event)
            self._journal.tell("", "call_failed", sip_status=_UNAVAILABLE, problem=problem)
            return
        session_id = self._session_ids()
        offer = make_offer(
            host=self._media_host, port=event.rtp_port, codecs=CODECS, session_id=session_id
        )
        invitation = Invitation(
            target=wanted.target,
            next_hop=wanted.next_hop,
            from_uri=f"sip:{wanted.caller}@{self._media_host}",
            to_uri=wanted.target,
            body=offer,
            ring_timeout=RINGS_FOR,
        )
        sip_call = self._endpoint.invite(invitation, now)
        call = Call(
            sip_call=sip_call,
            sip_call_id=str(sip_call),
            offer=offer,
            far_end=FarEnd(wanted.script.calling(), now),
            leg=event.leg,
            session_id=session_id,
            line=wanted.script.line,
            is_placed=True,
            phase=Phase.CALLING,
            rtp_port=event.rtp_port,
        )
        self._by_sip_call[sip_call] = self._by_leg[call.leg] = call
        self._tell(call, "calling", to=wanted.target, script=wanted.script.user)
        self._sounds.begin(call)
        self._act(call, now)

    def _told(self, call: Call, event: sip.SipEvent, now: float) -> None:
        match event:
            case sip.Progress(status=status, body=body):
                self._tell(call, "progress", sip_status=status, early_media=bool(body))
                if body:
                    self._follow(call, body)
            case sip.Answered(body=body):
                self._answered(call, body, now)
            case sip.CallFailed(status=status, reason=reason):
                self._over(call, "call_failed", sip_status=status, problem=reason)
            case sip.Acknowledged():
                call.far_end.connected(now)
            case sip.Reinvited(body=offer):
                self._reinvited(call, offer, now)
            case sip.Cancelled():
                self._over(call, "cancelled")
            case sip.HungUp(reason=reason):
                by = "callee" if call.is_placed else "caller"
                self._over(call, "hung_up", by=by, reason=reason)
            case sip.CallEnded(status=status):
                self._over(call, "hung_up", by="far_end", sip_status=status)
            case _:
                pass  # `Invited` begins a call and has been taken before

    def _answered(self, call: Call, body: bytes, now: float) -> None:
        """Begin to speak, now that the called side has picked up."""
        call.phase = Phase.ANSWERED
        problem = self._follow(call, body)
        if problem:
            self._tell(call, "failed", problem=problem)
            self._endpoint.hang_up(call.sip_call, now)
            return
        self._tell(call, "answered", rtp_port=call.rtp_port)
        call.far_end.connected(now)

    def _follow(self, call: Call, answer: bytes) -> str:
        """Let the sound follow an answer to our offer; what is wrong with it, or nothing."""
        try:
            self._sounds.connect(call, read_answer(call.offer, answer))
        except SdpError as problem:
            return str(problem)
        return ""

    def _reinvited(self, call: Call, offer: bytes, now: float) -> None:
        """Take the caller's new offer, for instance a hold, on the ports that we have."""
        call.session_version += 1
        try:
            answer = self._connected(call, offer)
        except SdpError:
            self._endpoint.reject_reinvite(call.sip_call, _NOT_ACCEPTABLE_HERE, now)
        else:
            self._endpoint.answer_reinvite(call.sip_call, answer, now)

    # --- deeds ---

    def _act(self, call: Call, now: float) -> None:
        for deed in call.far_end.deeds():
            self._do(call, deed, now)
        wakes_at = call.far_end.deadline()
        if wakes_at is not None and wakes_at != call.wakes_at and call.phase is not Phase.OVER:
            heapq.heappush(self._agenda, (wakes_at, call.leg, call.sip_call))
        call.wakes_at = wakes_at

    def _do(self, call: Call, deed: Deed, now: float) -> None:
        match deed:
            case RingPhone():
                self._endpoint.ring(call.sip_call, now)
                self._tell(call, "ringing")
            case PickUp():
                self._pick_up(call)
            case Refuse(sip_status):
                self._refuse(call, sip_status, now)
            case Speak() | SendTones() | RecordCaller() | PressKeys():
                self._sounds.make(call, deed)
            case PutDown():
                self._put_down(call, now)
            case _:
                assert_never(deed)

    def _pick_up(self, call: Call) -> None:
        if call.is_placed:
            return  # it is the called side that does
        call.phase = Phase.PICKING_UP
        self._by_leg[call.leg] = call
        self._sounds.open(call.leg)

    def _put_down(self, call: Call, now: float) -> None:
        if call.is_placed or call.phase is Phase.ANSWERED:
            self._endpoint.hang_up(call.sip_call, now)
        else:
            self._refuse(call, _UNAVAILABLE, now)

    def _refuse(self, call: Call, sip_status: int, now: float, problem: str = "") -> None:
        self._endpoint.reject(call.sip_call, sip_status, now)
        self._over(call, "refused", sip_status=sip_status, problem=problem)

    def _over(self, call: Call, event: str, **details: Detail) -> None:
        """Forget the SIP call; its leg is known until it is closed."""
        self._by_sip_call.pop(call.sip_call, None)
        if call.phase in {Phase.CALLING, Phase.ANSWERED}:
            self._sounds.close(call.leg)
        call.phase = Phase.OVER
        call.far_end.stop()
        self._tell(call, event, **details)

    # --- sound ---

    def _heard(self, call: Call, event: rpc.Event, now: float) -> None:
        match event:
            case rpc.LegOpened(rtp_port=rtp_port):
                self._leg_opened(call, rtp_port, now)
            case rpc.CommandFailed(command=command, problem=problem):
                self._leg_failed(call, f"{command}: {problem}", now)
            case rpc.LegClosed():
                del self._by_leg[call.leg]
                self._sounds.closed(call, event, now)
            case _:
                self._sounds.take(call, event, now)

    def _leg_opened(self, call: Call, rtp_port: int, now: float) -> None:
        if call.phase is not Phase.PICKING_UP:
            self._sounds.close(call.leg)  # the caller gave up meanwhile
            return
        call.rtp_port = rtp_port
        try:
            answer = self._connected(call, call.offer)
        except SdpError as problem:
            self._sounds.close(call.leg)
            self._refuse(call, _NOT_ACCEPTABLE_HERE, now, str(problem))
            return
        call.phase = Phase.ANSWERED
        self._sounds.begin(call)
        self._endpoint.accept(call.sip_call, answer, now)
        self._tell(call, "answered", rtp_port=rtp_port)

    def _leg_failed(self, call: Call, problem: str, now: float) -> None:
        if call.phase is Phase.PICKING_UP:
            del self._by_leg[call.leg]  # its ports could not be taken
            self._refuse(call, _UNAVAILABLE, now, problem)
        elif call.phase in {Phase.CALLING, Phase.ANSWERED}:
            self._tell(call, "failed", problem=problem)
            self._put_down(call, now)
        else:
            self._by_leg.pop(call.leg, None)  # it could not even be closed: it was gone

    def _connected(self, call: Call, offer: bytes) -> bytes:
        """Answer an offer and let the sound follow it."""
        answer, agreed = make_answer(
            offer,
            host=self._media_host,
            port=call.rtp_port,
            supported=CODECS,
            session_id=call.session_id,
            session_version=call.session_version,
        )
        self._sounds.connect(call, agreed)
        return answer

    def _tell(self, call: Call, event: str, **details: Detail) -> None:
        self._journal.tell(call.sip_call_id, event, **details)


def _called_user(request: Request) -> str:
    """The number or user name that the Request-URI names; whoever is called otherwise is nobody."""
    uri = request.uri
    return uri.user if isinstance(uri, SipUri) else uri.number


def _caller(request: Request) -> str:
    """Who calls, as its From says; its URI need not be one that we understand."""
    try:
        return str(request.from_.uri)
    except RemoteSipError:
        return ""
