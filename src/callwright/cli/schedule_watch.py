"""`callwright schedule watch`: queues as they move."""

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Final

import click

from callwright.cli.account import json_option
from callwright.cli.queue_view import QueueView
from callwright.cli.scheduler_client import (
    ApplicationKey,
    Json,
    SchedulerClient,
    application_options,
    ask,
)

_CLEAR_LINE: Final = "\r\x1b[2K"
"""ECMA-48: to the first column, and erase the line."""

Show = Callable[[Json], None]


@click.command("watch")
@click.argument("queue", type=int, required=False)
@click.option("--until-done", is_flag=True, help="End when no task of QUEUE is left.")
@json_option
@application_options
def watch(key: ApplicationKey, queue: int | None, *, until_done: bool, as_json: bool) -> None:
    """Watch QUEUE, or all queues: what happens to each task, and how far all of it is.

    On a terminal the last line is a bar; elsewhere each change of it is a line of its own. It
    goes on until it is interrupted, unless --until-done is given.
    """
    if until_done and queue is None:
        raise click.UsageError("--until-done needs a QUEUE")
    view = QueueView(has_colour=sys.stdout.isatty())

    async def follow(server: SchedulerClient) -> None:
        with _shown(view, as_json=as_json) as show:
            async with contextlib.aclosing(server.watch(queue)) as events:
                async for event in events:
                    show(event)
                    if until_done and event["event"] == "progress" and view.is_done:
                        return

    with contextlib.suppress(KeyboardInterrupt):
        ask(key, follow)


@contextlib.contextmanager
def _shown(view: QueueView, *, as_json: bool) -> Iterator[Show]:
    """Hand out what shows an event."""

    def show_json(event: Json) -> None:
        view.take(event)
        click.echo(json.dumps(event))

    def show_line(event: Json) -> None:
        click.echo(view.take(event) or view.status())

    def show_bar(event: Json) -> None:
        line = view.take(event)
        width = shutil.get_terminal_size().columns - 1
        above = f"{line}\n" if line else ""
        click.echo(f"{_CLEAR_LINE}{above}{view.status()[:width]}", nl=False)

    if as_json:
        yield show_json
    elif not sys.stdout.isatty():
        yield show_line
    else:
        try:
            yield show_bar
        finally:
            click.echo()
