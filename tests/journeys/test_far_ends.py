"""Far ends that we did not write, against each other, so that our journeys can trust them."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.sim.baresip import Baresip
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
