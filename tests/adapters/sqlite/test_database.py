"""A database opens or says, to the one who can mend it, why not."""

import asyncio
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from callwright.adapters.sqlite import database as module
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.faults import (
    DatabaseFault,
    DatabaseInUse,
    ForeignDatabase,
    NewerDatabase,
    OlderDatabase,
    SqliteTooOld,
)
from callwright.adapters.sqlite.migration import APPLICATION_ID, known_migrations
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.errors import StoreUnavailable
from callwright.domain.ids import ServiceId
from tests.contracts.stores import NOW
from tests.sim.clock import VirtualClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "callwright.db"


LATEST = max(known_migrations())


def known_and(script: str) -> dict[int, str]:
    """All that this version knows, and one more."""
    return known_migrations() | {LATEST + 1: script}


def make(path: Path) -> None:
    Database.open(path, exclusive=True).close()


def change(path: Path, sql: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


def test_a_new_database_is_for_its_owner_alone(path: Path) -> None:
    database = Database.open(path, exclusive=True)
    database.begin_node(VirtualClock())
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    database.close()
    assert set(modes.values()) == {0o600}
    assert {"callwright.db", "callwright.db-wal", "callwright.db.lock"} <= modes.keys()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_closed_database_is_one_file(path: Path) -> None:
    database = Database.open(path, exclusive=True)
    database.begin_node(VirtualClock())
    assert database.read("account_everyone", {}) == []
    database.close()
    assert {one.name for one in path.parent.iterdir()} == {"callwright.db", "callwright.db.lock"}
    connection = apsw.Connection(str(path))
    assert connection.execute("SELECT count(*) FROM node").fetchall() == [(1,)]
    connection.close()


def test_a_survey_sees_what_was_written_and_leaves_nothing_behind(path: Path) -> None:
    async def story() -> list[int]:
        accounts, counted = SqliteAccountStore(database), []
        for number in range(3):
            counted.append(len(await database.survey("account_everyone", {})))
            await accounts.create(
                f"{number}@example.com",
                account_type=AccountType.PRODUCTION,
                limits=CallLimits(channels=10, maximum_cps=1.0),
                key_hash=bytes(32),
            )
        return counted

    database = Database.open(path, exclusive=True)
    assert asyncio.run(story()) == [0, 1, 2]
    database.close()
    assert {one.name for one in path.parent.iterdir()} == {"callwright.db", "callwright.db.lock"}


def test_it_is_durable_and_keeps_its_own_rules(path: Path) -> None:
    database = Database.open(path, exclusive=True)
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    connection = database._writer._connection
    assert [connection.pragma(name) for name in pragmas] == ["wal", 2, 1]
    database.close()


def test_a_second_server_is_refused_and_told_who_has_it(path: Path) -> None:
    first = Database.open(path, exclusive=True)
    with pytest.raises(DatabaseInUse, match=r"in use by another server \(process \d+\)"):
        Database.open(path, exclusive=True)
    first.close()
    Database.open(path, exclusive=True).close()


def test_the_lock_dies_with_its_holder(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from callwright.adapters.sqlite.database import Database\n"
        f"kept = Database.open(Path({str(path)!r}), exclusive=True)\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(DatabaseInUse, match=str(other.pid)):
            Database.open(path, exclusive=True)
        other.kill()
    Database.open(path, exclusive=True).close()


def test_a_tool_works_beside_a_server(path: Path) -> None:
    async def story() -> None:
        server = Database.open(path, exclusive=True)
        tool = Database.open(path, exclusive=False)
        made = await SqliteAccountStore(tool).create(
            "bob@example.com",
            account_type=AccountType.PRODUCTION,
            limits=CallLimits(channels=1, maximum_cps=1.0),
            key_hash=bytes(32),
        )
        assert made is not None
        assert await SqliteAccountStore(server).find("bob@example.com") == made
        tool.close()
        server.close()

    asyncio.run(story())


def test_no_node_begins_beside_a_server(path: Path) -> None:
    server, tool = Database.open(path, exclusive=True), Database.open(path, exclusive=False)
    with pytest.raises(RuntimeError, match="was not opened exclusively"):
        tool.begin_node(VirtualClock())
    tool.close()
    server.close()


def test_a_queue_without_a_node_claims_nothing(path: Path) -> None:
    tool = Database.open(path, exclusive=False)
    with pytest.raises(RuntimeError, match="opened without a node"):
        asyncio.run(SqliteQueueStore(tool).claim(ServiceId(1), limit=1, at=NOW))
    assert asyncio.run(SqliteQueueStore(tool).waiting()) == []
    tool.close()


def test_installations_stand_beside_each_other(tmp_path: Path) -> None:
    one = Database.open(tmp_path / "one" / "callwright.db", exclusive=True)
    two = Database.open(tmp_path / "two" / "callwright.db", exclusive=True)
    names = {one.begin_node(VirtualClock()).node_hex, two.begin_node(VirtualClock()).node_hex}
    one.close()
    two.close()
    assert len(names) == 2


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that can't be opened."""

    breaks: Callable[[Path], None]
    fault: type[StoreUnavailable]
    text: str


def not_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a shopping list, not a database\n" * 100)


def of_another_program(path: Path) -> None:
    path.parent.mkdir()
    change(path, "CREATE TABLE recipe (name TEXT)")


def of_another_program_that_says_so(path: Path) -> None:
    path.parent.mkdir()
    change(path, "PRAGMA application_id = 1234")


def without_a_version(path: Path) -> None:
    make(path)
    change(path, "DELETE FROM schema_version")


def from_the_future(path: Path) -> None:
    make(path)
    change(path, "UPDATE schema_version SET version = 999")


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def below_a_file(path: Path) -> None:
    path.parent.write_text("no folder")


BROKEN = [
    Broken(not_a_database, ForeignDatabase, "is not a Callwright database"),
    Broken(of_another_program, ForeignDatabase, "another program's database"),
    Broken(of_another_program_that_says_so, ForeignDatabase, "another program's database"),
    Broken(without_a_version, ForeignDatabase, "does not say which version"),
    Broken(from_the_future, NewerDatabase, rf"version 999, and this Callwright knows {LATEST}:"),
    Broken(a_folder, DatabaseFault, "can't be opened"),
    Broken(below_a_file, DatabaseFault, "can't be opened"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.breaks.__name__)
def test_a_file_that_cannot_be_opened_says_why(path: Path, broken: Broken) -> None:
    broken.breaks(path)
    for exclusive in (True, False):
        with pytest.raises(broken.fault, match=broken.text):
            Database.open(path, exclusive=exclusive)


def test_a_file_that_another_program_keeps_for_itself_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    other = apsw.Connection(str(path))
    other.pragma("locking_mode", "exclusive")
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    with pytest.raises(DatabaseFault, match="locked by another program"):
        Database.open(path, exclusive=True)
    other.close()
    Database.open(path, exclusive=True).close()


def test_another_programs_file_is_left_as_it_was(path: Path) -> None:
    of_another_program(path)
    before = path.read_bytes()
    with pytest.raises(ForeignDatabase):
        Database.open(path, exclusive=True)
    assert path.read_bytes() == before


def test_a_failed_opening_lets_go_of_the_lock(path: Path) -> None:
    from_the_future(path)
    with pytest.raises(NewerDatabase):
        Database.open(path, exclusive=True)
    change(path, f"UPDATE schema_version SET version = {LATEST}")  # noqa: S608 - a number of ours
    Database.open(path, exclusive=True).close()


def test_a_migration_waits_for_the_server_to_stop(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Database.open(path, exclusive=True)
    known = known_and("CREATE TABLE later (n INTEGER) STRICT")
    monkeypatch.setattr("callwright.adapters.sqlite.migration.known_migrations", lambda: known)
    with pytest.raises(OlderDatabase, match="stop the server first"):
        Database.open(path, exclusive=False)
    server.close()
    Database.open(path, exclusive=False).close()
    connection = apsw.Connection(str(path))
    assert connection.execute("SELECT version FROM schema_version").fetchall() == [(LATEST + 1,)]
    assert connection.pragma("application_id") == APPLICATION_ID
    assert connection.execute("SELECT count(*) FROM later").fetchall() == [(0,)]
    connection.close()


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    known = known_and("CREATE TABLE later (n INTEGER) STRICT; SELECT nonsense")
    with monkeypatch.context() as patch:
        patch.setattr("callwright.adapters.sqlite.migration.known_migrations", lambda: known)
        with pytest.raises(apsw.SQLError, match="nonsense"):
            Database.open(path, exclusive=True)
    Database.open(path, exclusive=True).close()


def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(SqliteTooOld, match=r"99\.0\.0 or newer is needed"):
        Database.open(path, exclusive=True)
    assert not path.exists()


@pytest.mark.parametrize(
    ("clock_moves", "epochs"),
    [
        ([0.0, 10.5, 20.0], [1_800_001_000, 1_800_001_010, 1_800_001_030]),
        ([0.0, 0.0, 0.2], [1_800_001_000, 1_800_001_001, 1_800_001_002]),
        ([0.0, -86_400.0], [1_800_001_000, 1_800_001_001]),
    ],
    ids=["forward", "within a second", "set back"],
)
def test_boot_epochs_grow_whatever_the_clock_says(
    path: Path, clock_moves: list[float], epochs: list[int]
) -> None:
    clock, boots = VirtualClock(), []
    for seconds in clock_moves:
        clock.advance(seconds)
        database = Database.open(path, exclusive=True)
        boots.append(database.begin_node(clock))
        database.close()
    assert [boot.boot_epoch for boot in boots] == epochs
    assert len({boot.node_hex for boot in boots}) == 1
    assert len({boot.boot_hex for boot in boots}) == len(boots)
