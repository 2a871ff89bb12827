"""Calls to the exchange over SIP, in virtual time: what callers see, and what is left behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callwright.carrier.exchange import Exchange
from callwright.carrier.far_end import LONGEST_CALL
from callwright.carrier.journal import Entry
from callwright.carrier.scripts import Line
from callwright.carrier.voice import humming
from callwright.media.tones import Burst, render
from callwright.protocol.sdp.offer_answer import RtpCodec, make_offer, read_answer
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Datagram, Endpoint, Invitation
from callwright.protocol.sip.events import SipCallId, SipEvent
from callwright.worker import rpc
from tests.sim.media_workers import SilentWorkers
from tests.sim.wire import CALLEE_AT, CALLER_AT, new_endpoint

PCMU, PCMA = RtpCodec("PCMU", 0), RtpCodec("PCMA", 8)
OFFER = make_offer(host="192.0.2.1", port=16384, codecs=[PCMA, PCMU], session_id=1)


class Hums:
    """Voices that need no program."""

    def sound_of(self, text: str, line: Line) -> tuple[rpc.Playable, ...]:
        del line
        return humming(text)

    def sound_of_line(self, line: Line) -> tuple[rpc.Playable, ...]:
        return (rpc.PlayTone((100.0,), 1000, -40.0),) if line is Line.NOISY else ()


@dataclass
class Town:
    """A caller and the exchange, on a wire without delay; sound that ends when the test says so."""

    now: float = 0.0
    caller: Endpoint = field(default_factory=lambda: new_endpoint(CALLER_AT))
    workers: SilentWorkers = field(default_factory=SilentWorkers)
    heard: list[SipEvent] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    from_exchange: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exchange = Exchange(
            new_endpoint(CALLEE_AT),
            media_host="192.0.2.2",
            voices=Hums(),
            recordings=Path("/recordings"),
            session_ids=lambda: 7,
        )
        self._sounds: list[rpc.Event] = []
        self._ack = b""

    def call(self, user: str, *, offer: bytes = OFFER, ring_timeout: float = 60.0) -> SipCallId:
        invitation = Invitation(
            target=f"sip:{user}@192.0.2.2",
            next_hop=CALLEE_AT,
            from_uri="sip:ann@example.com",
            to_uri=f"sip:{user}@192.0.2.2",
            body=offer,
            ring_timeout=ring_timeout,
        )
        call = self.caller.invite(invitation, self.now)
        self.settle()
        return call

    def do(self, verb: Callable[[], None]) -> None:
        verb()
        self.settle()

    def sound(self, event: rpc.Event) -> None:
        self.exchange.take_sound(event, self.now)
        self.settle()

    def reinvite(self, offer: bytes, *, cseq: int) -> None:
        """Send an offer inside the call, as the caller's endpoint has no verb for it."""
        head = self._ack.partition(b"\r\n\r\n")[0].replace(b"ACK", b"INVITE")
        lines = [
            line
            for line in head.replace(b"CSeq: 1 ", b"CSeq: %d " % cseq).split(b"\r\n")
            if not line.startswith((b"Via:", b"Content-"))
        ]
        lines[1:1] = [
            b"Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKreinvite%d" % cseq,
            b"Contact: <sip:192.0.2.1:5060>",
            b"Content-Type: application/sdp",
            b"Content-Length: %d" % len(offer),
        ]
        data = b"\r\n".join([*lines, b"", offer])
        self.exchange.receive(Datagram(data, CALLER_AT), self.now)
        self.settle()
        ack = self._ack.replace(b"CSeq: 1 ", b"CSeq: %d " % cseq)
        self.exchange.receive(Datagram(ack, CALLER_AT), self.now)

    def run_until(self, end: float) -> None:
        while (moment := self._next()) is not None and moment <= end:
            self.now = max(self.now, moment)
            self.caller.handle_timer(self.now)
            self.exchange.handle_timer(self.now)
            self.settle()
        self.now = end

    def settle(self) -> None:
        """Carry everything that wants to be carried, until it is quiet."""
        is_busy = True
        while is_busy:
            is_busy = False
            self.heard += self.caller.events()
            for datagram in self.caller.to_send():
                is_busy = True
                if datagram.data.startswith(b"ACK "):
                    self._ack = datagram.data
                self.exchange.receive(Datagram(datagram.data, CALLER_AT), self.now)
            for datagram in self.exchange.to_send():
                is_busy = True
                self.from_exchange.append(datagram.data)
                self.caller.receive(Datagram(datagram.data, CALLEE_AT), self.now)
            for command in self.exchange.commands():
                is_busy = True
                self._execute(command)
            self.entries += self.exchange.entries()

    def told(self) -> list[str]:
        """The journal so far, by its events."""
        return [entry.event for entry in self.entries]

    def _execute(self, command: rpc.Command) -> None:
        if isinstance(command, rpc.OpenLeg):
            self.workers.choose(command.leg, self._sounds.append)
        self.workers.send(command)
        while self._sounds:
            self.exchange.take_sound(self._sounds.pop(0), self.now)

    def _next(self) -> float | None:
        moments = [self.caller.deadline(), self.exchange.deadline()]
        return min((moment for moment in moments if moment is not None), default=None)


