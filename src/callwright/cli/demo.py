"""`callwright demo`: two real calls on this machine, shown as they happen, in under two minutes.

Everything is real and a process of its own: the server, the simulated carrier, the sample web
application. The demo is a customer: it speaks HTTP like any other, and checks what came of it.
"""

import asyncio
import contextlib
import json
import shlex
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final  # answers are JSON objects
from urllib.parse import urlsplit

import click

import callwright
from callwright.accounts.registry import UsernameTaken
from callwright.cli.live_view import render
from callwright.cli.ports import World
from callwright.cli.records_view import render_records
from callwright.cli.server import Credentials, Server, speak_to
from callwright.domain.account import DEFAULT_LIMITS, AccountType
from callwright.domain.errors import CallwrightError

USERNAME: Final = "demo@example.com"
CLOUD_ID: Final = "0-0-0"
SERVICE: Final = "reminder"
SERVICE_PASSWORD: Final = "demo-service-password"  # noqa: S105 - of an installation on loopback
CALLER_ID: Final = "443069999876"

_PAGES_OF_THIS_MACHINE: Final = ("--allowed-page-networks", "127.0.0.0/8")
"""Customers' URLs may not lead to loopback elsewhere; the demo's sample application is there."""

START_PATIENCE: Final = 60.0
"""Seconds until a process of the demo must have said that it is ready, on a slow machine."""


class DemoFailed(CallwrightError):
    """Something did not happen that should have; the text says what."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One call of the demo, and what must come of it."""

    title: str
    to: str
    hangup_cause: str
    events: frozenset[str]


SCENES: Final = (
    Scene(
        "A call to somebody who answers, listens, presses keys and speaks",
        "443069990100",
        "NORMAL(200)",
        frozenset({"call_placed", "ringing", "answered", "digit", "recording"}),
    ),
    Scene(
        "A call to somebody whose line is busy",
        "443069990186",
        "BUSY(486)",
        frozenset({"call_placed", "page"}),
    ),
)


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Where the demo's installation is kept; used again the next time.",
)
@click.option("--stay", is_flag=True, help="Keep everything running afterwards, until Ctrl-C.")
@click.pass_obj
def demo(world: World, data: Path, *, stay: bool) -> None:
    """Place two real calls on this machine and watch them.

    Starts a server, its simulated carrier and a sample web application, makes an account and a
    service, calls somebody who answers and somebody who is busy, and prints the records. Exits
    with 1 if anything did not happen.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_show(world, data, stay=stay))


async def _show(world: World, data: Path, *, stay: bool) -> None:
    _say("Starting the web application (examples/reminder_app.py) ...")
    async with _program(sys.executable, str(_example()), "--port", "0") as pages:
        first_page = (await _first_line(pages)).split()[-1]
        _say(f"  it answers at {first_page}")
        _say("Starting Callwright and its simulated carrier ...")
        async with _program(*_serve(data)) as server:
            ready = json.loads(await _first_line(server))
            _say(f"  web services at {ready['http']}, SIP at {ready['sip']}")
            credentials = await _account(world, data, ready["http"])
            async with speak_to(credentials) as customer:
                await _write_service(customer, first_page)
                for scene in SCENES:
                    await _play(customer, scene, data)
            _say_what_next(credentials, data, urlsplit(first_page).port, stay=stay)
            if stay:
                await server.wait()


async def _account(world: World, data: Path, url: str) -> Credentials:
    """Make the demo's account, or a new key for the one of an earlier demo."""
    async with world.open_accounts(data) as registry:
        try:
            kind = AccountType.PRODUCTION
            made = await registry.create(USERNAME, account_type=kind, limits=DEFAULT_LIMITS[kind])
            key = made.api_access_key
        except UsernameTaken:
            key = await registry.new_key((await registry.find(USERNAME)).account_id)
    _say(f"Account {USERNAME}, Cloud ID {CLOUD_ID}, API Access Key {key}")
    return Credentials(url, CLOUD_ID, USERNAME, key)


