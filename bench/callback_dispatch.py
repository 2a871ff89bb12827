"""Callbacks that come due at one moment, through a real server, counted by the far end.

The far end is a socket whose datagrams the kernel stamps; it is busy to everybody. Floor: plain
service starts of the same account to the same far end in the same run, which take the same way but
for the scheduler. Then a far end that lets it ring for half a second before it is busy counts how
many callbacks of a queue run at once, and the stamping one how many of a slow account come in any
second.

    .venv/bin/python bench/callback_dispatch.py [--tasks 10000] [--store sqlite postgresql]
"""

import argparse
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

# The tests' far end and server.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from tests.sim.busy_phone import BusyPhone, busy, most_in_a_second
from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.postgres import Postgres

PORTION: Final = 1000
"""Tasks or starts of one request."""
LEAD: Final = 6.0
"""Seconds between the last request and the moment at which all is due, at least."""
QUIET: Final = 5.0
"""Seconds without an INVITE after which no more is expected."""
CPS: Final = 1000
PACED_CPS: Final = 50
RINGS: Final = 0.5
"""Seconds."""
AT_ONCE: Final = 20
HELD_TASKS: Final = 400
FIRST: Final = {"callback": 1_000_000_000, "start": 2_000_000_000}
"""Whom they call: each task and start somebody of its own."""


@dataclass(frozen=True, slots=True)
class Came:
    """When the INVITEs of one kind came."""

    times: Sequence[float]

    @property
    def rate(self) -> float:
        """A second, from the first to the last."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])

    @property
    def most(self) -> int:
        """In any one second."""
        return most_in_a_second(self.times)

    def lags(self, due: float) -> str:
        """Say how long after the moment they came."""
        lags = [at - due for at in self.times]
        cuts = statistics.quantiles(lags, n=100)
        return f"first {lags[0]:6.3f} s, p50 {cuts[49]:6.3f} s, p99 {cuts[98]:6.3f} s"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--store", nargs="+", choices=STORES, default=list(STORES))
    options = parser.parse_args()
    for store in options.store:
        print(f"store: {store}")
        with STORES[store]() as database:
            _measure_pace(database, options.tasks)
            _measure_queue(database)
            _measure_account(database)


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    with Postgres.shared().database() as url:
        yield {"database": url}


STORES: Final = {"sqlite": _sqlite, "postgresql": _postgresql}


def _measure_pace(database: dict[str, str], count: int) -> None:
    """Have all be due in one second, after as many plain starts."""
    with tempfile.TemporaryDirectory() as folder, BusyPhone() as phone:
        trunk = f"sip:127.0.0.1:{phone.port}"
        with Installation(Path(folder) / "data", trunk=trunk, settings=database) as cloud:
            account = cloud.create_account("pace@example.com", channels=10_000, cps=CPS)
            account.write_service("plain", first_page="http://127.0.0.1:9/first")
            for first in range(0, count, PORTION):
                numbers = range(FIRST["start"] + first, FIRST["start"] + first + PORTION)
                account.start("plain", *({"to": f"{one}", "from": "44306999"} for one in numbers))
            starts = _all_of(phone, "2", count)
            client = CallbackClient(account)
            due = _add_tasks(client, client.queue(concurrent_task_limit=1000), count)
            tasks = _all_of(phone, "1", count)
            _wait_until_finished(client, count)
    print(f"  plain starts   {len(starts.times)}: {starts.rate:6.0f}/s, most {starts.most} in 1 s")
    ratio = tasks.rate / starts.rate
    print(
        f"  due callbacks  {len(tasks.times)}: {tasks.rate:6.0f}/s, most {tasks.most} in 1 s; "
        f"{ratio:.2f} of plain starts; from due to INVITE: {tasks.lags(due)}"
    )


def _measure_queue(database: dict[str, str]) -> None:
    """Have more be due than a queue's limit lets through."""
    with tempfile.TemporaryDirectory() as folder, RingingPhone() as phone:
        trunk = f"sip:127.0.0.1:{phone.port}"
        with Installation(Path(folder) / "data", trunk=trunk, settings=database) as cloud:
            account = cloud.create_account("limits@example.com", channels=10_000, cps=CPS)
            client = CallbackClient(account)
            _add_tasks(client, client.queue(concurrent_task_limit=AT_ONCE), HELD_TASKS)
            phone.wait_for(HELD_TASKS)
            held, most = Came(phone.times()), phone.most_at_once
    ideal = AT_ONCE / RINGS
    print(
        f"  limit {AT_ONCE} at once: at most {most} rang at a time; {held.rate:5.1f}/s, "
        f"{held.rate / ideal:.2f} of what {AT_ONCE} that ring for {RINGS} s can be"
    )


