"""The real front door over a real store, and a customer before it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from prometheus_client import CollectorRegistry

from callwright.accounts.applications import Applications, ApplicationWish
from callwright.accounts.authorization import Authorizations
from callwright.accounts.caller_ids import CallerIds
from callwright.accounts.credentials import Authenticator
from callwright.accounts.form_tokens import FormTokens
from callwright.accounts.oauth import Tokens
from callwright.accounts.ports import NumberStore
from callwright.accounts.registry import AccountRegistry
from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.files.file_folders import FileFolders
from callwright.adapters.secrets import InstallationSecret
from callwright.adapters.sqlite.database import Database
from callwright.adapters.web.address_guard import AddressGuard
from callwright.api.app import build_app
from callwright.api.client.doors import CallbackDoors
from callwright.api.client.hourly_limit import HourlyLimit
from callwright.api.client.oauth_doors import OauthDoors
from callwright.api.doors import Doors, WebSettings
from callwright.api.live_streams import LiveStreams
from callwright.api.metrics import WebMetrics
from callwright.api.openapi import openapi_document
from callwright.api.rate_limit import RateLimit
from callwright.api.routes import OPERATIONS
from callwright.api.throttle import Throttle
from callwright.conferences.overview import ConferenceOverview
from callwright.conferences.registry import ReservationRegistry
from callwright.domain.account import Account, AccountType
from callwright.domain.callback import TaskId
from callwright.domain.file_names import FileType
from callwright.domain.ids import IdMint
from callwright.queue.cancellation import Cancellation
from callwright.queue.intake import Intake
from callwright.queue.ports import QueueStore
from callwright.queue.status import StatusReport
from callwright.records.live_facts import LiveFacts
from callwright.runner.registry import RunningInstances
from callwright.scheduler.gates import AnswerRatio, AsrRule
from callwright.scheduler.live.board import LiveBoard
from callwright.scheduler.ports import (
    EventOutbox,
)
from callwright.scheduler.webhooks.counters import EventCounters
from callwright.services.catalogue import Catalogue
from tests.sim.asgi import ADDRESS, AsgiClient, Reply, basic
from tests.sim.call_history import DOMAIN, call_history
from tests.sim.clock import VirtualClock
from tests.sim.conferences import ScriptedRooms
from tests.sim.contract import CheckedClient, Contract
from tests.sim.kept import Kept, kept_in
from tests.sim.pin_line import PinLine

CLOUD_ID = "1-2-0"
DOCS = "https://docs.example.net"
PASSWORD = "p@$$w0rd"
UPLOAD_LIMIT = 2 << 20
REQUESTS_PER_HOUR = 10_000
FIRST_PAGE = "http://11.222.33.44:50080/my_first_page"
SERVICE: dict[str, Any] = {
    "service_password": PASSWORD,
    "application_type": "REST",
    "rest": {"first_page": {"address": FIRST_PAGE}},
}


DOCUMENT = openapi_document(OPERATIONS, server_url="http://server", version="0.1.0")


@dataclass(slots=True)
class Customer:
    """An account with its key, and requests as it makes them."""

    client: AsgiClient
    account: Account
    key: str

    @property
    def user(self) -> str:
        """The first half of the account's credentials."""
        return f"{CLOUD_ID}/{self.account.username}"

    @property
    def credentials(self) -> dict[str, str]:
        """The header with the API Access Key."""
        return basic(self.user, self.key)

    async def get(self, path: str, **parameters: str) -> Reply:
        """Ask with GET."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return await self.client.request("GET", path + query, headers=self.credentials)

    async def write(self, name: str, configuration: object = SERVICE) -> Reply:
        """Write a service; bytes are sent as they are."""
        return await self.send("PUT", f"/service/v1/outbound/{name}", configuration)

    async def send(self, method: str, path: str, configuration: object = b"") -> Reply:
        """Send a configuration; bytes are sent as they are."""
        body = (
            configuration
            if isinstance(configuration, bytes)
            else json.dumps(configuration).encode()
        )
        return await self.client.request(
            method,
            path,
            body=body,
            headers=self.credentials | {"content-type": "application/json"},
        )

    async def start(self, service: str, calls: object, **parameters: str) -> Reply:
        """Start calls; a text is sent as it is."""
        text = calls if isinstance(calls, str) else json.dumps(calls)
        return await self.post_start(service, {"rest_calls": text} | parameters)

    async def post_start(self, service: str, parameters: Mapping[str, str]) -> Reply:
        """Start calls with any parameters."""
        return await self.client.request(
            "POST",
            "/service_start",
            body=urlencode(parameters).encode(),
            headers=basic(f"{self.user}/{service}", PASSWORD)
            | {"content-type": "application/x-www-form-urlencoded"},
        )


@dataclass(slots=True)
class FrontDoor:
    """The server's half, seen from behind."""

    client: CheckedClient
    clock: VirtualClock
    registry: AccountRegistry
    applications: Applications
    queue: QueueStore
    facts: LiveFacts
    numbers: NumberStore
    doors: Doors
    pin_line: PinLine
    rooms: ScriptedRooms
    outbox: EventOutbox
    wakes: int = 0
    """How often the dispatcher was told that something was queued."""
    callback_wakes: int = 0
    """How often the callback loop was told that something may be due."""
    webhook_wakes: int = 0
    """How often the loop that tells events was told the same."""
    hung_up: list[TaskId] = field(default_factory=list)
    """The tasks whose attempts were to be ended."""
    on_wake: Callable[[], None] = lambda: None
    on_callback_wake: Callable[[], None] = lambda: None
    is_ready: bool = True

    def wake(self) -> None:
        """Stand where the dispatcher is told that something was queued."""
        self.wakes += 1
        self.on_wake()

    async def customer(
        self,
        username: str = "bob@example.com",
        account_type: AccountType = AccountType.PRODUCTION,
    ) -> Customer:
        """Create an account."""
        created = await self.registry.create(username, account_type=account_type)
        return Customer(self.client, created.account, created.api_access_key)

    async def customer_with(self, service: str) -> Customer:
        """Create an account with a REST service."""
        customer = await self.customer()
        reply = await customer.write(service)
        assert reply.status == 201, reply.body
        return customer

    async def token(self, customer: Customer, *, may_schedule: bool = True) -> str:
        """Give one of the customer's programs a token."""
        username = customer.account.username
        wish = ApplicationWish("program", may_schedule=may_schedule)
        new = await self.applications.add(username, wish)
        granted = await self.doors.callbacks.tokens.grant(
            {
                "grant_type": "client_credentials",
                "client_id": new.application.key,
                "client_secret": new.secret,
            }
        )
        return granted.access_token

    @property
    def contract(self) -> Contract:
        """What every answer is held against."""
        return self.client.contract

    def streams_with_heartbeat(self, heartbeat: float) -> LiveStreams:
        """Make streams over the same facts that beat at another rate."""
        return LiveStreams(self.facts, self.doors.metrics, heartbeat=heartbeat)

    @property
    def unchecked(self) -> AsgiClient:
        """A client that holds no answer against the document."""
        return AsgiClient(self.client.app)

    async def customer_of(self, account: Account) -> Customer:
        """Return an account as a customer with a new key."""
        key = await self.registry.new_key(account.account_id)
        return Customer(self.client, account, key)

    async def queued(self) -> int:
        """Count the starts that wait."""
        return sum(one.length for one in await self.queue.waiting())

    async def ask(self, target: str, method: str = "GET", address: str = ADDRESS) -> Reply:
        """Ask without credentials."""
        return await self.client.request(method, target, address=address)


