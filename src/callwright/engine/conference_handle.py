"""The awaitable face of a leg in a conference room: `ConferenceCall` for applications."""

from collections.abc import Sequence

from callwright.domain.call_control import MediaFault, Sound
from callwright.domain.call_events import CallEvent, RoomChanged
from callwright.engine.handle import CallHandle
from callwright.engine.room_leg import RoomLeg


class ConferenceHandle(CallHandle):
    """One participant's call, as an application sees it.

    Where the call was diverted there is no room: the far end is heard at once, and nobody else is
    there to be told anything.
    """

    def __init__(self) -> None:
        """Prepare a handle; `attach` it to its leg before anything else."""
        super().__init__()
        self._is_started = False

    @property
    def is_started(self) -> bool:
        """Whether the participants hear each other."""
        return self._is_started or self._room_leg() is None

    def take(self, event: CallEvent) -> None:
        """Follow the leg, and the room."""
        if isinstance(event, RoomChanged):
            self._is_started = event.is_started
        super().take(event)

    async def started_or_stopped(self) -> None:
        """Wait until `is_started` changes; raises `CallIsOver` when the room is gone."""
        was = self.is_started
        while self.is_started == was:
            await self.change()

    @property
    def is_muted(self) -> bool:
        """Whether the participant's voice was taken, by himself or by others."""
        leg = self._room_leg()
        return leg is not None and leg.room.is_muted(leg)

    def mute(self, *, is_muted: bool) -> None:
        """Let the room hear this participant, or not; a listener stays one."""
        leg = self._room_leg()
        if leg is not None:
            leg.room.mute(leg, is_muted=is_muted)

    async def announce(self, sounds: Sequence[Sound]) -> None:
        """Play to everybody in the room, this participant too; waits for the end."""
        self.check_not_over()
        leg = self._room_leg()
        if leg is None:
            return
        problems: list[str] = []

        def done(problem: str) -> None:
            problems.append(problem)
            self.wake()

        leg.room.announce(sounds, done)
        while not problems:
            await self.change()
        if problems[0]:
            raise MediaFault(problems[0])

    def _room_leg(self) -> RoomLeg | None:
        return self.leg if isinstance(self.leg, RoomLeg) else None
