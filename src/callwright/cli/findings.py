"""What a check of the machine found: how it is, what is wrong with that, what to do."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import click


class Verdict(StrEnum):
    """How bad it is."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    """Calls can be placed, but not as well as they could be."""
    WRONG = "wrong"
    """Something will not work."""


_COLOURS: Final = {Verdict.GOOD: "green", Verdict.DOUBTFUL: "yellow", Verdict.WRONG: "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    subject: str
    found: str
    verdict: Verdict = Verdict.GOOD
    advice: str = ""
    """What is wrong with it and what to do; empty when nothing is."""


def render(finding: Finding) -> str:
    """Print a finding for people."""
    mark = click.style(finding.verdict.value.ljust(9), fg=_COLOURS[finding.verdict])
    line = f"{mark} {finding.subject.ljust(12)} {finding.found}"
    return f"{line}\n{'':22} → {finding.advice}" if finding.advice else line


def described(finding: Finding) -> dict[str, str]:
    """Print a finding for programs."""
    return asdict(finding)
