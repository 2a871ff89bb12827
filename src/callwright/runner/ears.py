"""What a caller does next: presses a key or says something."""

from dataclasses import dataclass

from callwright.domain.call_control import CallControl
from callwright.runner.concurrency import either
from callwright.runner.listening import Listening
from callwright.runner.ports import Recognised


@dataclass(slots=True)
class Ears:
    """Waits for keys, and for speech as long as somebody listens."""

    call: CallControl
    listening: Listening | None = None

    async def next_input(self, seconds: float | None) -> str | Recognised | None:
        """Wait so long (None: for ever) for a key or a phrase; None when there was neither.

        A key comes before a phrase that came at the same moment.
        """
        listening = self.listening
        if listening is None:
            return await self.call.next_digit(seconds)
        key, phrase = await either(self.call.next_digit(seconds), listening.next_phrase())
        if key is None:
            return phrase
        if phrase is not None:
            listening.put_back(phrase)
        return key

    async def stop_listening(self) -> None:
        """Take keys alone from now on."""
        if self.listening is not None:
            listening, self.listening = self.listening, None
            await listening.close()
