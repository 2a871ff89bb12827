"""Every test of a contract runs against every kind of store."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.contracts.callback_stores import (
    CALLBACK_STORES,
    CallbackStores,
    OpenCallbackStores,
)
from tests.contracts.stores import STORES, OpenStores, Stores

Result = TypeVar("Result")


@pytest.fixture(params=STORES, ids=lambda kind: kind.__name__.removesuffix("_stores"))
def open_stores(request: pytest.FixtureRequest) -> OpenStores:
    """Opens one kind of store on a folder; a second time for a second process."""
    opener: OpenStores = request.param
    return opener


@pytest.fixture
def stores(
    open_stores: OpenStores, tmp_path: Path, run: Callable[[Coroutine[object, object, object]], Any]
) -> Iterator[Stores]:
    """Stores without anything in them."""
    stack = AsyncExitStack()
    yield run(stack.enter_async_context(open_stores(tmp_path)))
    run(stack.aclose())


@pytest.fixture(params=CALLBACK_STORES, ids=lambda kind: kind.__name__.partition("_")[0])
def callback_stores(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    run: Callable[[Coroutine[object, object, object]], Any],
) -> Iterator[CallbackStores]:
    """Stores of the callback scheduler without anything in them."""
    opener: OpenCallbackStores = request.param
    stack = AsyncExitStack()
    yield run(stack.enter_async_context(opener(tmp_path)))
    run(stack.aclose())


@pytest.fixture
def run() -> Iterator[Callable[[Coroutine[object, object, Result]], Result]]:
    """Runs a coroutine to its end; one event loop for the whole test."""
    with asyncio.Runner() as runner:
        yield runner.run
