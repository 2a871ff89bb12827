"""What far ends do with sound: they say, record and react, and tell what they heard."""

import pytest

from callwright.media.tones import Burst, render
from callwright.protocol.sip import events as sip
from callwright.worker import rpc
from tests.sim.town import Town


@pytest.fixture
def town() -> Town:
    return Town()


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


def _plays(town: Town) -> list[rpc.Play]:
    return [command for command in town.workers.commands if isinstance(command, rpc.Play)]
