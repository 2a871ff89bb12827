"""Many far ends behind one SIP port: binds their deeds to SIP calls and to legs of sound.

Datagrams, events of sound and time come in; datagrams, commands for the sound, journal entries
and the next deadline come out. No socket and no clock of its own. After any call of the first
kind, empty all of the second kind before the next.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never

from callwright.carrier.far_end import (
    Deed,
    FarEnd,
    PickUp,
    PressKeys,
    PutDown,
    Refuse,
    RingPhone,
    Speak,
)
from callwright.carrier.journal import Detail, Entry
from callwright.carrier.scripts import script_for
from callwright.protocol.sdp.description import SdpError
from callwright.protocol.sdp.offer_answer import RtpCodec, make_answer
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Datagram, Endpoint
from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.events import SipCallId
from callwright.protocol.sip.message import Request
from callwright.protocol.sip.uri import SipUri
from callwright.worker import rpc

CODECS: Final = (RtpCodec("PCMA", 8), RtpCodec("PCMU", 0))
"""What our phones speak; the caller's order of preference decides."""

_NOT_ACCEPTABLE_HERE: Final = 488
_UNAVAILABLE: Final = 503


class Phase(Enum):
    """How far a call is."""

    ALERTING = "alerting"
    PICKING_UP = "picking up"
    """The far end has answered; ports for its sound are being taken."""
    ANSWERED = "answered"
    OVER = "over"


@dataclass(slots=True)
class _Call:
    """One call to one far end."""

    sip_call: SipCallId
    sip_call_id: str
    offer: bytes
    far_end: FarEnd
    leg: int
    session_id: int
    session_version: int = 1
    phase: Phase = Phase.ALERTING
    rtp_port: int = 0
    wakes_at: float | None = None