@pytest.fixture
def town() -> Town:
    return Town()


REFUSALS = [
    ("441632960003", 603),
    ("441632960004", 404),
    ("441632960053", 503),
    ("441632960086", 486),
    ("busy", 486),
]


@pytest.mark.parametrize(("user", "sip_status"), REFUSALS)
def test_a_far_end_that_refuses_does_so_with_its_status(
    town: Town, user: str, sip_status: int
) -> None:
    town.call(user)
    town.run_until(5.0)
    assert [(type(event), event.status) for event in _failures(town)] == [
        (sip.CallFailed, sip_status)
    ]
    assert town.entries[0].details["number"] == user
    assert town.told()[-1] == "refused"


def test_the_human_answers_says_something_listens_and_presses_keys(town: Town) -> None:
    call = town.call("441632960100")
    town.run_until(1.0)
    assert [type(event) for event in town.heard] == [sip.Progress]
    town.run_until(2.2)
    answered = town.heard[-1]
    assert isinstance(answered, sip.Answered)
    assert read_answer(OFFER, answered.body).codec == PCMA

    (spoken,) = town.workers.sent(rpc.Play)
    assert isinstance(spoken, rpc.Play)
    assert all(isinstance(item, rpc.PlayTone) for item in spoken.items)
    town.sound(rpc.PlayEnded(1, spoken.play, finished=True, duration=1.0))
    town.sound(rpc.SpeechStarted(1))
    town.run_until(5.0)
    town.sound(rpc.SpeechEnded(1, 2.0))
    town.run_until(6.0)
    pressed = town.workers.sent(rpc.Play)[-1]
    assert isinstance(pressed, rpc.Play)
    assert pressed.items == (rpc.PlayDigits("4711"),)

    town.do(lambda: town.caller.hang_up(call, town.now))
    town.run_until(50.0)
    assert isinstance(town.heard[-1], sip.CallEnded)
    assert town.told() == [
        *("invited", "ringing", "answered", "said", "heard", "pressed", "hung_up", "sound")
    ]
    assert town.entries[-2].details["by"] == "caller"


