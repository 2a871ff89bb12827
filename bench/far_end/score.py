"""What classification says of rendered answers, counted; Asterisk's rules on the same frames."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from callwright.media.far_end import FarEndClassifier
from callwright.media.far_end_features import FrameFeatures, measure
from callwright.media.far_end_greeting import GreetingEnd, Ready, greeting_end
from callwright.media.far_end_verdict import FarEndType, Verdict
from callwright.media.frames import TICK, Samples
from far_end.answers import Answer, answers
from far_end.asterisk_rules import Rules, amd
from far_end.line import carried, some_line

TYPES: Final = tuple(kind.value for kind in FarEndType)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer, what it was taken for, and after how many seconds."""

    far_end_type: str
    story: str
    said: str
    decided_after: float
    reasons: tuple[str, ...] = ()
    ready_late: float | None = None
    """For a machine that was found: seconds from the end of its greeting until we begin; negative
    when we talk into it."""


def render(
    part: str, count: int, seed: int, tell: Callable[[str], None]
) -> tuple[list[Answer], Samples]:
    """Make a part's answers, and the frames that reach us: `int16[answers, ticks, samples]`."""
    made: list[Answer] = []
    frames = []
    for number, answer in enumerate(answers(part, count, seed)):
        chance = np.random.default_rng([seed, number, 1, sum(part.encode())])
        frames.append(carried(answer.sound, some_line(chance), chance))
        made.append(answer)
        tell(f"{part}: {number + 1} of {count} answers")
    return made, np.stack(frames)


def classify(made: Sequence[Answer], frames: Samples) -> list[Outcome]:
    """Let every answer be heard at the same time, as a media worker does."""
    ticks = frames.shape[1]
    legs = [_Leg() for _ in made]
    for tick in range(ticks):
        active = [row for row, leg in enumerate(legs) if not leg.is_done]
        if not active:
            break
        now = (tick + 1) * TICK
        for row, features in zip(active, measure(frames[active, tick]), strict=True):
            legs[row].take(features, now)
    return [leg.outcome(answer) for leg, answer in zip(legs, made, strict=True)]


def by_asterisk(made: Sequence[Answer], frames: Samples, rules: Rules) -> list[Outcome]:
    """What AMD() would have said."""
    said = [amd(sound, rules) for sound in frames]
    return [
        Outcome(answer.far_end_type, answer.story, kind, after)
        for answer, (kind, after) in zip(made, said, strict=True)
    ]


def confusion(outcomes: Sequence[Outcome]) -> list[str]:
    """One line for each truth, one column for each answer."""
    counts = Counter((outcome.far_end_type, outcome.said) for outcome in outcomes)
    truths = [kind for kind in TYPES if any(truth == kind for truth, _ in counts)]
    head = f"{'is, and was taken for':<22}" + "".join(f"{kind:>19}" for kind in TYPES)
    return [head] + [
        f"{truth:<22}" + "".join(f"{counts[truth, said]:>19}" for said in TYPES) for truth in truths
    ]


def summary(name: str, outcomes: Sequence[Outcome]) -> str:
    """One line: how often right, how fast, how many people were lost."""
    right = np.mean([outcome.said == outcome.far_end_type for outcome in outcomes])
    people = [outcome for outcome in outcomes if outcome.far_end_type == "human"]
    lost = np.mean([outcome.said == "answering_machine" for outcome in people])
    times = [outcome.decided_after for outcome in outcomes]
    human_times = [outcome.decided_after for outcome in people]
    middle, late = np.percentile(times, [50, 95])
    human_middle, human_late = np.percentile(human_times, [50, 95])
    return (
        f"{name:<26}{right:>8.1%}{lost:>10.2%}{middle:>8.2f}{late:>7.2f}"
        f"{human_middle:>13.2f}{human_late:>7.2f}"
    )


SUMMARY_HEAD: Final = (
    f"{'':<26}{'right':>8}{'h. lost':>10}{'p50 s':>8}{'p95 s':>7}{'humans: p50':>13}{'p95 s':>7}"
)


def stories(outcomes: Sequence[Outcome]) -> list[str]:
    """One line for each story: how many, how often right, how fast."""
    lines = [f"{'story':<32}{'answers':>8}{'right':>8}{'p50 s':>8}{'max s':>8}"]
    for kind, story in dict.fromkeys((one.far_end_type, one.story) for one in outcomes):
        told = [one for one in outcomes if (one.far_end_type, one.story) == (kind, story)]
        right = np.mean([one.said == kind for one in told])
        times = [one.decided_after for one in told]
        name = f"{kind}: {story}"
        lines.append(
            f"{name:<32}{len(told):>8}{right:>8.1%}{np.median(times):>8.2f}{max(times):>8.2f}"
        )
    return lines


def readiness(outcomes: Sequence[Outcome]) -> str:
    """One line: how we begin after the greetings of the machines that were found."""
    late = [one.ready_late for one in outcomes if one.ready_late is not None]
    if not late:
        return "no machine was found"
    early = np.mean([value < 0 for value in late])
    middle, most = np.percentile(late, [50, 95])
    return (
        f"greetings of {len(late)} machines waited for: {early:.1%} talked into, "
        f"else begun p50 {middle:.2f} s, p95 {most:.2f} s after their end"
    )


class _Leg:
    """One answer on its way through classification and, for a machine, its greeting."""

    def __init__(self) -> None:
        self._classifier = FarEndClassifier(0.0)
        self._verdict: Verdict | None = None
        self._greeting: GreetingEnd | None = None
        self._ready: Ready | None = None
        self.is_done = False

    def take(self, features: FrameFeatures, now: float) -> None:
        if self._greeting is not None:
            self._ready = self._greeting.take(features, now)
            self.is_done = self._ready is not None
            return
        self._verdict = self._classifier.take(features, now)
        if self._verdict is None:
            return
        if self._verdict.far_end_type is FarEndType.ANSWERING_MACHINE:
            self._greeting = greeting_end(self._classifier, self._verdict, now)
        else:
            self.is_done = True

    def outcome(self, answer: Answer) -> Outcome:
        verdict = self._verdict
        assert verdict is not None, "the timeout decides every call"
        late = None
        if self._ready is not None and answer.far_end_type == "answering_machine":
            late = verdict.decided_after + self._ready.waited - answer.ready_at
        return Outcome(
            answer.far_end_type,
            answer.story,
            verdict.far_end_type.value,
            verdict.decided_after,
            verdict.reasons,
            late,
        )
