"""`callwright conference …`: rooms in use and reserved ones, and who is in them."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final  # JSON of the server's

import click

from callwright.cli.account import json_option
from callwright.cli.server import Credentials, server_options, speak_to
from callwright.conferences import wire_names as wire
from callwright.conferences.reservation import ConferenceState
from callwright.domain.clock import UnixTime, print_datetime

NOW: Final = "now"

EXPLANATION: Final = """Show conferences, reserve them, and have a hand on those who are in them.

A conference needs no reservation: it is there as soon as somebody comes in, by the action
connect_to_conference or a call to con:NAME, and takes 40 people. A reserved one takes up to
350, at a time that is its own; who comes before is told that it is busy, or talks to an
inbound service of yours. The operator enables that: callwright account features.

\b
A conference of an hour that begins now:
  callwright conference reserve Weekly42 --minutes 60 --participants 100
Who is in it, and who talks:
  callwright conference participants Weekly42
Participants are named by the ids of their calls:
  callwright conference mute Weekly42 049136ca36e44662.209560.914358273

Rooms are those of the server that is asked, where several share a database.
"""

_Json = dict[str, Any]


@click.group(help=EXPLANATION)
def conference() -> None:
    """Hold the commands."""


def _when(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that describe a reservation."""
    for option in (
        click.option("--divert", help="Inbound service that takes calls before the start."),
        click.option("--minutes", type=int, help="How long it takes, 1 to 1440."),
        click.option("--start", help="When it begins, UTC, YYYY-MM-DD_hh:mm:ss; or: now."),
        click.option("--participants", type=int, help="How many it takes, 1 to 350."),
    ):
        option(command)
    return command


@conference.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([one.value for one in ConferenceState], case_sensitive=False),
    help="Only those in this state; repeatable.",
)
@json_option
@server_options
def list_conferences(credentials: Credentials, states: tuple[str, ...], *, as_json: bool) -> None:
    """List reserved conferences, and all others that somebody is in.

    RESERVED: booked, not begun. HOLDING: open, and whoever is in it waits. ACTIVE: two or more
    hear each other. COMPLETED: reserved, and over.
    """
    told = _ask(credentials, wire.LIST, {wire.STATE: "/".join(states)})
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, one in told.items():
        people = f"{one[wire.PARTICIPANT_COUNT]:3} of {one[wire.MAX_PARTICIPANTS]:3}"
        click.echo(f"{one[wire.STATE]:9}  {people}  {name}{_reserved(one)}")
    if not told:
        click.echo("There is none.", err=True)


@conference.command("participants")
@click.argument("name")
@json_option
@server_options
def participants(credentials: Credentials, name: str, *, as_json: bool) -> None:
    """List who is in the conference NAME, in the order in which they came."""
    told = _ask(credentials, wire.PARTICIPANTS, {wire.NAME: name})
    if as_json:
        click.echo(json.dumps(told))
        return
    for participant, one in told.items():
        click.echo(f"{participant}  {_clock(one[wire.SECONDS_IN])}  {_described(one)}".rstrip())
    if not told:
        click.echo("Nobody is in it.", err=True)


@conference.command("mute")
@click.argument("name")
@click.argument("participant")
@json_option
@server_options
def mute(credentials: Credentials, name: str, participant: str, *, as_json: bool) -> None:
    """Take the voice of PARTICIPANT, who may have a key to take it back."""
    _set_muted(credentials, name, participant, is_muted=True, as_json=as_json)


@conference.command("unmute")
@click.argument("name")
@click.argument("participant")
@json_option
@server_options
def unmute(credentials: Credentials, name: str, participant: str, *, as_json: bool) -> None:
    """Let the conference hear PARTICIPANT again."""
    _set_muted(credentials, name, participant, is_muted=False, as_json=as_json)


@conference.command("eject")
@click.argument("name")
@click.argument("participant")
@json_option
@server_options
def eject(credentials: Credentials, name: str, participant: str, *, as_json: bool) -> None:
    """Let PARTICIPANT out of the conference; the application that brought him in goes on."""
    whom = {wire.NAME: name, wire.PARTICIPANT: participant}
    _say(_ask(credentials, wire.EJECT, whom), f"{participant} is out of {name}.", as_json=as_json)


@conference.command("reserve")
@click.argument("name")
@_when
@json_option
@server_options
def reserve(
    credentials: Credentials, name: str, *, participants: int, as_json: bool, **when: Any
) -> None:
    """Reserve the conference NAME, 1 to 47 letters and digits, for a while.

    Without --start it begins now. At the end everybody has to go.
    """
    asked = _wish(name, participants=participants, **when | {"start": when["start"] or NOW})
    _say(_ask(credentials, wire.CREATE, asked), f"{name} is reserved.", as_json=as_json)


@conference.command("change")
@click.argument("name")
@_when
@json_option
@server_options
def change(credentials: Credentials, name: str, *, as_json: bool, **when: Any) -> None:
    """Change the reservation of NAME; what is left out stays as it is.

    --divert "" tells callers before the start that it is busy. A conference that has begun
    follows at once; its start cannot be moved any more.
    """
    told = _ask(credentials, wire.MODIFY, _wish(name, **when))
    _say(told, f"{name} is changed.", as_json=as_json)


@conference.command("cancel")
@click.argument("name")
@json_option
@server_options
def cancel(credentials: Credentials, name: str, *, as_json: bool) -> None:
    """Give the reservation of NAME up. If it has begun, everybody in it has to go."""
    told = _ask(credentials, wire.REMOVE, {wire.NAME: name})
    _say(told, f"{name} is reserved no longer.", as_json=as_json)


def _set_muted(
    credentials: Credentials, name: str, participant: str, *, is_muted: bool, as_json: bool
) -> None:
    changes = {
        wire.NAME: name,
        wire.PARTICIPANT: participant,
        wire.MUTED: "true" if is_muted else "false",
    }
    state = "muted" if is_muted else "heard again"
    told = _ask(credentials, wire.SET_OPTIONS, changes)
    _say(told, f"{participant} is {state} in {name}.", as_json=as_json)


def _wish(
    name: str,
    *,
    participants: int | None,
    start: str | None,
    minutes: int | None,
    divert: str | None,
) -> dict[str, str]:
    moment = print_datetime(UnixTime(time.time())) if start == NOW else start
    asked = {
        wire.NAME: name,
        wire.MAX_PARTICIPANTS: participants,
        wire.START_TIME: moment,
        wire.DURATION: minutes,
        wire.DIVERT: divert,
    }
    return {parameter: str(value) for parameter, value in asked.items() if value is not None}


def _reserved(one: _Json) -> str:
    if one[wire.RESERVED] != "true":
        return ""
    diverts = f", early callers to {one[wire.DIVERT]}" if one[wire.DIVERT] else ""
    return f"  from {one[wire.START_TIME]} UTC for {one[wire.DURATION]} minutes{diverts}"


def _described(one: _Json) -> str:
    marks = {
        "muted": one[wire.MUTED] == "true",
        "listens": one[wire.TALKER] != "true",
        "ends it": one[wire.DESTROY_ON_EXIT] == "true",
    }
    return ", ".join([one[wire.FROM], *(mark for mark, is_so in marks.items() if is_so)])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _say(told: object, text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(told) if as_json else text)


def _ask(credentials: Credentials, operation: str, parameters: Mapping[str, str]) -> _Json:
    async def ask() -> _Json:
        async with speak_to(credentials) as server:
            return await server.ask(f"/{operation}", parameters)

    return asyncio.run(ask())