def test_sound_goes_where_the_offer_says(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    assert town.workers.sent(rpc.ConnectLeg) == [
        rpc.ConnectLeg(1, "192.0.2.1", 16384, 16385, "PCMA", 8, 101, sends=True, receives=True)
    ]


def test_a_caller_who_only_sends_is_heard_and_not_spoken_to(town: Town) -> None:
    town.call("hello", offer=OFFER.replace(b"a=sendrecv", b"a=sendonly"))
    town.run_until(2.0)
    assert _directions(town) == [(False, True)]


def test_a_hold_and_its_end_are_followed(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.reinvite(OFFER.replace(b"a=sendrecv", b"a=inactive"), cseq=2)
    town.reinvite(OFFER, cseq=3)
    assert _directions(town) == [(True, True), (False, False), (True, True)]
    assert b"o=- 7 3 " in town.from_exchange[-1]


def test_a_new_offer_that_no_phone_speaks_leaves_the_call_as_it_was(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.reinvite(b"v=0", cseq=2)
    assert town.from_exchange[-1].startswith(b"SIP/2.0 488 ")
    assert _directions(town) == [(True, True)]


def test_a_far_end_hangs_up_early(town: Town) -> None:
    town.call("hangup")
    town.run_until(40.0)
    assert [type(event) for event in town.heard] == [sip.Progress, sip.Answered, sip.HungUp]
    assert town.told()[-2:] == ["hung_up", "sound"]
    assert town.entries[-2].details["by"] == "far_end"


def test_nobody_answers_and_the_caller_gives_up(town: Town) -> None:
    town.call("noanswer", ring_timeout=30.0)
    town.run_until(29.9)
    assert [type(event) for event in town.heard] == [sip.Progress]
    town.run_until(100.0)
    (failed,) = _failures(town)
    assert failed.timed_out
    assert town.told() == ["invited", "ringing", "cancelled"]


def test_nobody_answers_and_the_network_gives_up(town: Town) -> None:
    town.call("noanswer", ring_timeout=1000.0)
    town.run_until(200.0)
    assert [event.status for event in _failures(town)] == [480]


def test_an_offer_with_nothing_that_a_phone_speaks_is_refused(town: Town) -> None:
    town.call("hello", offer=OFFER.replace(b"PCM", b"XYZ").replace(b" 8 0 ", b" 97 98 "))
    town.run_until(5.0)
    assert [event.status for event in _failures(town)] == [488]
    assert town.told()[-2:] == ["refused", "sound"]


def test_no_ports_for_sound_is_a_refusal_too(town: Town) -> None:
    town.workers.is_alive = False
    town.call("hello")
    town.run_until(5.0)
    assert [event.status for event in _failures(town)] == [503]
    assert "no ports" in str(town.entries[-1].details["problem"])


def test_a_caller_who_gives_up_while_ports_are_taken_leaves_none_behind(town: Town) -> None:
    town.workers.answers = False
    call = town.call("hello")
    town.run_until(2.0)
    town.do(lambda: town.caller.cancel(call, town.now))
    town.workers.answers = True
    town.sound(rpc.LegOpened(1, 10_000))
    assert town.workers.sent(rpc.CloseLeg) == [rpc.CloseLeg(1)]
    town.run_until(100.0)
    assert town.told() == ["invited", "ringing", "cancelled", "sound"]


def test_sound_that_fails_ends_its_call(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.sound(rpc.CommandFailed(1, "ConnectLeg", "no route"))
    town.run_until(100.0)
    assert isinstance(town.heard[-1], sip.HungUp)
    assert town.told()[-3:] == ["failed", "hung_up", "sound"]


def test_a_caller_who_died_does_not_keep_a_far_end_for_ever(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.run_until(LONGEST_CALL + 100.0)
    assert isinstance(town.heard[-1], sip.HungUp)


def test_keys_are_written_down(town: Town) -> None:
    town.call("hello")
    town.run_until(2.0)
    town.sound(rpc.DigitReceived(1, "5", 100, in_band=False))
    assert town.entries[-1].details == {"digit": "5", "in_band": False}


@pytest.mark.parametrize("event", [rpc.Ready(1), rpc.TickReport(0, 50, (50,), 0.1, 0.1, 0)])
def test_what_concerns_no_leg_is_left_alone(town: Town, event: rpc.Event) -> None:
    town.sound(event)
    town.sound(rpc.SpeechStarted(99))
    assert town.entries == []


def test_the_line_is_heard_whenever_nobody_speaks(town: Town) -> None:
    town.call("noisy")
    town.run_until(2.0)
    line, spoken = _plays(town)
    assert (line.loops, spoken.loops) == (True, False)
    town.sound(rpc.PlayEnded(1, line.play, finished=False, duration=0.0))
    assert _plays(town) == [line, spoken]
    town.sound(rpc.PlayEnded(1, spoken.play, finished=True, duration=2.0))
    assert _plays(town) == [line, spoken, line]


def test_a_mailbox_records_after_its_beep_and_hangs_up_after_silence(town: Town) -> None:
    town.call("voicemail")
    town.run_until(2.5)
    town.sound(rpc.PlayEnded(1, 1, finished=True, duration=8.0))
    town.run_until(3.0)
    assert _plays(town)[-1].items == (rpc.PlayTone((1000.0,), 300, -13.0),)
    assert town.workers.sent(rpc.Record) == []
    town.sound(rpc.PlayEnded(1, 1, finished=True, duration=0.3))
    (record,) = town.workers.sent(rpc.Record)
    assert isinstance(record, rpc.Record)
    assert (record.max_silence, record.starts_with_sound) == (4.0, False)
    ended = rpc.RecordEnded(1, record.recording, 6.5, contains_sound=True, ended_by="silence")
    town.sound(ended)
    assert isinstance(town.heard[-1], sip.HungUp)
    recorded = next(entry for entry in town.entries if entry.event == "recorded")
    assert (recorded.details["seconds"], recorded.details["contains_sound"]) == (6.5, True)


@pytest.mark.parametrize(
    ("contains_sound", "said"),
    [(True, "Thank you. Please stay on the line."), (False, "I did not hear a name. Goodbye.")],
)
def test_a_screening_robot_asks_for_a_name(town: Town, *, contains_sound: bool, said: str) -> None:
    town.call("screening")
    town.run_until(2.0)
    for _ in ("the question", "the beep"):
        town.sound(rpc.PlayEnded(1, 1, finished=True, duration=4.0))
    ended = rpc.RecordEnded(1, 1, 5.0, contains_sound=contains_sound, ended_by="silence")
    town.sound(ended)
    assert town.entries[-1].details["text"] == said


def test_a_beep_drives_one_of_the_people_away(town: Town) -> None:
    town.call("hates-beeps")
    town.run_until(2.0)
    town.sound(rpc.PlayEnded(1, 1, finished=True, duration=0.5))
    quiet, beep = bytes(1600), render([Burst(300, (1000.0,), -13.0)]).tobytes()
    sound = quiet + beep + quiet * 3
    town.sound(rpc.SoundHeard(1, 1, sound[: len(sound) // 320 * 320]))
    assert isinstance(town.heard[-1], sip.HungUp)
    tones = {entry.event: entry.details for entry in town.entries if "tone" in entry.event}
    assert tones["tone"]["hz"] == 1000
    assert tones["tone_over"]["seconds"] == pytest.approx(0.3, abs=0.05)


def test_an_utterance_that_the_hang_up_cuts_off_is_told_too(town: Town) -> None:
    call = town.call("hello")
    town.run_until(2.0)
    town.sound(rpc.SpeechStarted(1))
    town.sound(rpc.SoundHeard(1, 1, render([Burst(200, (500.0,), -20.0)]).tobytes()))
    town.do(lambda: town.caller.hang_up(call, town.now))
    (heard,) = [entry.details for entry in town.entries if entry.event == "heard"]
    assert heard["seconds"] == pytest.approx(0.2)
    assert heard["loudest_hz"] == 500
    assert heard["level_dbm0"] == pytest.approx(-20, abs=0.5)


def test_many_calls_at_once_leave_nothing_behind(town: Town) -> None:
    for ending in range(100):
        town.call(f"4416329600{ending:02}", ring_timeout=20.0)
    town.run_until(30.0)
    town.run_until(2 * LONGEST_CALL)
    invited = [entry.sip_call_id for entry in town.entries if entry.event == "invited"]
    ended = [
        entry.sip_call_id
        for entry in town.entries
        if entry.event in {"refused", "cancelled", "hung_up"}
    ]
    assert sorted(ended) == sorted(set(invited))
    assert len(invited) == 100
    assert town.exchange.deadline() is None
    opened, closed = town.workers.sent(rpc.OpenLeg), town.workers.sent(rpc.CloseLeg)
    assert len(opened) == len(closed) > 0


def _failures(town: Town) -> list[sip.CallFailed]:
    return [event for event in town.heard if isinstance(event, sip.CallFailed)]


def _plays(town: Town) -> list[rpc.Play]:
    return [command for command in town.workers.commands if isinstance(command, rpc.Play)]


def _directions(town: Town) -> list[tuple[bool, bool]]:
    """Whether the far end sends and receives, after each offer."""
    return [
        (command.sends, command.receives)
        for command in town.workers.commands
        if isinstance(command, rpc.ConnectLeg)
    ]
