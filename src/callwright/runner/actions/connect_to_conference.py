"""`connect_to_conference`: join the call to a conference room of the account."""

from dataclasses import dataclass, field

from callwright.domain.call_control import CallIsOver
from callwright.protocol.pages.connecting import ConnectToConference
from callwright.protocol.pages.results import Connected
from callwright.runner.actions.connect import flow_maker, outcome_of
from callwright.runner.call_info import CallNotes
from callwright.runner.concurrency import beside, to_the_end, within
from callwright.runner.conference_visit import ConferenceVisit
from callwright.runner.context import ActionContext, AskPage, GoOn, MakeFlow, SecondaryFlow
from callwright.runner.hold_media import HoldMedia
from callwright.runner.joining import join, stay_joined
from callwright.runner.ports import CannotCall, ConferenceCall, ParticipantOrder


async def run_connect_to_conference(
    action: ConnectToConference, context: ActionContext
) -> AskPage | GoOn:
    """Be in the conference until the exit digit, the room or the time ends it (A-48).

    Raises:
        CallIsOver: the primary call ended; the secondary one has had its final page.
        InstanceFault: it could not even be tried, or the secondary call's flow failed.

    """
    make_flow = flow_maker(context, action.secondary, channels=1)
    holding = await HoldMedia.of(action.hold_media, context)
    visit = await ConferenceVisit.of(action.participant, context)
    entry = _Entry(action, context, make_flow)
    duration: float | None = None
    try:
        conference = await beside(entry.reach(), holding.play())
        if conference is not None:
            entry.join(conference)
            duration = await stay_joined(context.call, visit.stay(conference), context.clock)
    finally:
        await to_the_end(entry.wind_down(visit))
    outcome_of(entry.flow)
    if duration is None:
        return GoOn("not connected")
    detail = f"connected for {duration:.1f} s"
    if action.next_page is None:
        return GoOn(detail)
    result = Connected("connect_to_conference", duration)
    return AskPage(action.next_page, result, detail=detail)


@dataclass(slots=True)
class _Entry:
    """The call to the room, as far as it has come."""

    action: ConnectToConference
    context: ActionContext
    make_flow: MakeFlow
    flow: SecondaryFlow | None = field(default=None, init=False)
    _conference: ConferenceCall | None = field(default=None, init=False)
    _is_joined: bool = field(default=False, init=False)

    async def reach(self) -> ConferenceCall | None:
        """Call the room and run that call's pages; None when the calls are not to be joined."""
        try:
            conference = await self.context.desk.secondaries.enter_conference(
                self.action.name, self._order()
            )
        except CannotCall as refusal:
            self.context.transcript.warning(f"the conference is not entered: {refusal}")
            return None
        self._conference = conference
        if not await self._is_answered(conference):
            return None
        notes = CallNotes(self.context.notes.application_parameters)
        self.flow = self.make_flow(conference, notes, self.action.secondary)
        is_wanted = await self.flow.prepare() and conference.snapshot().cause is None
        return conference if is_wanted else None

    def join(self, conference: ConferenceCall) -> None:
        """Let the participant and the room hear each other."""
        join(self.context.call, conference)
        self._is_joined = True
        if self.flow is not None:
            self.flow.whole_call.begin()

    async def wind_down(self, visit: ConferenceVisit) -> None:
        """Leave the room, and ask the final page of that call."""
        if self._conference is not None:
            if self._is_joined:
                await visit.leave(self._conference)
            await self._conference.hang_up()
        if self.flow is not None:
            await self.flow.wind_down(tuple)
        self.context.call.drop_digits()

    async def _is_answered(self, conference: ConferenceCall) -> bool:
        async def answer() -> bool:
            await conference.answered()
            return True

        try:
            return await within(self.action.ring_timeout, answer()) or False
        except CallIsOver as over:
            self.context.transcript.info(f"the conference does not answer: {over.cause}")
            return False

    def _order(self) -> ParticipantOrder:
        participant = self.action.participant
        return ParticipantOrder(
            is_talker=participant.is_talker,
            starts_on_entry=participant.starts_on_entry,
            destroys_on_exit=participant.destroys_on_exit,
            beeps_on_entry=participant.beeps_on_entry,
            max_duration=self.action.secondary.max_duration,
            ring_timeout=self.action.ring_timeout,
        )
