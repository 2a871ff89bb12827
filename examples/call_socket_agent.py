"""Voice agent: it says something, is silent when it is talked over, and goes on when it may.

The skeleton of an agent: `sentences` stands for your language model and speech synthesis, and
`loudness` for a real detector of speech. Everything else is what such an agent needs on a call.

Run it with `python examples/call_socket_agent.py --certificate server.pem --key server.key`, and
let a `connect` action or `service_start` call `wss://localhost:8443`; docs/call-sockets.md tells
how to make a certificate.
"""

import asyncio
from collections.abc import AsyncIterator

from callwright.callsocket import Call, SoundHeard, loudness, silence, tone
from callwright.callsocket.websockets import run

LOUD = 0.03
"""Speech is louder than this, a quiet line is not: share of the loudest possible sound."""

SPEECH_FRAMES = 4
"""Frames of 20 ms that must be loud, one after the other: a click is shorter."""

PAUSE_FRAMES = 35
"""Quiet frames after which somebody has said what he wanted: 0.7 s."""


class Ear:
    """Finds where speech begins and ends: energy, and how long it lasts."""

    def __init__(self) -> None:
        """Begin in silence."""
        self.is_spoken_to = False
        self._frames = 0

    def hear(self, sound: bytes) -> bool:
        """Take 20 ms; whether speech has begun or ended with them."""
        is_loud = loudness(sound) > LOUD
        self._frames = self._frames + 1 if is_loud != self.is_spoken_to else 0
        has_turned = self._frames >= (PAUSE_FRAMES if self.is_spoken_to else SPEECH_FRAMES)
        if has_turned:
            self.is_spoken_to, self._frames = not self.is_spoken_to, 0
        return has_turned


async def sentences(number: int) -> AsyncIterator[bytes]:
    """Give the sound of one sentence in pieces, as a speech synthesis does: here, five tones."""
    for step in range(5):
        yield tone(300 + 100 * number + 20 * step, 0.4) + silence(0.1)
        await asyncio.sleep(0)


async def agent(call: Call) -> None:
    """Say sentence after sentence; one that was talked over is said again."""
    ear, number = Ear(), 0
    play = call.begin_play(sentences(number), id="sentence 0")
    async for event in call:
        if not isinstance(event, SoundHeard):
            continue
        if ear.hear(event.sound):
            if ear.is_spoken_to:
                await call.abort()
            else:
                # Here the language model would be asked: what was said is over.
                play = call.begin_play(sentences(number), id=f"sentence {number} again")
        if play.is_over and not ear.is_spoken_to:
            number += await play.heard()
            if number == 3:  # noqa: PLR2004 - as much as there is to say
                await call.hang_up()
                break
            play = call.begin_play(sentences(number), id=f"sentence {number}")


if __name__ == "__main__":
    run(agent)
