"""The telling of events on virtual time: the plan, the order, and who waits for whom."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from callwright.domain.callback import CallbackEvent, TaskId
from callwright.domain.ids import AccountId
from callwright.scheduler.values import EventToTell
from callwright.scheduler.webhooks.lanes import AT_ONCE, OF_RECEIVER
from callwright.scheduler.webhooks.loop import LAST_GRACE, WebhookLoop, WebhookManners
from callwright.scheduler.webhooks.message import BodyFormat, Message
from callwright.scheduler.webhooks.ports import NoAnswer
from callwright.scheduler.webhooks.secrets import WebhookSecrets
from callwright.scheduler.webhooks.values import TryResult
from tests.sim.clock import VirtualClock
from tests.sim.keys import CountingBytes, PlainKeys
from tests.sim.memory_outbox import MemoryOutbox, MemoryWebhookSecrets
from tests.sim.memory_stores import MemoryAccountStore
from tests.sim.virtual_loop import run_on

Answer = int | float | None
"""A status at once; seconds, and then 200; None: no answer after 10 s."""


@dataclass(slots=True)
class ScriptedReceivers:
    """`Receivers` on virtual time: each host answers by its script, whose last answer stays."""

    clock: VirtualClock
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    came: list[tuple[float, str]] = field(default_factory=list)
    """When, in seconds from the start, and which body."""
    begun_at: float = 0.0
    most_at_once: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _now: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def send(self, message: Message) -> int:
        assert "webhook-signature" not in message.headers
        host = message.url.split("/")[2]
        self.came.append((self.clock.seconds - self.begun_at, message.body.decode()))
        self._now[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self._now[host])
        try:
            return await self._answer(self.answers.get(host, [200]))
        finally:
            self._now[host] -= 1

    async def _answer(self, script: list[Answer]) -> int:
        answer = script.pop(0) if len(script) > 1 else script[0]
        match answer:
            case None:
                await asyncio.sleep(10)
                raise NoAnswer("no answer within 10 s")
            case float():
                await asyncio.sleep(answer)
                return 200
            case int():
                return answer


@dataclass(slots=True)
class Scene:
    """A loop, its outbox and its receivers."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    shards: frozenset[int] = frozenset(range(256))
    receivers: ScriptedReceivers = field(init=False)
    loop: WebhookLoop = field(init=False)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.receivers = ScriptedReceivers(self.clock, begun_at=self.clock.seconds)

    def write(self, body: str, *, task: int = 1, host: str = "x", account: int = 1) -> None:
        self.outbox.write(
            EventToTell(
                f"evt_{next(self._numbers)}",
                TaskId(task),
                AccountId(account),
                f"https://{host}/hook",
                CallbackEvent.BEFORE,
                body.encode(),
                self.clock.unix_time(),
            )
        )

    def play(self, seconds: float, then: Callable[[], Awaitable[None]] | None = None) -> None:
        """Run the loop for so long."""

        async def story() -> None:
            self.loop = WebhookLoop(
                outbox=self.outbox,
                receivers=self.receivers,
                manners=WebhookManners(
                    BodyFormat.JSON,
                    WebhookSecrets(
                        MemoryAccountStore(),
                        MemoryWebhookSecrets(),
                        PlainKeys(),
                        CountingBytes().token,
                    ),
                ),
                shards=lambda: self.shards,
                clock=self.clock,
            )
            running = asyncio.create_task(self.loop.run())
            await asyncio.sleep(seconds)
            if then is not None:
                await then()
            self.loop.stop()
            await running

        run_on(self.clock, story())

    def came(self, body: str) -> list[float]:
        return [round(at) for at, one in self.receivers.came if one == body]

    def bodies(self) -> list[str]:
        return [body for _, body in self.receivers.came]


def test_what_fails_is_tried_again_by_the_plan_and_then_given_up() -> None:
    scene = Scene()
    scene.receivers.answers["x"] = [500]
    scene.write("a")
    with capture_logs() as logs:
        scene.play(40_000)
    pauses = [10, 60, 300, 1800, 7200, 21600]
    due = [0, *itertools.accumulate(pauses)]
    # A look a second: no earlier than planned, and at most so much later, each time.
    late = [at - by for at, by in zip(scene.came("a"), due, strict=True)]
    assert all(0 <= seconds <= tries for tries, seconds in enumerate(late)), late
    assert scene.outbox.waiting == []
    (kept,) = scene.outbox.kept
    assert (kept.tries, kept.last_failure) == (7, TryResult(500, ""))
    assert [log["event"] for log in logs] == ["webhook.failed"] * 6 + ["webhook.given_up"]
    assert logs[-1]["http_status"] == 500


