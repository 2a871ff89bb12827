"""Which number reaches whom, and the table that people read."""

from pathlib import Path

import pytest

from callwright.carrier.scripts import (
    CALLERS,
    SCRIPTS,
    Line,
    Script,
    script_for,
    script_table,
    spoken_texts,
)
from callwright.carrier.steps import Answer, Greet

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "carrier.md"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.user)
def test_each_far_end_is_reached_by_number_and_by_name(script: Script) -> None:
    assert script_for(f"4416329600{script.ending}") is script
    assert script_for(f"+4416329600{script.ending}") is script
    assert script_for(script.user) is script
    assert script_for(script.user.upper()) is script


@pytest.mark.parametrize("user", ["441632960999", "ann", "", "8", "ann86", "room-86"])
def test_everybody_else_is_the_human(user: str) -> None:
    assert script_for(user).user == "human"


def test_no_two_far_ends_share_a_name_or_an_ending() -> None:
    assert len({script.user for script in SCRIPTS}) == len(SCRIPTS)
    assert len({script.ending for script in SCRIPTS}) == len(SCRIPTS)


def test_all_that_is_said_is_known_beforehand() -> None:
    assert "Hello?" in spoken_texts(Line.QUIET)
    assert "I did not hear a name. Goodbye." in spoken_texts(Line.QUIET)
    assert "Hello, this is Ann." in spoken_texts(Line.NOISY)


@pytest.mark.parametrize("script", CALLERS.values(), ids=lambda script: script.user)
def test_a_caller_does_what_he_would_after_answering_but_greets_nobody(script: Script) -> None:
    first, *others = script.calling()
    assert first == Answer()
    after = script.steps[script.steps.index(Answer()) + 1 :]
    assert others == [step for step in after if not isinstance(step, Greet)]


@pytest.mark.parametrize("user", ["busy", "noanswer", "reject", "unobtainable", "congestion"])
def test_who_never_picks_up_calls_nobody(user: str) -> None:
    assert user not in CALLERS


def test_the_document_shows_the_table() -> None:
    assert script_table() in DOCUMENT.read_text("utf-8")
