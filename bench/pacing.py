"""Starts a second against their maximum and their guarantee, counted by the far end.

Accounts with maxima of their own call at the same time through one server. One more has a maximum
of 20 and two services: the first floods, the second was guaranteed 14. A window is any second, not
any whole one.

Two far ends count, one after the other, both busy to everybody. `kernel` is a socket whose
datagrams the kernel stamps when they come: what it counts is exact. `sipp` is a program that we did
not write; it reads a datagram some milliseconds late now and then, so that at high rates its last
column may show a few more than came.

    .venv/bin/python bench/pacing.py [--seconds 120] [--cps 5 20 100] [--far-end kernel sipp]
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

# The tests' far end.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from tests.sim.busy_phone import BusyPhone, most_in_a_second

SCENARIO: Final = Path(__file__).resolve().parent.parent / "tests/journeys/sipp/busy.xml"
COMMAND: Final = (sys.executable, "-m", "callwright")
PASSWORD: Final = "p@$$w0rd"  # noqa: S105 - of an installation that lives for two minutes
PORTION: Final = 1000
"""Calls a request may start."""
MOST_MAXIMA: Final = 7
"""At once: digits 1 to 7; 8 and 9 are those of the account that is flooded."""
FLOODED_CPS: Final = 20.0
GUARANTEED_CPS: Final = 14.0

Invites = dict[str, list[float]]
"""When INVITEs came, by the first digit of whom they were for."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An account and its maximum."""

    cps: float
    user: str
    key: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service of an account; the first digit of its callees says whose they are."""

    digit: str
    name: str
    expected_cps: float
    guaranteed_cps: float | None = None


def main() -> None:
    """Measure and print a table for each far end."""
    arguments = _arguments()
    for far_end in arguments.far_end:
        print(f"far end: {far_end}")
        print(f"{'service':>22} {'starts':>7} {'mean/s':>8} {'of it':>7} {'most in 1 s':>11}")
        with tempfile.TemporaryDirectory() as name:
            for line in _measured(far_end, Path(name), arguments.cps, arguments.seconds):
                print(line)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--cps", type=float, nargs="+", default=[5.0, 20.0, 100.0])
    parser.add_argument("--far-end", nargs="+", choices=FAR_ENDS, default=list(FAR_ENDS))
    arguments = parser.parse_args()
    if len(arguments.cps) > MOST_MAXIMA:
        parser.error(f"at most {MOST_MAXIMA} maxima: each has a digit of its own")
    return arguments


def _measured(far_end: str, folder: Path, maxima: Sequence[float], seconds: float) -> Iterator[str]:
    with FAR_ENDS[far_end](folder) as (port, invites), _server(folder, port) as url:
        services = []
        for number, cps in enumerate(maxima, start=1):
            caller = _account(folder, number, cps)
            services.append(Service(f"{number}", f"maximum {cps:g}", cps))
            _queue(url, caller, services[-1], seconds)
        caller = _account(folder, 0, FLOODED_CPS)
        services += [
            Service("8", "floods", FLOODED_CPS - GUARANTEED_CPS),
            Service("9", f"guaranteed {GUARANTEED_CPS:g}", GUARANTEED_CPS, GUARANTEED_CPS),
        ]
        for service in services[-2:]:
            _queue(url, caller, service, seconds * 2)
        time.sleep(seconds + 1)
        came = invites()
    for service in services:
        yield _line(service.name, service.expected_cps, came[service.digit], seconds)
    both = sorted(came["8"] + came["9"])
    yield _line(f"both: maximum {FLOODED_CPS:g}", FLOODED_CPS, both, seconds)


def _line(name: str, expected: float, times: Sequence[float], seconds: float) -> str:
    # As long as was asked for, although the server went on until it was stopped.
    counted = [at for at in times if at < times[0] + seconds]
    mean = (len(counted) - 1) / (counted[-1] - counted[0])
    most = most_in_a_second(counted)
    return f"{name:>22} {len(counted):>7} {mean:>8.3f} {mean / expected:>7.4f} {most:>11}"


@contextmanager
def _stamped(folder: Path) -> Iterator[tuple[int, Callable[[], Invites]]]:
    """Open a socket that the kernel stamps datagrams for; hand on its port and what came."""
    del folder  # it writes nothing down
    with BusyPhone() as phone:

        def invites() -> Invites:
            times: Invites = {}
            for arrival in phone.arrivals():
                times.setdefault(arrival.user[0], []).append(arrival.at)
            return times

        yield phone.port, invites


@contextmanager
def _sipp(folder: Path) -> Iterator[tuple[int, Callable[[], Invites]]]:
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
        yield port, lambda: _logged(log)
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
    return Caller(cps, user, account["api_access_key"])


def _queue(url: str, caller: Caller, service: Service, seconds: float) -> None:
    """Write a service and queue its calls: some more than may start in this time."""
    count = round(caller.cps * seconds * 1.1) + 10
    configuration = {
        "call_constraints": {"minimum_guaranteed_cps": service.guaranteed_cps},
        "service_password": PASSWORD,
        "application_type": "REST",
        "rest": {"first_page": {"address": "http://127.0.0.1:9/first"}},
    }
    body = json.dumps(configuration).encode()
    name = f"pacing{service.digit}"
    _ask(f"{url}/service/v1/outbound/{name}", "PUT", caller.user, caller.key, body)
    for first in range(0, count, PORTION):
        calls = [
            {"to": f"{service.digit}{n:09}", "from": "443069999876"}
            for n in range(first, min(count, first + PORTION))
        ]
        body = urlencode({"rest_calls": json.dumps(calls)}).encode()
        _ask(f"{url}/service_start", "POST", f"{caller.user}/{name}", PASSWORD, body)


def _ask(url: str, method: str, user: str, password: str, body: bytes) -> Any:
    kind = "application/json" if method == "PUT" else "application/x-www-form-urlencoded"
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Content-Type": kind}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - our server
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
        return json.load(answer)


def _logged(log: Path) -> Invites:
    """Read when the first INVITE of each call came, by the callee's first digit."""
    seen: set[str] = set()
    times: Invites = {}
    for line in log.read_text("utf-8", errors="replace").splitlines():
        parts = line.split("\t", 6)
        complete = len(parts) == 7
        if complete and parts[3] == "R" and parts[6].startswith("INVITE sip:"):
            call, caller = parts[4], parts[6].removeprefix("INVITE sip:")[0]
            if call not in seen:
                seen.add(call)
                times.setdefault(caller, []).append(float(parts[2]))
    return times


FAR_ENDS: Final = {"kernel": _stamped, "sipp": _sipp}


if __name__ == "__main__":
    main()
