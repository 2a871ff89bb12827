"""Profanities become asterisks."""

import pytest

from callwright.runner.profanity import WORDS, without_profanities


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("this is shit", "this is ****"),
        ("Fucking hell", "******* hell"),
        ("a class in Scunthorpe", "a class in Scunthorpe"),
        ("the assessment passes", "the assessment passes"),
        ("", ""),
        ("BASTARDS!", "********!"),
    ],
)
def test_only_whole_words_are_hidden(text: str, clean: str) -> None:
    assert without_profanities(text) == clean


@pytest.mark.parametrize("word", WORDS)
def test_each_word_of_the_list_is_hidden(word: str) -> None:
    assert without_profanities(f"x {word} y") == f"x {'*' * len(word)} y"
