"""A rehearsed call and the platform's own runner tell the same story of the same pages."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import pytest

from callwright.pages import (
    Action,
    Application,
    DigitInputOptions,
    GetInput,
    GetNumber,
    HangUp,
    InstanceInfo,
    MenuOption,
    Play,
    Record,
    Redirect,
    Reject,
    RunMenu,
    Sleep,
)
from callwright.pages.application import relative_url
from callwright.pages.testing import TestCall
from tests.sim.call import FarEnd
from tests.sim.instance import Says, Story
from tests.sim.plain_application import app_of

NUMBER: Final = GetNumber("next", prompt="Number?", digit_count=3)
FREE: Final = GetNumber("next", prompt="Number?")
MENU: Final = RunMenu([MenuOption("1", "next"), MenuOption("2", "other")], prompt="One or two?")
KEYED: Final = GetInput(
    "next",
    prompt="Well?",
    speech_input_mode="disabled",
    digit_input_options=DigitInputOptions(digit_count=2, valid_digits="123"),
)
RECORD: Final = Record("next", beep_on_start=True)
BYE: Final = Play("Bye.")

LATER: Final = 4.0
"""Seconds from the start until keys are pressed: everything is said by then, nothing timed out."""

STORIES: Final[tuple[tuple[str, Sequence[Action], str], ...]] = (
    ("nothing to do", [], ""),
    ("a list", [Play("One."), Sleep(1), Play(["Two.", "Three."])], ""),
    ("an early end", [Play("One."), HangUp(), BYE], ""),
    ("another page", [Redirect("next"), BYE], ""),
    ("a circle", [Redirect("circle"), BYE], ""),
    ("an action that cannot be", [Reject(), BYE], ""),
    ("a number", [NUMBER, BYE], "123"),
    ("a number that ends", [FREE, BYE], "4711#"),
    ("an empty number", [FREE, BYE], "#"),
    ("a number with help", [FREE, BYE], "12*34#"),
    ("no number", [NUMBER, BYE], ""),
    ("half a number", [NUMBER, BYE], "12"),
    ("wrong keys", [NUMBER, BYE], "AAA"),
    ("a wrong key and nothing", [NUMBER, BYE], "1A"),
    ("a choice", [MENU, BYE], "1"),
    ("another choice", [MENU, BYE], "2"),
    ("help and a choice", [MENU, BYE], "*1"),
    ("no choice", [MENU, BYE], ""),
    ("wrong choices", [MENU, BYE], "345"),
    ("a wrong choice and nothing", [MENU, BYE], "3"),
    ("keys as input", [KEYED, BYE], "12"),
    ("too few keys as input", [KEYED, BYE], "1#"),
    ("no keys as input", [KEYED, BYE], ""),
    ("an empty input", [KEYED, BYE], "#"),
    ("no messages", [GetNumber("next", on_input_timeout_messages=[]), BYE], ""),
    ("own messages", [GetNumber("next", on_input_timeout_messages=["Hm?"]), BYE], ""),
    ("a recording that a key ends", [RECORD, BYE], "#"),
    ("a recording that silence ends", [RECORD, BYE], ""),
)


def _application(actions: Sequence[Action]) -> Application:
    pages: dict[str, Sequence[Action]] = {
        "/other": [Play("Other.")],
        "/circle": [Redirect("circle")],
    }
    return app_of(*actions, others=pages)


def _rehearsed(app: Application, keys: str) -> tuple[list[str], list[str], str | None]:
    call = TestCall(app)
    call.answer()
    for key in keys:
        call.wait(0.5)
        call.press(key)
    if call.state != "idle":
        call.wait(90)
    said = [sound for sound in call.heard if sound != "[beep]"]
    return [page.removeprefix("/") for page in call.page_history], said, call.cause


def _really_run(app: Application, keys: str) -> tuple[list[str], list[str], str | None]:
    info = InstanceInfo(application_instance_id="a.1")
    pages = {
        path.removeprefix("/"): Says(
            app.respond(page, info).body(partial(relative_url, seen_from=path))
        )
        for path, page in app.pages.items()
    }
    pressed = tuple((LATER + index * 1.5, key) for index, key in enumerate(keys))
    story = Story(dict(pages), FarEnd(keys=pressed))
    said = [
        done.removeprefix("play /speech/").removesuffix(".wav")
        for done in story.call.did
        if done.startswith("play /speech/")
    ]
    return story.asked, said, story.info("final")["this_call"]["call_cause"]


@pytest.mark.parametrize(
    ("actions", "keys"), [story[1:] for story in STORIES], ids=[story[0] for story in STORIES]
)
def test_a_rehearsal_is_like_the_real_thing(actions: Sequence[Action], keys: str) -> None:
    app = _application(actions)
    assert _rehearsed(app, keys) == _really_run(app, keys)
