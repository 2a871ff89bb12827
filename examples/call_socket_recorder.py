"""Recorder: a beep, and then every call becomes a wav file in the folder `recordings`.

Run it with `python examples/call_socket_recorder.py --certificate server.pem --key server.key`,
and let a `connect` action or `service_start` call `wss://localhost:8443`; docs/call-sockets.md
tells how to make a certificate.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from callwright.callsocket import Call, Digit, SoundHeard, tone, write_wav
from callwright.callsocket.websockets import run

FOLDER = Path("recordings")
LONGEST = 120.0
"""Seconds of one recording: somebody may forget to hang up."""


async def record(call: Call) -> None:
    """Beep, and keep what is said until the call or the patience ends, or the hash key comes."""
    await call.play(tone(1000, 0.3))
    said = bytearray()
    async for event in call:
        match event:
            case SoundHeard(sound):
                said += sound
            case Digit("#"):
                break
        if call.format.seconds_of(len(said)) >= LONGEST:
            break
    # The call may be over by now: there is half a minute left to do this.
    save(call.caller, bytes(said))


def save(caller: str, sound: bytes) -> None:
    """Write the file; so short a one that other calls do not notice."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / name_of(caller)
    write_wav(path, sound)
    print("recorded", path, flush=True)


def name_of(caller: str) -> str:
    """Make a file name; who calls is text from outside, and may hold anything."""
    safe = re.sub(r"[^0-9A-Za-z@._-]", "_", caller)[:40]
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{safe}.wav"


if __name__ == "__main__":
    run(record)
