"""A file of tasks on its way to a queue: read row by row, checked, sent in batches."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Final

import click

from callwright.cli.scheduler_client import Json, SchedulerClient, TasksRefused
from callwright.cli.server import ServerUnreachable
from callwright.cli.task_table import BadCell, is_field, task_of_row, unknown_columns
from callwright.domain.callback import ExtensionId, TaskWish
from callwright.domain.clock import UnixTime
from callwright.scheduler.printing import print_moment
from callwright.scheduler.requests.client_variables import replaced
from callwright.scheduler.requests.fields import BadRequest, whole_number
from callwright.scheduler.requests.task_shape import read_tasks
from callwright.scheduler.series import upcoming

BATCH: Final = 500
"""Tasks of one request, which is carried out whole or not at all."""

MAX_ADDED: Final = 8 << 20
"""Characters that values of variables may add to a request; as the server has it."""

DELIMITERS: Final = ",;\t"

REASON_COLUMN: Final = "refused_because"
"""Added to the rows of the error file; a file with it can be imported again once it is mended."""

FORESEEN_STARTS: Final = 3
FORESEEN_AT_MOST: Final = 20
"""Rows whose next starts are told."""

_WHICH: Final = re.compile(r"tasks\[(\d+)\]\.?(.*)")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file."""

    number: int
    """As a spreadsheet counts it: the first after the headings is 2."""
    cells: Mapping[str, str]
    """As they stand in the file."""
    fields: Mapping[str, str]
    """By the fields' names."""
    problem: str = ""
    """Why it is no row; empty where it is."""


@dataclass(slots=True)
class TaskFile:
    """A file of tasks that is open for reading."""

    headings: Sequence[str]
    rows: Iterator[TableRow]
    ignored: Sequence[str]
    """Columns that mean nothing."""


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    refuse: Callable[[TableRow, str], None]
    """Told of each row that is refused, and why."""
    most_told: int | None = None
    """How many are told in `told`; None for all."""
    added: int = field(default=0, init=False)
    refused: int = field(default=0, init=False)
    told: list[str] = field(default_factory=list, init=False)
    foreseen: list[str] = field(default_factory=list, init=False)
    """Of rows that recur, when their first tasks would start."""

    def note_good(self, row: TableRow, wish: TaskWish) -> None:
        """Count a row that would be added, and tell when the first tasks of a series start."""
        self.added += 1
        if wish.extras.recurrence is not None and len(self.foreseen) < FORESEEN_AT_MOST:
            starts = (print_moment(start) for start in upcoming(wish, FORESEEN_STARTS))
            self.foreseen.append(f"row {row.number}: {', '.join(map(str, starts))} UTC")

    def note(self, row: TableRow, reason: str) -> None:
        """Count a row that is refused."""
        if self.most_told is None or self.refused < self.most_told:
            self.told.append(f"row {row.number}: {reason}")
        self.refused += 1
        self.refuse(row, reason)


Find = Callable[[object], ExtensionId | None]


def open_table(
    lines: IO[str], *, columns: Mapping[str, str], constants: Mapping[str, str]
) -> TaskFile:
    """Read a file's headings; `columns` says which heading has a field, `constants` are for all.

    Raises:
        click.UsageError: a column that is named is not there, or a field has two; or all rows
            were to have one key.

    """
    if "dedup_key" in constants:
        raise click.UsageError("--set dedup_key: of all rows with one key, only one is added")
    first = lines.readline()
    if not first.strip():
        raise click.UsageError("the file does not begin with a row of headings")
    delimiter = max(DELIMITERS, key=first.count)
    headings = next(csv.reader([first], delimiter=delimiter), [])
    missing = [heading for heading in columns.values() if heading not in headings]
    if missing:
        there = ", ".join(headings)
        raise click.UsageError(f"{missing[0]!r} is no column of the file; there are: {there}")
    by_heading = {one: one for one in headings if is_field(one) and one not in columns}
    by_heading |= {heading: name for name, heading in columns.items()}
    fields = [by_heading[one] for one in headings if one in by_heading]
    twice = [one for one in dict.fromkeys(fields) if fields.count(one) > 1]
    if twice:
        raise click.UsageError(f"two columns of the file are {twice[0]!r}: which one is it?")
    ignored = [
        one for one in unknown_columns(headings) if one not in by_heading and one != REASON_COLUMN
    ]
    rows = _rows(lines, delimiter, headings, by_heading=by_heading, constants=constants)
    return TaskFile(headings, rows, ignored)


def known_extensions(extensions: Sequence[Json]) -> Find:
    """Return what says whether a value names an extension, by its id or as `@` and its number."""
    ids = {one["id"]: ExtensionId(one["id"]) for one in extensions}
    numbers = {f"@{one['name'].rpartition('*')[2]}": ExtensionId(one["id"]) for one in extensions}

    def find(value: object) -> ExtensionId | None:
        number = whole_number(value)
        return numbers.get(str(value)) if number is None else ids.get(number)

    return find


