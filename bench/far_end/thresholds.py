"""The thresholds of `media/far_end_rhythm.py`, each a little lower and a little higher.

Asked for with `--vary`, on a part to tune on: shows what each costs in time, in people who are
lost, and in verdicts that are right.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from callwright.media import far_end_rhythm
from callwright.media.frames import Samples
from far_end.answers import Answer
from far_end.score import SUMMARY_HEAD, classify, summary

PATIENCE: Final = far_end_rhythm.PATIENCE

Value = float | tuple[tuple[float, float], ...]

VARIATIONS: Final[tuple[tuple[str, Value], ...]] = (
    ("PATIENCE", tuple((talked, wait - 0.15) for talked, wait in PATIENCE)),
    ("PATIENCE", tuple((talked, wait - 0.05) for talked, wait in PATIENCE)),
    ("PATIENCE", tuple((talked, wait + 0.05) for talked, wait in PATIENCE)),
    ("PATIENCE_AGAIN", 0.0),
    ("PATIENCE_AGAIN", 0.2),
    ("TALKS_ON", 1.5),
    ("TALKS_ON", 2.0),
    ("TALKS_ON", 2.4),
    ("TALKS_ON", 2.8),
    ("IN_WORDS", 0.0),
    ("IN_WORDS", 1.9),
    ("IN_WORDS_IN_NOISE", 0.0),
    ("IN_WORDS_IN_NOISE", 1.6),
    ("IN_WORDS_IN_NOISE", 2.4),
)


def varied(made: Sequence[Answer], frames: Samples) -> Iterator[str]:
    """One line for each change, the first without any."""
    yield SUMMARY_HEAD
    yield summary("as it is", classify(made, frames))
    for name, value in VARIATIONS:
        with _changed(name, value):
            yield summary(f"{name} {_shown(value)}", classify(made, frames))


@contextmanager
def _changed(name: str, value: Value) -> Iterator[None]:
    before = getattr(far_end_rhythm, name)
    setattr(far_end_rhythm, name, value)
    try:
        yield
    finally:
        setattr(far_end_rhythm, name, before)


def _shown(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return f"{value[0][1] - PATIENCE[0][1]:+.2f}"
