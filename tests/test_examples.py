"""What customers copy: the examples as stories, and the code and answers that documents show."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from callwright.pages import Application
from callwright.pages.testing import TestCall
from callwright.protocol.pages.parse import parse_answer
from examples import (
    callback_menu_app,
    conference_app,
    reminder_app,
    survey_app,
    verification_app,
    voicemail_app,
)

ROOT: Final = Path(__file__).resolve().parent.parent
EXAMPLES: Final = sorted((ROOT / "examples").glob("*_app.py"))
DOCUMENTS: Final = sorted((ROOT / "docs").glob("*.md"))


def reminder_with_confirmation() -> TestCall:
    call = TestCall(reminder_app.app)
    call.answer()
    assert call.says("reminder of your appointment")
    assert call.says("last four digits")
    call.press("4711")
    assert call.says("You entered 4 7 1 1")
    assert call.says("[beep]")
    call.speak("Yes, I will come.", seconds=2)
    call.wait(5)
    assert call.says("Thank you, and goodbye.")
    assert call.page_history == ["/first", "/digits", "/recorded", "/final"]
    assert call.cause == "completed"
    return call


def reminder_of_nobody() -> TestCall:
    call = TestCall(reminder_app.app)
    call.answer()
    call.wait(5)
    assert call.says("Sorry, I did not hear that.")
    call.wait(5)
    assert call.says("use your telephone keypad")
    call.wait(5)
    assert call.says("We did not get your number.")
    assert call.page_history == ["/first", "/final"]
    return call


def reminder_with_an_error() -> TestCall:
    call = TestCall(reminder_app.app)
    call.answer()
    call.fail("tts_failed")
    assert call.says("Sorry, something went wrong.")
    assert (call.page_history, call.cause) == (["/first", "/error", "/final"], "failed")
    return call


def survey() -> TestCall:
    call = TestCall(survey_app.app)
    call.answer()
    assert call.says("How friendly")
    call.press("9")
    assert call.says("Sorry, that was not a valid number.")
    call.press("5")
    assert call.says("How fast")
    call.type_ahead("3")
    call.press("4")
    assert call.says("How likely")
    assert call.says("Thank you very much.")
    assert call.visits[-1].info.token == "543"
    return call


def survey_left_early() -> TestCall:
    call = TestCall(survey_app.app)
    call.answer()
    call.press("2")
    call.hang_up()
    assert (call.cause, call.visits[-1].info.token) == ("hung_up", "2")
    return call


def voicemail() -> TestCall:
    call = TestCall(voicemail_app.app, inbound=True)
    call.arrive()
    assert call.state == "answered"
    call.speak("Please call me back.")
    call.press("#")
    call.press("2")
    assert call.says("Please speak after the beep.")
    call.speak("It is urgent.")
    call.wait(4)
    call.press("1")
    assert call.says("Thank you.")
    assert len(call.deleted_files) == 1
    return call


def voicemail_of_somebody_who_hangs_up() -> TestCall:
    call = TestCall(voicemail_app.app, inbound=True)
    call.arrive()
    call.speak("Bye.")
    call.hang_up()
    assert call.page_history[-1] == "/available"
    return call


def voicemail_of_silence() -> TestCall:
    call = TestCall(voicemail_app.app, inbound=True)
    call.arrive()
    call.wait(3)
    assert call.says("We did not hear anything.")
    return call


def verification() -> TestCall:
    call = TestCall(verification_app.app, token="4711")
    call.answer()
    assert not call.heard
    call.wait(1)
    assert call.says("4, 7, 1, 1.")
    call.press("1")
    assert call.says("4, 7, 1, 1.")
    call.wait(5)
    assert call.says("Goodbye.")
    assert call.page_history == ["/first", "/again", "/final"]
    return call


def verification_without_a_code() -> TestCall:
    call = TestCall(verification_app.app)
    call.answer()
    assert call.says("There is no code for you.")
    return call


def callback_by_word() -> TestCall:
    call = TestCall(callback_menu_app.app)
    call.answer()
    call.speak("Technical support, please.")
    assert call.ringing == ["443069990202"]
    call.callee_answers()
    assert call.secondary.says("A call-back.")
    assert not call.is_joined()
    call.secondary.press("1")
    assert call.is_joined()
    call.wait(90)
    call.secondary.hang_up()
    assert call.says("Thank you for talking to us.")
    return call


def callback_by_key_that_is_declined() -> TestCall:
    call = TestCall(callback_menu_app.app)
    call.answer()
    call.press("1")
    call.callee_answers()
    call.secondary.hang_up()
    assert call.says("Nobody is there right now.")
    return call


def callback_that_nobody_answers() -> TestCall:
    call = TestCall(callback_menu_app.app)
    call.answer()
    call.speak("sales")
    call.wait(20)
    assert call.says("Nobody is there right now.")
    return call


def callback_refused() -> TestCall:
    call = TestCall(callback_menu_app.app)
    call.answer()
    call.press("3")
    assert call.says("We will not call again.")
    return call


def conference() -> TestCall:
    call = TestCall(conference_app.app, inbound=True)
    call.arrive()
    call.press("0000")
    assert call.says("That is not a PIN.")
    call.press("1234")
    assert call.ringing == ["con:weekly"]
    call.callee_answers()
    assert call.is_joined()
    call.wait(600)
    call.press("#")
    assert call.says("You were with us for 10 minutes.")
    return call


def conference_of_a_stranger() -> TestCall:
    call = TestCall(conference_app.app, inbound=True)
    call.arrive()
    for pin in ("0000", "1111", "2222"):
        call.press(pin)
    assert call.says("That was not it either.")
    return call


STORIES: Final[tuple[Callable[[], TestCall], ...]] = (
    reminder_with_confirmation,
    reminder_of_nobody,
    reminder_with_an_error,
    survey,
    survey_left_early,
    voicemail,
    voicemail_of_somebody_who_hangs_up,
    voicemail_of_silence,
    verification,
    verification_without_a_code,
    callback_by_word,
    callback_by_key_that_is_declined,
    callback_that_nobody_answers,
    callback_refused,
    conference,
    conference_of_a_stranger,
)
APPLICATIONS: Final = {
    "reminder": reminder_app.app,
    "survey": survey_app.app,
    "voicemail": voicemail_app.app,
    "verification": verification_app.app,
    "callback": callback_menu_app.app,
    "conference": conference_app.app,
}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_an_example_goes_as_told_and_the_platform_reads_every_answer(
    story: Callable[[], TestCall],
) -> None:
    call = story()
    assert call.state == "idle"
    for visit in call.visits:
        assert parse_answer(visit.response.body(), api_version="2.0").warnings == ()


def test_the_stories_see_every_page_of_every_example() -> None:
    seen: dict[str, set[str]] = {name: set() for name in APPLICATIONS}
    for story in STORIES:
        seen[story.__name__.partition("_")[0]].update(story().page_history)
    assert seen == {name: set(app.pages) for name, app in APPLICATIONS.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_short_and_says_how_to_call_it(example: Path) -> None:
    source = example.read_text("utf-8")
    assert source.count("\n") < 100
    assert f"python examples/{example.name}" in source
    assert "http://127.0.0.1:8090/first" in source


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_serves_its_pages_when_it_is_run(example: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(example), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            assert re.fullmatch(
                r"pages on http://127\.0\.0\.1:\d+/first\n", program.stdout.readline()
            )
        finally:
            program.kill()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_answers_shown_in_a_document_are_good(document: Path) -> None:
    shown = re.findall(r"```json\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    answers = [text for text in shown if "actions" in json.loads(text)]
    for text in answers:
        assert parse_answer(text.encode(), api_version="2.0").warnings == ()


def test_the_code_of_the_guide_runs_from_its_top_to_its_end() -> None:
    text = (ROOT / "docs/rest-applications.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) > 5
    # Real lines, so that a mistake is told at the document's own line.
    names: dict[str, object] = {"__name__": "guide"}
    for block in blocks:
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, "docs/rest-applications.md", "exec"), names)  # noqa: S102 - our own document


def test_the_guide_shows_on_the_wire_what_its_code_answers() -> None:
    text = (ROOT / "docs/rest-applications.md").read_text("utf-8")
    pairs = re.findall(r"```python\n(.*?)```\n\nOn the wire:\n\n```json\n(.*?)```", text, re.DOTALL)
    assert pairs
    for code, wire in pairs:
        names: dict[str, object] = {}
        exec(code, names)  # noqa: S102 - as above
        call = TestCall(next(app for app in names.values() if isinstance(app, Application)))
        call.answer()
        assert call.visits[0].response.document() == json.loads(wire)


def test_some_document_shows_answers() -> None:
    assert '"actions"' in (ROOT / "docs/rest-applications.md").read_text("utf-8")
