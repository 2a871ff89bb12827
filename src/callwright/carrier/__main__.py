"""The simulated carrier's process: `python -m callwright.carrier --sip HOST:PORT`.

It prints one line, HOST:PORT, when it listens there, and nothing else. With `--parent-fd N` it
ends as soon as the other end of that pipe or socket does, so that a killed parent leaves no
carrier behind.
"""

import os

# One thread: the matrices are small, and a second one would only take the caller's core.
# numpy's libraries read this once, while they are loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

import uvloop

from callwright.carrier.loop import Place, serve
from callwright.carrier.scripts import script_table


def main() -> None:
    """Run until told to stop."""
    arguments = _parse(sys.argv[1:])
    with contextlib.ExitStack() as held:
        folder = arguments.voice_dir
        if folder is None:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="callwright-")))
        folder.mkdir(parents=True, exist_ok=True)
        journal = None
        if arguments.log is not None:
            # A line is on its way to the disk when it is written: the log outlives a kill.
            journal = held.enter_context(arguments.log.open("a", encoding="utf-8", buffering=1))
        host, port = arguments.sip
        place = Place(host, port, rtp_ports=arguments.rtp_ports, voice_folder=folder)
        work = serve(place, announce=_announce, journal=journal, parent=arguments.parent_fd)
        try:
            uvloop.run(work)
        except OSError as problem:
            sys.exit(f"callwright.carrier: {problem.strerror or problem}")


def _announce(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="callwright.carrier",
        description="A carrier in a box: far ends that behave as the called number says.",
        epilog=script_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sip", type=_address, required=True, metavar="HOST:PORT")
    parser.add_argument("--rtp-ports", type=_ports, default="10000-16383", metavar="FIRST-LAST")
    parser.add_argument("--voice-dir", type=Path, metavar="DIR", help="keep the spoken wav files")
    parser.add_argument("--log", type=Path, metavar="FILE", help="append what happens, as JSON")
    parser.add_argument("--parent-fd", type=int, metavar="N", help="end when this comes to its end")
    return parser.parse_args(arguments)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r}: HOST:PORT expected")
    return host, int(port)


def _ports(text: str) -> range:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 0 < int(first) < int(last) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r}: FIRST-LAST expected, for instance 10000-16383")
    return range(int(first), int(last) + 1)


if __name__ == "__main__":
    main()
