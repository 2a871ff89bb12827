"""A media worker's process: `python -m callwright.worker --fd N --rtp-host H --rtp-ports A-B`.

The control process starts it and hands it one end of a Unix stream socket as descriptor N. It
ends as soon as that socket does, so that a killed control process leaves no sound behind.
"""

import os

# One thread: the matrices are small, and a second one would only take the packets' core.
# numpy's libraries read this once, while they are loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import signal
import socket
import sys
from typing import Final

import uvloop

from callwright.worker.machine import MachineClock, MachineEntropy, keep_freed_memory
from callwright.worker.process import serve

SWITCH_INTERVAL: Final = 0.0005
"""Seconds that the disk's thread may keep the interpreter; Python's 5 ms would make ticks late."""


def main() -> None:
    """Run until the socket closes."""
    arguments = _parse(sys.argv[1:])
    # Ctrl-C and service managers reach the whole group; the control process decides when calls
    # end, and this process ends when its socket closes.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    sys.setswitchinterval(SWITCH_INTERVAL)
    keep_freed_memory()
    connection = socket.socket(fileno=arguments.fd)
    uvloop.run(
        serve(
            connection,
            rtp_host=arguments.rtp_host,
            rtp_ports=arguments.rtp_ports,
            clock=MachineClock(),
            entropy=MachineEntropy(),
        )
    )


def port_range(text: str) -> range:
    """Read `first-last`, both included."""
    first, _, last = text.partition("-")
    ports = range(int(first), int(last) + 1)
    if not (0 < ports.start < ports.stop <= 1 << 16):
        raise ValueError(f"{text!r}; expected two ports, the lower one first")
    return ports


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="callwright.worker", description="A media worker.")
    parser.add_argument("--fd", type=int, required=True, help="the inherited socket")
    parser.add_argument("--rtp-host", required=True, help="the address for sound")
    parser.add_argument("--rtp-ports", type=port_range, required=True, metavar="FIRST-LAST")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
