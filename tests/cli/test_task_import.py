"""Files that are no tables, or broken ones: told row by row, at nobody else's cost."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from callwright.cli.task_import import Tally, check, known_extensions, open_table
from callwright.domain.clock import UnixTime
from tests.sim.office import Office, open_office

HEAD = b"a_number,b_number,extension_id,name\n"
GOOD = b"205,206,@205,Ann\n"
NO_ROW = "row 3: no row of a CSV file"
NO_HEADINGS = "the file does not begin with a row of headings"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        opened.run("new", "q")
        yield opened


def imported(office: Office, content: bytes, *options: str) -> tuple[int, str]:
    """Import a file; returns the exit code and what was said to the person."""
    path = office.folder / "people.csv"
    path.write_bytes(content)
    told = office.run("import", str(path), "--queue", "1", *options)
    assert told.exception is None or isinstance(told.exception, SystemExit)
    return told.exit_code, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            b'205,206,@205,"Ann\n1,2,3,4\n',
            "row 3: no row of a CSV file, lines 3 to 4: unexpected end",
        ),
        (b'205,206,@205,"Ann" B\n', f"{NO_ROW}, lines 3 to 3: ',' expected"),
        (b"205,206,@205,A\0B\n", "a NUL character is not allowed"),
        (b"205,206,@205,Ann, the boss\n", "row 3: 5 cells, but 4 headings: quotes are missing?"),
        (b"205,206\n", "row 3: extension_id: is missing"),
        (
            b"205,206,@205," + b"x" * 10_000_000 + b"\n",
            f"{NO_ROW}, lines 3 to 3: field larger",
        ),
        (b"205,\xc3\xa4,@205,Ann\n", "row 3: b_number: 'ä': 1 to 32 digits"),
    ],
    ids=["open quote", "quote", "NUL", "too many", "too few", "10 MB", "no number"],
)
def test_a_broken_row_costs_itself_alone(office: Office, row: bytes, said: str) -> None:
    code, told = imported(office, HEAD + GOOD + row)
    assert code == 1
    assert said in told
    assert "1 added, 1 refused." in told
    assert len(office.tasks()) == 1


def test_what_follows_a_broken_row_is_added(office: Office) -> None:
    broken = b"205,206,@205," + b"x" * 200_000 + b"\n" + b"205,206,@205,a,b\n"
    code, told = imported(office, HEAD + GOOD + broken + GOOD * 600)
    assert (code, "601 added, 2 refused." in told) == (1, True)
    refused = (office.folder / "people.csv.refused.csv").read_text(encoding="utf-8")
    reasons = [row["refused_because"] for row in csv.DictReader(io.StringIO(refused))]
    assert [reason.split(":")[0] for reason in reasons] == [
        "no row of a CSV file, lines 3 to 3",
        "5 cells, but 4 headings",
    ]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"", (), NO_HEADINGS),
        (b"\n205,206\n", (), NO_HEADINGS),
        (HEAD.replace(b"name", b"b_number") + GOOD, (), "two columns of the file are 'b_number'"),
        (HEAD + "205,206,@205,Jänis\n".encode("latin-1"), (), "can't decode byte 0xe4"),
        ((HEAD + GOOD).decode().encode("utf-16"), (), "can't decode byte 0xff"),
        (b"x" * 10_000_000 + b"\n1\n", (), "field larger than field limit"),
        (HEAD + GOOD, ("--set", "dedup_key=k"), "of all rows with one key, only one is added"),
        (HEAD + GOOD, ("--column", "b_number=Phone"), "'Phone' is no column of the file"),
    ],
    ids=["empty", "no head", "twice", "latin-1", "utf-16", "10 MB", "one key", "no column"],
)
def test_a_file_that_is_no_table_adds_nothing(
    office: Office, content: bytes, options: tuple[str, ...], said: str
) -> None:
    code, told = imported(office, content, *options)
    assert code != 0
    assert said in told
    assert office.tasks() == []


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (HEAD + GOOD, ()),
        ((HEAD + GOOD).replace(b"\n", b"\r\n"), ()),
        (b"\xef\xbb\xbf" + HEAD + GOOD.rstrip(), ()),
        ((HEAD + GOOD).replace(b",", b";"), ()),
        ((HEAD + GOOD).replace(b",", b"\t"), ()),
        ((HEAD + GOOD).decode().encode("utf-16"), ("--encoding", "utf-16")),
        (HEAD + b'"205","206","@205","Ann, the ""boss""\nof all"\n', ()),
        (HEAD + b"\n,,,\n" + GOOD, ()),
        (
            b"b_number,Mobile,a_number,extension_id\n1,206,205,@205\n",
            ("--column", "b_number=Mobile"),
        ),
    ],
)
def test_tables_that_are_written_otherwise(
    office: Office, content: bytes, options: tuple[str, ...]
) -> None:
    code, told = imported(office, content, *options)
    assert (code, "1 added, 0 refused." in told) == (0, True), told
    assert office.tasks()[0]["b_number"] == "206"


def test_an_import_that_was_cut_is_run_again_and_adds_none_twice(office: Office) -> None:
    rows = [b"205,206,@205,job-%d\n" % number for number in range(1201)]
    head = HEAD.replace(b"name", b"dedup_key")
    # As far as it got: two batches of three.
    assert imported(office, head + b"".join(rows[:1000]))[0] == 0
    first = {task["dedup_key"]: task["id"] for task in office.tasks()}
    code, _ = imported(office, head + b"".join(rows))
    tasks = office.tasks()
    assert (code, len(tasks)) == (0, 1201)
    assert first.items() <= {task["dedup_key"]: task["id"] for task in tasks}.items()


def test_a_huge_file_takes_no_more_memory_than_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.write_bytes(HEAD + (b"205,206,1," + b"x" * 200 + b"\n") * 20_000)
    told: list[str] = []
    tally = Tally(lambda row, reason: told.append(f"{row.number}: {reason}"))
    with path.open(encoding="utf-8", newline="") as lines:
        table = open_table(lines, columns={}, constants={})
        extensions = known_extensions([{"id": 1, "name": "0001*205"}])
        tracemalloc.start()
        try:
            work = check(table.rows, tally, find=extensions, now=UnixTime(0.0), variables={})
            looked_at = list(work)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (sum(looked_at), tally.added, told) == (20_000, 20_000, [])
    # 500 rows of 200 bytes and what is made of them, not all of it, some 40 million bytes as rows.
    assert peak < 8_000_000


def test_headings_alone_are_a_table_without_rows(office: Office) -> None:
    code, told = imported(office, HEAD)
    assert (code, "0 added, 0 refused." in told) == (0, True)


def test_what_no_click_command_says_is_said_by_the_table() -> None:
    with pytest.raises(click.UsageError, match="headings"):
        open_table(io.StringIO(""), columns={}, constants={})