@asynccontextmanager
async def front_door(data: Path, *, requests_per_second: float = 0.0) -> AsyncIterator[FrontDoor]:
    """Open a front door over the SQLite store in this folder."""
    database = Database.open(data / "callwright.sqlite", exclusive=True)
    boot = database.begin_node(VirtualClock())
    kept = kept_in(database, boot)
    mint = IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch)
    try:
        with door_before(kept, data, mint, requests_per_second=requests_per_second) as door:
            yield door
    finally:
        database.close()


@contextmanager
def door_before(
    kept: Kept, data: Path, mint: IdMint, *, requests_per_second: float = 0.0
) -> Iterator[FrontDoor]:
    """Put a front door before stores; its secret is in this folder."""
    clock = VirtualClock()
    secret = InstallationSecret.open_or_make(data / "secret.key")
    catalogue = Catalogue(kept.services, secret, kept.numbers)
    rooms = ScriptedRooms()
    facts, metrics = LiveFacts(), WebMetrics(CollectorRegistry())
    pin_line = PinLine(clock=clock)
    doors = Doors(
        settings=WebSettings(
            CLOUD_ID, "http://server", DOCS, "0.1.0", upload_limit_bytes=UPLOAD_LIMIT
        ),
        clock=clock,
        authenticator=Authenticator(kept.accounts, catalogue, secret, cloud_id=CLOUD_ID),
        throttle=Throttle(),
        rate_limit=RateLimit(requests_per_second),
        catalogue=catalogue,
        intake=Intake(
            kept.queue,
            mint,
            clock,
            wake=lambda: door.wake(),  # noqa: PLW0108  the door is made below
            facts=facts,
        ),
        cancellation=Cancellation(kept.queue, clock, facts=facts),
        status=StatusReport(kept.queue),
        records=kept.records,
        caller_ids=CallerIds(kept.accounts, kept.caller_ids, clock),
        validations=pin_line.calls(kept.caller_ids),
        reservations=ReservationRegistry(kept.reservations, kept.accounts, catalogue, rooms, clock),
        conferences=ConferenceOverview(kept.reservations, rooms, clock),
        running=RunningInstances(clock),
        files=FileFolders({one: data / one.value for one in FileType}),
        callbacks=_callback_doors(kept, secret, clock, data / FileType.MEDIA, lambda: door),
        live=LiveStreams(facts, metrics),
        metrics=metrics,
        is_ready=lambda: door.is_ready,
    )
    door = FrontDoor(
        client=CheckedClient(build_app(doors), Contract(DOCUMENT)),
        clock=clock,
        registry=AccountRegistry(kept.accounts, secret, SystemEntropy()),
        applications=Applications(kept.accounts, kept.oauth, secret, SystemEntropy()),
        queue=kept.queue,
        facts=facts,
        numbers=kept.numbers,
        doors=doors,
        pin_line=pin_line,
        rooms=rooms,
        outbox=kept.outbox,
    )
    try:
        yield door
    finally:
        pin_line.give_up()
        doors.live.close()


