"""Far-end classification: who is right how often, and how soon, ours or Asterisk's rules.

Several hundred answers are rendered from a fixed seed: people, machines and faxes, spoken by
espeak-ng with many voices in fifteen languages, with noise, music and rooms, over G.711 and a
network that loses packets. Three parts are there to tune on, one to report on: its sentences,
its voices and most of its languages are its own, and no threshold was chosen by it.

The mixture is ours: 60 % people, most of whom say a word or a name, 32 % machines, 8 % faxes. The
times over all answers depend on it; those of people alone, and each story's, do less.

    .venv/bin/python bench/far_end_classification.py [--part report] [--answers 500] [--wrong]
    .venv/bin/python bench/far_end_classification.py --part tune1 --vary
"""

import argparse
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from far_end.answers import PARTS
from far_end.asterisk_rules import Rules
from far_end.limits import bounds, first_sounds, verdict_times
from far_end.score import (
    SUMMARY_HEAD,
    Outcome,
    by_asterisk,
    classify,
    confusion,
    readiness,
    render,
    stories,
    summary,
)
from far_end.thresholds import varied

from callwright.media.far_end import FarEndClassifier
from callwright.media.far_end_features import measure
from callwright.media.frames import FRAME_SAMPLES, TICK, Samples


def main() -> None:
    """Render, classify and print the tables."""
    arguments = _arguments()
    made, frames = render(arguments.part, arguments.answers, arguments.seed, _tell)
    _tell("")
    if arguments.vary:
        for line in varied(made, frames):
            print(line, flush=True)
        return
    ours = classify(made, frames)
    sample, code = Rules(), Rules(maximum_number_of_words=3)
    theirs = by_asterisk(made, frames, sample)
    print(f"part: {arguments.part}, {len(made)} answers, seed {arguments.seed}")
    print("\ncallwright", *confusion(ours), sep="\n")
    print("\nAsterisk's AMD(), amd.conf of its samples", *confusion(theirs), sep="\n")
    print(f"\n{SUMMARY_HEAD}")
    print(summary("callwright", ours))
    print(summary("AMD(), 2 words", theirs))
    print(summary("AMD(), 3 words", by_asterisk(made, frames, code)))
    no_fax = "of people and machines:"
    print(no_fax)
    print(summary("callwright", _without_fax(ours)))
    print(summary("AMD(), 2 words", _without_fax(theirs)))
    print("", *stories(ours), "", readiness(ours), sep="\n")
    print(f"features of a leg's frame: {_cost_us(100):.2f} µs of CPU, 100 legs at once")
    print(f"the rules on them: {_rules_cost_us(frames):.2f} µs of CPU a leg and tick")
    print("", *first_sounds(made), "", *verdict_times(ours), "", *bounds(made), sep="\n")
    if arguments.wrong:
        print("\nwrong:", *_wrong(ours), sep="\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=list(PARTS), default="report")
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true", help="list what was taken for another")
    parser.add_argument("--vary", action="store_true", help="try other thresholds; not on report")
    arguments = parser.parse_args()
    if arguments.vary and arguments.part == "report":
        parser.error("--vary is for a part to tune on; report is there to report on")
    return arguments


def _tell(text: str) -> None:
    """Show how far we are, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{text:<40}", end="" if text else "\r", file=sys.stderr, flush=True)


def _without_fax(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.far_end_type != "fax_machine"]


def _wrong(outcomes: list[Outcome]) -> list[str]:
    return [
        f"{number}: {one.far_end_type}, {one.story}: {one.said} after {one.decided_after:.2f} s: "
        + ", ".join(one.reasons)
        for number, one in enumerate(outcomes)
        if one.said != one.far_end_type
    ]


def _cost_us(legs: int, rounds: int = 500) -> float:
    """Microseconds of CPU for one leg's features of one frame."""
    frames = np.random.default_rng(1).normal(0, 1000, (legs, FRAME_SAMPLES)).astype(np.int16)
    started = time.process_time()
    for _ in range(rounds):
        measure(frames)
    return (time.process_time() - started) / rounds / legs * 1e6


def _rules_cost_us(frames: Samples) -> float:
    """Microseconds of CPU for one leg's tick until its verdict, beside the features."""
    heard = [measure(sound) for sound in frames[::10]]
    ticks = 0
    started = time.process_time()
    for leg in heard:
        classifier = FarEndClassifier(0.0)
        for tick, features in enumerate(leg, 1):
            ticks += 1
            if classifier.take(features, tick * TICK) is not None:
                break
    return (time.process_time() - started) / ticks * 1e6


if __name__ == "__main__":
    main()
