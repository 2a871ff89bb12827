"""One stream of a recogniser, with a decoder that hears levels."""

import numpy as np
import pytest
from numpy.typing import NDArray

from callwright.adapters.speech.heard import Heard
from callwright.adapters.speech.recogniser_frames import Begin, Dropped, Event, Finished, Said
from callwright.adapters.speech.recogniser_stream import MAX_WAITING, RecogniserStream

RATE = 8000


class LevelDecoder:
    """Reads a phrase as its loudest sample, in thousands."""

    def __init__(self) -> None:
        self._peak = 0

    def begin(self) -> None:
        self._peak = 0

    def take(self, sound: NDArray[np.int16]) -> None:
        self._peak = max(self._peak, int(np.abs(sound).max(initial=0)))

    def so_far(self) -> str:
        return f"{self._peak // 1000}"

    def end(self, *, alternatives: int, sound_frames: int) -> list[Heard]:
        return [Heard(self.so_far(), 0.5)][:alternatives] if sound_frames else []


def tone(seconds: float, peak: int) -> bytes:
    at = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(peak * np.sin(2 * np.pi * 400 * at)).astype("<i2").tobytes()


def stream(*, wants_interim_results: bool = False) -> RecogniserStream:
    return RecogniserStream(Begin(7, (), (), 1, wants_interim_results, 0.5), LevelDecoder())


def worked(subject: RecogniserStream) -> list[Event]:
    events: list[Event] = []
    while subject.has_work:
        events += subject.work()
    return events


def test_phrases_are_told_in_their_order() -> None:
    subject = stream()
    subject.feed(tone(1, 4100) + tone(1, 0) + tone(1, 9100) + tone(1, 0))

    assert worked(subject) == [
        Said(7, (("4", 0.5),), is_final=True),
        Said(7, (("9", 0.5),), is_final=True),
    ]


class DeafDecoder(LevelDecoder):
    """Finds none of its phrases."""

    def end(self, *, alternatives: int, sound_frames: int) -> list[Heard]:  # noqa: ARG002 - the port's
        return []


@pytest.mark.parametrize(
    ("phrases", "seconds", "told"),
    [
        (("Sales",), 1.0, [Said(7, (("", 0.0),), is_final=True)]),
        (("Sales",), 0.2, []),  # a click
        ((), 1.0, []),
    ],
)
def test_other_speech_than_the_phrases_is_told_as_such(
    phrases: tuple[str, ...], seconds: float, told: list[Event]
) -> None:
    subject = RecogniserStream(Begin(7, phrases, (), 1, False, 0.5), DeafDecoder())
    subject.feed(tone(0.5, 0) + tone(seconds, 4100) + tone(1, 0))
    assert worked(subject) == told


def test_what_was_said_last_is_told_when_the_sound_ends() -> None:
    subject = stream()
    subject.feed(tone(1, 4100))
    assert worked(subject) == []
    subject.finish()

    assert worked(subject) == [Said(7, (("4", 0.5),), is_final=True), Finished(7)]
    assert subject.is_finished


def test_a_stream_without_sound_just_finishes() -> None:
    subject = stream()
    subject.finish()
    assert worked(subject) == [Finished(7)]


def test_interim_results_come_when_the_text_changes_and_when_it_stays() -> None:
    subject = stream(wants_interim_results=True)
    subject.feed(tone(1.5, 4100) + tone(0.5, 6100) + tone(1, 0))

    said = [(event.readings[0][0], event.is_final, event.stability)
            for event in worked(subject) if isinstance(event, Said)]  # fmt: skip
    assert said[0] == ("4", False, 0.3)
    assert ("4", False, 0.8) in said
    assert ("6", False, 0.3) in said
    assert said[-1] == ("6", True, 1.0)


def test_sound_beyond_the_bound_is_dropped_and_told() -> None:
    subject = stream()
    second = tone(1, 0)
    told = [event for _ in range(round(MAX_WAITING) + 3) for event in subject.feed(second)]
    assert told == [Dropped(7, 1.0)] * 3


def test_pieces_of_any_length_are_taken() -> None:
    sound = tone(1, 4100) + tone(1, 0)
    for length in (1, 77, 320, 1600, 4001):
        subject = stream()
        for start in range(0, len(sound), length):
            subject.feed(sound[start : start + length])
        assert Said(7, (("4", 0.5),), is_final=True) in worked(subject), length
