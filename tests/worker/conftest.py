"""A near and a far worker for every test that wants them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.authority import Authority
from tests.sim.media import Pair


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.near.loop.close()
    made.far.loop.close()


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def trust_file(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.write_trust_file(tmp_path_factory.mktemp("trust") / "ca.pem")
