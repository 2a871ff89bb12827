"""Speech recognition of menus and digits: how much is right, and what it costs.

espeak-ng speaks with three voices at three speeds, none of which anything was learnt from, over a
quiet line and both laws of G.711. Beside the options of each menu, words are said that sound like
one of them, and what people say who do not choose; whatever is taken for an option counts.

    .venv/bin/python bench/speech_recognition.py [--strings 6] [--wrong]
"""

import argparse
import os
import random
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from speech.spoken import REPORT_SPEEDS, REPORT_VOICES, Saying, heard
from speech.texts import DIGIT_NAMES, MENUS, OTHER_SPEECH

from callwright.adapters.speech.decoder import Models
from callwright.adapters.speech.grammar import grammar_of
from callwright.adapters.speech.phrase_decoder import PhraseDecoder
from callwright.adapters.speech.phrase_ends import DEFAULT_END_SILENCE, Mark, PhraseEnds
from callwright.media import g711
from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples

DIGITS_OF_A_STRING: Final = 4


@dataclass(slots=True)
class Score:
    """What became of some sayings."""

    right: int = 0
    count: int = 0
    words: int = 0
    errors: int = 0
    """Words too many, too few or wrong."""
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, saying: Saying, wanted: str, found: str) -> None:
        """Count one."""
        self.count += 1
        self.right += wanted == found
        self.words += len(wanted.split())
        self.errors += _distance(wanted.split(), found.split())
        if wanted != found:
            self.wrong.append((saying.voice, saying.text, found))


def main() -> None:
    """Say everything, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--strings", type=int, default=6, help="of each voice, speed and law")
    parser.add_argument("--wrong", action="store_true", help="tell what was not right")
    arguments = parser.parse_args(sys.argv[1:])
    models = Models()
    began, cpu = time.perf_counter(), time.process_time()
    models.phrases()
    print(f"model read in {time.process_time() - cpu:.2f} s")
    clock = Clock()
    rows = {
        "single digits": _digits(models, clock, 1, 1),
        "four digits": _digits(models, clock, DIGITS_OF_A_STRING, arguments.strings),
        "options of menus": _options(models, clock),
        "words that sound like them": _others(models, clock, None),
        "other speech": _others(models, clock, OTHER_SPEECH),
    }
    print(f"{'said':28} {'right':>10} {'word errors':>12}")
    for name, score in rows.items():
        share = f"{score.errors / score.words:.1%}" if score.words else ""
        print(f"{name:28} {score.right:>5}/{score.count:<4} {share:>12}")
        for voice, said, found in score.wrong if arguments.wrong else ():
            print(f"    {voice:10} {said!r} was {found!r}")
    print(f"{clock.busy / clock.sound:.3f} of a core for each second of sound, silence included")
    print(f"({time.perf_counter() - began:.0f} s)")


class Clock:
    """Adds up the sound recognised, and the time that took."""

    def __init__(self) -> None:
        """Begin at none; both are seconds."""
        self.sound = 0.0
        self.busy = 0.0


def recognised(decoder: PhraseDecoder, sound: Samples, clock: Clock) -> str:
    """Return the phrases of some sound, one after the other; those of digits as they are named."""
    began = time.process_time()
    ends, texts = PhraseEnds(DEFAULT_END_SILENCE), []
    for start in range(0, sound.size - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        step = ends.take(sound[start : start + FRAME_SAMPLES])
        if step.mark is Mark.BEGIN:
            decoder.begin()
        if step.mark is not Mark.NOTHING:
            decoder.take(step.sound)
        if step.mark is Mark.END:
            readings = decoder.end(alternatives=1, sound_frames=ends.sound_frames)
            texts += [reading.text for reading in readings]
    clock.busy += time.process_time() - began
    clock.sound += sound.size / SAMPLE_RATE_HZ
    return " ".join(texts)


def _sayings(texts: Iterable[str]) -> Iterator[Saying]:
    for text, voice, speed, law in product(texts, REPORT_VOICES, REPORT_SPEEDS, g711.Law):
        yield Saying(text, voice, speed, law)


def _digits(models: Models, clock: Clock, length: int, count: int) -> Score:
    grammar = grammar_of((), ["$OOV_CLASS_DIGIT_SEQUENCE"])
    assert grammar is not None
    chance, score = random.Random(1), Score()
    texts = [
        " ".join(chance.choice(DIGIT_NAMES) for _ in range(length)) for _ in range(count)
    ] if length > 1 else list(DIGIT_NAMES)  # fmt: skip
    for saying in _sayings(texts):
        found = recognised(PhraseDecoder(models.phrases(), grammar), heard(saying), clock)
        score.add(saying, saying.text, found.replace("oh", "zero"))
    return score


def _options(models: Models, clock: Clock) -> Score:
    score = Score()
    for options in MENUS:
        _said_to_menu(models, clock, options, options, score)
    score.words = 0
    return score


def _others(models: Models, clock: Clock, texts: Sequence[str] | None) -> Score:
    score = Score()
    for options, others in MENUS.items():
        _said_to_menu(models, clock, options, texts or others, score)
    score.words = 0
    return score


def _said_to_menu(
    models: Models, clock: Clock, options: Sequence[str], texts: Iterable[str], score: Score
) -> None:
    grammar = grammar_of(options, ())
    assert grammar is not None
    for saying in _sayings(texts):
        found = recognised(PhraseDecoder(models.phrases(), grammar), heard(saying), clock)
        score.add(saying, saying.text if saying.text in options else "", found)


def _distance(wanted: Sequence[str], found: Sequence[str]) -> int:
    """Words to be changed, added or left out (Levenshtein)."""
    row = list(range(len(found) + 1))
    for number, word in enumerate(wanted, start=1):
        before, row[0] = row[0], number
        for at, other in enumerate(found, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


if __name__ == "__main__":
    main()
