"""Every test of a contract runs against every store."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.contracts.stores import OPENERS, Stores

Result = TypeVar("Result")


@pytest.fixture(params=list(OPENERS.values()), ids=list(OPENERS))
def open_stores(request: pytest.FixtureRequest) -> Callable[[Path], Stores]:
    """Opens one kind of store on a folder; a second time for a second process."""
    opener: Callable[[Path], Stores] = request.param
    return opener


@pytest.fixture
def stores(open_stores: Callable[[Path], Stores], tmp_path: Path) -> Iterator[Stores]:
    """Stores without anything in them."""
    opened = open_stores(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def run() -> Iterator[Callable[[Coroutine[object, object, Result]], Result]]:
    """Runs a coroutine to its end; one event loop for the whole test."""
    with asyncio.Runner() as runner:
        yield runner.run
