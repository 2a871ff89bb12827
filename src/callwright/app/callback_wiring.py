"""Which adapter stands behind which port of the callback scheduler."""

from collections.abc import Callable
from dataclasses import dataclass

from callwright.accounts.ports import AccountStore, CallerIdStore
from callwright.app.callback_metrics import CallbackMetrics
from callwright.app.foundation import Foundation
from callwright.domain.call_control import CallControl
from callwright.domain.facts import FactSink
from callwright.domain.ids import AccountId
from callwright.domain.instance import CallbackInstance
from callwright.queue.intake import Intake
from callwright.runner.ports import MediaStore, SecondaryCalls
from callwright.scheduler.attempt.application import (
    AttemptApplication,
    AttemptSurroundings,
    RunningAttempts,
)
from callwright.scheduler.attempt.attempts import Attempts
from callwright.scheduler.attempt.callees import Callees
from callwright.scheduler.gates import AnswerRatio
from callwright.scheduler.history.call_of_attempt import CallsOfAttempts
from callwright.scheduler.live.board import LiveBoard
from callwright.scheduler.live.loop import ProgressLoop
from callwright.scheduler.live.values import TaskStep
from callwright.scheduler.loop import CallbackLoop
from callwright.scheduler.webhooks.counters import EventCounters
from callwright.scheduler.webhooks.loop import WebhookLoop, WebhookManners
from callwright.scheduler.webhooks.ports import Receivers
from callwright.scheduler.webhooks.secrets import WebhookSecrets


@dataclass(frozen=True, slots=True)
class ShownNumbers:
    """Which numbers an account may show: its own and the validated ones, or any."""

    accounts: AccountStore
    caller_ids: CallerIdStore

    async def may_show(self, account_id: AccountId, number: str) -> bool:
        """Whether this is one."""
        account = await self.accounts.read(account_id)
        if account is not None and not account.validates_caller_ids:
            return True
        return await self.caller_ids.has(account_id, number)


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The callback scheduler, put together."""

    loop: CallbackLoop
    webhooks: WebhookLoop
    running: RunningAttempts
    around: AttemptSurroundings
    ratio: AnswerRatio
    board: LiveBoard
    progress: ProgressLoop
    metrics: CallbackMetrics

    def application(
        self,
        instance: CallbackInstance,
        call: CallControl,
        secondaries: SecondaryCalls,
        facts: FactSink,
    ) -> AttemptApplication:
        """Make what runs on an attempt's start."""
        return AttemptApplication(instance, call, secondaries, facts, self.around)


def wire_callbacks(
    base: Foundation,
    media: MediaStore,
    receivers: Receivers,
    *,
    calls: CallsOfAttempts,
    shards: Callable[[], frozenset[int]],
    wake: Callable[[], None],
) -> Callbacks:
    """Put the scheduler together; `wake` tells the dispatcher that a start was queued."""
    stores = base.stores
    ratio, running = AnswerRatio(base.settings.asr_rule()), RunningAttempts()
    callees = Callees(stores.callback_queues, ShownNumbers(stores.accounts, stores.caller_ids))
    board, metrics = LiveBoard(), CallbackMetrics(executed=lambda: loop.running)
    webhooks = _webhooks(base, receivers, shards, metrics.events)

    def stepped(step: TaskStep) -> None:
        metrics.tasks.count(step)
        board.step(step)

    attempts = Attempts(
        queues=stores.callback_queues,
        tasks=stores.callback_tasks,
        callees=callees,
        calls=calls,
        catalogue=base.catalogue,
        intake=Intake(stores.queue, base.mint, base.clock, wake=wake, facts=base.facts),
        clock=base.clock,
        random_bytes=base.entropy.token,
        told=webhooks.wake,
        stepped=stepped,
        uses_legacy_types=bool(base.settings.callback_legacy_types),
    )
    loop = CallbackLoop(
        queues=stores.callback_queues,
        tasks=stores.callback_tasks,
        attempts=attempts,
        starts=stores.queue,
        shards=shards,
        ratio=ratio,
        clock=base.clock,
        hang_up=running.cancel,
    )
    around = AttemptSurroundings(
        queues=stores.callback_queues,
        tasks=stores.callback_tasks,
        callees=callees,
        media=media,
        running=running,
        clock=base.clock,
        over=loop.ended,
        registrations=stores.event_registrations,
        outbox=stores.callback_events,
        domain=base.settings.domain_of_callers(),
        told=webhooks.wake,
        stepped=stepped,
        uses_legacy_types=bool(base.settings.callback_legacy_types),
    )
    progress = ProgressLoop(board, stores.callback_progress, base.clock)
    return Callbacks(loop, webhooks, running, around, ratio, board, progress, metrics)


def _webhooks(
    base: Foundation,
    receivers: Receivers,
    shards: Callable[[], frozenset[int]],
    counters: EventCounters,
) -> WebhookLoop:
    stores = base.stores
    secrets = WebhookSecrets(
        stores.accounts, stores.webhook_secrets, stores.secret, base.entropy.token
    )
    return WebhookLoop(
        outbox=stores.callback_events,
        receivers=receivers,
        manners=WebhookManners(base.settings.webhook_body_format(), secrets, counters),
        shards=shards,
        clock=base.clock,
    )
