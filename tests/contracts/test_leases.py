"""What every `Leases` does for a node that is alone."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.dispatch.ports import SHARDS
from callwright.engine.trunk import TrunkClaim
from tests.contracts.stores import Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_node_that_is_alone_has_everything(stores: Stores, run: Run) -> None:
    for _ in range(2):
        tenure = run(stores.leases.renew())
        assert tenure.shards == frozenset(range(SHARDS))
        assert tenure.nodes == 1
        assert tenure.lasts > 0


def test_a_node_that_is_alone_has_the_whole_trunk(stores: Stores, run: Run) -> None:
    first = run(stores.leases.renew(TrunkClaim(starts=10, used=0, most_nodes=10)))
    assert (first.trunk_starts, first.trunk_kept, first.rank) == (10, 0, 0)
    second = run(stores.leases.renew(TrunkClaim(starts=10, used=10, most_nodes=10)))
    assert (second.trunk_starts, second.trunk_kept) == (10, 10)
    assert second.taken == frozenset()


def test_one_that_resigned_may_come_back(stores: Stores, run: Run) -> None:
    run(stores.leases.renew())
    run(stores.leases.resign())
    assert run(stores.leases.renew()).shards == frozenset(range(SHARDS))