class Exchange:
    """All calls that the carrier has."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        media_host: str,
        sound_of: Callable[[str], tuple[rpc.Playable, ...]],
        session_ids: Callable[[], int],
    ) -> None:
        """Take what the far ends work with.

        `sound_of`: what to play to say a text. `session_ids`: a fresh number for each session
        description (RFC 8866 5.2).
        """
        self._endpoint = endpoint
        self._media_host = media_host
        self._sound_of = sound_of
        self._session_ids = session_ids
        self._by_sip_call: dict[SipCallId, _Call] = {}
        self._by_leg: dict[int, _Call] = {}
        self._last_leg = 0
        self._agenda: list[tuple[float, int, SipCallId]] = []
        self._commands: list[rpc.Command] = []
        self._entries: list[Entry] = []

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
        self._settle(now)

    # --- out ---

    def to_send(self) -> list[Datagram]:
        """Take the datagrams that leave now."""
        return self._endpoint.to_send()

    def commands(self) -> list[rpc.Command]:
        """Take the commands for the media loop."""
        commands, self._commands = self._commands, []
        return commands

    def entries(self) -> list[Entry]:
        """Take what is to be written into the journal."""
        entries, self._entries = self._entries, []
        return entries

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
        call = _Call(
            sip_call=event.call,
            sip_call_id=event.request.call_id,
            offer=event.request.body,
            far_end=FarEnd(script_for(number).steps, now),
            leg=self._last_leg,
            session_id=self._session_ids(),
        )
        self._by_sip_call[call.sip_call] = call
        source = f"{event.source.host}:{event.source.port}"
        self._tell(call, "invited", number=number, caller=_caller(event.request), source=source)
        self._act(call, now)

    def _told(self, call: _Call, event: sip.SipEvent, now: float) -> None:
        match event:
            case sip.Acknowledged():
                call.far_end.connected(now)
            case sip.Reinvited(body=offer):
                self._reinvited(call, offer, now)
            case sip.Cancelled():
                self._over(call, "cancelled")
            case sip.HungUp(reason=reason):
                self._over(call, "hung_up", by="caller", reason=reason)
            case sip.CallEnded(status=status):
                self._over(call, "hung_up", by="far_end", sip_status=status)
            case _:
                pass  # the rest is told to callers, which we never are

    def _reinvited(self, call: _Call, offer: bytes, now: float) -> None:
        """Take the caller's new offer, for instance a hold, on the ports that we have."""
        call.session_version += 1
        try:
            answer = self._connected(call, offer)
        except SdpError:
            self._endpoint.reject_reinvite(call.sip_call, _NOT_ACCEPTABLE_HERE, now)
        else:
            self._endpoint.answer_reinvite(call.sip_call, answer, now)

    # --- deeds ---

    def _act(self, call: _Call, now: float) -> None:
        for deed in call.far_end.deeds():
            self._do(call, deed, now)
        wakes_at = call.far_end.deadline()
        if wakes_at is not None and wakes_at != call.wakes_at and call.phase is not Phase.OVER:
            heapq.heappush(self._agenda, (wakes_at, call.leg, call.sip_call))
        call.wakes_at = wakes_at

    def _do(self, call: _Call, deed: Deed, now: float) -> None:
        match deed:
            case RingPhone():
                self._endpoint.ring(call.sip_call, now)
                self._tell(call, "ringing")
            case PickUp():
                call.phase = Phase.PICKING_UP
                self._by_leg[call.leg] = call
                self._commands.append(rpc.OpenLeg(call.leg, reports_speech=True))
            case Refuse(sip_status):
                self._refuse(call, sip_status, now)
            case Speak(text):
                self._tell(call, "said", text=text)
                self._commands.append(rpc.Play(call.leg, call.leg, self._sound_of(text)))
            case PressKeys(digits):
                self._tell(call, "pressed", digits=digits)
                self._commands.append(rpc.Play(call.leg, call.leg, (rpc.PlayDigits(digits),)))
            case PutDown():
                self._put_down(call, now)
            case _:
                assert_never(deed)

    def _put_down(self, call: _Call, now: float) -> None:
        if call.phase is Phase.ANSWERED:
            self._endpoint.hang_up(call.sip_call, now)
        else:
            self._refuse(call, _UNAVAILABLE, now)

    def _refuse(self, call: _Call, sip_status: int, now: float, problem: str = "") -> None:
        self._endpoint.reject(call.sip_call, sip_status, now)
        self._over(call, "refused", sip_status=sip_status, problem=problem)

    def _over(self, call: _Call, event: str, **details: Detail) -> None:
        """Forget the SIP call; its leg is known until it is closed."""
        self._by_sip_call.pop(call.sip_call, None)
        if call.phase is Phase.ANSWERED:
            self._commands.append(rpc.CloseLeg(call.leg))
        call.phase = Phase.OVER
        call.far_end.stop()
        self._tell(call, event, **details)

    # --- sound ---

    def _heard(self, call: _Call, event: rpc.Event, now: float) -> None:
        match event:
            case rpc.LegOpened(rtp_port=rtp_port):
                self._leg_opened(call, rtp_port, now)
            case rpc.CommandFailed(command=command, problem=problem):
                self._leg_failed(call, f"{command}: {problem}", now)
            case rpc.SpeechStarted():
                call.far_end.speech_started(now)
            case rpc.SpeechEnded(duration=duration):
                self._tell(call, "heard", seconds=round(duration, 2))
                call.far_end.speech_ended(now)
            case rpc.DigitReceived(digit=digit, in_band=in_band):
                self._tell(call, "key", digit=digit, in_band=in_band)
            case rpc.PlayEnded():
                call.far_end.sound_over(now)
            case rpc.LegClosed():
                del self._by_leg[call.leg]
                self._tell_sound(call, event)
            case _:
                pass  # `MediaArrived` says nothing that speech does not; nothing is recorded

    def _leg_opened(self, call: _Call, rtp_port: int, now: float) -> None:
        if call.phase is not Phase.PICKING_UP:
            self._commands.append(rpc.CloseLeg(call.leg))  # the caller gave up meanwhile
            return
        call.rtp_port = rtp_port
        try:
            answer = self._connected(call, call.offer)
        except SdpError as problem:
            self._commands.append(rpc.CloseLeg(call.leg))
            self._refuse(call, _NOT_ACCEPTABLE_HERE, now, str(problem))
            return
        call.phase = Phase.ANSWERED
        self._endpoint.accept(call.sip_call, answer, now)
        self._tell(call, "answered", rtp_port=rtp_port)

    def _leg_failed(self, call: _Call, problem: str, now: float) -> None:
        if call.phase is Phase.PICKING_UP:
            del self._by_leg[call.leg]  # its ports could not be taken
            self._refuse(call, _UNAVAILABLE, now, problem)
        elif call.phase is Phase.ANSWERED:
            self._tell(call, "failed", problem=problem)
            self._put_down(call, now)
        else:
            self._by_leg.pop(call.leg, None)  # it could not even be closed: it was gone

    def _connected(self, call: _Call, offer: bytes) -> bytes:
        """Answer an offer and let the sound follow it."""
        answer, agreed = make_answer(
            offer,
            host=self._media_host,
            port=call.rtp_port,
            supported=CODECS,
            session_id=call.session_id,
            session_version=call.session_version,
        )
        self._commands.append(
            rpc.ConnectLeg(
                leg=call.leg,
                host=agreed.remote_host,
                port=agreed.remote_port,
                rtcp_port=agreed.remote_rtcp_port,
                encoding=agreed.codec.name,
                payload_type=agreed.codec.payload_type,
                telephone_event=agreed.telephone_event,
                sends=agreed.sends,
                receives=agreed.receives,
            )
        )
        return answer

    def _tell_sound(self, call: _Call, closed: rpc.LegClosed) -> None:
        self._tell(
            call,
            "sound",
            packets_sent=closed.packets_sent,
            packets_received=closed.packets_received,
            packets_lost=closed.packets_lost,
            jitter_ms=round(closed.jitter_ms, 2),
        )

    def _tell(self, call: _Call, event: str, **details: Detail) -> None:
        self._entries.append(Entry(event, call.sip_call_id, details))


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
