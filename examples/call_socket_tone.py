"""Tones: each key plays its own tone for a second, one after the other; the star key is silence.

Run it with `python examples/call_socket_tone.py --certificate server.pem --key server.key`, and
let a `connect` action or `service_start` call `wss://localhost:8443`; docs/call-sockets.md tells
how to make a certificate.
"""

from callwright.callsocket import Call, Digit, PlayFinished, tone
from callwright.callsocket.websockets import run

HERTZ = {"1": 262, "2": 294, "3": 330, "4": 349, "5": 392, "6": 440, "7": 494, "8": 523}
"""A scale from middle C."""


async def tones(call: Call) -> None:
    """Say hello with a chord of three, and then do what the keys say."""
    for key in "135":
        call.begin_play(tone(HERTZ[key], 0.2), id="hello")
    async for event in call:
        match event:
            case Digit("*"):
                await call.abort()
            case Digit(key) if key in HERTZ:
                # It waits until what was played before is through.
                call.begin_play(tone(HERTZ[key], 1.0), id=f"key {key}")
            case PlayFinished(play_id):
                print("played", play_id, flush=True)


if __name__ == "__main__":
    run(tones)
