"""A near and a far worker for every test that wants them."""

from collections.abc import Iterator

import pytest

from tests.sim.media import Pair


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.near.loop.close()
    made.far.loop.close()
