"""The sound of all calls: what far ends do becomes commands, what is heard of callers reaches them.

Like the exchange it has neither sockets nor a clock; `commands` is emptied by whoever drives it.
"""

from pathlib import Path
from typing import Final, Protocol, assert_never

from callwright.carrier.call import Call
from callwright.carrier.far_end import PressKeys, RecordCaller, SendTones, Speak
from callwright.carrier.journal import Detail, Journal
from callwright.carrier.scripts import Line
from callwright.media.beep import Tone
from callwright.protocol.sdp.offer_answer import Negotiated
from callwright.worker import rpc

KEPT_RECORDINGS: Final = 200
"""So many files at most; then the oldest is written over. With two minutes each, 200 MB."""

RECORDING_ENCODING: Final = "PCMU"
"""A byte a sample, as it came over the line."""


class Voices(Protocol):
    """What far ends sound like."""

    def sound_of(self, text: str, line: Line) -> tuple[rpc.Playable, ...]:
        """What to play to say a text."""
        ...

    def sound_of_line(self, line: Line) -> tuple[rpc.Playable, ...]:
        """What the line adds while nobody speaks, to be played in a loop; empty for nothing."""
        ...


class Sounds:
    """The legs of all calls."""

    def __init__(self, *, voices: Voices, recordings: Path, journal: Journal) -> None:
        """Record into the folder `recordings`, which exists."""
        self._voices = voices
        self._recordings = recordings
        self._journal = journal
        self._recorded = 0
        self._commands: list[rpc.Command] = []

    def commands(self) -> list[rpc.Command]:
        """Take the commands for the media loop."""
        commands, self._commands = self._commands, []
        return commands

    def open(self, leg: int) -> None:
        """Take ports; `LegOpened` or `CommandFailed` will follow."""
        self._commands.append(rpc.OpenLeg(leg, reports_speech=True))

    def close(self, leg: int) -> None:
        """Give the ports back; `LegClosed` will follow."""
        self._commands.append(rpc.CloseLeg(leg))

    def begin(self, call: Call) -> None:
        """Listen to the caller from now on, and let him hear the line."""
        self._commands.append(rpc.Listen(call.leg, _LISTENING))
        self._play_line(call)

    def connect(self, call: Call, agreed: Negotiated) -> None:
        """Let the sound follow what offer and answer agreed on."""
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

    def make(self, call: Call, deed: Speak | SendTones | RecordCaller | PressKeys) -> None:
        """Do what a far end does with sound."""
        match deed:
            case Speak(text):
                self._journal.tell(call.sip_call_id, "said", text=text)
                self._play(call, self._voices.sound_of(text, call.line))
            case SendTones(name, bursts):
                self._journal.tell(call.sip_call_id, "sent", tones=name)
                tones = (
                    rpc.PlayTone(it.frequencies_hz, it.duration_ms, it.level_dbm0) for it in bursts
                )
                self._play(call, tuple(tones))
            case PressKeys(digits):
                self._journal.tell(call.sip_call_id, "pressed", digits=digits)
                self._play(call, (rpc.PlayDigits(digits),))
            case RecordCaller():
                self._record(call, deed)
            case _:
                assert_never(deed)

    def take(self, call: Call, event: rpc.Event, now: float) -> None:
        """Let the far end hear what its caller does."""
        match event:
            case rpc.SoundHeard(sound=sound):
                self._hear_tones(call, call.ear.take(sound), now)
            case rpc.SpeechStarted():
                call.is_hearing = True
                call.far_end.speech_started(now)
            case rpc.SpeechEnded(duration=duration):
                self._heard(call, duration, now)
                call.far_end.speech_ended(now)
            case rpc.DigitReceived(digit=digit, in_band=in_band):
                self._journal.tell(call.sip_call_id, "key", digit=digit, in_band=in_band)
            case rpc.PlayEnded(play=play) if play == _STEP:
                call.far_end.sound_over(now)
                self._play_line(call)
            case rpc.RecordEnded():
                self._record_ended(call, event, now)
            case _:
                pass  # `MediaArrived` says nothing that speech does not; a line's noise may end

    def closed(self, call: Call, event: rpc.LegClosed, now: float) -> None:
        """Tell what there was to hear until the end, and how it arrived."""
        if call.is_hearing:
            self._heard(call, None, now)
        self._journal.tell(
            call.sip_call_id,
            "sound",
            packets_sent=event.packets_sent,
            packets_received=event.packets_received,
            packets_lost=event.packets_lost,
            jitter_ms=round(event.jitter_ms, 2),
        )

    def _play(self, call: Call, items: tuple[rpc.Playable, ...]) -> None:
        self._commands.append(rpc.Play(call.leg, _STEP, items))

    def _play_line(self, call: Call) -> None:
        noise = self._voices.sound_of_line(call.line)
        if noise:
            self._commands.append(rpc.Play(call.leg, _LINE, noise, loops=True))

    def _record(self, call: Call, deed: RecordCaller) -> None:
        number, self._recorded = self._recorded, (self._recorded + 1) % KEPT_RECORDINGS
        path = self._recordings / f"recording-{number:03}.wav"
        self._journal.tell(call.sip_call_id, "recording", file=str(path))
        self._commands.append(
            rpc.Record(
                leg=call.leg,
                recording=_RECORDING,
                path=str(path),
                encoding=RECORDING_ENCODING,
                max_duration=deed.longest,
                max_silence=deed.silence,
                max_initial_silence=deed.initial_silence,
                # What a machine misses of its message must be seen to be missing.
                starts_with_sound=False,
            )
        )

    def _record_ended(self, call: Call, event: rpc.RecordEnded, now: float) -> None:
        self._journal.tell(
            call.sip_call_id,
            "recorded",
            seconds=round(event.duration, 2),
            contains_sound=event.contains_sound,
            ended_by=event.ended_by,
            problem=event.problem,
        )
        call.far_end.recorded(now, contains_sound=event.contains_sound)

    def _heard(self, call: Call, seconds: float | None, now: float) -> None:
        """Tell how an utterance sounded; without `seconds` it did not end by itself."""
        call.is_hearing = False
        self._hear_tones(call, call.ear.catch_up(), now)
        heard = call.ear.utterance()
        details: dict[str, Detail] = {}
        if heard is not None:
            details = {
                "level_dbm0": heard.level_dbm0,
                "loudest_hz": heard.loudest_hz,
                "tone_share": heard.tone_share,
            }
            seconds = heard.seconds if seconds is None else seconds
        self._journal.tell(call.sip_call_id, "heard", seconds=round(seconds or 0.0, 2), **details)

    def _hear_tones(self, call: Call, tones: list[Tone], now: float) -> None:
        for tone in tones:
            sound = {"hz": round(tone.frequency_hz), "level_dbm0": round(tone.level_dbm0, 1)}
            if tone.is_over:
                length = round(tone.duration, 2)
                self._journal.tell(call.sip_call_id, "tone_over", **sound, seconds=length)
            else:
                self._journal.tell(call.sip_call_id, "tone", **sound)
                call.far_end.tone_heard(tone.frequency_hz, now)


_STEP: Final = 1
"""The play of what the script says, as leg and worker know it."""

_LINE: Final = 2
"""The play of the line's noise; a step's play takes its place."""

_RECORDING: Final = 1
_LISTENING: Final = 1
"""A leg has one of each."""
