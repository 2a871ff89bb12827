"""Events from every kind of store to a real web server: in order, signed, again, or given up."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, Final

import pytest

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.receivers import HttpReceivers
from callwright.domain.callback import Attempt, CallbackEvent, CallUuid, EventUrls, Task
from callwright.domain.clock import UnixTime
from callwright.scheduler.events import event_of
from callwright.scheduler.values import AttemptBegin, EventToTell, Page
from callwright.scheduler.webhooks.counters import EventCounters
from callwright.scheduler.webhooks.loop import WebhookLoop, WebhookManners
from callwright.scheduler.webhooks.message import BodyFormat
from callwright.scheduler.webhooks.secrets import WebhookSecrets
from callwright.scheduler.webhooks.values import TryResult
from tests.contracts.callback_stores import CallbackStores, wish
from tests.sim.clock import VirtualClock
from tests.sim.keys import CountingBytes, PlainKeys
from tests.sim.page_server import Answer, NeverAnswers, PageServer, Reaction

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
LOOPBACK: Final = AddressGuard([ip_network("127.0.0.0/8")])
BOB: Final = "bob@example.com"
EMPTY_WITHIN: Final = 10.0
"""Seconds; a bound for a failure, never waited out."""


@dataclass(slots=True)
class Post:
    """The stores, with a loop that sends what is in them."""

    stores: CallbackStores
    clock: VirtualClock = field(default_factory=VirtualClock)
    receivers: HttpReceivers = field(default_factory=lambda: HttpReceivers(LOOPBACK))
    counters: EventCounters = field(default_factory=EventCounters)
    loop: WebhookLoop = field(init=False)
    secrets: WebhookSecrets = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = WebhookSecrets(
            self.stores.accounts,
            self.stores.webhook_secrets,
            PlainKeys(),
            CountingBytes().token,
        )
        self.loop = WebhookLoop(
            outbox=self.stores.outbox,
            receivers=self.receivers,
            manners=WebhookManners(BodyFormat.JSON, self.secrets, self.counters),
            shards=lambda: ALL_SHARDS,
            clock=self.clock,
        )

    async def tasks(self, *urls: str) -> list[Task]:
        """Add tasks whose events go to these URLs."""
        account = await self.stores.account(BOB)
        queue_id = await self.stores.queue(account)
        wishes = [wish(urls=EventUrls(before=url, success=url, after=url)) for url in urls]
        added = await self.stores.tasks.add_tasks(
            account, queue_id, wishes, at=self.clock.unix_time()
        )
        assert added is not None
        return list(added)

    async def write(self, task: Task, *kinds: CallbackEvent) -> list[EventToTell]:
        """Begin a task's attempt with these events."""
        at = self.clock.unix_time()
        attempt = Attempt(1, CallUuid(f"{task.task_id:032X}"), at)
        events = [one for kind in kinds for one in event_of(task, kind, attempt, at=at)]
        begun = AttemptBegin(task.task_id, attempt, tuple(events))
        assert await self.stores.tasks.begin_attempts([begun]) == [task.task_id]
        return events

    async def until_empty(self, *, step: float = 1.0) -> None:
        """Send, and let so much time pass whenever nothing is due, until nothing waits any more."""
        running = asyncio.create_task(self.loop.run())
        async with asyncio.timeout(EMPTY_WITHIN):
            while await self._waiting(UnixTime(self.clock.unix_time() + 1e6)):
                if not await self._waiting(self.clock.unix_time()):
                    self.clock.advance(step)
                    self.loop.wake()
                await asyncio.sleep(0)
        await self.stop(running)

    async def stop(self, running: asyncio.Task[None]) -> None:
        self.loop.stop()
        await running
        await self.receivers.close()

    async def _waiting(self, at: UnixTime) -> bool:
        return bool(await self.stores.outbox.waiting_events(ALL_SHARDS, at=at, limit=1))


