"""What customers copy: the sample web application, and the answers that documents show."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from callwright.protocol.pages.parse import parse_answer
from examples.reminder_app import PAGES

ROOT: Final = Path(__file__).resolve().parent.parent
TOLD: Final[dict[str, Any]] = {
    "this_call": {"call_cause": "completed", "call_raw_cause": "200"},
    "action_result": {"result": {"entered_number": "4711", "filename": "a.wav"}},
    "error_result": {"result": "unknown action 'x'"},
}
"""All that any of the sample's pages reads of what it is told."""


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_the_sample_gives_a_good_answer(page: str) -> None:
    answer = {"api_version": "2.0", "actions": PAGES[page](TOLD)}
    assert parse_answer(json.dumps(answer).encode(), api_version="2.0").warnings == ()


def test_the_sample_is_short_enough_to_be_read() -> None:
    source = (ROOT / "examples/reminder_app.py").read_text("utf-8").splitlines()
    assert sum(1 for line in source if line.strip() and not line.strip().startswith("#")) < 80


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_answers_shown_in_a_document_are_good(document: Path) -> None:
    shown = re.findall(r"```json\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    answers = [text for text in shown if "actions" in json.loads(text)]
    for text in answers:
        assert parse_answer(text.encode(), api_version="2.0").warnings == ()


def test_some_document_shows_answers() -> None:
    assert '"actions"' in (ROOT / "docs/rest-applications.md").read_text("utf-8")
