"""Recognition in real processes."""

import asyncio
import os
import signal
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callwright.adapters.speech.espeak import EspeakSpeech
from callwright.adapters.speech.recognisers import MAX_LOAD, PocketsphinxRecognisers
from callwright.runner.ports import (
    NoRecogniser,
    Recognised,
    Recognition,
    RecognitionOrder,
    SpeechFault,
)
from tests.sim.clock import VirtualClock

MENU = RecognitionOrder("en-US", "default", phrases=("Sales", "Support", "Operator"))
LINE = np.random.default_rng(3).normal(0, 8, 8000).astype("<i2").tobytes()
LONGEST = 15.0
"""Seconds until a test gives up."""

Story = Callable[[PocketsphinxRecognisers], Awaitable[None]]


def told(story: Story, *, processes: int = 1, **chosen: Any) -> None:
    async def whole() -> None:
        recognisers = PocketsphinxRecognisers(processes=processes, **chosen)
        try:
            async with asyncio.timeout(LONGEST):
                await story(recognisers)
        finally:
            await recognisers.stop()

    asyncio.run(whole())


def spoken(folder: Path, text: str) -> bytes:
    async def whole() -> str:
        speech = EspeakSpeech(folder, clock=VirtualClock())
        return (await speech.say(text, voice="English US Male")).path

    with wave.open(asyncio.run(whole())) as wav:
        sound: bytes = wav.readframes(wav.getnframes())
    return LINE + sound + LINE


async def to_the_end(recognition: Recognition) -> list[Recognised]:
    found = []
    while phrase := await recognition.next_phrase():
        found.append(phrase)
    return found


async def _is_lost(recognition: Recognition) -> None:
    with pytest.raises(SpeechFault, match="ended before its time"):
        await recognition.next_phrase()


def test_a_phrase_comes_out_of_sound(tmp_path: Path) -> None:
    sound = spoken(tmp_path, "operator")

    async def story(recognisers: PocketsphinxRecognisers) -> None:
        recognition = await recognisers.begin(MENU)
        for start in range(0, len(sound), 1600):
            recognition.feed(sound[start : start + 1600])
        recognition.finish()

        (phrase,) = await to_the_end(recognition)
        assert phrase.readings[0].text == "Operator"
        assert phrase.is_final
        assert await recognition.next_phrase() is None

    told(story)


def test_two_streams_do_not_mix(tmp_path: Path) -> None:
    sounds = [spoken(tmp_path, word) for word in ("operator", "support")]

    async def story(recognisers: PocketsphinxRecognisers) -> None:
        streams = [await recognisers.begin(MENU) for _ in sounds]
        for stream, sound in zip(streams, sounds, strict=True):
            stream.feed(sound)
            stream.finish()
        found = [await to_the_end(stream) for stream in streams]
        assert [[phrase.readings[0].text for phrase in each] for each in found] == [
            ["Operator"],
            ["Support"],
        ]

    told(story)


def test_a_stream_that_is_closed_ends_at_once() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        recognition = await recognisers.begin(MENU)
        waiting = asyncio.ensure_future(recognition.next_phrase())
        await asyncio.sleep(0)
        recognition.close()
        assert await waiting is None
        recognition.feed(LINE)
        recognition.finish()
        assert await recognition.next_phrase() is None

    told(story)


def test_a_dead_process_is_a_fault_of_its_streams_and_replaced() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        lost = await recognisers.begin(MENU)
        (process,) = recognisers._processes
        assert process._child is not None
        os.kill(process._child.pid, signal.SIGKILL)
        await _is_lost(lost)

        again = await recognisers.begin(MENU)
        again.finish()
        assert await to_the_end(again) == []

    told(story)


def test_a_process_that_breaks_the_framing_is_given_up() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        lost = await recognisers.begin(MENU)
        (process,) = recognisers._processes
        process.data_received(b"\x00\x00\x00\x01\xff")
        await _is_lost(lost)

    told(story)


def test_processes_are_shared_out_and_full_at_the_bound() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        streams = [await recognisers.begin(MENU) for _ in range(2 * MAX_LOAD)]
        counts = [len(process.streams) for process in recognisers._processes]
        assert counts == [MAX_LOAD, MAX_LOAD]
        with pytest.raises(SpeechFault, match="no recogniser is free"):
            await recognisers.begin(MENU)
        streams[0].close()
        with pytest.raises(SpeechFault, match="no recogniser is free"):
            await recognisers.begin(RecognitionOrder("en-US", "default"))
        await recognisers.begin(MENU)

    told(story, processes=2)


@pytest.mark.parametrize("language", ["de-DE", "", "enx", "cmn-Hans-CN"])
def test_other_languages_are_refused_by_name(language: str) -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        with pytest.raises(NoRecogniser, match=f"{language!r} .* English"):
            await recognisers.begin(RecognitionOrder(language, ""))
        assert recognisers._processes == []

    told(story)


@pytest.mark.parametrize(
    "phrases", [("x" * 2_000_000,), tuple(f"phrase {n}" for n in range(10_000)), ("日本", ";|*")]
)
def test_phrases_of_any_size_cost_the_others_nothing(phrases: tuple[str, ...]) -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        before = await recognisers.begin(MENU)
        recognition = await recognisers.begin(RecognitionOrder("en-GB", "", phrases=phrases))
        for stream in (recognition, before):
            stream.finish()
            assert await to_the_end(stream) == []

    told(story)


def test_a_process_that_does_not_start_is_a_fault() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        with pytest.raises(SpeechFault):
            await recognisers.begin(MENU)

    told(story, module="this")


def test_stopping_ends_every_stream() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        recognition = await recognisers.begin(MENU)
        await recognisers.stop()
        assert await recognition.next_phrase() is None

    told(story)


def test_a_recogniser_gives_way_to_calls() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        await recognisers.begin(MENU)
        (process,) = recognisers._processes
        assert process._child is not None
        assert os.getpriority(os.PRIO_PROCESS, process._child.pid) >= 10

    told(story)


def test_a_recogniser_that_is_far_behind_is_given_up() -> None:
    async def story(recognisers: PocketsphinxRecognisers) -> None:
        recognition = await recognisers.begin(MENU)
        (process,) = recognisers._processes
        assert process._child is not None
        os.kill(process._child.pid, signal.SIGSTOP)
        recognition.finish()
        recognition.finish()
        with pytest.raises(SpeechFault, match=r"not recognised within 0\.1 s"):
            await recognition.next_phrase()
        assert not process.streams
        os.kill(process._child.pid, signal.SIGCONT)

    told(story, last_within=0.1)
