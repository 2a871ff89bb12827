"""The calls of one `connect`: placed at once; the first to be answered wins, the others go."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from callwright.domain.call_control import CallControl, CallIsOver
from callwright.domain.far_end import Classification, FarEndType
from callwright.protocol.pages.connecting import SecondaryCall
from callwright.protocol.pages.request import CallInfo
from callwright.runner.call_info import CallNotes, call_info
from callwright.runner.concurrency import Jobs, first_success
from callwright.runner.context import ActionContext, MakeFlow, SecondaryFlow
from callwright.runner.hold_media import HoldMedia
from callwright.runner.joining import join
from callwright.runner.ports import CannotCall, SecondaryOrder


@dataclass(slots=True)
class Candidate:
    """A call that was placed."""

    call: CallControl
    notes: CallNotes
    flow: SecondaryFlow


@dataclass(slots=True)
class Dialling:
    """Places the calls and keeps track of them until all are over."""

    context: ActionContext
    make_flow: MakeFlow
    wanted: SecondaryCall
    classification: Classification | None
    _candidates: list[Candidate] = field(default_factory=list, init=False)
    _jobs: Jobs = field(default_factory=Jobs, init=False)

    async def first_answer(
        self, orders: Sequence[SecondaryOrder], holding: HoldMedia
    ) -> Candidate | None:
        """Call all of them; return the first that answers, None when nobody does.

        What a call that wants early media sounds like takes the place of the hold media.
        """
        winner = await first_success([self._attempt(order, holding) for order in orders])
        for candidate in self._candidates:
            if candidate is not winner:
                self._jobs.start(_drop(candidate))
        return winner

    async def settle(self) -> None:
        """Hang up what is left but the winner, and wait until it has ended."""
        await self._jobs.done()

    async def abandon(self) -> None:
        """Hang up all of them."""
        for candidate in self._candidates:
            self._jobs.start(_drop(candidate))
        await self.settle()

    def dropped(self) -> tuple[CallInfo, ...]:
        """Describe the calls that were hung up because another one was connected."""
        return tuple(
            call_info(candidate.call, candidate.notes)
            for candidate in self._candidates
            if candidate.notes.was_dropped
        )

    async def _attempt(self, order: SecondaryOrder, holding: HoldMedia) -> Candidate | None:
        transcript = self.context.transcript
        try:
            call = await self.context.desk.secondaries.place(order)
        except CannotCall as refusal:
            transcript.warning(f"a destination is not called: {refusal}")
            return None
        notes = CallNotes(self.context.notes.application_parameters)
        candidate = Candidate(call, notes, self.make_flow(call, notes, self.wanted))
        self._candidates.append(candidate)
        try:
            if order.wants_early_media:
                await call.early_media()
                holding.stop()
                join(self.context.call, call)
                candidate.flow.whole_call.begin()
            await call.answered()
            transcript.info(f"secondary call {call.snapshot().call_id} is answered")
            return candidate if await self._is_wanted(candidate) else None
        except CallIsOver as over:
            transcript.info(f"a secondary call is over: {over.cause}")
            return None

    async def _is_wanted(self, candidate: Candidate) -> bool:
        """Find out what answered, if that matters (A-46)."""
        if self.classification is None:
            return True
        far_end = await candidate.call.classify(self.classification)
        candidate.notes.far_end_type = far_end.far_end_type
        self.context.transcript.info(f"the far end is: {far_end.far_end_type}")
        if self.classification.hangs_up_on(far_end.far_end_type):
            await _drop(candidate)
            return False
        return True


async def greeting_over(candidate: Candidate) -> None:
    """Let an answering machine have its say before anything is done on the call."""
    if candidate.notes.far_end_type is FarEndType.ANSWERING_MACHINE:
        await candidate.call.greeting_over()


async def _drop(candidate: Candidate) -> None:
    if candidate.call.snapshot().cause is None:
        candidate.notes.was_dropped = True
        await candidate.call.hang_up()
