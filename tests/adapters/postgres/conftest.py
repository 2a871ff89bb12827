"""One database a test, and an event loop that lasts as long as it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import TypeVar

import pytest

from tests.sim.postgres import Postgres

Result = TypeVar("Result")


@pytest.fixture
def url() -> Iterator[str]:
    """A fresh database on the session's server."""
    with Postgres.shared().database() as fresh:
        yield fresh


@pytest.fixture
def run() -> Iterator[Callable[[Coroutine[object, object, Result]], Result]]:
    """Runs a coroutine to its end; one event loop for the whole test."""
    with asyncio.Runner() as runner:
        yield runner.run
