"""`callwright schedule …`: callback queues and their tasks, one by one or as files."""

import csv
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

import click

from callwright.cli.account import json_option
from callwright.cli.schedule_call import call
from callwright.cli.schedule_variables import variable
from callwright.cli.schedule_watch import watch
from callwright.cli.schedule_webhooks import list_events, redeliver
from callwright.cli.scheduler_client import (
    ApplicationKey,
    Json,
    SchedulerClient,
    application_options,
    ask,
)
from callwright.cli.task_import import (
    REASON_COLUMN,
    TableRow,
    Tally,
    TaskFile,
    check,
    count_rows,
    known_extensions,
    open_table,
    send,
)
from callwright.cli.task_table import EXPORTED, is_field, row_of_task, task_of_row
from callwright.domain.clock import UnixTime
from callwright.domain.errors import CallwrightError

TOLD_AT_MOST: Final = 20
"""Refused rows that are told on the terminal; the error file has all of them."""

EXPLANATION: Final = """Schedule callbacks: at its time, a task calls A, then B, and joins them.

Tasks wait in a queue, which begins them while it is on. These commands speak as an
application of yours; the operator makes one, and tells its key and secret:

\b
  callwright client add-application ann@example.com office
  export CALLWRIGHT_CLIENT_ID=... CALLWRIGHT_CLIENT_SECRET=...

\b
A queue, a task of tomorrow, and a file of them:
  callwright schedule new reminders --limit 4
  callwright schedule add 1 205 +37120000001 --extension @205 \\
      --field start_time_utc="2026-03-02 07:00:00" --field try_count=3
  callwright schedule import people.csv --queue 1 --dry-run \\
      --column b_number=Phone --set a_number=205 --set extension_id=@205
  callwright schedule on 1

\b
A callback at once, watched to its end:
  callwright schedule call --extension @205 --a 205 --b +37120000001 --wait

Fields of tasks, here and as columns of files, are named as in the web services:
name, a_number, b_number, extension_id, start_time_utc, try_count, try_again_pause,
url_after, variables.NAME, callback_params.NAME and the others, and beyond these:

\b
  deadline_utc     a task that still waits then ends, as expired
  priority         -100 to 100; the higher is called first
  dedup_key        while a task has this key, adding it again adds none
  timezone, call_from, call_to
                   when the called person may be called, such as Europe/Riga 09:00 17:30
  retry_causes     which outcomes are tried again, such as: a_busy b_no_answer
  backoff          1 to 10; each pause is so many times the one before
  recurrence       when it comes again, an iCalendar RRULE in timezone, such as
                   FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10
  recurrence_except
                   days without it, such as: 2027-12-24 2027-12-25
"""


@click.group(help=EXPLANATION)
def schedule() -> None:
    """Hold the commands."""


@schedule.command("queues")
@json_option
@application_options
def list_queues(key: ApplicationKey, *, as_json: bool) -> None:
    """List the queues: id, on or off, how many callbacks may run at a time, name."""
    queues = ask(key, SchedulerClient.queues)
    if as_json:
        click.echo(json.dumps(queues))
        return
    for one in queues:
        limit = one["concurrent_task_limit"]
        click.echo(f"{one['id']:9}  {one['status']:3}  {limit:4}  {one['name']}".rstrip())
    if not queues:
        click.echo("There is no queue yet: callwright schedule new", err=True)


@schedule.command("new")
@click.argument("name")
@click.option("--limit", type=int, default=1, show_default=True, help="Callbacks at a time.")
@json_option
@application_options
def new(key: ApplicationKey, name: str, *, limit: int, as_json: bool) -> None:
    """Make a queue NAME. It is off: callwright schedule on ID."""
    wish: Json = {"name": name, "concurrent_task_limit": limit}
    made = ask(key, lambda server: server.add_queue(wish))
    click.echo(json.dumps(made) if as_json else f"Queue {made['id']}, {name}, is made. It is off.")


@schedule.command("on")
@click.argument("queue", type=int)
@json_option
@application_options
def turn_on(key: ApplicationKey, queue: int, *, as_json: bool) -> None:
    """Have the tasks of QUEUE begun, first those whose time has passed."""
    _turn(key, queue, "on", as_json=as_json)


