"""Far ends that we did not write, against each other and against the carrier in a box, so that
our journeys can trust them all.
"""

import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from callwright.media.tones import Burst, render
from tests.sim.baresip import Baresip
from tests.sim.carrier import carrier_call, running_carrier
from tests.sim.ports import LOOPBACK
from tests.sim.sipp import Sipp

pytestmark = pytest.mark.journey

TONE_HZ = 1000


def _make_tone(path: Path, kind: str) -> None:
    """Three seconds of a tone, made by sox."""
    form = ["-r", "8000", "-c", "1", "-t", kind]
    coding = ["-b", "16"] if kind == "wav" else []
    tone = ["synth", "3", "sine", str(TONE_HZ), "vol", "0.3"]
    subprocess.run(["sox", "-n", *form, *coding, str(path), *tone], check=True)


def _loudest_hz(samples: list[int]) -> float:
    spectrum = np.abs(np.fft.rfft(np.array(samples, float) * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * 8000 / len(samples))


def test_baresip_hears_what_sipp_plays(tmp_path: Path) -> None:
    caller_folder = tmp_path / "sipp"
    caller_folder.mkdir()
    _make_tone(caller_folder / "sound.ul", "ul")
    with Baresip(folder=tmp_path / "baresip") as phone:
        towards = ("baresip", LOOPBACK, phone.port)
        with Sipp("call_and_play", folder=caller_folder, calls=1, towards=towards) as caller:
            phone.wait_for("CALL_ESTABLISHED")
            phone.wait_for("CALL_CLOSED")
            assert caller.wait() == 0, caller.complaints()

    assert _loudest_hz(phone.heard()) == pytest.approx(TONE_HZ, abs=2)
    assert caller.statistics().successful == 1
    sent = [message.start_line for message in caller.messages() if not message.is_received]
    assert [line.split()[0] for line in sent] == ["INVITE", "ACK", "BYE"]


def test_one_baresip_hears_the_voice_and_the_keys_of_another(tmp_path: Path) -> None:
    voice = tmp_path / "voice.wav"
    _make_tone(voice, "wav")
    with (
        Baresip(folder=tmp_path / "caller", says=voice) as caller,
        Baresip(folder=tmp_path / "callee") as callee,
    ):
        caller.command("dial", callee.uri)
        caller.wait_for("CALL_ESTABLISHED")
        caller.press("4#")
        keys = [callee.wait_for("CALL_DTMF_START")["param"] for _ in range(2)]
        caller.hang_up()
        callee.wait_for("CALL_CLOSED")

    assert keys == ["4", "#"]
    assert _loudest_hz(callee.heard()) == pytest.approx(TONE_HZ, abs=2)


def test_a_mailbox_beeps_and_keeps_what_baresip_says_after_it(tmp_path: Path) -> None:
    message = _tone_after(tmp_path / "message.wav", silence=11.0, seconds=2.0, hz=620.0)
    with (
        running_carrier(tmp_path) as carrier,
        Baresip(folder=tmp_path / "baresip", says=message) as phone,
    ):
        phone.command("dial", f"sip:voicemail@{carrier.address}")
        heard = carrier.journal.wait_for("heard")
        recorded = carrier.journal.wait_for("recorded")
        phone.wait_for("CALL_CLOSED")
        file = next(it for it in carrier.journal.entries() if it["event"] == "recording")["file"]

    assert heard["loudest_hz"] == pytest.approx(620, abs=4)
    assert heard["tone_share"] > 0.9
    assert heard["level_dbm0"] == pytest.approx(-16, abs=1)
    assert recorded["ended_by"] == "silence"
    assert _seconds_of(_recording(Path(file)), 620.0) == pytest.approx(2.0, abs=0.25)
    assert _seconds_of(phone.heard(), 1000.0) == pytest.approx(0.3, abs=0.15)


FAXES = [("fax", 2100.0, 3.3), ("fax-calling", 1100.0, 1.0)]


@pytest.mark.parametrize(("user", "hz", "seconds"), FAXES)
def test_baresip_hears_a_fax(tmp_path: Path, user: str, hz: float, seconds: float) -> None:
    enough = _tone_after(tmp_path / "enough.wav", silence=6.0, seconds=0.3, hz=440.0)
    with (
        running_carrier(tmp_path) as carrier,
        Baresip(folder=tmp_path / "baresip", says=enough) as phone,
    ):
        phone.command("dial", f"sip:{user}@{carrier.address}")
        carrier.journal.wait_for("heard")
        phone.hang_up()
        phone.wait_for("CALL_CLOSED")

    assert _seconds_of(phone.heard(), hz) == pytest.approx(seconds, abs=0.25)


def test_somebody_calls_baresip_and_presses_a_key_when_its_prompt_is_over(tmp_path: Path) -> None:
    prompt = _tone_after(tmp_path / "prompt.wav", silence=0.5, seconds=3.0, hz=440.0)
    with (
        Baresip(folder=tmp_path / "baresip", says=prompt) as phone,
        carrier_call(phone.uri, "keys", folder=tmp_path) as call,
    ):
        phone.wait_for("CALL_ESTABLISHED")
        answered = call.journal.wait_for("answered")
        heard = call.journal.wait_for("heard")
        pressed = call.journal.wait_for("pressed")
        assert phone.wait_for("CALL_DTMF_START")["param"] == "1"
        phone.hang_up()
        assert call.wait() == 0
        ended = call.journal.wait_for("hung_up")

    assert pressed["digits"] == "1"
    assert pressed["at"] - answered["at"] > 4.0
    assert heard["seconds"] == pytest.approx(3.0, abs=0.2)
    assert ended["by"] == "callee"


def test_sipp_is_called_and_hung_up_on(tmp_path: Path) -> None:
    folder = tmp_path / "sipp"
    folder.mkdir()
    with (
        Sipp("answer", folder=folder, calls=1) as phone,
        carrier_call(f"sip:sipp@{LOOPBACK}:{phone.port}", "hangup", folder=tmp_path) as call,
    ):
        assert call.wait() == 0
        assert phone.wait() == 0, phone.complaints()

    assert phone.statistics().successful == 1
    received = [message.start_line for message in phone.messages() if message.is_received]
    assert [line.split()[0] for line in received] == ["INVITE", "ACK", "BYE"]


def test_a_call_to_a_busy_sipp_fails(tmp_path: Path) -> None:
    folder = tmp_path / "sipp"
    folder.mkdir()
    with (
        Sipp("busy", folder=folder, calls=1) as phone,
        carrier_call(f"sip:sipp@{LOOPBACK}:{phone.port}", "human", folder=tmp_path) as call,
    ):
        assert call.journal.wait_for("call_failed")["sip_status"] == 486
        assert call.wait() == 1
        assert phone.wait() == 0, phone.complaints()


def _tone_after(path: Path, silence: float, seconds: float, hz: float) -> Path:
    """Silence and then a tone, as a wav file."""
    samples = render([Burst(round(silence * 1000)), Burst(round(seconds * 1000), (hz,), -16.0)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return path


def _seconds_of(samples: list[int], hz: float) -> float:
    """How long one frequency alone is heard, in tenths."""
    pieces = np.array(samples[: len(samples) // 800 * 800], float).reshape(-1, 800)
    powers = np.abs(np.fft.rfft(pieces * np.hanning(800))) ** 2
    near = powers[:, round(hz / 10) - 2 : round(hz / 10) + 3].sum(axis=1)
    loud = powers.sum(axis=1) > 1e9
    return float(np.sum(loud & (near > 0.9 * powers.sum(axis=1)))) / 10


def _recording(path: Path) -> list[int]:
    """What the carrier recorded, as sox reads it."""
    form = ["-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-"]
    done = subprocess.run(["sox", str(path), *form], check=True, capture_output=True)
    return [int(sample) for sample in np.frombuffer(done.stdout, np.int16)]