def test_what_was_stored_arrives_signed_and_in_order(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario(server: PageServer) -> None:
        post = Post(callback_stores)
        one, two = await post.tasks(server.url("/one"), server.url("/two"))
        keys = [
            base64.b64decode((await post.secrets.new(BOB, keeps_old=True)).removeprefix("whsec_"))
            for _ in range(2)
        ]
        kinds = CallbackEvent.BEFORE, CallbackEvent.SUCCESS, CallbackEvent.AFTER
        written = [*(await post.write(one, *kinds)), *(await post.write(two, *kinds))]
        await post.until_empty()

        for path, events in (("/one", written[:3]), ("/two", written[3:])):
            asked = [one for one in server.asked if one.path == path]
            assert [one.body for one in asked] == [event.body for event in events]
            assert [json.loads(one.body)["event"] for one in asked] == list(kinds)
            for request in asked:
                names = "webhook-id", "webhook-timestamp", "webhook-signature"
                name, at, signatures = (request.headers[header] for header in names)
                assert name == json.loads(request.body)["event_id"]
                signed = f"{name}.{at}.".encode() + request.body
                macs = [hmac.new(key, signed, hashlib.sha256).digest() for key in reversed(keys)]
                expected = [f"v1,{base64.b64encode(mac).decode()}" for mac in macs]
                assert signatures.split(" ") == expected

    with PageServer() as server:
        server.page("/one", Answer())
        server.page("/two", Answer(status=204))
        run(scenario(server))


@pytest.mark.parametrize(
    ("reactions", "paths"),
    [
        ([Answer(status=500), Answer()], ["/hook"] * 3),
        ([Answer(status=410), Answer()], ["/hook"] * 2),
        ([Answer(status=302, headers={"Location": "/else"}), Answer()], ["/hook"] * 3),
    ],
    ids=["500", "410", "302"],
)
def test_what_fails_comes_again_before_what_follows_it(
    callback_stores: CallbackStores, run: Run, reactions: list[Reaction], paths: list[str]
) -> None:
    async def scenario(server: PageServer) -> None:
        post = Post(callback_stores)
        (task,) = await post.tasks(server.url("/hook"))
        await post.write(task, CallbackEvent.BEFORE, CallbackEvent.AFTER)
        await post.until_empty()
        ids = [json.loads(one.body)["event"] for one in server.asked]
        first = len(paths) - 1
        assert ids == ["before"] * first + ["after"]

    with PageServer() as server:
        server.page("/hook", *reactions)
        server.page("/else", Answer())
        run(scenario(server))
        assert server.paths() == paths


def test_what_was_on_its_way_when_a_node_died_comes_once_more(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario(server: PageServer) -> None:
        dying = Post(callback_stores)
        (task,) = await dying.tasks(server.url("/hook"))
        (event,) = await dying.write(task, CallbackEvent.BEFORE)
        running = asyncio.create_task(dying.loop.run())
        await asyncio.to_thread(server.wait_for, "/hook")
        await dying.stop(running)

        await Post(callback_stores, clock=dying.clock).until_empty()
        assert [one.body for one in server.asked] == [event.body] * 2

    with PageServer() as server:
        server.page("/hook", NeverAnswers(), Answer())
        run(scenario(server))


def test_a_receiver_that_never_answers_keeps_nobody_waiting(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario(slow: PageServer, fast: PageServer) -> None:
        post = Post(callback_stores)
        tasks = await post.tasks(*[slow.url("/slow")] * 120, *[fast.url("/fast")] * 40)
        for task in tasks:
            await post.write(task, CallbackEvent.BEFORE)
        running = asyncio.create_task(post.loop.run())
        await asyncio.to_thread(fast.wait_for, "/fast", times=40)
        assert len(slow.asked) <= 10
        await post.stop(running)

    with PageServer() as slow, PageServer() as fast:
        slow.page("/slow", NeverAnswers())
        fast.page("/fast", Answer())
        run(scenario(slow, fast))


def test_what_a_receiver_missed_while_it_was_down_is_sent_again_by_hand(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario(server: PageServer) -> None:
        post, shelf = Post(callback_stores), callback_stores.shelf
        (task,) = await post.tasks(server.url("/hook"))
        before, success, after = await post.write(
            task, CallbackEvent.BEFORE, CallbackEvent.SUCCESS, CallbackEvent.AFTER
        )
        # Longer than any pause of the plan.
        await post.until_empty(step=30_000.0)
        bodies = [one.body for one in server.asked]
        assert bodies == [before.body] * 7 + [success.body] * 7 + [after.body]

        account_id, at = task.account_id, post.clock.unix_time()
        found, _ = await shelf.kept_events(account_id, None, Page(10))
        assert [(one.event_id, one.tries, one.last_failure) for one in found] == [
            (one.event_id, 7, TryResult(503, "")) for one in (before, success)
        ]
        assert await shelf.redeliver_given_up(account_id, at=at, limit=10) == 2
        again = Post(callback_stores, clock=post.clock)
        await again.until_empty()
        assert [one.body for one in server.asked[15:]] == [before.body, success.body]
        assert await shelf.kept_events(account_id, None, Page(10)) == ([], 0)
        sent = again.counters
        assert (sent.sent, sent.failed, sent.given_up) == (2, 0, 0)
        told = post.counters
        assert (told.sent, told.failed, told.given_up) == (1, 12, 2)

    with PageServer() as server:
        server.page("/hook", *[Answer(status=503)] * 14, Answer())
        run(scenario(server))
