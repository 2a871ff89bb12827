"""What is shown of an action, and what is not."""

import pytest

from callwright.protocol.pages.actions import (
    Action,
    Digits,
    GetNumber,
    HangUp,
    PageLink,
    Play,
    Prompting,
    Record,
    Redirect,
    Sleep,
    StoredFile,
    Text,
    Unsupported,
    WebFile,
)
from callwright.runner.captions import caption
from tests.runner.test_collector import FOUR, PIN, RULES

QUIET = Prompting(None, (), ())
ASKS = Prompting(Play((Text("Your number?"),)), (), ())

CAPTIONS: list[tuple[Action, str]] = [
    (Play((Text("Hi."), StoredFile("a.wav"))), '"Hi.", a.wav'),
    (Play((Text("4711", is_private=True),)), "(private text)"),
    (Play((Text("x" * 300),)), '"' + "x" * 200 + '..."'),
    (Play((Digits("4711#"),)), "5 keys"),
    (Play((WebFile(PageLink("http://u:p@h/a.wav", "GET")),)), "http://***@h/a.wav"),
    (GetNumber(PageLink("n"), RULES, ASKS), 'digits, ended by #; "Your number?"'),
    (GetNumber(PageLink("n"), FOUR, QUIET), "4 digits, ended by #"),
    (GetNumber(PageLink("n"), PIN, QUIET), "4 digits"),
    (
        Record(PageLink("n"), "", "#", 60.0, 3.0, 3.0, None, False, False, None),
        "at most 60 s",
    ),
    (Redirect(PageLink("http://u:p@h/x", "GET")), "GET http://***@h/x"),
    (Sleep(1.5), "1.5 s"),
    (HangUp(), ""),
    (Unsupported("connect"), ""),
]


@pytest.mark.parametrize(("action", "text"), CAPTIONS)
def test_says_what_an_action_is_about_to_do(action: Action, text: str) -> None:
    assert caption(action) == text
