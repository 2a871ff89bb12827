"""Starts a second against their maximum, counted by SIPp over two minutes.

Three accounts with maxima of their own call at the same time through one server; SIPp, which is
busy to all of them, writes down when each INVITE came. A window is any second, not any whole one.
SIPp reads a datagram some milliseconds late now and then, so that at high rates the last column
may show a few more than came.

    python bench/pacing.py [--seconds 120] [--cps 5 20 100]
"""

import argparse
import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

SCENARIO: Final = Path(__file__).resolve().parent.parent / "tests/journeys/sipp/busy.xml"
COMMAND: Final = (sys.executable, "-m", "callwright")
PASSWORD: Final = "p@$$w0rd"  # noqa: S105 - of an installation that lives for two minutes
PORTION: Final = 1000
"""Calls a request may start."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An account and its maximum."""

    number: int
    cps: float
    user: str
    key: str


def main() -> None:
    """Measure and print the table."""
    arguments = _arguments()
    with (
        tempfile.TemporaryDirectory() as name,
        _phone(Path(name)) as (port, log),
        _server(Path(name), port) as url,
    ):
        callers = [
            _account(Path(name), number, cps) for number, cps in enumerate(arguments.cps, start=1)
        ]
        for caller in callers:
            _queue(url, caller, round(caller.cps * arguments.seconds * 1.1) + 10)
        time.sleep(arguments.seconds + 1)
        invites = _invites(log)
    print(f"{'maximum/s':>10} {'starts':>7} {'mean/s':>8} {'of maximum':>10} {'most in 1 s':>11}")
    for caller in callers:
        _print(f"{caller.cps:g}", caller.cps, invites[str(caller.number)])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--cps", type=float, nargs="+", default=[5.0, 20.0, 100.0])
    return parser.parse_args()


def _print(name: str, maximum: float, times: Sequence[float]) -> None:
    mean = (len(times) - 1) / (times[-1] - times[0])
    most = begin = 0
    for end, at in enumerate(times):
        while times[begin] <= at - 1.0:
            begin += 1
        most = max(most, end - begin + 1)
    print(f"{name:>10} {len(times):>7} {mean:>8.3f} {mean / maximum:>10.4f} {most:>11}")


@contextmanager
def _phone(folder: Path) -> Iterator[tuple[int, Path]]:
    """Run SIPp, busy to everybody, which logs one line a message."""
    log = folder / "messages.log"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    phone = subprocess.Popen(
        [
            *("sipp", "-sf", str(SCENARIO), "-nostdin", "-i", "127.0.0.1", "-p", str(port)),
            *("-trace_shortmsg", "-shortmessage_file", str(log)),
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port, log
    finally:
        phone.kill()
        phone.wait()


@contextmanager
def _server(folder: Path, port: int) -> Iterator[str]:
    """Run a server whose trunk is the phone; hand on its URL."""
    server = subprocess.Popen(
        [
            *(*COMMAND, "serve", "--data", str(folder / "data"), "--json"),
            *("--http", "127.0.0.1:0", "--sip", "127.0.0.1:0"),
            *("--allowed-page-networks", "127.0.0.0/8"),
            *("--trunk", f"sip:127.0.0.1:{port}", "--shutdown-grace", "0"),
        ],
        env=os.environ | {"CALLWRIGHT_MEDIA_WORKERS": "1", "CALLWRIGHT_LOG_LEVEL": "error"},
        stdout=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        yield str(json.loads(server.stdout.readline())["http"])
    finally:
        server.terminate()
        server.communicate()


def _account(folder: Path, number: int, cps: float) -> Caller:
    made = subprocess.run(
        [
            *(*COMMAND, "account", "create", f"caller{number}@example.com", "--type", "premium"),
            *("--channels", "10000", "--cps", str(cps), "--data", str(folder / "data"), "--json"),
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    account = json.loads(made.stdout)
    user = f"{account['cloud_id']}/{account['username']}"
    return Caller(number, cps, user, account["api_access_key"])


def _queue(url: str, caller: Caller, count: int) -> None:
    """Write a service and queue its calls; the callee's first digit says whose they are."""
    configuration = {
        "service_password": PASSWORD,
        "application_type": "REST",
        "rest": {"first_page": {"address": "http://127.0.0.1:9/first"}},
    }
    body = json.dumps(configuration).encode()
    _ask(f"{url}/service/v1/outbound/pacing", "PUT", caller.user, caller.key, body)
    for first in range(0, count, PORTION):
        calls = [
            {"to": f"{caller.number}{n:09}", "from": "443069999876"}
            for n in range(first, min(count, first + PORTION))
        ]
        body = urlencode({"rest_calls": json.dumps(calls)}).encode()
        _ask(f"{url}/service_start", "POST", f"{caller.user}/pacing", PASSWORD, body)


def _ask(url: str, method: str, user: str, password: str, body: bytes) -> Any:
    kind = "application/json" if method == "PUT" else "application/x-www-form-urlencoded"
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Content-Type": kind}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - our server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
        return json.load(answer)


def _invites(log: Path) -> dict[str, list[float]]:
    """Read when the first INVITE of each call came, by the callee's first digit."""
    seen: set[str] = set()
    times: dict[str, list[float]] = {}
    for line in log.read_text("utf-8", errors="replace").splitlines():
        parts = line.split("\t", 6)
        complete = len(parts) == 7
        if complete and parts[3] == "R" and parts[6].startswith("INVITE sip:"):
            call, caller = parts[4], parts[6].removeprefix("INVITE sip:")[0]
            if call not in seen:
                seen.add(call)
                times.setdefault(caller, []).append(float(parts[2]))
    return times


if __name__ == "__main__":
    main()