def _measure_account(database: dict[str, str]) -> None:
    """Have more be due than an account's calls per second let through."""
    with tempfile.TemporaryDirectory() as folder, BusyPhone() as phone:
        trunk = f"sip:127.0.0.1:{phone.port}"
        with Installation(Path(folder) / "data", trunk=trunk, settings=database) as cloud:
            account = cloud.create_account("paced@example.com", channels=10_000, cps=PACED_CPS)
            client = CallbackClient(account)
            _add_tasks(client, client.queue(concurrent_task_limit=1000), HELD_TASKS)
            pace = _all_of(phone, "1", HELD_TASKS)
    print(f"  pace {PACED_CPS}/s: most {pace.most} in 1 s, {pace.rate:5.1f}/s")


def _add_tasks(client: CallbackClient, queue_id: int, count: int) -> float:
    """Add tasks that are all due at a moment to come; returns it."""
    extension = client.extension("Desk", "200", "sip:desk@example.com")
    # Ten times what has been seen to add them.
    due = int(time.time() + LEAD + count / 1000)
    at = datetime.fromtimestamp(due, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")
    for first in range(0, count, PORTION):
        numbers = range(FIRST["callback"] + first, FIRST["callback"] + min(count, first + PORTION))
        of_all = {"b_number": "200", "extension_id": extension, "start_time_utc": at}
        client.add(queue_id, *({"a_number": f"+{one}"} | of_all for one in numbers))
    assert time.time() < due, "adding them took longer than was thought"
    return due


def _all_of(phone: BusyPhone, digit: str, count: int) -> Came:
    """Wait for the INVITEs to those whose number begins so."""
    seen, since = 0, time.monotonic()
    while seen < count:
        time.sleep(0.5)
        now = sum(one.user.lstrip("+").startswith(digit) for one in phone.arrivals())
        if now > seen or not now:
            seen, since = now, time.monotonic()
        assert time.monotonic() < since + QUIET, f"{seen} of {count} came"
    return Came([one.at for one in phone.arrivals() if one.user.lstrip("+").startswith(digit)])


def _wait_until_finished(client: CallbackClient, count: int) -> None:
    """Wait until the scheduler has settled what the far end has seen."""
    queue_id = client.request("GET", "/task_scheduler/").json[0]["id"]
    while True:
        path = f"/task_scheduler/{queue_id}/task/"
        reply = client.request("GET", path, None, status="finished", per_page="1")
        if int(reply.headers["x-total-count"]) == count:
            return
        time.sleep(0.5)


class RingingPhone:
    """A UDP socket that lets every call ring for a while, and counts those that do at a time."""

    def __init__(self) -> None:
        """Open it on a free loopback port."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.005)
        self.port = int(self._socket.getsockname()[1])
        self.most_at_once = 0
        self._came: dict[bytes, float] = {}
        self._is_open = True
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        """Begin to take calls."""
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more."""
        self._is_open = False
        self._reader.join()
        self._socket.close()

    def times(self) -> list[float]:
        """Return when the first INVITE of each call came."""
        return sorted(self._came.copy().values())

    def wait_for(self, count: int) -> None:
        """Wait until so many have come."""
        seen, since = 0, time.monotonic()
        while len(self._came) < count:
            time.sleep(0.2)
            if len(self._came) > seen or not seen:
                seen, since = len(self._came), time.monotonic()
            assert time.monotonic() < since + LEAD + QUIET, f"{seen} of {count} came"

    def _read(self) -> None:
        ringing: list[tuple[float, bytes, tuple[str, int]]] = []
        while self._is_open:
            now = time.monotonic()
            while ringing and ringing[0][0] <= now:
                _, invite, peer = ringing.pop(0)
                self._socket.sendto(busy(invite), peer)
            try:
                data, peer = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            if not data.startswith(b"INVITE "):
                continue
            call = next(line for line in data.split(b"\r\n") if line.startswith(b"Call-ID:"))
            if call not in self._came:
                self._came[call] = time.time()
                ringing.append((time.monotonic() + RINGS, data, peer))
                self._socket.sendto(busy(data).replace(b"486 Busy Here", b"180 Ringing"), peer)
                self.most_at_once = max(self.most_at_once, len(ringing))


if __name__ == "__main__":
    main()
