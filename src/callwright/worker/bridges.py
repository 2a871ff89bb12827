"""Which legs hear each other, two by two; the arithmetic is over all of them at once."""

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import Samples, clipped


class Bridges:
    """Pairs of rows of the frame matrix: what one hears is sent to the other."""

    def __init__(self) -> None:
        self._others: dict[int, int] = {}
        self._to: NDArray[np.intp] = np.zeros(0, np.intp)
        self._from: NDArray[np.intp] = np.zeros(0, np.intp)

    def join(self, row: int, other: int) -> None:
        """Bridge two rows; either leaves the bridge that it is in already.

        Raises:
            ValueError: they are one and the same.

        """
        if row == other:
            raise ValueError("a leg can't be bridged with itself")
        for it in (row, other):
            self.part(it)
        self._others[row], self._others[other] = other, row
        self._sort()

    def part(self, row: int) -> None:
        """End the row's bridge; one without is left alone."""
        other = self._others.pop(row, None)
        if other is not None:
            del self._others[other]
            self._sort()

    def other(self, row: int) -> int | None:
        """The row at the other end of this one's bridge, or None."""
        return self._others.get(row)

    def mix(self, heard: Samples, sent: Samples) -> None:
        """Add to what each bridged row is sent what the other end hears; too loud is clipped."""
        if self._others:
            sent[self._to] = clipped(sent[self._to].astype(np.int32) + heard[self._from])

    def _sort(self) -> None:
        self._to = np.array(list(self._others), np.intp)
        self._from = np.array(list(self._others.values()), np.intp)