@schedule.command("off")
@click.argument("queue", type=int)
@json_option
@application_options
def turn_off(key: ApplicationKey, queue: int, *, as_json: bool) -> None:
    """Begin no more tasks of QUEUE; calls that run go on to their end."""
    _turn(key, queue, "off", as_json=as_json)


@schedule.command("tasks")
@click.argument("queue", type=int)
@click.option("--status", "states", multiple=True, help="Only those in this state; repeatable.")
@json_option
@application_options
def list_tasks(key: ApplicationKey, queue: int, states: tuple[str, ...], *, as_json: bool) -> None:
    """List the tasks of QUEUE: id, state, next try in UTC, numbers, how they ended, name."""
    query = [("status", state) for state in states]

    async def print_all(server: SchedulerClient) -> int:
        count = 0
        async for task in server.tasks(queue, query):
            click.echo(json.dumps(task) if as_json else _line(task))
            count += 1
        return count

    if not ask(key, print_all):
        click.echo("There is no such task.", err=True)


@schedule.command("add")
@click.argument("queue", type=int)
@click.argument("a_number")
@click.argument("b_number")
@click.option("--extension", required=True, help="Who calls: an extension's id, or @ and number.")
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="Repeatable.")
@json_option
@application_options
def add(
    key: ApplicationKey,
    queue: int,
    *,
    extension: str,
    fields: tuple[str, ...],
    as_json: bool,
    **numbers: str,
) -> None:
    """Add a task to QUEUE that calls A_NUMBER, then B_NUMBER; at once unless it says when."""
    wish = task_of_row(_pairs(fields, "--field"))
    wish |= numbers | {"extension_id": extension}
    (task,) = ask(key, lambda server: server.add_tasks(queue, [wish]))
    said = f"Task {task['id']}, next try {task['next_try_utc'] or 'none'} UTC."
    click.echo(json.dumps(task) if as_json else said)


@schedule.command("change")
@click.argument("queue", type=int)
@click.argument("task", type=int)
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="Repeatable.")
@json_option
@application_options
def change(
    key: ApplicationKey, queue: int, task: int, fields: tuple[str, ...], *, as_json: bool
) -> None:
    """Change fields of TASK in QUEUE while it waits; NAME= gives a field's default back."""
    given = _pairs(fields, "--field")
    wish = task_of_row(given) | {name: None for name, text in given.items() if not text.strip()}
    changed = ask(key, lambda server: server.change_task(queue, task, wish))
    said = f"Task {task}, next try {changed['next_try_utc'] or 'none'} UTC."
    click.echo(json.dumps(changed) if as_json else said)


@schedule.command("cancel")
@click.argument("queue", type=int)
@click.argument("task", type=int)
@click.option("--force", is_flag=True, help="Also while it calls: its calls are hung up.")
@application_options
def cancel(key: ApplicationKey, queue: int, task: int, *, force: bool) -> None:
    """Remove TASK from QUEUE."""
    ask(key, lambda server: server.delete_task(queue, task, by_force=force))
    click.echo(f"Task {task} is removed.")


@schedule.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--queue", type=int, required=True, help="Where to.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column has a field, if it is not named so; repeatable.",
)
@click.option(
    "--set", "constants", multiple=True, metavar="FIELD=VALUE", help="For rows without; repeatable."
)
@click.option(
    "--dry-run", is_flag=True, help="Say what is wrong and when rows recur, and add nothing."
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where refused rows go. Left out: FILE.refused.csv, beside FILE.",
)
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Of FILE.")
@application_options
def import_file(
    key: ApplicationKey,
    file: Path,
    *,
    queue: int,
    dry_run: bool,
    errors: Path | None,
    **reading: Any,
) -> None:
    """Add a task for each row of the CSV file FILE; its first row names the fields.

    Cells are divided by commas, semicolons or tabs. Rows go in batches of 500; those that are
    refused are written to the error file with the reason, and can be imported from there once
    they are mended.
    """
    refused_to = None if dry_run else errors or file.with_name(f"{file.name}.refused.csv")
    mapped = _pairs(reading["columns"], "--column")
    given, encoding = _pairs(reading["constants"], "--set"), reading["encoding"]
    try:
        length = count_rows(file, encoding)
        with file.open(encoding=encoding, newline="") as lines:
            table = open_table(lines, columns=mapped, constants=given)
            with (
                _refusals(table, refused_to) as tally,
                click.progressbar(length=length, label="Rows", file=sys.stderr) as bar,
            ):
                update = bar.update
                work = _check(table, tally, update)
                ask(key, work if dry_run else _send(table, tally, queue, update))
    except (OSError, UnicodeError, LookupError, csv.Error) as problem:
        raise click.ClickException(f"{file}: {problem}") from None
    _sum_up(table, tally, refused_to)


