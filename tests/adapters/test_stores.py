"""An installation's store, chosen by its settings."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from callwright.adapters.sqlite.faults import DatabaseInUse
from callwright.adapters.stores import (
    Migrated,
    StorePlace,
    bring_forward,
    open_account_stores,
    open_stores,
)
from tests.sim.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StorePlace]:
    """Where an installation that is new keeps what it keeps."""
    files = tmp_path / "callwright.sqlite", tmp_path / "node", tmp_path / "secret.key"
    if request.param == "sqlite":
        yield StorePlace(files[0], "", *files[1:])
        return
    with Postgres.shared().database() as url:
        yield StorePlace(files[0], url, *files[1:])


def test_each_start_of_a_node_has_an_epoch_of_its_own(place: StorePlace) -> None:
    async def story() -> None:
        boots = []
        for _ in range(2):
            async with open_stores(place) as stores:
                boots.append(stores.boot)
        assert boots[0].node_hex == boots[1].node_hex
        assert boots[0].boot_hex != boots[1].boot_hex
        assert boots[0].boot_epoch < boots[1].boot_epoch

    asyncio.run(story())


def test_a_data_folder_has_one_server(place: StorePlace) -> None:
    async def story() -> None:
        async with open_stores(place):
            with pytest.raises(DatabaseInUse, match="another server"):
                async with open_stores(place):
                    raise AssertionError("two servers on one data folder")
        async with open_stores(place):
            """The folder is free again."""

    asyncio.run(story())


def test_commands_work_beside_a_server(place: StorePlace) -> None:
    async def story() -> None:
        async with open_stores(place) as served, open_account_stores(place) as stores:
            assert await stores.accounts.everyone() == await served.accounts.everyone() == []

    asyncio.run(story())


def test_a_migration_says_from_where_to_where(place: StorePlace) -> None:
    first, second = asyncio.run(bring_forward(place)), asyncio.run(bring_forward(place))
    assert first == Migrated(first.where, 0, first.version)
    assert second == Migrated(first.where, first.version, first.version)
