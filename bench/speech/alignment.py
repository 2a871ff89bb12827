"""Which state of which phone each frame of a known text is."""

from typing import NamedTuple

import numpy as np

from callwright.adapters.speech.acoustic_model import AcousticModel
from callwright.adapters.speech.grammar import words_of
from callwright.adapters.speech.model_files import STATES, Floats
from callwright.adapters.speech.pronunciation import Pronunciations
from callwright.adapters.speech.word_network import NEVER, Chain, Indices, Network, network


class Alignment(NamedTuple):
    """A way through a text."""

    senones: Indices
    """Of each frame."""
    score: float
    """Log likelihood of a frame."""


def aligned(
    frames: Floats, text: str, model: AcousticModel, pronunciations: Pronunciations
) -> Alignment:
    """Find the best way through a text, with silence around it."""
    ways = [pronunciations.phones(word)[0].split() for word in words_of(text)]
    chain = Chain(text, tuple(tuple(model.number[phone] for phone in way) for way in ways))
    found = network(model, [chain], follow_each_other=False)
    silence = np.arange(STATES)
    order = np.concatenate([silence, np.arange(STATES, len(found.stay)), silence])
    scores = model.log_likelihoods(frames, found.senones)[:, found.columns[order, 0]]
    path, score = _best_path(scores, found, order)
    senones = np.array(found.senones)[found.columns[order, 0]]
    return Alignment(senones[path], score / len(frames))


def _best_path(scores: Floats, found: Network, order: Indices) -> tuple[Indices, float]:
    stay, go, skip = found.stay[order], found.go[order], found.skip[order]
    count = order.size
    places = np.arange(count)
    sources = np.stack([places, places - 1, places - 2, places])
    sources[3, found.jumps_to] = found.jumps_from
    state = np.full(count, NEVER, np.float32)
    state[0] = scores[0, 0]
    came = np.zeros((len(scores), count), np.intp)
    for at, row in enumerate(scores[1:], start=1):
        ways = np.full((4, count), NEVER, np.float32)
        ways[0] = state + stay
        ways[1, 1:] = (state + go)[:-1]
        ways[2, 2:] = (state + skip)[:-2]
        ways[3, found.jumps_to] = (state + go)[found.jumps_from]
        best = ways.argmax(axis=0)
        came[at] = sources[best, places]
        state = ways[best, places] + row
    path = [count - 1]
    for row_of_sources in came[:0:-1]:
        path.append(int(row_of_sources[path[-1]]))
    return np.array(path[::-1]), float(state[-1])
