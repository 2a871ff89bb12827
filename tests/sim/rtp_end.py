"""The sound of a phone whose signalling is somebody else's: says a tone, and keeps what it hears.

It sends a packet for each that it gets, and so keeps time with its far end.

```python
with RtpEnd(700) as sound, Sipp("answer", folder=tmp_path, sound_port=sound.port):
    ...
    sound.wait_until_heard(1100)
```
"""

import socket
import struct
import threading
from types import TracebackType
from typing import Final, Self

import numpy as np

from callwright.media import g711
from tests.sim.ports import LOOPBACK
from tests.sim.sound import seconds_of

HEARD_WITHIN: Final = 15.0
"""Seconds until a tone that should come has come; a bound, never waited out."""

ENOUGH: Final = 0.3
"""Seconds of a tone that are no accident."""

_HEADER: Final = struct.Struct("!BBHII")
_VERSION_2: Final = 0x80
_PCMU: Final = 0
_SAMPLES: Final = 160


class RtpEnd:
    """One end of a call's sound: PCMU in packets of 20 ms (RFC 3551)."""

    def __init__(self, hertz: int) -> None:
        """Take a port; entering the context begins to listen."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self.port = int(self._socket.getsockname()[1])
        times = np.arange(8000) / 8000
        tone = (8000 * np.sin(2 * np.pi * hertz * times)).astype(np.int16)
        self._tone = g711.encode(tone, g711.Law.MU).tobytes()
        self._thread = threading.Thread(target=self._run)
        self._changed = threading.Condition()
        self._heard: list[int] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (LOOPBACK, self.port))
        self._thread.join()
        self._socket.close()

    def heard(self, hertz: int) -> float:
        """How many seconds of a tone came so far."""
        with self._changed:
            return seconds_of(self._heard, hertz)

    def wait_until_heard(self, hertz: int) -> None:
        """Return as soon as enough of a tone has come."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: seconds_of(self._heard, hertz) >= ENOUGH, HEARD_WITHIN
            ), f"{hertz} Hz did not come"

    def _run(self) -> None:
        sent = 0
        while packet := self._take():
            _, payload_type, *_ = _HEADER.unpack_from(packet[0])
            if payload_type & 0x7F != _PCMU:
                continue
            sound = np.frombuffer(packet[0][_HEADER.size :], np.uint8)
            with self._changed:
                self._heard += g711.decode(sound, g711.Law.MU).tolist()
                self._changed.notify_all()
            at = sent * _SAMPLES
            header = _HEADER.pack(_VERSION_2, _PCMU, sent & 0xFFFF, at, self.port)
            first = at % len(self._tone)
            self._socket.sendto(header + self._tone[first : first + _SAMPLES], packet[1])
            sent += 1

    def _take(self) -> tuple[bytes, tuple[str, int]] | None:
        data, source = self._socket.recvfrom(65_535)
        return (data, source) if data else None
