"""`run_speech_menu` on a call: keys and phrases."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from callwright.domain.facts import FeatureUsed
from callwright.runner.ports import RecognitionOrder
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says, text

PROMPT = {"play": {"play_list": [{"text_to_say": "Sales or support?"}]}}
OPTIONS = [
    {"word": "sales", "digit": "1", "next_page": "sales"},
    {"word": "customer support", "next_page": "support"},
    {"digit": "3", "next_page": "keyed"},
]
ONE_STREAM = replace(APPLICATION, speech_streams=1)
PAGES = {"sales": says(), "support": says(), "keyed": says(), "error": Says()}


def menu(far_end: FarEnd, *before: Mapping[str, object], **members: object) -> Story:
    """The prompt ends 3.05 s after the start."""
    action = {"run_speech_menu": {"prompt": PROMPT, "menu_options": OPTIONS, **members}}
    pages = {"first": says(*before, action, text("Bye.")), **PAGES}
    return Story(pages, far_end, application=ONE_STREAM)


CHOICES = [
    (FarEnd(says=((5.0, "Sales, please!"),)), "sales", "", "sales"),
    (FarEnd(says=((5.0, "the customer support"),)), "support", "", "customer support"),
    (FarEnd(says=((5.0, "whales|sales"),)), "sales", "", "sales"),
    (FarEnd(keys=((5.0, "1"),)), "sales", "1", ""),
    (FarEnd(keys=((5.0, "3"),)), "keyed", "3", ""),
]


@pytest.mark.parametrize(("far_end", "page", "digit", "word"), CHOICES)
def test_a_key_or_a_phrase_selects(far_end: FarEnd, page: str, digit: str, word: str) -> None:
    story = menu(far_end)

    assert story.asked == ["first", page, "final"]
    assert story.info(page)["action_result"] == {
        "action": "run_speech_menu",
        "result": {"selected_digit": digit, "selected_word": word},
    }


def test_speech_that_is_no_option_is_an_invalid_input() -> None:
    far_end = FarEnd(says=((5.0, "|"), (9.0, "sales")))
    story = menu(far_end, on_invalid_input_messages=[text("Pardon?")])
    assert story.asked == ["first", "sales", "final"]
    assert [words for words, _ in story.speech.said] == ["Sales or support?", "Pardon?"]


@pytest.mark.parametrize(
    ("model", "is_known"),
    [("phone_call", True), ("default", True), ("whispers", False), ("x" * 10_000, False)],
)
def test_a_model_nobody_knows_is_told_in_the_log(model: str, *, is_known: bool) -> None:
    story = menu(FarEnd(says=((5.0, "sales"),)), speech_model_options={"model": model})
    assert story.asked == ["first", "sales", "final"]
    assert ("is not known" in story.logs.text) is not is_known
    assert len(story.logs.text) < 5000


@pytest.mark.parametrize(
    "far_end",
    [
        FarEnd(says=((4.0, "help"), (8.0, "sales"))),
        FarEnd(keys=((4.0, "*"),), says=((8.0, "sales"),)),
    ],
)
def test_help_plays_the_prompt_again(far_end: FarEnd) -> None:
    story = menu(far_end)
    assert [words for words, _ in story.speech.said] == ["Sales or support?"] * 2


def test_something_else_is_refused() -> None:
    story = menu(FarEnd(says=((4.0, "supporters"), (8.0, "sales"))))
    assert [words for words, _ in story.speech.said] == [
        "Sales or support?",
        "Sorry, I did not recognise that.",
    ]


def test_somebody_who_speaks_is_waited_for() -> None:
    # The five seconds end 8.05 s after the start.
    story = menu(FarEnd(says=((7.8, "~cust"), (10.0, "customer support"))))

    assert story.asked == ["first", "support", "final"]
    assert [words for words, _ in story.speech.said] == ["Sales or support?"]


def test_what_barged_into_a_play_before_takes_its_option_without_the_prompt() -> None:
    play = {"play": {"play_list": [{"text_to_say": "Hello."}], "barge_in_on_speech": True}}
    story = menu(FarEnd(says=((2.5, "sales"),)), play)

    assert story.asked == ["first", "sales", "final"]
    assert [words for words, _ in story.speech.said] == ["Hello."]


def test_it_drops_what_matches_nothing_silently() -> None:
    play = {"play": {"play_list": [{"text_to_say": "Hello."}], "barge_in_on_speech": True}}
    story = menu(FarEnd(says=((2.5, "good morning"), (6.0, "sales"))), play)

    assert [words for words, _ in story.speech.said] == ["Hello.", "Sales or support?"]


def test_without_a_time_limit_it_waits_for_ever() -> None:
    story = menu(FarEnd(says=((900.0, "sales"),)), seconds_timeout=0)
    assert story.asked == ["first", "sales", "final"]


def test_only_the_menus_phrases_are_looked_for_and_the_use_is_told() -> None:
    story = menu(FarEnd(says=((5.0, "sales"),)), language="en-GB")

    assert [begun.order for begun in story.recognisers.begun] == [
        RecognitionOrder(
            "en-GB",
            "default",
            phrases=("sales", "customer support", "help"),
            wants_interim_results=True,
        )
    ]
    [used] = story.told.of(FeatureUsed)
    assert (used.feature_type, used.audio_path) == ("sr_run_speech_menu", "in")


def test_it_needs_a_speech_stream() -> None:
    story = Story(
        {"first": says({"run_speech_menu": {"menu_options": OPTIONS}}), "error": Says()},
    )
    assert story.info("error")["error_result"]["code"] == "no_speech_streams"