async def _write_service(customer: Server, first_page: str) -> None:
    site = first_page.removesuffix("/first")
    configuration = {
        "service_password": SERVICE_PASSWORD,
        "description": "The demo's appointment reminder",
        "application_type": "REST",
        "rest": {
            "first_page": {"address": first_page},
            "final_page": {"address": f"{site}/final"},
            "error_page": {"address": f"{site}/error"},
        },
    }
    created, _ = await customer.write_service(SERVICE, configuration)
    _say(f"Service {SERVICE} {'created' if created else 'replaced'}")


async def _play(customer: Server, scene: Scene, data: Path) -> None:
    """Start one call, show it, print its records, and check that all of it happened."""
    _say(f"\n{scene.title}\n{'-' * len(scene.title)}")
    ref = await customer.start(SERVICE, SERVICE_PASSWORD, {"to": scene.to, "from": CALLER_ID})
    seen: set[str] = set()
    async for event in customer.events(ref):
        seen.add(event["event"])
        _say(render(event, colour=sys.stdout.isatty()))
        if event["event"] == "recording":
            _say(f"              recorded in {_recording(data, event['filename'])}")
    records = await _records(customer, ref)
    _say("")
    _say(render_records(records))
    causes = [cdr["hangup_cause"] for cdr in records["cdrs"].values()]
    if missing := sorted(scene.events - seen):
        raise DemoFailed(f"{scene.to}: these events were expected and did not come: {missing}")
    if causes != [scene.hangup_cause] or records["errs"]:
        raise DemoFailed(f"{scene.to}: ended {causes} with errors {records['errs']}")


async def _records(customer: Server, ref: str) -> dict[str, Any]:
    """Return the records of a call that has ended; they are on disk before its last event."""
    status = (await customer.ask("/service_status", {"service_refs": ref}))[ref]
    if not status["status"].startswith("completed"):
        raise DemoFailed(f"{ref}: completed was expected and the status is {status['status']}")
    instance_id = status["application_instance_id"]
    return await customer.ask("/application_status", {"application_instance_id": instance_id})


def _recording(data: Path, filename: str) -> Path:
    found = next(data.glob(f"media/*/{filename}"), None)
    if found is None:
        raise DemoFailed(f"{filename}: no such recording in {data / 'media'}")
    return found


def _say_what_next(
    credentials: Credentials, data: Path, pages_port: int | None, *, stay: bool
) -> None:
    url = credentials.url if stay else "http://127.0.0.1:8080"
    calls = json.dumps({"to": SCENES[0].to, "from": CALLER_ID})
    user = f"{CLOUD_ID}/{USERNAME}/{SERVICE}:{SERVICE_PASSWORD}"
    _say("\nAll of it happened. Start one yourself:")
    if not stay:
        python, example = shlex.quote(sys.executable), shlex.quote(str(_example()))
        _say(f"  {python} {example} --port {pages_port} &")
        serve = f"serve --data {shlex.quote(str(data))} {' '.join(_PAGES_OF_THIS_MACHINE)}"
        _say(f"  {python} -m callwright {serve} &")
    _say(
        f"  curl -u {shlex.quote(user)} {url}/service_start "
        f"--data-urlencode {shlex.quote(f'rest_calls={calls}')}"
    )


def _serve(data: Path) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "callwright", "serve", "--json", "--data", str(data)),
        *("--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--log-level", "warning"),
        *_PAGES_OF_THIS_MACHINE,
    )


def _example() -> Path:
    """Find the sample web application: in a checkout, or beside an installed package."""
    package = Path(callwright.__file__).parent
    for folder in (package.parent.parent, package):
        example = folder / "examples" / "reminder_app.py"
        if example.exists():
            return example
    raise DemoFailed("examples/reminder_app.py is not there: run the demo from a checkout")


@asynccontextmanager
async def _program(*command: str) -> AsyncIterator[Process]:
    """Run a program of the demo, and end it with us."""
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        # Reading to the end, so that a full pipe does not keep it from leaving.
        await process.communicate()


async def _first_line(process: Process) -> str:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_PATIENCE):
            line = await process.stdout.readline()
    except TimeoutError:
        line = b""
    if not line:
        raise DemoFailed("a process of the demo did not start: what it said stands above")
    return line.decode().strip()


def _say(line: str) -> None:
    click.echo(line)