def _callback_doors(
    kept: Kept,
    secret: InstallationSecret,
    clock: VirtualClock,
    media: Path,
    door: Callable[[], FrontDoor],
) -> CallbackDoors:
    def wake() -> None:
        door().callback_wakes += 1
        door().on_callback_wake()

    def wake_webhooks() -> None:
        door().webhook_wakes += 1

    def hang_up(task_id: TaskId) -> None:
        door().hung_up.append(task_id)

    return CallbackDoors(
        queues=kept.callback_queues,
        tasks=kept.callback_tasks,
        kept_events=kept.kept_events,
        registrations=kept.event_registrations,
        variables=kept.variables,
        pauses=kept.pauses,
        progress=kept.progress,
        board=LiveBoard(),
        history=call_history(
            (kept.calls, kept.callback_tasks, kept.queue),
            (kept.callback_queues, kept.records),
            media,
        ),
        tokens=Tokens(kept.accounts, kept.oauth, secret, SystemEntropy(), clock),
        hourly_limit=HourlyLimit(REQUESTS_PER_HOUR),
        oauth=OauthDoors(
            Authorizations(kept.accounts, kept.oauth, secret, SystemEntropy(), clock),
            FormTokens(secret, SystemEntropy(), clock),
        ),
        ratio=AnswerRatio(AsrRule(attempts=2, minimum_share=0.5, hold=300.0)),
        wake=wake,
        event_counters=EventCounters(),
        wake_webhooks=wake_webhooks,
        hang_up=hang_up,
        url_refusal=AddressGuard().refusal_of_url,
        random_bytes=SystemEntropy().token,
        domain=DOMAIN,
    )


def at_the_door(data: Path, story: Callable[[FrontDoor], Awaitable[None]]) -> None:
    """Run a story in an event loop of its own."""

    async def run() -> None:
        async with front_door(data) as door:
            await story(door)

    asyncio.run(run())
