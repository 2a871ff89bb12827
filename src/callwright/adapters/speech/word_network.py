"""What may be said, as states of the acoustic model in a row: one chain of them a phrase or word.

A phone has three states, and a state stays, goes on or skips one. Between the words of a phrase
there may be silence. The first chain of a network is silence alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.acoustic_model import AcousticModel, Place
from callwright.adapters.speech.model_files import STATES, Floats

NEVER: Final = -1e9
"""The score of what cannot be."""

OFTEN_AROUND_WORDS: Final = (
    "SIL",
    "T",
    "D",
    "N",
    "S",
    "Z",
    "R",
    "M",
    "AH",
    "IH",
    "IY",
    "ER",
    "P",
    "B",
)
"""Phones that most words of English begin or end with, and silence."""

Indices = NDArray[np.intp]


class Chain(NamedTuple):
    """One way to say something."""

    text: str
    words: tuple[tuple[int, ...], ...]
    """The phones of each word."""


@dataclass(frozen=True, slots=True)
class Network:
    """All states, chain after chain."""

    texts: tuple[str, ...]
    """Of each chain; that of silence is empty."""
    senones: Sequence[int]
    """That are to be scored."""
    columns: Indices
    """Of each state: which of these it may be; the best one counts."""
    stay: Floats
    go: Floats
    skip: Floats
    """Logarithms, of each state."""
    first: Indices
    last: Indices
    """States of each chain."""
    jumps_from: Indices
    jumps_to: Indices
    """States between which a silence may be left out."""


def network(model: AcousticModel, chains: Sequence[Chain], *, follow_each_other: bool) -> Network:
    """Lay chains out; those that follow each other are said as neighbours, others in silence."""
    around = {model.silence}
    before, after = set(around), set(around)
    if follow_each_other:
        before |= {chain.words[-1][-1] for chain in chains}
        after |= {chain.words[0][0] for chain in chains}
    layout = _Layout(model)
    layout.add("", [_silence(model)])
    for chain in chains:
        layout.add(chain.text, list(_parts(model, chain.words, before, after)))
    return layout.network()


def phone_loop(model: AcousticModel) -> Network:
    """Lay out every phone without its neighbours: whatever a voice may say."""
    layout = _Layout(model)
    layout.add("", [_silence(model)])
    for number, name in enumerate(model.phones.names):
        if name.isalpha() and number != model.silence:
            layout.add(name, [_Part(number, [[senone] for senone in model.senones_alone(number)])])
    return layout.network()


def phones_and(model: AcousticModel, chains: Sequence[Chain]) -> Network:
    """Lay out every phone, and chains that may stand anywhere among them.

    The phones have no text.
    """
    around = {model.number[name] for name in OFTEN_AROUND_WORDS}
    layout = _Layout(model)
    layout.add("", [_silence(model)])
    for number, name in enumerate(model.phones.names):
        if name.isalpha() and number != model.silence:
            layout.add("", [_Part(number, [[senone] for senone in model.senones_alone(number)])])
    for chain in chains:
        layout.add(chain.text, list(_parts(model, chain.words, around, around)))
    return layout.network()


class _Part(NamedTuple):
    """A phone in its place."""

    phone: int
    senones: list[list[int]]
    """Of each state: those that it may be."""
    may_be_left_out: bool = False


def _silence(model: AcousticModel, *, may_be_left_out: bool = False) -> _Part:
    senones = [[senone] for senone in model.senones_alone(model.silence)]
    return _Part(model.silence, senones, may_be_left_out)


def _parts(
    model: AcousticModel, words: Sequence[tuple[int, ...]], before: set[int], after: set[int]
) -> Iterator[_Part]:
    for number, word in enumerate(words):
        if number:
            yield _silence(model, may_be_left_out=True)
        left = {words[number - 1][-1]} if number else before
        right = {words[number + 1][0]} if number + 1 < len(words) else after
        yield from _word(model, word, left, right)


def _word(
    model: AcousticModel, word: tuple[int, ...], before: set[int], after: set[int]
) -> Iterator[_Part]:
    for at, phone in enumerate(word):
        left = {word[at - 1]} if at else before
        right = {word[at + 1]} if at + 1 < len(word) else after
        place = _place(at, len(word))
        found = [model.senones(phone, one, other, place) for one in left for other in right]
        yield _Part(phone, [sorted({each[state] for each in found}) for state in range(STATES)])


def _place(at: int, length: int) -> Place:
    if length == 1:
        return Place.ALONE
    return {0: Place.FIRST, length - 1: Place.LAST}.get(at, Place.INSIDE)


class _Layout:
    """Collects the states of one network."""

    def __init__(self, model: AcousticModel) -> None:
        self._model = model
        self._texts: list[str] = []
        self._senones: list[list[int]] = []
        self._moves: list[tuple[float, float, float]] = []
        self._first: list[int] = []
        self._last: list[int] = []
        self._jumps: list[tuple[int, int]] = []

    def add(self, text: str, parts: Iterable[_Part]) -> None:
        self._texts.append(text)
        self._first.append(len(self._senones))
        for part in parts:
            if part.may_be_left_out:
                at = len(self._senones)
                self._jumps.append((at - 1, at + STATES))
            self._senones += part.senones
            moves = self._model.transitions(part.phone)
            for state in range(STATES):
                stay, go = float(moves[state, state]), float(moves[state, state + 1])
                skip = float(moves[state, state + 2]) if state + 2 < STATES else NEVER
                self._moves.append((stay, go, skip))
        self._last.append(len(self._senones) - 1)

    def network(self) -> Network:
        wanted = sorted({senone for state in self._senones for senone in state})
        column = {senone: number for number, senone in enumerate(wanted)}
        most = max(map(len, self._senones))
        columns = [
            [column[senone] for senone in (*state, *state[:1] * most)][:most]
            for state in self._senones
        ]
        stay, go, skip = np.array(self._moves, np.float32).T
        jumps = np.array(self._jumps, np.intp).reshape(-1, 2)
        return Network(
            tuple(self._texts),
            wanted,
            np.array(columns),
            stay,
            go,
            skip,
            np.array(self._first),
            np.array(self._last),
            jumps[:, 0],
            jumps[:, 1],
        )
