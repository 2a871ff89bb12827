"""What a call hears while somebody else is being called for it."""

from dataclasses import dataclass, field
from typing import Final

from callwright.domain.call_control import CallControl, CallIsOver, MediaFault, Sound, Tone
from callwright.protocol.pages.media import Play
from callwright.runner.context import ActionContext
from callwright.runner.sounds import media_fault, sounds_of

_BURST: Final = Tone((400.0, 450.0), 400)

RINGING_TONE: Final[tuple[Sound, ...]] = (_BURST, Tone((), 200), _BURST, Tone((), 2000))
"""That of the United Kingdom, where the published voices and numbers come from: 400 and 450 Hz,
0.4 s on, 0.2 s off, 0.4 s on, 2.0 s off (ITU-T E.180 Supplement 2)."""


@dataclass(slots=True)
class HoldMedia:
    """Sound for a call that waits, over and over."""

    call: CallControl
    sounds: list[Sound]
    _is_stopped: bool = field(default=False, init=False)

    @classmethod
    async def of(cls, media: Play | None, context: ActionContext) -> "HoldMedia":
        """Make what the page wants to be heard, else a ringing tone.

        Raises:
            InstanceFault: something in it cannot be had (A-32).

        """
        sounds = list(RINGING_TONE) if media is None else await sounds_of(media, context)
        return cls(context.call, sounds)

    async def play(self) -> None:
        """Play until `stop`, then wait on; only the end of the call ends this.

        Raises:
            CallIsOver: it is over.
            InstanceFault: something in it cannot be played.

        """
        if self.sounds and not self._is_stopped:
            try:
                await self.call.play(self.sounds, barge_in_on_digit=False, loops=True)
            except MediaFault as fault:
                raise media_fault(fault, self.sounds) from fault
        await until_over(self.call)

    def stop(self) -> None:
        """Be silent: there is something else to be heard now."""
        self._is_stopped = True
        self.call.stop_play()


async def until_over(call: CallControl) -> None:
    """Wait for the end of a call, beside whatever else is done on it.

    Raises:
        CallIsOver: always, in the end.

    """
    raise CallIsOver(await call.over())
