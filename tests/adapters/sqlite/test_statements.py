"""Every statement is prepared, used, and walks an index however long the queue and the history."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import apsw
import pytest

from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.statements import statement

PACKAGE = files("callwright.adapters.sqlite")
NAMES = sorted(
    one.name.removesuffix(".sql")
    for one in (PACKAGE / "queries").iterdir()
    if one.name.endswith(".sql")
)
SOURCES = [one.read_text() for one in PACKAGE.iterdir() if one.name.endswith(".py")]
USED = set(
    re.findall(
        r'"((?:account|callback|caller_id|client_variable|extension|number|oauth|service|queue'
        r'|client_pause|record|reservation|inbound|node|webhook)_[a-z_]+)"',
        "\n".join(SOURCES),
    )
)

LONG_TABLES = (
    "ready|call_start|request|adr|cdr|err|fdr|task|call|attempt|callback_(task|attempt|event|call)"
)
"""Tables that grow with every call: no statement may walk one from end to end."""

SHORT_INDEXES = ("call_start_running", "callback_task_executed", "callback_task_to_end")
"""They hold what is in progress alone."""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[apsw.Connection]:
    path = tmp_path_factory.mktemp("statements") / "callwright.db"
    Database.open(path, exclusive=True).close()
    opened = apsw.Connection(str(path))
    yield opened
    opened.close()


def plan_of(connection: apsw.Connection, name: str) -> list[str]:
    """Return what SQLite would do, one line a step; nothing is bound, nothing is run."""
    sql = f"EXPLAIN QUERY PLAN {statement(name)}"
    cursor = connection.execute(sql, _nothing(sql))
    return [str(row[-1]) for row in cursor]


def _nothing(sql: str) -> dict[str, None] | tuple[None, ...]:
    names = re.findall(r":([a-z_]+)", sql)
    return dict.fromkeys(names) if names else (None,) * sql.count("?")


def test_every_statement_is_used_and_every_used_one_is_there() -> None:
    columns = {
        "account_id",
        "account_ids",
        "account_type",
        "extension_id",
        "extension_ids",
        "node_hex",
        "queue_id",
        "record_uuid",
        "service_id",
        "service_ids",
    }
    assert set(NAMES) == USED - columns


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_the_schema_and_walks_no_long_table(connection: apsw.Connection, name: str) -> None:
    for step in plan_of(connection, name):
        walks = re.match(rf"SCAN ({LONG_TABLES})\b", step)
        is_short = any(f"INDEX {index}" in step for index in SHORT_INDEXES)
        assert not walks or is_short, step


def test_the_plan_of_a_walk_would_be_seen(connection: apsw.Connection) -> None:
    steps = [str(row[-1]) for row in connection.execute("EXPLAIN QUERY PLAN SELECT * FROM ready")]
    assert [bool(re.match(rf"SCAN ({LONG_TABLES})\b", step)) for step in steps] == [True]


def test_every_migration_has_a_number_of_its_own() -> None:
    scripts = [Path(one.name).stem for one in (PACKAGE / "migrations").iterdir()]
    numbers = sorted(int(script[:3]) for script in scripts if not script.startswith("__"))
    assert numbers == list(range(1, len(numbers) + 1))
