"""Free ports for programs that cannot take port 0, and the moment when one of them listens."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
STARTS_WITHIN: Final = 10.0
"""Seconds a program may take until it listens; a bound for a broken one, never waited out."""

_ATTEMPTS: Final = 100
_LOOK_AGAIN: Final = 0.01


def free_port(*, neighbours: int = 0) -> int:
    """Return a port that is free for UDP and TCP, with that many free ports after it.

    Asked of the kernel and given back at once: a stranger could take it before it is used, but the
    kernel hands out a port again only after all the others.
    """
    for _ in range(_ATTEMPTS):
        with ExitStack() as held:
            first = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            first.bind((LOOPBACK, 0))
            port = int(first.getsockname()[1])
            wanted = [(port, socket.SOCK_STREAM)] + [
                (port + step, kind)
                for step in range(1, neighbours + 1)
                for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)
            ]
            try:
                for number, kind in wanted:
                    held.enter_context(socket.socket(socket.AF_INET, kind)).bind((LOOPBACK, number))
            except OSError:
                continue
            return port
    raise AssertionError(f"no free port with {neighbours} free neighbours")


def wait_until_bound(port: int) -> None:
    """Return when some process has bound the UDP port.

    Raises:
        AssertionError: nobody did.

    """
    wanted = f":{port:04X}"
    give_up_at = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < give_up_at:
        rows = Path("/proc/net/udp").read_text("ascii").splitlines()[1:]
        if any(row.split()[1].endswith(wanted) for row in rows):
            return
        time.sleep(_LOOK_AGAIN)
    raise AssertionError(f"nothing listens on UDP port {port} after {STARTS_WITHIN} s")
