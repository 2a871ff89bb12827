"""The writer shares transactions and nobody's failure, and says whose fault it was."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import pytest

from callwright.adapters.sqlite.faults import DatabaseFault
from callwright.adapters.sqlite.writer import GroupWork, Work, Writer
from callwright.domain.errors import StoreBusy, StoreUnavailable

MAX_WAITING = 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "numbers.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "wal")
    connection.execute("CREATE TABLE number (n INTEGER PRIMARY KEY)")
    opened = Writer(connection, path, max_waiting=MAX_WAITING)
    yield opened
    opened.close()


def insert(n: int) -> Work[int]:
    def work(connection: apsw.Connection) -> int:
        connection.execute("INSERT INTO number VALUES (?)", (n,))
        return n

    return work


def numbers(path: Path) -> list[int]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return [n for (n,) in connection.execute("SELECT n FROM number ORDER BY n")]
    finally:
        connection.close()


async def hold(writer: Writer, let_go: threading.Event) -> "asyncio.Task[None]":
    """Keep the writer inside a transaction until it is let go; returns when it is inside."""
    loop, inside = asyncio.get_running_loop(), asyncio.Event()

    def work(_connection: apsw.Connection) -> None:
        loop.call_soon_threadsafe(inside.set)
        let_go.wait(10)

    held = asyncio.create_task(writer.run(work))
    await inside.wait()
    return held


def test_a_write_is_on_disk_when_it_returns(writer: Writer, path: Path) -> None:
    async def story() -> None:
        assert await writer.run(insert(7)) == 7
        assert numbers(path) == [7]

    asyncio.run(story())


def test_units_that_wait_share_a_transaction(writer: Writer, path: Path) -> None:
    let_go = threading.Event()
    commits: list[int] = []

    def count(connection: apsw.Connection) -> None:
        connection.set_commit_hook(on_commit)

    def on_commit() -> bool:
        commits.append(1)
        return False

    async def story() -> None:
        await writer.run(count)
        commits.clear()
        held = await hold(writer, let_go)
        waiting = [asyncio.create_task(writer.run(insert(n))) for n in range(MAX_WAITING)]
        await asyncio.sleep(0)
        let_go.set()
        await asyncio.gather(held, *waiting)

    asyncio.run(story())
    assert numbers(path) == [0, 1, 2]
    assert len(commits) <= 2


def test_a_failing_unit_fails_alone(writer: Writer, path: Path) -> None:
    let_go = threading.Event()

    def fail(connection: apsw.Connection) -> None:
        connection.execute("INSERT INTO number VALUES (99)")
        raise LookupError("a bug of the one who asked")

    async def story() -> tuple[object, object, object]:
        held = await hold(writer, let_go)
        told = asyncio.gather(
            writer.run(insert(1)), writer.run(fail), writer.run(insert(2)), return_exceptions=True
        )
        await asyncio.sleep(0)
        let_go.set()
        await held
        return await told

    first, failed, second = asyncio.run(story())
    assert (first, second) == (1, 2)
    assert isinstance(failed, LookupError)
    assert numbers(path) == [1, 2]


class Numbers:
    """Work for a group: inserts numbers, and notes which came together."""

    def __init__(self, *, at_once: int) -> None:
        self.together: list[list[int]] = []
        self.group = GroupWork(self.insert, size=lambda _: 1, at_once=at_once)

    def insert(self, connection: apsw.Connection, asked: Sequence[int]) -> list[int | Exception]:
        self.together.append(list(asked))
        for n in asked:
            connection.execute("INSERT INTO number VALUES (?)", (n,))
        return [LookupError("odd") if n % 2 else 10 * n for n in asked]


async def waiting_together(writer: Writer, *asked: "Numbers | Work[object]") -> list[object]:
    """Let all wait, then run; of `Numbers` each asks for its place in the row."""

    async def told(n: int, one: "Numbers | Work[object]") -> object:
        if isinstance(one, Numbers):
            tenfold: int = await writer.run_in_group(one.group, n)
            return tenfold
        return await writer.run(one)

    let_go = threading.Event()
    held = await hold(writer, let_go)
    all_told = asyncio.gather(
        *(told(n, one) for n, one in enumerate(asked)), return_exceptions=True
    )
    await asyncio.sleep(0)
    let_go.set()
    await held
    return await all_told


def test_a_group_is_done_in_one_go_and_each_is_told_its_own(writer: Writer, path: Path) -> None:
    evens = Numbers(at_once=9)
    zero, one, two = asyncio.run(waiting_together(writer, evens, evens, evens))
    assert evens.together == [[0, 1, 2]]
    assert (zero, two) == (0, 20)
    assert isinstance(one, LookupError)
    # What is told is not what is written: that was the work's own to decide.
    assert numbers(path) == [0, 1, 2]


def test_a_group_ends_at_its_bound_and_at_the_next_kind_of_work(writer: Writer, path: Path) -> None:
    pairs, others = Numbers(at_once=2), Numbers(at_once=2)
    asyncio.run(waiting_together(writer, pairs, pairs, pairs))
    assert pairs.together == [[0, 1], [2]]
    told = asyncio.run(waiting_together(writer, insert(10), others, insert(12)))
    assert others.together == [[1]]
    assert (told[0], told[2]) == (10, 12)
    assert numbers(path) == [0, 1, 2, 10, 12]


def test_what_fails_in_company_is_done_alone(writer: Writer, path: Path) -> None:
    asyncio.run(writer.run(insert(1)))
    some = Numbers(at_once=9)
    zero, one, two = asyncio.run(waiting_together(writer, some, some, some))
    assert (zero, two) == (0, 20)
    assert isinstance(one, apsw.ConstraintError)
    assert some.together == [[0, 1, 2], [0], [1], [2]]
    assert numbers(path) == [0, 1, 2]


def test_a_broken_rule_of_the_database_stays_our_bug(writer: Writer, path: Path) -> None:
    async def story() -> None:
        await writer.run(insert(1))
        with pytest.raises(apsw.ConstraintError):
            await writer.run(insert(1))
        await writer.run(insert(2))

    asyncio.run(story())
    assert numbers(path) == [1, 2]


def test_at_the_bound_writes_are_refused(writer: Writer, path: Path) -> None:
    let_go = threading.Event()

    async def story() -> None:
        held = await hold(writer, let_go)
        waiting = [asyncio.create_task(writer.run(insert(n))) for n in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(StoreBusy, match="3 writes"):
            await writer.run(insert(9))
        # What was begun is not given up half-way.
        waiting.append(asyncio.create_task(writer.run(insert(5), goes_on=True)))
        await asyncio.sleep(0)
        let_go.set()
        await asyncio.gather(held, *waiting)
        await writer.run(insert(10))

    asyncio.run(story())
    assert numbers(path) == [0, 1, 2, 5, 10]


def test_one_who_goes_away_is_not_missed(writer: Writer, path: Path) -> None:
    let_go = threading.Event()

    async def story() -> None:
        held = await hold(writer, let_go)
        gone = asyncio.create_task(writer.run(insert(1)))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        let_go.set()
        await held
        await writer.run(insert(2))

    asyncio.run(story())
    assert numbers(path) == [1, 2]


def limit_pages(connection: apsw.Connection) -> None:
    connection.pragma("max_page_count", connection.pragma("page_count"))


def lift_pages(connection: apsw.Connection) -> None:
    connection.pragma("max_page_count", 1_000_000)


def make_read_only(connection: apsw.Connection) -> None:
    connection.pragma("query_only", True)


def make_writable(connection: apsw.Connection) -> None:
    connection.pragma("query_only", False)


def fill(connection: apsw.Connection) -> None:
    connection.executemany("INSERT INTO number VALUES (?)", ((n,) for n in range(10, 100_000)))


DISKS = {
    "full": (limit_pages, lift_pages, "is full: nothing was written"),
    "read-only": (make_read_only, make_writable, "can't be written by this user"),
}


@pytest.mark.parametrize(("breaks", "mends", "text"), DISKS.values(), ids=DISKS.keys())
def test_a_disk_that_fails_is_told_and_survived(
    writer: Writer, path: Path, breaks: Work[None], mends: Work[None], text: str
) -> None:
    async def story() -> None:
        await writer.run(insert(1))
        await writer.run(breaks)
        with pytest.raises(DatabaseFault, match=text):
            await writer.run(fill)
        mends(writer._connection)  # no transaction can begin, so not through the writer
        await writer.run(insert(2))

    asyncio.run(story())
    assert numbers(path) == [1, 2]


def test_another_program_that_does_not_let_go_is_told(writer: Writer, path: Path) -> None:
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")

    async def story() -> None:
        with pytest.raises(DatabaseFault, match="locked by another program"):
            await writer.run(insert(1))
        other.execute("ROLLBACK")
        await writer.run(insert(2))

    asyncio.run(story())
    other.close()
    assert numbers(path) == [2]


def test_closing_writes_what_waits_and_refuses_the_rest(writer: Writer, path: Path) -> None:
    async def story() -> None:
        last = asyncio.create_task(writer.run(insert(1)))
        await asyncio.sleep(0)
        writer.close()
        assert await last == 1
        with pytest.raises(StoreUnavailable, match="is closed"):
            await writer.run(insert(2))

    asyncio.run(story())
    assert numbers(path) == [1]


def test_a_loop_that_is_gone_stops_nobody(writer: Writer, path: Path) -> None:
    let_go = threading.Event()

    async def leave() -> None:
        held = await hold(writer, let_go)
        held.cancel()

    asyncio.run(leave())
    let_go.set()
    assert writer.run_waiting(insert(3)) == 3
    assert numbers(path) == [3]
