"""The loop, its stores and virtual months: whatever comes, tasks are tried as they asked for.

`make soak` runs more of it (`CALLBACK_MONTHS`, how many stories each store sees).
"""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import time
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackEvent,
    CalleeHours,
    EventUrls,
    RetryRule,
    TaskExtras,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.client_pause import ClientPause, Pauser
from callwright.scheduler.events import event_of
from callwright.scheduler.gates import AsrRule
from callwright.scheduler.printing import WAITING
from callwright.scheduler.requests.task_change import read_change
from callwright.scheduler.series import begun
from callwright.scheduler.values import QueueChange, Removal, Revision
from tests.sim.callback_model import Hours
from tests.sim.callback_nodes import (
    Died,
    postgres_node_stores,
    sqlite_node_stores,
)
from tests.sim.callback_series import RULES, Series
from tests.sim.callback_watch import A_WHILE, WatchedNodes

STORIES: Final = int(os.environ.get("CALLBACK_MONTHS", "20"))
DAY: Final = 86_400
OUTCOMES: Final = (
    AttemptOutcome.JOINED,
    AttemptOutcome.A_BUSY,
    AttemptOutcome.A_NO_ANSWER,
    AttemptOutcome.A_HANGUP,
    AttemptOutcome.B_BUSY,
    AttemptOutcome.B_NO_ANSWER,
    AttemptOutcome.INTERRUPTED,
    AttemptOutcome.CANCELLED,
    AttemptOutcome.EXTENSION_NOT_FOUND,
)
ASR: Final = AsrRule(attempts=2, minimum_share=0.5, hold=3_600.0)
URLS: Final = EventUrls(*(f"http://example.org/{event}" for event in CallbackEvent))

who = st.integers(0, 1)
zones = st.sampled_from(["Europe/Riga", "America/Havana", "Australia/Lord_Howe"])
clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
hours = st.builds(CalleeHours, zones, clock_times, clock_times).filter(
    lambda one: one.call_from != one.call_to
)
days = st.none() | st.tuples(st.integers(1, 7), st.integers(1, 7))
windows = st.builds(
    Hours,
    zones,
    days,
    st.tuples(clock_times, clock_times).filter(lambda pair: pair[0] < pair[1]),
)
delays = st.sampled_from([0, 30, DAY, 40 * DAY])
pauses = st.sampled_from([0, 60, 7_200, DAY])
retries = st.builds(RetryRule, st.integers(1, 4), pauses, st.integers(0, 4), pauses)
causes = st.lists(st.sampled_from(OUTCOMES[1:]), unique=True).map(tuple)


