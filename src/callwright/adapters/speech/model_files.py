"""Reads the files of an acoustic model in the form of CMU Sphinx: semi-continuous, one codebook a
phone (`-model ptm`).

Sound is described by three streams of 13 values: cepstra, and their first and second differences. A
phone has a codebook of Gaussians in each stream; a *senone* is a state of a phone among its
neighbours, and weights the Gaussians of its phone.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

STREAMS: Final = 3
VALUES: Final = 13
STATES: Final = 3
"""Of a phone."""

_LEAST_VARIANCE: Final = 1e-4
"""What pocketsphinx takes for less (`-varfloor`)."""
_LEAST_TRANSITION: Final = 1e-4
"""The same (`-tmatfloor`)."""
_WEIGHT_STEP: Final = 0.1024
"""Weights are one byte each: minus their logarithm, base 1.0001, divided by 1024."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Gaussians:
    """The codebooks: phones, streams, Gaussians, values."""

    means: Floats
    variances: Floats


@dataclass(frozen=True, slots=True)
class Phones:
    """Which senones a phone is made of."""

    names: tuple[str, ...]
    alone: NDArray[np.uint16]
    """Senones of each phone without neighbours: phones, states."""
    contexts: NDArray[np.int64]
    """Phones among their neighbours, as `context` names them, in order."""
    among: NDArray[np.uint16]
    """The senones of each of these: contexts, states."""
    matrix: NDArray[np.int32]
    """Each phone's matrix of transitions."""
    phone_of: NDArray[np.int32]
    """The phone that each senone belongs to."""


def context(place: int, phone: int, before: int, after: int) -> int:
    """Name a phone in its place of a word, with the one before and the one after it."""
    return ((place << 8 | phone) << 8 | before) << 8 | after


def gaussians(folder: Path) -> Gaussians:
    """Read the codebooks."""
    return Gaussians(
        _numbers(folder / "means", dimensions=3),
        np.maximum(_numbers(folder / "variances", dimensions=3), np.float32(_LEAST_VARIANCE)),
    )


def transitions(folder: Path) -> Floats:
    """Read the logarithms of the transitions: matrices, states, states and the end."""
    counts = _numbers(folder / "transition_matrices", dimensions=2)
    shares = counts / counts.sum(axis=-1, keepdims=True)
    logarithms: Floats = np.log(np.maximum(shares, np.float32(_LEAST_TRANSITION)))
    return logarithms


def weights(folder: Path, gaussian_count: int, senone_count: int) -> Floats:
    """Read the weights: streams, Gaussians, senones."""
    size = STREAMS * gaussian_count * senone_count
    stored = np.frombuffer((folder / "sendump").read_bytes()[-size:], np.uint8)
    steps = stored.reshape(STREAMS, gaussian_count, senone_count).astype(np.float32)
    shares: Floats = np.exp(np.float32(-_WEIGHT_STEP) * steps)
    return shares


def phones(folder: Path) -> Phones:
    """Read the phones and their senones."""
    data = (folder / "mdef").read_bytes()
    at = data.index(b"BMDF") + 8
    at += 4 + int.from_bytes(data[at : at + 4], "little")
    head = np.frombuffer(data, "<i4", len(_Head.__annotations__), at)
    sizes = _Head(*(int(number) for number in head))
    start = at + head.nbytes
    names = data[start:].split(b"\0", sizes.alone)[: sizes.alone]
    named = sum(len(name) + 1 for name in names)
    at = start + (named + 3) // 4 * 4 + _TREE_NODE_BYTES * sizes.tree_nodes
    table = np.frombuffer(data, _PHONE, sizes.phones, at)
    at += table.nbytes + 4
    sequences = np.frombuffer(data, "<u2", sizes.sequences * STATES, at).reshape(-1, STATES)
    return _phones(tuple(name.decode() for name in names), table, sequences, sizes.senones)


@dataclass(frozen=True, slots=True)
class _Head:
    """The numbers that begin the file `mdef`, in their order."""

    alone: int
    phones: int
    states: int
    senones_alone: int
    senones: int
    matrices: int
    sequences: int
    neighbours: int
    tree_nodes: int
    silence: int


_TREE_NODE_BYTES: Final = 8
_PHONE: Final = np.dtype([("sequence", "<i4"), ("matrix", "<i4"), ("place", "u1", 4)])


def _phones(
    names: tuple[str, ...],
    table: NDArray[np.void],
    sequences: NDArray[np.uint16],
    senone_count: int,
) -> Phones:
    alone, others = table[: len(names)], table[len(names) :]
    phone_of = np.zeros(senone_count, np.int32)
    senones = sequences[others["sequence"]]
    phone_of[senones] = others["place"][:, 1, None]
    phone_of[sequences[alone["sequence"]]] = np.arange(len(names))[:, None]
    contexts = others["place"].astype(np.int64) @ (1 << np.arange(24, -1, -8, dtype=np.int64))
    order = np.argsort(contexts)
    return Phones(
        names,
        sequences[alone["sequence"]],
        contexts[order],
        senones[order],
        alone["matrix"].astype(np.int32),
        phone_of,
    )


def _numbers(path: Path, *, dimensions: int) -> Floats:
    """Read one of the files that begin with lines of text.

    Those of three dimensions have the lengths of all streams behind these.
    """
    data = path.read_bytes()
    at = data.index(b"endhdr\n") + len(b"endhdr\n") + 4
    shape = [int(size) for size in np.frombuffer(data, "<i4", 3, at)]
    at += 12
    if dimensions == 3:  # noqa: PLR2004 - streams have lengths of their own, which are equal here
        shape.append(int.from_bytes(data[at : at + 4], "little"))
        at += 4 * STREAMS
    count = int.from_bytes(data[at : at + 4], "little")
    return np.frombuffer(data, "<f4", count, at + 4).reshape(shape).copy()
