"""Series over virtual months: each task is followed once, whatever ends it and whoever dies."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackEvent,
    EventUrls,
    RetryRule,
    TaskExtras,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.series import begun
from callwright.scheduler.values import QueueChange
from tests.sim.callback_nodes import Died, sqlite_node_stores
from tests.sim.callback_series import RULES
from tests.sim.callback_watch import A_WHILE, WatchedNodes

DAY = 86_400
OUTCOMES = st.sampled_from(
    [AttemptOutcome.JOINED, AttemptOutcome.A_BUSY, AttemptOutcome.EXTENSION_NOT_FOUND]
)
URLS = EventUrls(*(f"http://example.org/{event}" for event in CallbackEvent))
who = st.integers(0, 1)


class SeriesOverMonths(WatchedNodes):
    """Two clients with a series each, which are looked at after each step."""

    open_stores = sqlite_node_stores

    @initialize(
        rules=st.tuples(st.sampled_from(RULES), st.sampled_from(RULES)),
        zone=st.sampled_from(["Europe/Riga", "America/Havana", None]),
        life=st.none() | st.sampled_from([10, DAY // 2, 3 * DAY]),
    )
    def begin(self, rules: tuple[str, str], zone: str | None, life: int | None) -> None:
        for node in self.nodes:
            node.rule = None
            node.revive()
        for client, text in zip(self.clients, rules, strict=True):
            first = begun(text, (), zone, at=UnixTime(self.now + 5))
            assert first is not None
            series, starts_at = first
            deadline = None if life is None else UnixTime(starts_at + life)
            extras = TaskExtras(deadline_at=deadline, dedup_key="k", recurrence=series)
            wish = TaskWish(
                *("205", "+37120000001", client.extensions[0], starts_at),
                retry=RetryRule(2, 60),
                urls=URLS,
                extras=extras,
            )
            of = client.account_id, client.queue_id
            (task,) = self.run(self.stores.tasks.add_tasks(*of, [wish], at=self.now)) or ()
            client.tasks[task.task_id] = task
        self.look()

    @rule(outcome=OUTCOMES, told=st.integers(0, 2))
    def next_one(self, outcome: AttemptOutcome, told: int) -> None:
        """Look when the next task is due, and end what is called."""
        waiting = [
            task.next_try_at
            for client in self.clients
            for task in client.tasks.values()
            if task.next_try_at is not None and task.next_try_at > self.now and client.is_on
        ]
        self.look(max(A_WHILE, min(waiting, default=UnixTime(self.now + DAY)) - self.now))
        for task in self.executed:
            self.end(task, outcome, told=told)
        self.look()

    @rule(who=who, days=st.sampled_from([0.1, 1, 3, 40]))
    def be_off(self, who: int, days: float) -> None:
        """Switch a queue off for a while: what is missed is not made up for."""
        client = self.clients[who]
        client.is_on = False
        self.change(client, QueueChange(is_on=False))
        self.look(days * DAY)
        client.is_on = True
        self.change(client, QueueChange(is_on=True))

    @rule(which=who, questions=st.integers(0, 20), is_heard=st.booleans(), outcome=OUTCOMES)
    def kill(self, which: int, questions: int, *, is_heard: bool, outcome: AttemptOutcome) -> None:
        """End what is called, and kill a node as it settles that; another takes its place."""
        for task in self.executed:
            self.end(task, outcome, told=which)
        self.clock.advance(A_WHILE)
        node = self.nodes[which]
        node.fate.questions_left, node.fate.is_heard = questions, is_heard
        with suppress(Died):
            self.run(node.loop.look())
        node.revive()
        self.look()

    @rule(who=who, hours=st.sampled_from([-5, 5, 50]))
    def move(self, who: int, hours: int) -> None:
        """Move the task that was never tried; the series goes on as it was."""
        client = self.clients[who]
        for task in list(client.tasks.values()):
            if task.state is not TaskState.SCHEDULED or task.next_try_at is None:
                continue
            extras = replace(task.wish.extras, deadline_at=None)
            at = UnixTime(max(self.now, task.next_try_at + hours * 3_600))
            moved = replace(
                task, wish=replace(task.wish, starts_at=at, extras=extras), next_try_at=at
            )
            self.run(self.stores.tasks.change_task(task, moved))
            client.tasks[task.task_id] = moved
        self.look()


TestSeriesOverMonths = SeriesOverMonths.TestCase
TestSeriesOverMonths.settings = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
