"""The simulated carrier's process: `python -m callwright.carrier --sip HOST:PORT`.

It prints one line, HOST:PORT, when it listens there, and nothing else. With `--parent-fd N` it
ends as soon as the other end of that pipe or socket does, so that a killed parent leaves no
carrier behind.

`python -m callwright.carrier call --to sip:SERVICE@HOST:PORT --script WHO` lets somebody of ours
call, prints what happens, and ends with the call: with 0 if it was answered, else with 1.
"""

import os

# One thread: the matrices are small, and a second one would only take the caller's core.
# numpy's libraries read this once, while they are loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import contextlib
import io
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

import uvloop

from callwright.carrier.call import PlacedCall
from callwright.carrier.loop import Place, serve
from callwright.carrier.scripts import CALLERS, script_table
from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.uri import SipUri, parse_uri
from callwright.protocol.sip.values import DEFAULT_PORT, HostPort

CALLER: Final = "441632960961"
"""Who calls unless it is said; Ofcom keeps the number for drama."""


def main() -> None:
    """Take calls until told to stop, or make some."""
    if sys.argv[1:2] == ["call"]:
        arguments = _parse_call(sys.argv[2:])
        call = PlacedCall(
            target=str(arguments.to),
            next_hop=_next_hop(arguments.to),
            script=CALLERS[arguments.script],
            caller=arguments.caller,
        )
        calls = [call] * arguments.count
        answered = _work(arguments, announce=_silent, calls=calls)
        sys.exit(0 if answered == arguments.count else 1)
    _work(_parse(sys.argv[1:]), announce=_print, calls=())


def _work(
    arguments: argparse.Namespace, *, announce: Callable[[str], None], calls: Sequence[PlacedCall]
) -> int:
    """Run the carrier with what it needs; return how many calls were answered."""
    with contextlib.ExitStack() as held:
        folder = arguments.voice_dir
        if folder is None:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="callwright-")))
        folder.mkdir(parents=True, exist_ok=True)
        journal: TextIO | None = None
        if arguments.log is not None:
            # A line is on its way to the disk when it is written: the log outlives a kill.
            journal = held.enter_context(arguments.log.open("a", encoding="utf-8", buffering=1))
        elif calls:
            journal = _lines_of_stdout()
        host, port = arguments.sip
        place = Place(host, port, rtp_ports=arguments.rtp_ports, voice_folder=folder)
        parent = arguments.parent_fd
        work = serve(place, announce=announce, journal=journal, parent=parent, calls=calls)
        try:
            return uvloop.run(work)
        except OSError as problem:
            sys.exit(f"callwright.carrier: {problem.strerror or problem}")


def _lines_of_stdout() -> TextIO:
    """Return standard output, each line of it sent on as soon as it is complete."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    return sys.stdout


def _print(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def _silent(address: str) -> None:
    """Nobody asks where a caller listens."""


def _next_hop(to: SipUri) -> HostPort:
    """Where the call's messages are sent: the host's first IPv4 address."""
    port = to.port or DEFAULT_PORT
    try:
        found = socket.getaddrinfo(to.host, port, socket.AF_INET, socket.SOCK_DGRAM)
    except OSError as problem:
        sys.exit(f"callwright.carrier: {to.host}: {problem.strerror or problem}")
    return HostPort(str(found[0][4][0]), port)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="callwright.carrier",
        description="A carrier in a box: far ends that behave as the called number says."
        " `call --help` tells how one of them calls somebody.",
        epilog=script_table(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sip", type=_address, required=True, metavar="HOST:PORT")
    _add_place(parser)
    parser.add_argument("--parent-fd", type=int, metavar="N", help="end when this comes to its end")
    return parser.parse_args(arguments)


def _parse_call(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="callwright.carrier call",
        description="One of the carrier's far ends calls somebody. Prints what happens as lines of"
        " JSON, and ends with the call: with 0 if it was answered, else with 1.",
    )
    parser.add_argument("--to", type=_target, required=True, metavar="sip:USER@HOST[:PORT]")
    parser.add_argument("--script", choices=sorted(CALLERS), default="human", help="who calls")
    parser.add_argument("--from", type=_caller, dest="caller", default=CALLER, metavar="NUMBER")
    parser.add_argument("--count", type=_count, default=1, metavar="N", help="so many at once")
    parser.add_argument(
        "--sip", type=_address, default="127.0.0.1:0", metavar="HOST:PORT", help="where it is"
    )
    _add_place(parser)
    parser.set_defaults(parent_fd=None)
    return parser.parse_args(arguments)


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rtp-ports", type=_ports, default="10000-16383", metavar="FIRST-LAST")
    parser.add_argument("--voice-dir", type=Path, metavar="DIR", help="keep the wav files")
    parser.add_argument("--log", type=Path, metavar="FILE", help="append what happens, as JSON")


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


def _target(text: str) -> SipUri:
    try:
        uri = parse_uri(text)
    except RemoteSipError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem
    if not isinstance(uri, SipUri) or uri.scheme != "sip":
        raise argparse.ArgumentTypeError(f"{text!r}: sip:USER@HOST[:PORT] expected")
    return uri


def _caller(text: str) -> str:
    if not re.fullmatch(r"\+?[A-Za-z0-9._-]+", text):
        raise argparse.ArgumentTypeError(f"{text!r}: a number or a name expected")
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r}: 1 or more expected")
    return int(text)


if __name__ == "__main__":
    main()
