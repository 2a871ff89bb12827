"""The best way through small networks, with scores made by hand."""

import numpy as np
import pytest

from callwright.adapters.speech.acoustic_model import AcousticModel
from callwright.adapters.speech.decoder import Models
from callwright.adapters.speech.model_files import STATES, Floats
from callwright.adapters.speech.word_network import Chain, Network, network, phone_loop
from callwright.adapters.speech.word_search import ChoiceSearch, LoopSearch, Piece

GOOD, BAD = -1.0, -50.0


@pytest.fixture(scope="module")
def model() -> AcousticModel:
    return Models().phrases().model


def laid_out(model: AcousticModel, *texts: str, follow_each_other: bool = False) -> Network:
    """Lay out chains; blanks stand between phones, bars between words."""
    chains = [
        Chain(
            text,
            tuple(tuple(model.number[phone] for phone in word.split()) for word in text.split("|")),
        )
        for text in texts
    ]
    return network(model, chains, follow_each_other=follow_each_other)


def scores(found: Network, *states: range) -> Floats:
    """Score frames: each of these states fits for four frames, all others do not."""
    rows = []
    for fitting in states:
        row = np.full(len(found.stay), BAD, np.float32)
        row[list(fitting)] = GOOD
        rows += [row] * 4
    return np.array(rows)


def chain(found: Network, number: int) -> range:
    return range(int(found.first[number]), int(found.last[number]) + 1)


def states(found: Network, number: int) -> list[range]:
    return [range(state, state + 1) for state in chain(found, number)]


def test_each_phone_has_three_states_and_silence_is_first(model: AcousticModel) -> None:
    found = laid_out(model, "S IH K S", "T UW")
    assert found.texts == ("", "S IH K S", "T UW")
    assert [len(chain(found, number)) for number in range(3)] == [STATES, 4 * STATES, 2 * STATES]


def test_phones_among_others_differ_from_those_in_silence(model: AcousticModel) -> None:
    alone = laid_out(model, "T UW")
    followed = laid_out(model, "T UW", follow_each_other=True)
    assert set(alone.senones) < set(followed.senones)


def test_the_loop_of_phones_has_all_but_silence_and_noises(model: AcousticModel) -> None:
    assert len(phone_loop(model).texts) == 1 + 39


def test_one_chain_is_chosen_between_silences(model: AcousticModel) -> None:
    found = laid_out(model, "S IH K S", "T UW")
    silence = chain(found, 0)
    search = ChoiceSearch(found)
    search.take(scores(found, silence, silence, *states(found, 2), silence))

    best, other = search.found(2)
    assert (best.text, other.text) == ("T UW", "S IH K S")
    assert best.score > other.score
    assert best.frames == pytest.approx(4 * 2 * STATES, abs=1)


def test_pieces_of_any_length_give_the_same(model: AcousticModel) -> None:
    found = laid_out(model, "S IH K S", "T UW")
    whole = scores(found, chain(found, 0), *states(found, 1), chain(found, 0))
    answers = []
    for length in (1, 7, len(whole)):
        search = ChoiceSearch(found)
        for start in range(0, len(whole), length):
            search.take(whole[start : start + length])
        answers.append(search.found(1))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0].text == "S IH K S"


def test_nothing_is_found_before_the_first_frame(model: AcousticModel) -> None:
    found = laid_out(model, "T UW")
    assert ChoiceSearch(found).found(3) == []
    assert LoopSearch(found, -5.0).pieces() == []


@pytest.mark.parametrize("has_pause", [True, False])
def test_silence_between_words_may_be_left_out(model: AcousticModel, *, has_pause: bool) -> None:
    found = laid_out(model, "T UW|S IH K S", "S IH K S")
    everything = states(found, 1)
    spoken = everything if has_pause else everything[: 2 * STATES] + everything[3 * STATES :]
    search = ChoiceSearch(found)
    search.take(scores(found, chain(found, 0), *spoken, chain(found, 0)))
    best, other = search.found(2)
    assert best.text == "T UW|S IH K S"
    assert best.score > other.score + 100


def test_a_loop_finds_one_chain_after_the_other(model: AcousticModel) -> None:
    found = laid_out(model, "S IH K S", "T UW", follow_each_other=True)
    silence = chain(found, 0)
    search = LoopSearch(found, -5.0)
    search.take(
        scores(found, silence, *states(found, 2), silence, *states(found, 1), *states(found, 2))
    )

    pieces = search.pieces()
    assert [piece.text for piece in pieces] == ["T UW", "S IH K S", "T UW"]
    assert pieces[0] == Piece("T UW", 4, 28)
    assert pieces[1].end == pieces[2].start
    assert GOOD * 84 + BAD * 5 < search.score < GOOD * 84


def test_too_high_a_price_leaves_no_word(model: AcousticModel) -> None:
    found = laid_out(model, "T UW", follow_each_other=True)
    twice = scores(found, *states(found, 1), *states(found, 1))
    counts = []
    for penalty in (-5.0, -5000.0):
        search = LoopSearch(found, penalty)
        search.take(twice)
        counts.append(len(search.pieces()))
    assert counts == [2, 0]
