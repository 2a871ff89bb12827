"""Plug-ins are found, chosen, and named when they don't load."""

import asyncio
import sys
from pathlib import Path

import pytest

from callwright.runner.ports import NoRecogniser, RecognitionOrder, SpeechFault, SpokenText
from callwright.runner.speech_plug_ins import (
    SpeechGroup,
    SpeechSetup,
    installed,
    open_recognition,
    open_text_to_speech,
    stop,
)
from tests.sim.clock import VirtualClock

PARROT = """
from callwright.runner.ports import SpokenText

class Parrot:
    is_stopped = False

    async def say(self, text, *, voice):
        return SpokenText("/parrot.wav", 1.0)

    async def stop(self):
        Parrot.is_stopped = True

def parrot(setup):
    return Parrot()

def broken(setup):
    raise ValueError("no licence")

number = 7
"""
ENTRY_POINTS = """
[callwright.text_to_speech]
parrot = parrot_plug_in:parrot
broken = parrot_plug_in:broken
number = parrot_plug_in:number
espeak = parrot_plug_in:parrot
[callwright.speech_recognition]
gone = no_such_module:start
"""


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SpeechSetup:
    site = tmp_path / "site"
    info = site / "parrot_plug_in-1.dist-info"
    info.mkdir(parents=True)
    (site / "parrot_plug_in.py").write_text(PARROT)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-plug-in\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "parrot_plug_in", raising=False)
    return SpeechSetup(tmp_path / "cache", 1 << 20, VirtualClock())


@pytest.mark.usefixtures("setup")
def test_the_embedded_one_is_first_and_keeps_its_name() -> None:
    found = {plug_in.name: plug_in for plug_in in installed(SpeechGroup.TEXT_TO_SPEECH)}
    assert list(found) == ["espeak", "broken", "number", "parrot"]
    assert found["espeak"].place.startswith("callwright.")
    assert found["parrot"].fault == found["broken"].fault == ""
    assert found["number"].fault == "not a function"


@pytest.mark.usefixtures("setup")
def test_one_that_does_not_load_is_named_with_its_error() -> None:
    faults = {plug_in.name: plug_in.fault for plug_in in installed(SpeechGroup.RECOGNITION)}
    assert faults["pocketsphinx"] == ""
    assert "no_such_module" in faults["gone"]


def test_a_plug_in_speaks_and_is_stopped(setup: SpeechSetup) -> None:
    async def story() -> SpokenText:
        parrot = open_text_to_speech("parrot", setup)
        spoken = await parrot.say("hello", voice="any")
        await stop(parrot)
        assert getattr(parrot, "is_stopped", False)
        return spoken

    assert asyncio.run(story()) == SpokenText("/parrot.wav", 1.0)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("broken", "no licence"), ("nobody", "there are: espeak, broken"), ("number", "TypeError")],
)
def test_speech_that_cannot_be_used_says_why(name: str, reason: str, setup: SpeechSetup) -> None:
    with pytest.raises(SpeechFault, match=reason):
        asyncio.run(open_text_to_speech(name, setup).say("hello", voice="any"))


@pytest.mark.parametrize(("name", "reason"), [("gone", "no_such_module"), ("nobody", "there are")])
def test_recognition_that_cannot_be_used_says_why(
    name: str, reason: str, setup: SpeechSetup
) -> None:
    with pytest.raises(NoRecogniser, match=reason):
        asyncio.run(open_recognition(name, setup).begin(RecognitionOrder("en-US", "")))


def test_what_has_nothing_to_stop_is_left_alone() -> None:
    asyncio.run(stop(object()))
