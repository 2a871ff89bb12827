"""The schema refuses a start whose columns do not fit its state, whoever writes it."""

from collections.abc import Iterator

import apsw
import pytest

from callwright.adapters.sqlite.database import Database
from callwright.domain.invocation import InvocationState

VALUES: dict[str, object] = {
    "claimed_at": 11.0,
    "instance_id": "instance",
    "call_id": "call",
    "dialled_at": 12.0,
    "answered_at": 13.0,
    "ended_at": 14.0,
    "exit_status": 0,
    "reason": "Service is disabled",
}
INTENT = {"instance_id", "call_id", "dialled_at"}

ALLOWED: dict[InvocationState, list[set[str]]] = {
    InvocationState.QUEUED: [set()],
    InvocationState.RUNNING: [
        {"claimed_at"},
        {"claimed_at", *INTENT},
        {"claimed_at", *INTENT, "answered_at"},
    ],
    InvocationState.COMPLETED: [
        {"claimed_at", *INTENT, "ended_at", "exit_status"},
        {"claimed_at", *INTENT, "answered_at", "ended_at", "exit_status"},
    ],
    InvocationState.COULD_NOT_RUN: [{"claimed_at", "ended_at", "reason"}],
    InvocationState.CANCELLED: [{"ended_at"}],
}
"""Which columns are filled in which state."""

REFUSED = [
    (state, frozenset(columns ^ {changed}))
    for state, rows in ALLOWED.items()
    for columns in rows
    for changed in VALUES
    if columns ^ {changed} not in rows
]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[apsw.Connection]:
    path = tmp_path_factory.mktemp("call_start") / "callwright.db"
    Database.open(path, exclusive=True).close()
    opened = apsw.Connection(str(path))
    yield opened
    opened.close()


def insert(connection: apsw.Connection, state: str, columns: set[str] | frozenset[str]) -> None:
    """Write one row and take it back."""
    bindings = {name: VALUES[name] if name in columns else None for name in VALUES}
    names, places = ", ".join(VALUES), ", ".join(f":{name}" for name in VALUES)
    with connection:
        connection.execute("SAVEPOINT row")
        connection.execute(
            f"INSERT INTO call_start (ref, account_id, service_id, seq, payload, queued_at, "  # noqa: S608 - names of ours
            f"state, {names}) VALUES ('ref', 1, 1, 1, x'7b7d', 10.0, :state, {places})",
            bindings | {"state": state},
        )
        connection.execute("ROLLBACK TO row")


@pytest.mark.parametrize(
    ("state", "columns"), [(state, columns) for state, rows in ALLOWED.items() for columns in rows]
)
def test_a_start_has_what_its_state_has(
    connection: apsw.Connection, state: InvocationState, columns: set[str]
) -> None:
    insert(connection, state, columns)


@pytest.mark.parametrize(("state", "columns"), REFUSED)
def test_a_start_has_nothing_else_and_nothing_less(
    connection: apsw.Connection, state: InvocationState, columns: frozenset[str]
) -> None:
    with pytest.raises(apsw.ConstraintError, match="CHECK constraint failed"):
        insert(connection, state, columns)


def test_there_is_no_other_state(connection: apsw.Connection) -> None:
    with pytest.raises(apsw.ConstraintError, match="CHECK constraint failed"):
        insert(connection, "paused", set())
