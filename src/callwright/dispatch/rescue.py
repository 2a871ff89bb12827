"""At start and at each renewal: settle what dead nodes left, our own earlier starts among them.

Starts without an intent go back to the head of their queues. One with an intent may have been
dialled, so it is never dialled again; it ends `completed` with exit status -9, a CDR whose
cause is `FAILED(-1)`, and an error report that says why. So does a call that came in.
"""

import contextlib
from dataclasses import dataclass, field
from typing import Final

import structlog

from callwright.dispatch.fact_log import FactLog
from callwright.dispatch.invocation import Services
from callwright.dispatch.ports import InboundStore, InterruptedInbound, SecondaryNotes
from callwright.dispatch.settlement import close_broken
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.destination import BadDestination, parse_destination
from callwright.domain.errors import IllegalTransition
from callwright.domain.facts import CallAnswered, CallPlaced, FactBoard, InstanceStarted
from callwright.domain.ids import InstanceId
from callwright.domain.instance import rest_log_filename
from callwright.domain.outbound_service import OutboundService, RestApplication
from callwright.engine.call_plan import originating_address
from callwright.queue.ports import Interrupted, LeaseLost, QueueStore
from callwright.records.tariff import Tariff
from callwright.services.catalogue import UnknownService

log: Final = structlog.get_logger()

INTERRUPTED: Final = "Callwright stopped while the call was in progress; it was not dialled again"

INBOUND_INTERRUPTED: Final = "Callwright stopped while the call was in progress"


@dataclass(slots=True)
class Rescue:
    """Settles what dead nodes left."""

    queue: QueueStore
    inbound: InboundStore
    notes: SecondaryNotes
    services: Services
    board: FactBoard
    clock: Clock
    sip_domain: str
    tariff: Tariff
    _unfinished: list[Interrupted] = field(default_factory=list)
    """Ours by now, and without a record: the store went away before the last run was through."""
    _unfinished_inbound: list[InterruptedInbound] = field(default_factory=list)

    async def run(self) -> None:
        """Settle everything that can be settled now."""
        self._unfinished += await self.queue.settle_dead()
        self._unfinished_inbound += await self.inbound.settle_dead()
        interrupted = len(self._unfinished) + len(self._unfinished_inbound)
        while self._unfinished:
            await self._finish(self._unfinished[0])
            self._unfinished.pop(0)
        while self._unfinished_inbound:
            await self._finish_inbound(self._unfinished_inbound[0])
            self._unfinished_inbound.pop(0)
        if interrupted:
            log.warning("dispatch.rescued", interrupted=interrupted)

    async def _finish(self, one: Interrupted) -> None:
        facts = self._facts(one, await self._service(one))
        await self._tell_secondaries(one.intent.instance_id, facts)
        at = self.clock.unix_time()
        exit_status = close_broken(facts, INTERRUPTED, at=at)
        record = facts.record(self.tariff)
        # Another node's by now, or finished by us when the store did not come to say so.
        with contextlib.suppress(LeaseLost, IllegalTransition):
            await self.queue.finish(one.claim.ref, exit_status=exit_status, record=record, at=at)
            facts.end_is_on_disk()

    async def _finish_inbound(self, one: InterruptedInbound) -> None:
        """Tell again how a call that came in began, and end it."""
        intent, beginning = one.intent, one.intent.beginning
        facts = FactLog(intent.account_id, intent.ref, self.board, milestones=_LongAgo())
        facts.tell(beginning.started)
        facts.tell(beginning.placed)
        if one.answered_at is not None:
            facts.tell(CallAnswered(one.answered_at, beginning.placed.call_id))
        await self._tell_secondaries(beginning.started.instance_id, facts)
        close_broken(facts, INBOUND_INTERRUPTED, at=self.clock.unix_time())
        # Another node's by now.
        with contextlib.suppress(LeaseLost):
            await self.inbound.finish(facts.record(self.tariff))
            facts.end_is_on_disk()

    async def _tell_secondaries(self, instance_id: InstanceId, facts: FactLog) -> None:
        for fact in await self.notes.read(instance_id):
            facts.tell(fact)

    async def _service(self, one: Interrupted) -> OutboundService | None:
        try:
            return await self.services.outbound_service(one.claim.service_id)
        except UnknownService:
            return None

    def _facts(self, one: Interrupted, service: OutboundService | None) -> FactLog:
        """Tell again what is known to have happened."""
        facts = FactLog(one.claim.account_id, one.claim.ref, self.board, milestones=_LongAgo())
        start, intent = one.claim.start, one.intent
        application = service.application if service else None
        rest = application if isinstance(application, RestApplication) else None
        destination = _destination(
            start.to, calls_conferences=bool(rest and rest.calls_conferences)
        )
        name = service.name if service else ""
        facts.tell(
            InstanceStarted(
                at=intent.at,
                instance_id=intent.instance_id,
                application_name=name,
                rest_to=destination,
                rest_from=start.caller_id,
                rest_initial_token=start.token or "",
                outbound_parameters=start.outbound_parameters,
                application_parameters=rest.application_parameters if rest else "",
                rest_log_filename=rest_log_filename(intent.instance_id, intent.at),
                extra_channel_count=service.extra_channels if service else 0,
                fax=bool(service and service.fax),
            )
        )
        origin = originating_address(start, service_name=name, sip_domain=self.sip_domain)
        facts.tell(CallPlaced(intent.at, intent.call_id, destination, origin, trunk=""))
        if one.answered_at is not None:
            facts.tell(CallAnswered(one.answered_at, intent.call_id))
        return facts


def _destination(to: str, *, calls_conferences: bool) -> str:
    try:
        return str(parse_destination(to, unprefixed_is_conference=calls_conferences))
    except BadDestination:
        return to


class _LongAgo:
    """Milestones of a call that ended with its process: nobody waits for them any more."""

    def answered(self, at: UnixTime) -> None:
        """Write nothing down: it is the store that told us."""

    def call_over(self) -> None:
        """Free nothing: the channels of that process went with it."""
