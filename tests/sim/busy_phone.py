"""A far end that is busy to everybody, and knows exactly when each INVITE came.

```python
with BusyPhone() as phone:
    ...  # call sip:anybody@127.0.0.1:{phone.port}
assert most_in_a_second([one.at for one in phone.arrivals()]) <= 20
```

**When.** The kernel stamps each datagram (SO_TIMESTAMPNS), so it does not matter when this process
gets round to reading it. On loopback a datagram enters the receiving half of the network stack
within the sender's own system call; it is queued there for a softirq, which a busy machine may run
milliseconds later. Stamped by that softirq, an INVITE that waited for it would seem closer to the
next ones than it was sent. With `net.core.netdev_tstamp_prequeue=1`, the kernel's default, it is
stamped before it is queued; a machine with another setting is refused. The kernel begins to stamp
a moment after it is asked to, and what has no stamp gets one when it is read: the phone calls
itself until a stamp is not later than the end of the `sendto` that it belongs to.

**By which clock.** Stamps are of the time of day, which may be set. How far it went from the clock
that nobody sets is checked at the end: further than clocks are slewed, and there is no answer.

**Nothing is missing.** A datagram for which there was no room would come once more, half a second
later; the kernel counts them, and with one of them there is no answer either.
"""

import re
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.sim.ports import LOOPBACK

SO_TIMESTAMPNS: Final = 35
SO_RXQ_OVFL: Final = 40
"""As in Linux's asm-generic/socket.h: the socket module does not name them. As the type of what
comes with a datagram: when it came, and how many had been dropped by then."""

PREQUEUE: Final = Path("/proc/sys/net/core/netdev_tstamp_prequeue")

RECEIVE_BUFFER_BYTES: Final = 4 << 20
"""Some thousand INVITEs, should nothing be read for a while; the system may grant less."""

LARGEST: Final = 65_535
"""Bytes of a UDP datagram."""

SLEW: Final = 0.0005
"""Seconds a second: the fastest that Linux lets the time of day catch up (adjtimex)."""

PROBES: Final = 1_000_000
"""Datagrams to ourselves until stamping has begun: a bound of some seconds, for a handful of
milliseconds."""

_COPIED: Final = re.compile(rb"^(?:Via|From|Call-ID|CSeq):.*\r\n", re.MULTILINE)
_TO: Final = re.compile(rb"^To:[^\r\n]*", re.MULTILINE)
_CALL_ID: Final = re.compile(rb"^Call-ID:\s*(\S+)", re.MULTILINE)
_USER: Final = re.compile(rb"INVITE sip:([^@;>\s]*)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """The first INVITE of a call."""

    at: float
    """Seconds of the kernel's time of day."""
    user: str
    """Whom it was for: the user part of the Request-URI."""


class BusyPhone:
    """A UDP socket on a free loopback port; answers 486 to every INVITE and ignores the rest."""

    def __init__(self) -> None:
        """Describe it; entering the context opens it."""
        assert PREQUEUE.read_text("ascii").strip() == "1", f"{PREQUEUE} is not 1: see above"
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._first: dict[bytes, Arrival] = {}
        self._dropped = 0
        self._is_open = True
        self._reader = threading.Thread(target=self._read, name="busy phone", daemon=True)
        self._clocks = 0.0, 0.0
        self.port = 0

    def __enter__(self) -> Self:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)
        self._socket.bind((LOOPBACK, 0))
        self.port = int(self._socket.getsockname()[1])
        self._wait_until_stamped()
        self._clocks = time.time(), time.monotonic()
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_open = False
        # Whoever waits for a datagram gets one.
        self._socket.sendto(b"", self._socket.getsockname())
        self._reader.join()
        self._socket.close()

    def arrivals(self) -> list[Arrival]:
        """Return the first INVITE of each call so far, in the order in which they came."""
        day, steady = self._clocks
        seconds = time.monotonic() - steady
        moved = abs(time.time() - day - seconds)
        assert moved <= SLEW * seconds + 0.001, f"the time of day was set by {moved:.3f} s"
        assert not self._dropped, f"there was no room for {self._dropped} datagrams"
        return sorted(self._first.copy().values(), key=lambda arrival: arrival.at)

    def _wait_until_stamped(self) -> None:
        for _ in range(PROBES):
            self._socket.sendto(b"", self._socket.getsockname())
            sent_by = time.time()
            at, _, _ = self._receive()
            if at <= sent_by:
                return
        raise AssertionError("the kernel does not stamp datagrams when they come")

    def _read(self) -> None:
        while self._is_open:
            at, data, peer = self._receive()
            if not data.startswith(b"INVITE "):
                continue
            call_id, user = _CALL_ID.search(data), _USER.match(data)
            if call_id is not None and user is not None:
                self._first.setdefault(call_id[1], Arrival(at, user[1].decode()))
                self._socket.sendto(busy(data), peer)

    def _receive(self) -> tuple[float, bytes, tuple[str, int]]:
        data, attached, _, peer = self._socket.recvmsg(LARGEST, 256)
        at = 0.0
        for _, kind, value in attached:
            if kind == SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack("qq", value)
                at = seconds + nanoseconds / 1e9
            elif kind == SO_RXQ_OVFL:
                [self._dropped] = struct.unpack("I", value)
        return at, data, peer


def busy(invite: bytes) -> bytes:
    """Return 486 to an INVITE (RFC 3261 8.2.6.2: what is copied, and a tag of ours)."""
    to = _TO.search(invite)
    assert to is not None, invite
    copied = b"".join(_COPIED.findall(invite))
    return b"SIP/2.0 486 Busy Here\r\n" + copied + to[0] + b";tag=busy\r\nContent-Length: 0\r\n\r\n"


def most_in_a_second(times: Sequence[float]) -> int:
    """Return the largest number of these ascending times in any window of one second.

    A window begins anywhere, not with the clock's seconds; its end is left out.
    """
    most = begin = 0
    for end, at in enumerate(times):
        while times[begin] <= at - 1.0:
            begin += 1
        most = max(most, end - begin + 1)
    return most