def test_what_was_given_up_is_sent_again_by_the_plan_when_somebody_asks() -> None:
    scene = Scene()
    scene.receivers.answers["x"] = [500, 500, 500, 500, 500, 500, 410, None, 200]
    for body in "abc":
        scene.write(body)

    async def redelivered() -> None:
        assert scene.bodies() == ["a"] * 7 + ["b"] * 2 + ["c"]
        scene.outbox.redeliver(at=scene.clock.unix_time())
        scene.loop.wake()
        await asyncio.sleep(1)

    scene.play(40_000, redelivered)
    assert scene.bodies()[10:] == ["a"]
    assert scene.outbox.kept == []


@pytest.mark.parametrize(
    ("answers", "times"),
    [
        ([200], 1),
        ([204], 1),
        ([410], 1),
        ([302, 200], 2),
        ([None, 200], 2),
        ([500, 404, 200], 3),
        ([500, 410], 2),
    ],
)
def test_an_event_is_told_until_it_is_taken_or_nobody_is_there(
    answers: Sequence[Answer], times: int
) -> None:
    scene = Scene()
    scene.receivers.answers["x"] = list(answers)
    scene.write("a")
    scene.play(200)
    assert scene.bodies() == ["a"] * times
    assert scene.outbox.waiting == []


def test_a_slow_answer_counts_from_its_end() -> None:
    scene = Scene()
    scene.receivers.answers["x"] = [None, 200]
    scene.write("a")
    scene.play(100)
    first, second = scene.came("a")
    assert (first, second) == (0, 20)


def test_events_of_a_task_wait_for_those_before_them() -> None:
    scene = Scene()
    scene.receivers.answers["x"] = [500, 200]
    for body in "abc":
        scene.write(body)
    scene.write("other", task=2, host="y")
    scene.play(30)
    assert scene.bodies() == ["a", "other", "a", "b", "c"]
    assert scene.came("b")[0] >= 10


def test_an_event_that_is_given_up_makes_room_for_the_next() -> None:
    scene = Scene()
    scene.receivers.answers["x"] = [410, 200]
    scene.write("a")
    scene.write("b")
    scene.play(5)
    assert scene.bodies() == ["a", "b"]


def test_a_slow_receiver_delays_nobody_elses() -> None:
    scene = Scene()
    scene.receivers.answers["slow"] = [None]
    for task in range(2 * AT_ONCE):
        scene.write("slow", task=task, host="slow")
    for task in range(100):
        scene.write("own", task=10_000 + task, host="fast")
        scene.write("another's", task=20_000 + task, host="slow.example", account=2)
    scene.play(5)
    assert len(scene.came("own")) == len(scene.came("another's")) == 100
    assert max(scene.came("own")) == 0
    assert scene.receivers.most_at_once["slow"] == OF_RECEIVER
    assert scene.receivers.most_at_once["fast"] <= OF_RECEIVER


def test_tasks_are_told_beside_each_other() -> None:
    scene = Scene()
    scene.receivers.answers["x"] = [4.0]
    for task in range(OF_RECEIVER):
        scene.write("a", task=task)
    scene.play(2)
    assert scene.came("a") == [0] * OF_RECEIVER


def test_a_wake_up_sends_at_once() -> None:
    scene = Scene()

    async def written() -> None:
        scene.write("a")
        scene.loop.wake()
        await asyncio.sleep(0.01)
        assert scene.bodies() == ["a"]

    scene.play(0.5, written)


def test_what_arrived_while_the_outbox_was_read_is_not_sent_again() -> None:
    scene = Scene()
    scene.outbox.reading_takes = 0.1
    scene.receivers.answers["x"] = [0.05]

    async def written() -> None:
        scene.write("a")
        scene.write("b")
        scene.loop.wake()
        for _ in range(50):
            await asyncio.sleep(0.01)
            scene.loop.wake()

    scene.play(0.0, written)
    assert scene.bodies() == ["a", "b"]


def test_only_the_accounts_of_this_node_are_told() -> None:
    scene = Scene(shards=frozenset({2}))
    scene.write("ours", task=1, account=258)
    scene.write("theirs", task=2, account=3)
    scene.play(3)
    assert scene.bodies() == ["ours"]


def test_an_event_is_not_sent_again_because_the_store_could_not_note_it() -> None:
    scene = Scene()
    scene.outbox.fails = 3
    scene.write("a")
    scene.write("b")
    with capture_logs() as logs:
        scene.play(10)
    assert scene.bodies() == ["a", "b"]
    assert [log["event"] for log in logs] == ["webhook.not_noted"] * 3


def test_what_is_on_its_way_at_the_stop_has_a_moment_left() -> None:
    scene = Scene()
    scene.receivers.answers |= {"quick": [LAST_GRACE / 2 + 1.0], "slow": [None]}
    scene.write("quick", task=1, host="quick")
    scene.write("slow", task=2, host="slow")
    scene.play(1.0)
    assert [one.event.body for one in scene.outbox.kept] == [b"slow"]
    assert scene.clock.seconds - scene.receivers.begun_at == pytest.approx(1 + LAST_GRACE)
