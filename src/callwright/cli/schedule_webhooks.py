"""`callwright schedule webhooks` and `redeliver`: events that no receiver took."""

import json

import click

from callwright.cli.account import json_option
from callwright.cli.scheduler_client import (
    ApplicationKey,
    Json,
    SchedulerClient,
    application_options,
    ask,
)


@click.command("webhooks")
@click.option("--given-up", is_flag=True, help="Only those that are not tried any more.")
@json_option
@application_options
def list_events(key: ApplicationKey, *, given_up: bool, as_json: bool) -> None:
    """List events that were not taken yet: id, state, tries, next try in UTC, URL, what was said.

    What was given up can be sent again: callwright schedule redeliver.
    """
    query = [("state", "given_up")] if given_up else []

    async def print_all(server: SchedulerClient) -> int:
        count = 0
        async for event in server.events(query):
            click.echo(json.dumps(event) if as_json else _line(event))
            count += 1
        return count

    if not ask(key, print_all):
        click.echo("No event was given up." if given_up else "Every event was taken.", err=True)


@click.command("redeliver")
@click.argument("event", required=False)
@click.option("--all", "is_for_all", is_flag=True, help="All that was given up.")
@application_options
def redeliver(key: ApplicationKey, *, event: str | None, is_for_all: bool) -> None:
    """Send EVENT again, or all that was given up: now, and by the plan from its beginning."""
    if (event is None) != is_for_all:
        raise click.UsageError("Give an event's id, or --all; callwright schedule webhooks has ids")
    if event is None:
        count = ask(key, SchedulerClient.redeliver_given_up)
        click.echo(f"{count} events are sent again.")
    else:
        sent = ask(key, lambda server: server.redeliver(event))
        click.echo(f"{sent['event_id']} is sent again to {sent['url']}.")


def _line(event: Json) -> str:
    said = event["last_status"] or event["last_reason"]
    when = event["next_try_utc"] or event["given_up_utc"]
    line = f"{event['event_id']:28}  {event['state']:8}  {event['tries']:2}  {when}  {event['url']}"
    return f"{line}  {said}".rstrip()
