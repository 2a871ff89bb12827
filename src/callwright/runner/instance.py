"""One application instance: pages say what to do, actions do it, the next page is asked."""

from dataclasses import dataclass
from typing import Final

from callwright.domain.call_control import CallControl
from callwright.domain.facts import FactSink, InstanceStopped
from callwright.domain.far_end import FarEndType
from callwright.domain.instance import RestInstance
from callwright.domain.outbound_service import PageAddress
from callwright.domain.records import CallDirection
from callwright.protocol.pages.connecting import SecondaryCall
from callwright.protocol.pages.results import Interrupted
from callwright.runner.call_info import CallNotes
from callwright.runner.concurrency import Stoppable
from callwright.runner.context import ActionContext, SecondaryFlow
from callwright.runner.desk import InstanceDesk
from callwright.runner.fault_reports import FaultReports
from callwright.runner.flow import Flow, FlowPages
from callwright.runner.next_page import (
    PRIMARY_COURSE,
    Outcome,
    Step,
    can_be_interrupted,
    next_step,
    printable_url,
)
from callwright.runner.page_requests import PageRequests
from callwright.runner.ports import PageFetcher, SecondaryCalls
from callwright.runner.registry import Interruption, InterruptResult
from callwright.runner.secondary_flow import SecondaryCallFlow
from callwright.runner.speech_streams import SpeechStreams
from callwright.runner.surroundings import Surroundings
from callwright.runner.transcript import Transcript
from callwright.runner.whole_call import WholeCall

NOTIFICATION_PATIENCE: Final = 40.0
"""Seconds that notifications have after the final page: all pauses between their attempts, and
some. Whoever does not listen that long is not told."""


class InstanceRun:
    """Runs one instance on one call, from its beginning to the final page."""

    def __init__(
        self,
        *,
        instance: RestInstance,
        call: CallControl,
        secondaries: SecondaryCalls,
        pages: PageFetcher,
        facts: FactSink,
        around: Surroundings,
    ) -> None:
        """Take what the instance needs; `finish` closes `pages`."""
        self._instance = instance
        self._call = call
        self._pages = pages
        self._around = around
        self._desk = _desk(instance, secondaries, pages, facts, around)
        application = instance.application
        self._notes = CallNotes(
            application.application_parameters,
            instance.outbound_parameters,
        )
        self._whole_call = WholeCall(self._desk, call, self._notes, application.recording)
        self._context = ActionContext(
            self._desk,
            call,
            self._notes,
            self._whole_call,
            self._make_flow,
            base_url=application.first_page.url,
        )
        self._flow = Flow(
            FlowPages(application.first_page, application.error_page, application.final_page),
            self._context,
            {
                Step.WAIT_FOR_ANSWER: self._wait_for_answer,
                Step.CLASSIFY: self._classify,
                Step.ASK_PAGE: self._ask_page,
            },
        )
        is_inbound = call.parties.direction is CallDirection.IN
        self._step = Step.ASK_PAGE if is_inbound else Step.WAIT_FOR_ANSWER
        self._working: Stoppable[Outcome] = Stoppable()
        self._interrupt: _Interrupt | None = None

    async def run(self) -> int:
        """Run to the end and return the exit status; remote faults are told, never raised.

        `finish` comes after it: notifications may still be on their way.
        """
        instance, transcript = self._instance, self._desk.transcript
        transcript.info(f"instance {instance.instance_id} started")
        self._around.registry.begin(instance.account_id, instance.instance_id, self.interrupt)
        try:
            while self._step is not Step.OVER:
                self._step = next_step(PRIMARY_COURSE, self._step, await self._outcome())
        finally:
            self._around.registry.end(instance.instance_id)
            self._desk.stop_transcription()
        exit_status = self._desk.reports.exit_status
        transcript.info(f"instance ended with exit status {exit_status}")
        self._desk.facts.tell(InstanceStopped(self._around.clock.unix_time(), exit_status))
        return exit_status

    async def finish(self) -> None:
        """Wait a while for notifications, which may outlive the instance, and let go."""
        jobs = self._desk.jobs
        try:
            await jobs.done(NOTIFICATION_PATIENCE)
        finally:
            if left := await jobs.end():
                self._desk.transcript.warning(f"{left} notifications were given up")
            await self._pages.close()

    def interrupt(self, redirect: PageAddress | None) -> Interruption:
        """Stop what is being done; with a page go on there, without it end the call."""
        if not can_be_interrupted(self._step):
            return Interruption(InterruptResult.COMPLETED)
        action = self._context.action
        self._interrupt = _Interrupt(redirect, action)
        where = "" if redirect is None else f": {redirect.method} {printable_url(redirect.url)}"
        self._desk.transcript.info(f"interrupted from outside{where}")
        self._working.stop()
        return Interruption(InterruptResult.INTERRUPTED, action)

    async def _outcome(self) -> Outcome:
        outcome = await self._working.run(self._flow.outcome(self._step))
        interrupt, self._interrupt = self._interrupt, None
        if interrupt is None:
            assert outcome is not None, "only an interrupt stops a step"
            return outcome
        if interrupt.redirect is None:
            return Outcome.INTERRUPTED
        result = Interrupted(interrupt.action) if interrupt.action else None
        self._flow.go_to(interrupt.redirect, result)
        return Outcome.REDIRECTED

    async def _wait_for_answer(self) -> Outcome:
        await self._call.answered()
        self._desk.transcript.info("the call is answered")
        self._whole_call.begin_when_answered()
        return Outcome.DONE

    async def _classify(self) -> Outcome:
        """Find out what answered, and let a machine have its say (A-70)."""
        how = self._instance.application.classification
        if how is None:
            return Outcome.DONE
        far_end_type = (await self._call.classify(how)).far_end_type
        self._notes.far_end_type = far_end_type
        self._desk.transcript.info(f"the far end is: {far_end_type}")
        if how.hangs_up_on(far_end_type):
            return Outcome.WANTS_END
        if far_end_type is FarEndType.ANSWERING_MACHINE:
            await self._call.greeting_over()
            self._desk.transcript.info("the answering machine is ready to record")
        return Outcome.DONE

    async def _ask_page(self) -> Outcome:
        outcome = await self._flow.ask_page()
        # The first answer may have brought the cipher that the recording waited for.
        self._whole_call.begin_when_answered()
        return outcome

    def _make_flow(
        self, call: CallControl, notes: CallNotes, wanted: SecondaryCall
    ) -> SecondaryFlow:
        return SecondaryCallFlow(call, notes, wanted, self._context)


@dataclass(frozen=True, slots=True)
class _Interrupt:
    redirect: PageAddress | None
    action: str


def _desk(
    instance: RestInstance,
    secondaries: SecondaryCalls,
    pages: PageFetcher,
    facts: FactSink,
    around: Surroundings,
) -> InstanceDesk:
    transcript = Transcript(
        around.logs,
        account_id=instance.account_id,
        filename=instance.log_filename,
        clock=around.clock,
    )
    return InstanceDesk(
        instance=instance,
        around=around,
        transcript=transcript,
        facts=facts,
        requests=PageRequests(
            instance=instance,
            pages=pages,
            transcript=transcript,
            facts=facts,
            clock=around.clock,
        ),
        reports=FaultReports(instance.instance_id, transcript, facts, around.clock),
        secondaries=secondaries,
        streams=SpeechStreams(instance.application.speech_streams),
    )