def check(
    rows: Iterator[TableRow],
    tally: Tally,
    *,
    find: Find,
    variables: Mapping[str, str],
    now: UnixTime,
) -> Iterator[int]:
    """Check rows as the server would, and add none; yields how many were looked at each time.

    `variables` are the client's, by name.
    """
    for batch in _batches(rows):
        tasks = _tasks(batch, tally)
        while tasks:
            try:
                body = {"tasks": [task for _, task in tasks]}
                wishes = read_tasks(replaced(body, variables, most=MAX_ADDED), find=find, now=now)
            except BadRequest as refused:
                faults = [(fault.path, fault.message) for fault in refused.faults]
                left = _without_refused(tasks, faults, tally)
                if len(left) == len(tasks):
                    raise
                tasks = left
            else:
                for (row, _), wish in zip(tasks, wishes, strict=True):
                    tally.note_good(row, wish)
                break
        yield len(batch)


async def send(
    rows: Iterator[TableRow],
    tally: Tally,
    *,
    server: SchedulerClient,
    queue_id: int,
    progress: Callable[[int], None],
) -> None:
    """Add rows in batches; of one that is refused, the rows at fault are named and left out.

    Raises:
        ServerRefused: the server takes none, for a reason that is no row's.
        ServerUnreachable: it went away; the text says which rows are in doubt.

    """
    for batch in _batches(rows):
        tasks = _tasks(batch, tally)
        while tasks:
            try:
                await server.add_tasks(queue_id, [task for _, task in tasks])
            except TasksRefused as refused:
                left = _without_refused(tasks, refused.faults, tally)
                if len(left) == len(tasks):
                    raise
                tasks = left
            except (OSError, TimeoutError) as problem:
                # aiohttp's faults of a line are OSErrors.
                raise ServerUnreachable(_in_doubt(batch, tally, problem)) from problem
            else:
                tally.added += len(tasks)
                break
        progress(len(batch))


def count_rows(path: Path, encoding: str) -> int:
    """Return about how many rows a file has, for a progress bar."""
    with path.open(encoding=encoding, newline="") as lines:
        return max(0, sum(1 for _ in lines) - 1)


def _rows(
    lines: IO[str],
    delimiter: str,
    headings: Sequence[str],
    *,
    by_heading: Mapping[str, str],
    constants: Mapping[str, str],
) -> Iterator[TableRow]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in count(2):
        after = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as bad:
            # A quote without its other one, as a rule. What follows is read as if it were well.
            where = f"lines {after + 1} to {reader.line_num + 1}"
            yield TableRow(number, {}, {}, f"no row of a CSV file, {where}: {bad}")
            continue
        if not any(values):
            continue
        cells = dict(zip(headings, values, strict=False))
        if any(values[len(headings) :]):
            more = f"{len(values)} cells, but {len(headings)} headings: quotes are missing?"
            yield TableRow(number, cells, {}, more)
            continue
        named = {name: cells.get(heading, "") for heading, name in by_heading.items()}
        given = {name: text for name, text in named.items() if text.strip()}
        yield TableRow(number, cells, {**constants, **given})


def _batches(rows: Iterator[TableRow]) -> Iterator[list[TableRow]]:
    batch: list[TableRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _tasks(batch: Sequence[TableRow], tally: Tally) -> list[tuple[TableRow, Json]]:
    tasks = []
    for row in batch:
        if row.problem:
            tally.note(row, row.problem)
            continue
        try:
            tasks.append((row, task_of_row(row.fields)))
        except BadCell as bad:
            tally.note(row, str(bad))
    return tasks


def _without_refused(
    tasks: Sequence[tuple[TableRow, Json]], faults: Sequence[tuple[str, str]], tally: Tally
) -> list[tuple[TableRow, Json]]:
    """Note the rows that are named, and return the others."""
    reasons: dict[int, list[str]] = {}
    for path, message in faults:
        found = _WHICH.fullmatch(path)
        if found is not None:
            said = f"{found[2]}: {message}" if found[2] else message
            reasons.setdefault(int(found[1]), []).append(said)
    left = []
    for index, (row, task) in enumerate(tasks):
        if index in reasons:
            tally.note(row, "; ".join(reasons[index]))
        else:
            left.append((row, task))
    return left


def _in_doubt(batch: Sequence[TableRow], tally: Tally, problem: Exception) -> str:
    first, last = batch[0].number, batch[-1].number
    return (
        f"{str(problem) or type(problem).__name__}\n"
        f"{tally.added} tasks were added. Rows {first} to {last} may have been, too: if they have "
        "a dedup_key, importing the file again adds none twice."
    )
