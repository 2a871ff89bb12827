"""A call's time in a conference: its keys, what it hears while nobody talks, announcements."""

from dataclasses import dataclass, field
from typing import Final, Self

from callwright.domain.call_control import CallControl, CallIsOver, MediaFault, Sound
from callwright.protocol.pages.connecting import Participant
from callwright.protocol.pages.media import Play
from callwright.runner.concurrency import beside, either, within
from callwright.runner.context import ActionContext
from callwright.runner.ports import ConferenceCall
from callwright.runner.sounds import sounds_of

ANNOUNCEMENT_PATIENCE: Final = 15.0
"""Seconds for the room to hear that somebody left (assumed); the call goes on after that."""


@dataclass(slots=True)
class ConferenceVisit:
    """Made before the conference is called, so that a missing sound is heard of in time."""

    participant: Participant
    context: ActionContext
    while_stopped: list[Sound] = field(default_factory=list)
    has_joined: list[Sound] = field(default_factory=list)
    has_left: list[Sound] = field(default_factory=list)

    @classmethod
    async def of(cls, participant: Participant, context: ActionContext) -> Self:
        """Make all that may be played.

        Raises:
            InstanceFault: something cannot be had.

        """

        async def sounds(play: Play | None) -> list[Sound]:
            return [] if play is None else await sounds_of(play, context)

        name = await sounds(participant.name)
        joined, left = participant.has_joined, participant.has_left
        return cls(
            participant,
            context,
            await sounds(participant.while_stopped),
            # The name is said before what happened, and alone where nothing is said of it.
            [*name, *await sounds(joined)],
            [*name, *await sounds(left)] if left is not None else [],
        )

    async def stay(self, conference: ConferenceCall) -> None:
        """Be in the conference until the exit digit is pressed or the room lets go."""
        if self.has_joined:
            arriving = self._announced(conference, self.has_joined)
            await beside(self._stay(conference), arriving)
        else:
            await self._stay(conference)

    async def leave(self, conference: ConferenceCall) -> None:
        """Tell those who stay."""
        if self.has_left and conference.snapshot().cause is None:
            await within(ANNOUNCEMENT_PATIENCE, self._announced(conference, self.has_left))

    async def _stay(self, conference: ConferenceCall) -> None:
        ending = either(conference.over(), self._exit_pressed(conference))
        await beside(ending, self._waiting_music(conference))

    async def _exit_pressed(self, conference: ConferenceCall) -> None:
        participant = self.participant
        while True:
            key = await self.context.call.next_digit(None)
            if not key:
                continue
            if key == participant.exit_digit:
                self.context.transcript.info("the participant leaves")
                return
            if key in {participant.mute_digit, participant.unmute_digit}:
                self._press_mute(key, conference)

    def _press_mute(self, key: str, conference: ConferenceCall) -> None:
        toggles = self.participant.mute_digit == self.participant.unmute_digit
        was_muted = conference.is_muted
        is_muted = not was_muted if toggles else key == self.participant.mute_digit
        if is_muted is not was_muted:
            conference.mute(is_muted=is_muted)
            self.context.transcript.info(
                f"the participant is {'muted' if is_muted else 'heard again'}"
            )

    async def _waiting_music(self, conference: ConferenceCall) -> None:
        try:
            while True:
                is_started = conference.is_started
                changed = _changed(conference, is_started=is_started)
                if is_started or not self.while_stopped:
                    await changed
                else:
                    await beside(changed, self._loop(self.context.call))
        except CallIsOver as over:
            self._only_the_rooms(over)

    async def _loop(self, call: CallControl) -> None:
        try:
            await call.play(self.while_stopped, barge_in_on_digit=False, loops=True)
        except MediaFault as fault:
            self.context.transcript.warning(f"while_stopped_media: {fault}")

    async def _announced(self, conference: ConferenceCall, sounds: list[Sound]) -> None:
        try:
            await conference.announce(sounds)
        except MediaFault as fault:
            self.context.transcript.warning(f"an announcement cannot be played: {fault}")
        except CallIsOver as over:
            self._only_the_rooms(over)

    def _only_the_rooms(self, over: CallIsOver) -> None:
        """Let the end of the participant's own call pass, and keep that of the room here."""
        if self.context.call.snapshot().cause is not None:
            raise over


async def _changed(conference: ConferenceCall, *, is_started: bool) -> None:
    if conference.is_started is is_started:
        await conference.started_or_stopped()
