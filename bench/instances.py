"""Application instances: many at once, many a second, and what one of them costs.

A real `callwright serve` calls SIPp, which answers everybody; a page server beside it tells each
call what to do. `at once` plays, waits for keys and sleeps on hundreds of calls at the same time,
and reads how late the media workers' ticks began from the server's own metrics while they all were
there. `a second` plays a tenth of a second and hangs up, from the request to the last record; it
begins as many calls a second as it is told, since SIPp on the same cores chokes on some hundreds.

Everything shares the machine's cores: SIPp, the page server and the media workers too. `calls/s a
core` is what one core would do if the control process had it to itself: calls by its CPU time.

    .venv/bin/python bench/instances.py [--calls 500] [--starts 2000] [--cps 120] [--workers 1]
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

# The tests' installation and page server.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import PageServer, actions
from tests.sim.ports import LOOPBACK, free_port
from tests.sim.sound import make_tone

SCENARIO: Final = Path(__file__).resolve().parent.parent / "tests/journeys/sipp/answer.xml"
PORTION: Final = 500
"""Calls a request may start, and references one may ask for."""
STARTS_PER_SECOND: Final = 50.0
"""How fast the calls that are to be there at once begin."""
TALK: Final = 10.0
"""Seconds of each of the three actions: all calls are there before the first ends."""
TICK_BOUND: Final = 0.005
"""Seconds that a tick may be late (architecture: sound is heard to suffer above)."""
TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Stand:
    """What is measured, and its customer."""

    cloud: Installation
    account: AccountClient
    pages: PageServer


def main() -> None:
    """Measure and print the tables."""
    arguments = _arguments()
    print(f"{'at once':>10} {'ticks':>7} {'late p99.9':>11} {'within 5 ms':>12} {'kB a call':>10}")
    with _stand(STARTS_PER_SECOND, arguments.workers) as stand:
        print(_at_once(stand, arguments.calls))
    print(f"{'calls':>10} {'calls/s':>8} {'calls/s a core':>15} {'failed':>7}")
    with _stand(arguments.cps, arguments.workers) as stand:
        print(_a_second(stand, arguments.starts))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=500, help="at once")
    parser.add_argument("--starts", type=int, default=2000, help="one after the other")
    parser.add_argument("--cps", type=float, default=120.0, help="calls begun a second, at most")
    parser.add_argument("--workers", type=int, default=1, help="media worker processes")
    return parser.parse_args()


@contextmanager
def _stand(cps: float, workers: int) -> Iterator[Stand]:
    """Start everything with an account that may start so many calls a second."""
    with tempfile.TemporaryDirectory() as name, PageServer() as pages, _phone(Path(name)) as port:
        data = Path(name) / "data"
        settings = {"media_workers": str(workers), "log_level": "error"}
        with Installation(data, trunk=f"sip:{LOOPBACK}:{port}", settings=settings) as cloud:
            account = cloud.create_account("bench@example.com", channels=1000, cps=cps)
            yield Stand(cloud, account, pages)


@contextmanager
def _phone(folder: Path) -> Iterator[int]:
    """Run SIPp, which answers everybody and is silent; hand on its port."""
    port, media_port = free_port(), free_port(neighbours=3)
    addresses = ("-i", LOOPBACK, "-p", str(port), "-mi", LOOPBACK, "-mp", str(media_port))
    contact = ("-key", "contact_port", str(port))
    phone = subprocess.Popen(
        ["sipp", "-sf", str(SCENARIO), "-nostdin", *addresses, *contact],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        phone.kill()
        phone.wait()


def _at_once(stand: Stand, count: int) -> str:
    make_tone(_media(stand, "long.wav"), 1000, seconds=TALK)
    play = {"play": {"play_list": [{"file_to_play": "long.wav"}]}}
    keys = {
        "next_page": {"url": "never"},
        "seconds_timeout": round(TALK),
        "milliseconds_initial_timeout": 0,
        "on_digit_timeout_messages": [],
    }
    stand.pages.page("/first", actions(play, {"get_number": keys}, {"sleep": {"seconds": TALK}}))
    before_kb = _resident_kb(stand.cloud.pid)
    refs = _start(stand, count)
    _until(stand, lambda metrics: metrics["callwright_calls"] >= count)
    grown_kb = _resident_kb(stand.cloud.pid) - before_kb
    first = _lateness(stand)
    time.sleep(TALK)
    last = _lateness(stand)
    assert _metrics(stand)["callwright_calls"] >= count, "calls ended before they were measured"
    _until(stand, lambda metrics: metrics["callwright_invocations_running"] == 0)
    _completed(stand, refs)
    late = {bound: last[bound] - first[bound] for bound in last}
    ticks = late[float("inf")]
    p999 = min(bound for bound, within in late.items() if within >= ticks * 0.999)
    share = late[TICK_BOUND] / ticks
    bound_ms = f"<= {p999 * 1000:g} ms"
    return f"{count:>10} {ticks:>7.0f} {bound_ms:>11} {share:>12.5f} {grown_kb / count:>10.1f}"


def _a_second(stand: Stand, count: int) -> str:
    make_tone(_media(stand, "short.wav"), 1000, seconds=0.1)
    play = {"play": {"play_list": [{"file_to_play": "short.wav"}]}}
    stand.pages.page("/first", actions(play, {"hang_up": {}}))
    _completed(stand, _start(stand, 10))
    busy, began_at = _cpu_seconds(stand.cloud.pid), time.monotonic()
    refs = _start(stand, count)
    ended = _completed(stand, refs)
    seconds = time.monotonic() - began_at
    busy = _cpu_seconds(stand.cloud.pid) - busy
    failed = sum(not _is_good(stand, one) for one in ended)
    return f"{count:>10} {count / seconds:>8.1f} {count / busy:>15.1f} {failed:>7}"


def _is_good(stand: Stand, status: dict[str, Any]) -> bool:
    if status["status"] != "completed 0":
        return False
    cdrs = stand.account.record(status["application_instance_id"])["cdrs"]
    return [cdr["hangup_cause"] for cdr in cdrs.values()] == ["NORMAL(200)"]


def _media(stand: Stand, name: str) -> Path:
    return stand.cloud.data / "media" / "1" / name


def _start(stand: Stand, count: int) -> list[str]:
    stand.account.write_service("bench", first_page=stand.pages.url("/first"))
    calls = [{"to": f"4430{n:08}", "from": "443069999876"} for n in range(count)]
    refs = []
    for first in range(0, count, PORTION):
        refs += stand.account.start("bench", *calls[first : first + PORTION])
    return refs


def _completed(stand: Stand, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Wait until nothing runs and nothing waits; return the statuses."""
    while True:
        statuses: list[dict[str, Any]] = []
        for first in range(0, len(refs), PORTION):
            statuses += stand.account.status(*refs[first : first + PORTION]).values()
        if all(one["status"].startswith(("completed", "couldnotrun")) for one in statuses):
            return statuses
        time.sleep(0.2)


def _until(stand: Stand, is_so: Any) -> None:
    while not is_so(_metrics(stand)):
        time.sleep(0.2)


def _metrics(stand: Stand) -> dict[str, float]:
    text = stand.cloud.request("GET", "/metrics").body.decode()
    return {name: float(value) for name, value in _METRIC.findall(text)}


_METRIC: Final = re.compile(r"^(\S+) (\S+)$", re.MULTILINE)
_BUCKET: Final = re.compile(r'callwright_media_tick_lateness_seconds_bucket\{.*le="([^"]+)"')


def _lateness(stand: Stand) -> dict[float, float]:
    """How many ticks of all workers were at most so many seconds late."""
    counts: dict[float, float] = {}
    for name, value in _metrics(stand).items():
        if found := _BUCKET.match(name):
            bound = float(found[1])
            counts[bound] = counts.get(bound, 0.0) + value
    return counts


def _resident_kb(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    assert found, "this system does not tell"
    return int(found[1])


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / TICKS_PER_SECOND


if __name__ == "__main__":
    main()