@schedule.command("export")
@click.argument("queue", type=int)
@click.option(
    "-o",
    "--output",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    help="Where to; left out, standard output.",
)
@application_options
def export(key: ApplicationKey, queue: int, *, output: TextIO) -> None:
    """Write all tasks of QUEUE as CSV; import reads the same columns."""

    async def write(server: SchedulerClient) -> int:
        writer = csv.DictWriter(output, EXPORTED, lineterminator="\n")
        writer.writeheader()
        count = 0
        async for task in server.tasks(queue):
            writer.writerow(row_of_task(task))
            count += 1
        return count

    click.echo(f"{ask(key, write)} tasks", err=True)


schedule.add_command(call)
schedule.add_command(variable)
schedule.add_command(list_events)
schedule.add_command(redeliver)
schedule.add_command(watch)


def _turn(key: ApplicationKey, queue: int, state: str, *, as_json: bool) -> None:
    changed = ask(key, lambda server: server.change_queue(queue, {"status": state}))
    click.echo(json.dumps(changed) if as_json else f"Queue {queue} is {changed['status']}.")


def _line(task: Json) -> str:
    ended = task["finish_comment"] or task["finish_result"] or ""
    when = task["next_try_utc"] or task["finish_date_utc"] or ""
    numbers = f"{task['a_number']} > {task['b_number']}"
    line = f"{task['id']:9}  {task['status']:23}  {when:19}  {numbers}  {ended}  {task['name']}"
    return line.rstrip()


def _pairs(texts: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not is_field(name):
            raise click.UsageError(
                f"{option} {text}: NAME=VALUE was expected, with the name of a field; "
                "callwright schedule --help lists them"
            )
        pairs[name] = value
    return pairs


def _check(
    table: TaskFile, tally: Tally, progress: Callable[[int], None]
) -> Callable[[SchedulerClient], Awaitable[None]]:
    async def work(server: SchedulerClient) -> None:
        find = known_extensions(await server.extensions())
        variables = {one["name"]: one["value"] async for one in server.variables()}
        now = UnixTime(time.time())
        for looked_at in check(table.rows, tally, find=find, variables=variables, now=now):
            progress(looked_at)

    return work


def _send(
    table: TaskFile, tally: Tally, queue: int, progress: Callable[[int], None]
) -> Callable[[SchedulerClient], Awaitable[None]]:
    return lambda server: send(table.rows, tally, server=server, queue_id=queue, progress=progress)


@contextmanager
def _refusals(table: TaskFile, path: Path | None) -> Iterator[Tally]:
    """Hand out a tally that writes refused rows to a file, which is there if there are any."""
    columns = [*(one for one in table.headings if one != REASON_COLUMN), REASON_COLUMN]
    with ExitStack() as opened:
        writers: list[csv.DictWriter[str]] = []

        def refuse(row: TableRow, reason: str) -> None:
            if path is None:
                return
            if not writers:
                target = opened.enter_context(path.open("w", encoding="utf-8", newline=""))
                writers.append(csv.DictWriter(target, columns, lineterminator="\n"))
                writers[0].writeheader()
            writers[0].writerow({**row.cells, REASON_COLUMN: reason})

        yield Tally(refuse, most_told=None if path is None else TOLD_AT_MOST)


def _sum_up(table: TaskFile, tally: Tally, path: Path | None) -> None:
    for line in tally.foreseen:
        click.echo(line)
    for line in tally.told:
        click.echo(line, err=True)
    if table.ignored:
        click.echo(f"Columns that mean nothing: {', '.join(table.ignored)}", err=True)
    could = "would be added" if path is None else "added"
    click.echo(f"{tally.added} {could}, {tally.refused} refused.")
    if tally.refused:
        where = "" if path is None else f" They are in {path}."
        raise CallwrightError(f"{tally.refused} rows were refused.{where}")
