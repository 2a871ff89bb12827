"""Text to speech with the real espeak-ng."""

import asyncio
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from callwright.adapters.speech.espeak import MAX_TEXT_LENGTH, EspeakSpeech
from callwright.runner.ports import Speech, SpeechFault, SpokenText
from tests.sim.clock import VirtualClock

T = TypeVar("T")
AMY = "English UK Female Polly Amy"


def with_speech(
    folder: Path, story: Callable[[Speech], Awaitable[T]], program: str = "espeak-ng"
) -> T:
    async def whole() -> T:
        return await story(EspeakSpeech(folder, clock=VirtualClock(), program=program))

    return asyncio.run(whole())


def say(folder: Path, text: str, voice: str = AMY, program: str = "espeak-ng") -> SpokenText:
    return with_speech(folder, lambda speech: speech.say(text, voice=voice), program)


def samples(spoken: SpokenText) -> NDArray[np.int16]:
    with wave.open(spoken.path) as wav:
        form = (wav.getnchannels(), wav.getsampwidth(), wav.getframerate())
        assert form == (1, 2, 8000)
        assert wav.getnframes() / 8000 == spoken.seconds
        return np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")


def test_a_text_becomes_a_telephone_wav(tmp_path: Path) -> None:
    spoken = say(tmp_path, "Thank you for calling.")

    assert 0.8 < spoken.seconds < 4.0
    assert spoken.warning == ""
    assert np.abs(samples(spoken)).max() > 3000


def test_the_same_text_and_voice_give_the_same_file(tmp_path: Path) -> None:
    once, again, other = say(tmp_path, "Hi."), say(tmp_path, "Hi."), say(tmp_path, "Hi.", "German")
    assert once == again
    assert other.path != once.path
    assert "is not known" in other.warning


@pytest.mark.parametrize("text", ["", "   ", "...", "\n"])
def test_nothing_to_say_is_a_moment_of_silence(text: str, tmp_path: Path) -> None:
    spoken = say(tmp_path, text)
    assert 0.02 <= spoken.seconds < 2.0
    assert np.abs(samples(spoken)).max() < 100


def test_tags_are_obeyed_and_not_read_out(tmp_path: Path) -> None:
    plain = say(tmp_path, "Hello.").seconds
    tagged = say(tmp_path, '<speak><emphasis level="strong">Hello.</emphasis></speak>').seconds
    assert tagged == pytest.approx(plain, abs=0.5)


def test_a_break_takes_its_time(tmp_path: Path) -> None:
    without = say(tmp_path, "<s>One</s><s>two</s>").seconds
    with_break = say(tmp_path, '<s>One</s><break time="3s"/><s>two</s>').seconds
    assert with_break - without == pytest.approx(3.0, abs=1.0)


@pytest.mark.parametrize("text", ["-v whisper", "--help", "$(id)", "'; id", "Grüße, 5 < 6 & 7"])
def test_any_text_is_only_said(text: str, tmp_path: Path) -> None:
    assert say(tmp_path, text).seconds > 0.3


def test_a_text_that_is_too_long_is_refused_without_quoting_it(tmp_path: Path) -> None:
    text = "a" * (MAX_TEXT_LENGTH + 1)
    with pytest.raises(SpeechFault, match=r"^the text has 3001 characters: at most 3000 can be"):
        say(tmp_path, text)


def test_a_missing_program_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(SpeechFault, match="install the package espeak-ng"):
        say(tmp_path, "Hi.", program=str(tmp_path / "espeak-ng"))


def program(folder: Path, script: str) -> str:
    path = folder / "speaker"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_program_that_fails_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SpeechFault, match="ended with status 3"):
        say(tmp_path, "Hi.", program=program(tmp_path, "exit 3"))


def test_a_program_that_never_ends_is_killed(tmp_path: Path) -> None:
    async def story() -> None:
        speech = EspeakSpeech(
            tmp_path,
            clock=VirtualClock(),
            program=program(tmp_path, "exec sleep 1000"),
            time_limit=0.1,
        )
        with pytest.raises(SpeechFault, match=r"took more than 0\.1 s"):
            await speech.say("Hi.", voice=AMY)

    asyncio.run(story())


def test_a_program_that_never_stops_talking_is_killed(tmp_path: Path) -> None:
    with pytest.raises(SpeechFault, match="more than ten minutes"):
        say(tmp_path, "Hi.", program=program(tmp_path, "exec cat /dev/zero"))


def test_many_texts_at_once_are_all_said(tmp_path: Path) -> None:
    async def story(speech: Speech) -> list[SpokenText]:
        return await asyncio.gather(*(speech.say(f"Number {n % 4}", voice=AMY) for n in range(12)))

    assert len({spoken.path for spoken in with_speech(tmp_path, story)}) == 4
