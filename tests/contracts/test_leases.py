"""What every `Leases` does for a node that is alone."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.dispatch.ports import SHARDS
from tests.contracts.stores import Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_node_that_is_alone_has_everything(stores: Stores, run: Run) -> None:
    for _ in range(2):
        tenure = run(stores.leases.renew())
        assert tenure.shards == frozenset(range(SHARDS))
        assert tenure.nodes == 1
        assert tenure.lasts > 0


def test_one_that_resigned_may_come_back(stores: Stores, run: Run) -> None:
    run(stores.leases.renew())
    run(stores.leases.resign())
    assert run(stores.leases.renew()).shards == frozenset(range(SHARDS))
