"""A leg that ends in a conference room here: what is played on it, everybody in the room hears."""

from typing import Final

from callwright.domain.call_events import RoomChanged
from callwright.domain.causes import HUNG_UP_BY_THEM, cause_of_sip_failure
from callwright.domain.clock import Instant
from callwright.engine.call_leg import MEDIA_PATIENCE, CallLeg, LegSeat
from callwright.engine.call_plan import RoomPlan
from callwright.engine.conference import RoomIsFull
from callwright.engine.leg import LegEvent, LegState, next_state
from callwright.engine.rooms import Room, RoomGuest

_BUSY_HERE: Final = 486


class RoomLeg(CallLeg):
    """One participant's call; a room answers at once."""

    def __init__(self, seat: LegSeat, plan: RoomPlan, room: Room) -> None:
        """Prepare; nobody has come in yet."""
        super().__init__(seat, plan.identity)
        self.plan = plan
        self.room = room
        self.guest = RoomGuest(plan.call_id, plan.instance_id, plan.call_from)

    def enter(self) -> None:
        """Come in; a room that is full, or not open yet, is busy."""
        self._begin()
        self.state = next_state(self.state, LegEvent.INVITE)
        beside = self.room.beside
        try:
            self.room.enter(self, self.plan.participant)
        except RoomIsFull:
            self._end(cause_of_sip_failure(_BUSY_HERE))
            return
        self._wait(MEDIA_PATIENCE)
        self.media.open_in_room(
            self.room.number,
            talks=self.room.talks(self),
            beside=self.plan.beside if beside is None else beside,
        )
        self.room.tell(self)

    def deadline(self) -> Instant | None:
        """When `handle_timer` wants to be called: the room may close before the call's own end."""
        moments = (super().deadline(), self._closes_at())
        return min((moment for moment in moments if moment is not None), default=None)

    def handle_timer(self, now: Instant) -> None:
        """Act on what took too long, or on the end of the time that the room was reserved for."""
        closes_at = self._closes_at()
        if closes_at is not None and now >= closes_at:
            self.room.close()
        super().handle_timer(now)

    def closing_changed(self) -> None:
        """Be woken at another moment."""
        self.world.changed(self)

    def room_changed(self, *, is_started: bool) -> None:
        """Pass on that the conference started or stopped."""
        self._tell(RoomChanged(is_started))

    def room_is_gone(self) -> None:
        """End with the room."""
        self.hang_up(HUNG_UP_BY_THEM)

    def _closes_at(self) -> Instant | None:
        return self.room.closes_at if self.state is LegState.ANSWERED else None

    def _opened(self, rtp_port: int) -> None:  # noqa: ARG002 - it has none
        self.state = next_state(self.state, LegEvent.ANSWER)
        self._note_answer()
        self._tell_answered(self.plan.max_duration)

    def _leave(self, before: LegState) -> None:  # noqa: ARG002 - a room lets go at once
        if self.state is LegState.CLEARING:
            self.state = next_state(self.state, LegEvent.END)
        self.room.leave(self)

    def _overdue(self) -> None:
        self.media_failed("the media worker opened no room in time")
