"""Finds what was said in a network: the best way through its states, frame by frame (Viterbi).

Nothing is pruned. Networks are small, and what looks bad at first is often right in the end: the
first sound of `six` is hardly more than silence on a telephone.
"""

from typing import Final, NamedTuple

import numpy as np

from callwright.adapters.speech.model_files import STATES, Floats
from callwright.adapters.speech.word_network import NEVER, Indices, Network

SILENCE_PENALTY: Final = -2.0
"""Log likelihood of going over to silence."""


class Piece(NamedTuple):
    """One word of a way through a loop."""

    text: str
    start: int
    end: int
    """Frames; the end is behind the last one."""


class _States:
    """Scores of the best ways to each state, each with a mark of how it entered its chain."""

    def __init__(self, network: Network) -> None:
        self.network = network
        count = len(network.stay)
        self.scores = np.full(count, NEVER, np.float32)
        self.marks = np.full(count, -1, np.intp)

    def step(self, row: Floats, entry: Floats, mark: int) -> Floats:
        """Take the next frame; `entry` are the scores of entering each chain. Returns its exits."""
        found, count = self.network, len(self.scores)
        onward, skipping = self.scores + found.go, self.scores + found.skip
        ways = np.full((4, count), NEVER, np.float32)
        ways[0] = self.scores + found.stay
        ways[1, 1:] = onward[:-1]
        ways[1, found.first] = entry
        ways[2, 2:] = skipping[:-2]
        ways[3, found.jumps_to] = onward[found.jumps_from]
        best = ways.argmax(axis=0)
        places = np.arange(count)
        sources = places - best
        sources[found.jumps_to] = np.where(
            best[found.jumps_to] == 3,  # noqa: PLR2004 - the row of the jumps above
            found.jumps_from,
            sources[found.jumps_to],
        )
        marks = self.marks[np.maximum(sources, 0)]
        entered = best[found.first] == 1
        marks[found.first[entered]] = mark
        self.scores = ways[best, places] + row
        self.marks = marks
        exits: Floats = self.scores[found.last] + found.go[found.last]
        return exits


class LoopSearch:
    """Any number of chains, one after the other."""

    def __init__(self, network: Network, penalties: float | Floats) -> None:
        """`penalties` are log likelihoods of beginning a chain: one of all words, or of each."""
        self._states = _States(network)
        if isinstance(penalties, float):
            penalties = np.full(len(network.texts), penalties, np.float32)
            penalties[0] = SILENCE_PENALTY
        self._penalties = penalties
        self._exits = np.zeros(len(network.texts), np.float32)
        self._ends: list[tuple[int, int]] = []
        """Of each frame: the chain that ended best, and the mark of its beginning."""

    def take(self, scores: Floats) -> None:
        """Go on with the scores of more frames: frames, states."""
        last = self._states.network.last
        for row in scores:
            best = float(self._exits.max())
            self._exits = self._states.step(row, best + self._penalties, len(self._ends))
            chain = int(self._exits.argmax())
            self._ends.append((chain, int(self._states.marks[last[chain]])))

    @property
    def score(self) -> float:
        """Log likelihood of all frames until now."""
        return float(self._exits.max())

    def pieces(self) -> list[Piece]:
        """Return the best way until now, silence left out."""
        found = []
        end = len(self._ends)
        while end > 0:
            chain, start = self._ends[end - 1]
            if chain:
                found.append(Piece(self._states.network.texts[chain], start, end))
            end = start
        return found[::-1]


class Found(NamedTuple):
    """One chain of a `ChoiceSearch`."""

    text: str
    score: float
    frames: int
    """That its words took."""


class ChoiceSearch:
    """One of the chains, with silence before and after it."""

    def __init__(self, network: Network) -> None:
        """Begin before the first frame."""
        self._states = _States(network)
        self._exits: list[Floats] = []
        self._starts: list[Indices] = []
        self._silences: list[Floats] = []
        self._entry = np.zeros(len(network.texts), np.float32)

    def take(self, scores: Floats) -> None:
        """Go on with the scores of more frames: frames, states."""
        last = self._states.network.last
        for row in scores:
            exits = self._states.step(row, self._entry, len(self._exits))
            self._exits.append(exits)
            self._starts.append(self._states.marks[last])
            self._silences.append(row[:STATES])
            self._entry = np.full(len(exits), exits[0], np.float32)
            self._entry[0] = NEVER

    def found(self, count: int) -> list[Found]:
        """Return the best chains, the best one first, each text once."""
        if not self._exits:
            return []
        texts, ends = self._states.network.texts, np.array(self._exits)
        totals = ends + self._silence_after()[:, None]
        at = totals.argmax(axis=0)
        best: dict[str, Found] = {}
        for chain in np.argsort(-totals.max(axis=0)):
            if chain and texts[chain] not in best and len(best) < count:
                end = int(at[chain])
                frames = end + 1 - int(self._starts[end][chain])
                best[texts[chain]] = Found(texts[chain], float(totals[end, chain]), frames)
        return list(best.values())

    def _silence_after(self) -> Floats:
        """Of each frame: the score of silence from the next one to the end."""
        found = self._states.network
        stay, go = found.stay[:STATES], found.go[:STATES]
        scores = np.zeros(len(self._silences), np.float32)
        later = go * (np.arange(STATES) == STATES - 1)
        later[: STATES - 1] = NEVER
        for at in range(len(self._silences) - 1, 0, -1):
            here = later + self._silences[at]
            scores[at - 1] = here[0] + SILENCE_PENALTY
            later = np.maximum(stay + here, np.append(go[:-1] + here[1:], NEVER))
        return scores
