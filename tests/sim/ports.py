"""Free ports for programs that cannot take port 0."""

import socket
from contextlib import ExitStack
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_ATTEMPTS: Final = 100


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
