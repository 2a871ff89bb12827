"""`run_menu` on a call; every rule of choosing is in the tests of the menu itself."""

import pytest

from tests.sim.call import FarEnd
from tests.sim.instance import Story, says, text

PROMPT = {"play": {"play_list": [{"text_to_say": "Sales, press one."}]}}
OPTIONS = [
    {"digit": "1", "next_page": "sales"},
    {"digit": "2", "next_page": {"url": "support", "method": "GET"}},
]
TRY_AGAIN = (
    "Please listen to the instructions and then use your telephone keypad to enter a valid number."
)


def menu(*keys: tuple[float, str], **members: object) -> Story:
    """The prompt ends 3.05 s after the start."""
    action = {"run_menu": {"prompt": PROMPT, "menu_options": OPTIONS, **members}}
    pages = {"first": says(action, text("Bye.")), "sales": says(), "support": says()}
    return Story(pages, FarEnd(keys=keys))


def said(story: Story) -> list[str]:
    return [words for words, _ in story.speech.said]


@pytest.mark.parametrize(
    ("key", "page", "method"), [("1", "sales", "POST"), ("2", "support", "GET")]
)
def test_a_key_selects_its_option(key: str, page: str, method: str) -> None:
    story = menu((5.0, key))

    assert story.asked == ["first", page, "final"]
    assert story.web.methods[1] == method
    assert story.info(page)["action_result"] == {
        "action": "run_menu",
        "result": {"selected_digit": key},
    }


def test_a_key_barges_into_the_prompt() -> None:
    story = menu((2.5, "1"))
    assert story.info("sales")["this_call"]["seconds_call_duration"] == pytest.approx(0.5, abs=0.1)


def test_help_plays_the_prompt_again() -> None:
    assert said(menu((4.0, "*"), (7.0, "1"))) == ["Sales, press one."] * 2


def test_another_key_is_refused_with_the_default_text() -> None:
    assert said(menu((4.0, "7"), (7.0, "1"))) == [
        "Sales, press one.",
        "Sorry, that was not a valid number.",
    ]


def test_three_silences_end_it_and_the_list_goes_on() -> None:
    story = menu()

    assert story.asked == ["first", "final"]
    assert said(story) == ["Sales, press one.", "Sorry, I did not hear that.", TRY_AGAIN, "Bye."]
    # The page 0.05 s, four sounds of 1 s, three times 5 s of silence.
    call = story.info("final")["this_call"]
    assert call["seconds_call_duration"] == pytest.approx(19.05, abs=0.06)


def test_the_time_for_a_key_is_the_pages() -> None:
    story = menu(seconds_digit_timeout=1, on_digit_timeout_messages=[])
    call = story.info("final")["this_call"]
    assert call["seconds_call_duration"] == pytest.approx(3.05, abs=0.06)


def test_a_key_pressed_ahead_takes_its_option_without_the_prompt() -> None:
    action = {"run_menu": {"prompt": PROMPT, "menu_options": OPTIONS}}
    story = Story(
        {"first": says(text("Hello."), action), "support": says()}, FarEnd(keys=((2.5, "2"),))
    )

    assert story.asked == ["first", "support", "final"]
    assert said(story) == ["Hello."]


def test_a_key_pressed_ahead_that_matches_nothing_is_dropped_silently() -> None:
    action = {"run_menu": {"prompt": PROMPT, "menu_options": OPTIONS}}
    story = Story(
        {"first": says(text("Hello."), action), "sales": says()},
        FarEnd(keys=((2.5, "7"), (2.5, "1"))),
    )

    assert story.asked == ["first", "sales", "final"]
    assert said(story) == ["Hello."]


def test_a_caller_who_hangs_up_chooses_nothing() -> None:
    action = {"run_menu": {"prompt": PROMPT, "menu_options": OPTIONS}}
    assert Story({"first": says(action)}, FarEnd(hangs_up_at=4.0)).asked == ["first", "final"]
