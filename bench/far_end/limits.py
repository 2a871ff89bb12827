"""How soon anybody could tell who has answered, who hears when somebody speaks and not what.

The times are those of the scenes themselves, before any line or detector: what is asked for is a
bound, not a guess at our own rules.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from far_end.answers import Answer
from far_end.score import Outcome

SHARES: Final = (5, 25, 50, 75, 95, 99)
"""Percentiles that are shown."""

WAITS: Final = (0.0, 0.3, 0.55)
"""Seconds of silence after which such a listener takes somebody for a person."""

FAX: Final = 0.5
"""Seconds of a fax's tone that he needs: CNG lasts no longer (ITU-T T.30 4.3.3.1)."""


def first_sounds(made: Sequence[Answer]) -> list[str]:
    """When the first that is heard begins, and how long it lasts, by kind."""
    lines = [_head("seconds")]
    for kind in dict.fromkeys(answer.far_end_type for answer in made):
        firsts = np.array([answer.first for answer in made if answer.far_end_type == kind])
        lines.append(_line(f"{kind}: silence", firsts[:, 0]))
        lines.append(_line(f"{kind}: first", firsts[:, 1] - firsts[:, 0]))
    return lines


def verdict_times(outcomes: Sequence[Outcome]) -> list[str]:
    """When it was decided, by kind."""
    kinds = dict.fromkeys(outcome.far_end_type for outcome in outcomes)
    return [_head("decided after")] + [
        _line(kind, np.array([one.decided_after for one in outcomes if one.far_end_type == kind]))
        for kind in kinds
    ]


def bounds(made: Sequence[Answer]) -> list[str]:
    """Verdict times of listeners who are never wrong about what they heard so far.

    Each knows a person as soon as he has been silent for a while, a fax by its tone, a machine at
    the end of its first sentence, or when it has spoken for longer than 99 of 100 people.
    """
    people = [answer.first for answer in made if answer.far_end_type == "human"]
    longest = float(np.percentile([end - begin for begin, end in people], 99))
    lines = [_head("at the earliest")]
    for wait in WAITS:
        times = [_earliest(answer, wait, longest) for answer in made]
        lines.append(_line(f"people known after {wait:.2f} s", np.array(times)))
    return lines


def _earliest(answer: Answer, wait: float, longest: float) -> float:
    begin, end = answer.first
    match answer.far_end_type:
        case "human":
            return end + wait
        case "fax_machine":
            return begin + FAX
        case _:
            return min(end, begin + longest)


def _head(name: str) -> str:
    return f"{name:<30}" + "".join(f"{f'p{share}':>7}" for share in SHARES)


def _line(name: str, values: np.ndarray) -> str:
    return f"{name:<30}" + "".join(f"{value:>7.2f}" for value in np.percentile(values, SHARES))
