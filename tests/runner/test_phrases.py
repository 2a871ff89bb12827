"""Which phrase was said."""

import pytest

from callwright.runner.phrases import said_phrase

PHRASES = ("sales", "customer sales", "help", "l'eau", "oui")

SAID = [
    (["sales"], "sales"),
    (["Sales!"], "sales"),
    (["I want sales, please."], "sales"),
    (["customer sales"], "customer sales"),
    (["the customer   SALES now"], "customer sales"),
    (["customer for sales"], "sales"),
    (["wholesales"], None),
    (["whale", "sales"], "sales"),
    (["help me", "sales"], "help"),
    (["de L'EAU"], "l'eau"),
    (["eau"], None),
    (["OUI"], "oui"),
    ([""], None),
    ([], None),
    (["..."], None),
]


@pytest.mark.parametrize(("texts", "phrase"), SAID)
def test_whole_words_count_and_the_longest_wins(texts: list[str], phrase: str | None) -> None:
    assert said_phrase(texts, PHRASES) == phrase


def test_of_equally_long_ones_the_first_wins() -> None:
    assert said_phrase(["sales help"], ("help", "sales")) == "help"


def test_a_phrase_without_words_is_never_said() -> None:
    assert said_phrase(["sales"], ("", "!?")) is None