class CallbacksOverMonths(WatchedNodes):
    """Adds, waits, ends calls, kills and exchanges nodes; looks after each step at all tasks."""

    # --- what clients do ---

    @initialize(is_guarded=st.booleans())
    def begin(self, *, is_guarded: bool) -> None:
        for node in self.nodes:
            node.rule = ASR if is_guarded else None
            node.revive()

    @rule(
        who=who,
        extension=st.integers(0, 1),
        delay=delays,
        retry=retries,
        life=st.none() | st.sampled_from([10, 3_600, 3 * DAY, 90 * DAY]),
        priority=st.none() | st.integers(-2, 2),
        key=st.none() | st.sampled_from("kl"),
        called=st.none() | hours,
        again=st.none() | causes,
        backoff=st.none() | st.sampled_from([1.0, 1.5, 10.0]),
        series=st.none() | st.tuples(st.sampled_from(RULES), st.none() | zones),
    )
    def add(
        self,
        *,
        who: int,
        extension: int,
        delay: int,
        retry: RetryRule,
        life: int | None,
        priority: int | None,
        key: str | None,
        called: CalleeHours | None,
        again: tuple[AttemptOutcome, ...] | None,
        backoff: float | None,
        series: tuple[str, str | None] | None,
    ) -> None:
        client, starts_at = self.clients[who], UnixTime(self.now + delay)
        recurrence = None
        if series is not None:
            first = begun(series[0], (), series[1], at=starts_at)
            assert first is not None
            recurrence, starts_at = first
        deadline = None if life is None else UnixTime(starts_at + life)
        wish = TaskWish(
            *("205", "+37120000001", client.extensions[extension], starts_at),
            retry=retry,
            urls=URLS,
            extras=TaskExtras(deadline, priority, key, called, again, backoff, recurrence),
        )
        of = client.account_id, client.queue_id
        added = self.run(self.stores.tasks.add_tasks(*of, [wish], at=self.now))
        assert added is not None
        (task,) = added
        same = [
            one
            for one in client.tasks.values()
            if one.wish.extras.dedup_key == key is not None and one.state is not TaskState.FINISHED
        ]
        assert [task] == same if same else task.task_id not in client.tasks
        client.tasks[task.task_id] = task
        self.look()

    @precondition(lambda self: any(client.tasks for client in self.clients))
    @rule(which=st.integers(0, 99), priority=st.integers(-2, 2), delay=st.none() | delays)
    def change_one(self, which: int, priority: int, delay: int | None) -> None:
        """Change a task; what was never tried may be given another start."""
        pairs = [(client, task) for client in self.clients for task in client.tasks.values()]
        client, task = pairs[which % len(pairs)]
        # No request names all the outcomes that are tried again here.
        body: dict[str, object] = {"priority": priority, "retry_causes": None}
        if delay is not None and task.state is TaskState.SCHEDULED:
            body |= {"start_time_utc": delay, "deadline_utc": None}
        changed = task
        if task.state in WAITING:
            changed = read_change(task, body, find=lambda _: task.wish.extension_id, now=self.now)
        is_changed = task.state in WAITING
        revision = self.run(self.stores.tasks.change_task(task, changed))
        if is_changed:
            assert revision is Revision.CHANGED
            client.tasks[task.task_id] = changed
        else:
            assert revision is not Revision.CHANGED
        self.look()

    @rule(who=who, by=st.sampled_from(Pauser))
    def pause(self, who: int, by: Pauser) -> None:
        """Pause a client, or resume it: as the one who paused it."""
        client, pauses = self.clients[who], self.stores.pauses
        client.is_paused = not client.is_paused
        if client.is_paused:
            self.run(pauses.pause(ClientPause(client.account_id, by, "", self.now)))
        else:
            assert self.run(pauses.resume(client.account_id, by=Pauser.OPERATOR)) is None
        self.look()

    @rule(who=who)
    def turn(self, who: int) -> None:
        client = self.clients[who]
        client.is_on = not client.is_on
        self.change(client, QueueChange(is_on=client.is_on))

    @rule(who=who, limit=st.integers(1, 3))
    def allow(self, who: int, limit: int) -> None:
        client = self.clients[who]
        client.limit = limit
        self.change(client, QueueChange(concurrent_task_limit=limit))

    @rule(who=who, hours=st.none() | windows)
    def keep_hours(self, who: int, hours: Hours | None) -> None:
        client, interval_id = self.clients[who], None
        client.hours = hours
        if hours is not None:
            window = hours.window(client.account_id)
            interval_id = self.run(self.stores.queues.add_window(window)).interval_id
        self.change(client, QueueChange(interval=(interval_id,)))

    @rule(who=who)
    def block(self, who: int) -> None:
        client = self.clients[who]
        client.is_blocked = not client.is_blocked
        of = client.account_id, client.extensions[1]
        extension = self.run(self.stores.queues.extension(*of))
        assert extension is not None
        changed = replace(extension, is_blocked=client.is_blocked)
        assert self.run(self.stores.queues.change_extension(changed))
        self.look()

    @precondition(lambda self: any(client.tasks for client in self.clients))
    @rule(which=st.integers(0, 99), by_force=st.booleans())
    def delete(self, which: int, *, by_force: bool) -> None:
        pairs = [(client, task) for client in self.clients for task in client.tasks.values()]
        client, task = pairs[which % len(pairs)]
        of = client.account_id, client.queue_id, task.task_id
        removal = self.run(self.stores.tasks.delete_task(*of))
        is_executed = task.state is TaskState.EXECUTED
        assert removal is (Removal.IN_USE if is_executed else Removal.REMOVED)
        if not is_executed:
            del client.tasks[task.task_id]
        elif by_force:
            assert self.run(self.stores.tasks.remove_after_attempt(*of))
            client.going.add(task.task_id)
            self.end(task, AttemptOutcome.CANCELLED, told=0)
        self.look()

    @rule(who=who)
    def delete_queue(self, who: int) -> None:
        client = self.clients[who]
        client.leaving |= {task.task_id: task for task in client.executed}
        assert self.run(self.stores.queues.delete_queue(client.account_id, client.queue_id))
        client.queue_id = self.run(self.stores.queue(client.account_id))
        client.is_on, client.limit, client.hours, client.tasks = True, 2, None, {}
        client.series = Series()
        self.look()

    # --- what becomes of calls ---

    @precondition(lambda self: self.executed)
    @rule(which=st.integers(0, 5), outcome=st.sampled_from(OUTCOMES), told=st.integers(0, 2))
    def end_a_call(self, which: int, outcome: AttemptOutcome, told: int) -> None:
        self.end(self.executed[which % len(self.executed)], outcome, told=told)
        self.look()

    @precondition(lambda self: self.executed)
    @rule(which=st.integers(0, 5))
    def join(self, which: int) -> None:
        task = self.executed[which % len(self.executed)]
        attempt = task.attempts[-1]
        if not self.run(self.starts.dial(task, at=self.now)):
            return
        events = event_of(task, CallbackEvent.SUCCESS, attempt, at=self.now)
        noted = self.stores.tasks.attempt_joined(
            task.task_id, attempt.number, at=self.now, a_answered="205", events=events
        )
        assert self.run(noted) == (attempt.joined_at is None)
        self.look()

    # --- what happens to nodes ---

    @rule(first=st.integers(0, 2), second=st.integers(0, 2), backwards=st.booleans())
    def exchange(self, first: int, second: int, *, backwards: bool) -> None:
        """Give each client's shard to a node, or for a while to none."""
        self.give(None if one == len(self.nodes) else one for one in (first, second))
        self.order = self.nodes[:: -1 if backwards else 1]
        self.look()

    @rule(
        which=who,
        questions=st.integers(0, 20),
        is_heard=st.booleans(),
        calls_end=st.booleans(),
    )
    def kill(self, which: int, questions: int, *, is_heard: bool, calls_end: bool) -> None:
        """Kill a node in the middle of a round, perhaps with all calls; another takes its place."""
        self.clock.advance(A_WHILE)
        node = self.nodes[which]
        node.fate.questions_left, node.fate.is_heard = questions, is_heard
        with suppress(Died):
            self.run(node.loop.look())
        node.revive()
        if calls_end:
            for task in self.executed:
                self.run(self.starts.hang_up(task, -9, at=self.now))
        self.look()

    @rule(which=who)
    def stop(self, which: int) -> None:
        self.run(self.nodes[which].loop.last_look())
        self.nodes[which].revive()
        self.look()

    # --- time, and what must hold ---

    @rule(seconds=st.sampled_from([1, 60, 3_600, DAY / 2, DAY, 30 * DAY]))
    def wait(self, seconds: float) -> None:
        self.look(seconds)

    @rule()
    def wait_for_the_next(self) -> None:
        """Look at the very moment at which something becomes due."""
        waiting = [
            task.next_try_at
            for client in self.clients
            for task in client.tasks.values()
            if task.next_try_at is not None and task.next_try_at > self.now
        ]
        self.look(min(waiting, default=UnixTime(self.now + DAY)) - self.now)


class OnSqlite(CallbacksOverMonths):
    """A node by itself; the other one stands for those that come after it."""

    open_stores = sqlite_node_stores


class OnPostgres(CallbacksOverMonths):
    """Two nodes."""

    open_stores = postgres_node_stores


TestMonthsOnSqlite = OnSqlite.TestCase
TestMonthsOnPostgres = OnPostgres.TestCase
TestMonthsOnSqlite.settings = TestMonthsOnPostgres.settings = settings(
    max_examples=STORIES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
