"""Killed at any moment: no accepted start is lost, none is dialled twice, each ends honestly.

A mixed load runs against a server that is killed with everything it started, again and again:
starts with and without a `unique_id`, repeats, cancels, purges. SIPp is the far end and counts
what was dialled: each start calls a number of its own, and a number that came with two Call-IDs
was dialled twice.

`make test` runs some rounds on each store, `make soak` two hundred (`KILL_ROUNDS`).
"""

import http.client
import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import PageServer, actions
from tests.sim.postgres import Postgres
from tests.sim.sipp import Sipp

pytestmark = pytest.mark.journey

ROUNDS: Final = int(os.environ.get("KILL_ROUNDS", "25"))

LIVES: Final = (0.05, 0.8)
"""Seconds a server lives at most after it is ready, by turns: killed while it accepts, or with
calls in every state."""

SILENT_FOR: Final = {"sqlite": 1.0, "postgresql": 2.0}
"""Seconds for which a server that starts calls nobody: its predecessor may have done so until its
end. The load of a server that is to be killed with calls begins after that."""

REQUESTS_A_ROUND: Final = 20
"""More would only make the queue longer that must be empty at the end."""

GONE = (OSError, http.client.HTTPException)


class Load:
    """A customer who starts, repeats, cancels and purges as fast as the server answers."""

    def __init__(self, account: AccountClient, random: Random) -> None:
        self.number_of: dict[str, str] = {}
        """The number that each accepted reference calls."""
        self.cancelled: set[str] = set()
        """References that the server said it took out of the queue."""
        self.answers: dict[str, list[str]] = {}
        """What the server answered to each `unique_id`."""
        self._asked: dict[str, list[str]] = {}
        """The numbers of each request with a `unique_id`, answered or not."""
        self._account = account
        self._random = random
        self._next_number = 441908000000
        self._stopping = threading.Event()

    def run_for(self, seconds: float, *, after: float) -> None:
        """Wait, ask for that long, then kill the server in the middle of it."""
        self._stopping.clear()
        self._stopping.wait(after)
        thread = threading.Thread(target=self._run)
        thread.start()
        # The moment of the kill: nothing that a test could wait for tells when it should be.
        self._stopping.wait(seconds)
        self._stopping.set()
        self._account.cloud.kill()
        thread.join()

    def repeat_all(self) -> None:
        """Send every request with a `unique_id` again; answers must not change."""
        for unique_id in list(self._asked):
            self._start_once(unique_id)

    def _run(self) -> None:
        try:
            for _ in range(REQUESTS_A_ROUND):
                self._ask()
        except GONE:
            return

    def _ask(self) -> None:
        match self._random.randrange(20):
            case 0:
                self._purge()
            case 1 | 2 | 3:
                self._cancel()
            case 4 | 5 if self._asked:
                self._start_once(self._random.choice(list(self._asked)))
            case 4 | 5 | 6 | 7 | 8 | 9:
                unique_id = f"job-{self._next_number}"
                self._asked[unique_id] = self._numbers(3)
                self._start_once(unique_id)
            case _:
                self._accept(self._numbers(3))

    def _numbers(self, count: int) -> list[str]:
        first = self._next_number
        self._next_number += count
        return [str(number) for number in range(first, first + count)]

    def _accept(self, numbers: list[str], **parameters: str) -> list[str]:
        calls = [{"to": number, "from": "441908273801"} for number in numbers]
        reply = self._account.try_start("reminder", *calls, **parameters)
        assert reply.status == 200, reply.body
        refs: list[str] = reply.json
        self.number_of.update(zip(refs, numbers, strict=True))
        return refs

    def _start_once(self, unique_id: str) -> None:
        refs = self._accept(self._asked[unique_id], unique_id=unique_id)
        assert self.answers.setdefault(unique_id, refs) == refs, "a repeat was answered otherwise"

    def _cancel(self) -> None:
        refs = list(self.number_of)[-9:]
        if refs:
            reply = self._account.get("/service_cancel", service_refs="/".join(refs))
            assert reply.status == 200, reply.body
            self.cancelled |= {ref for ref, result in reply.json.items() if result == "success"}

    def _purge(self) -> None:
        reply = self._account.delete("/service/v1/outbound/reminder/queue")
        assert reply.status == 200, reply.body
        self.cancelled |= set(reply.json["service_refs"])


def dialled(phone: Sipp) -> dict[str, set[str]]:
    """The Call-IDs with which each number was called."""
    calls: dict[str, set[str]] = {}
    for message in phone.messages():
        found = re.match(r"INVITE sip:(\d+)@", message.start_line)
        if message.is_received and found:
            calls.setdefault(found[1], set()).add(message.header("Call-ID"))
    return calls


def statuses_of(account: AccountClient, refs: list[str]) -> dict[str, dict[str, object]]:
    """What the server says of all these, asked in portions of what one request may carry."""
    statuses: dict[str, dict[str, object]] = {}
    for start in range(0, len(refs), 500):
        statuses |= account.status(*refs[start : start + 500])
    return statuses


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings that choose a store."""
    if request.param == "sqlite":
        yield {}
        return
    with Postgres.shared().database() as url:
        yield {"database": url}


def test_kills_lose_nothing_and_dial_nothing_twice(
    tmp_path: Path, database: dict[str, str]
) -> None:
    random = Random(4475)
    with PageServer() as pages, Sipp("answer", folder=tmp_path) as phone:
        pages.page("/first", actions({"sleep": {"seconds": 0.1}}))
        cloud = Installation(
            tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}", settings=database
        )
        account = cloud.create_account("bob@example.com", channels=40, cps=400)
        load = Load(account, random)
        for round_number in range(ROUNDS):
            cloud.start()
            if round_number == 0:
                account.write_service("reminder", first_page=pages.url("/first"))
            is_to_call = round_number % 2 == 1
            silent_for = SILENT_FOR["postgresql" if database else "sqlite"]
            load.run_for(
                random.uniform(0, LIVES[is_to_call]), after=silent_for if is_to_call else 0.0
            )
        cloud.start()
        load.repeat_all()
        refs = list(load.number_of)
        for ref in refs:
            account.follow(ref)
        statuses = statuses_of(account, refs)
        records = {
            ref: account.record(str(one["application_instance_id"]))
            for ref, one in statuses.items()
            if one["application_instance_id"]
        }
        assert cloud.stop() == 0
        calls = dialled(phone)

    assert len(refs) > ROUNDS, "the load hardly ran"
    ends = Counter(str(one["status"]) for one in statuses.values())
    assert set(ends) <= {"completed 0", "completed -9", "cancelled"}, f"lost or dishonest: {ends}"
    assert min(ends["completed 0"], ends["completed -9"], ends["cancelled"]) > 0, ends
    # A purge also names starts whose own answer a kill swallowed: nobody knows their references.
    known = load.cancelled & statuses.keys()
    assert {ref for ref in known if statuses[ref]["status"] != "cancelled"} == set()
    assert all(len(call_ids) == 1 for call_ids in calls.values()), "dialled twice"
    for ref, one in statuses.items():
        was_dialled = load.number_of[ref] in calls
        assert was_dialled or one["status"] != "completed 0", f"{ref} was never dialled"
        assert not was_dialled or one["status"] != "cancelled", f"{ref} was cancelled and dialled"
    for ref, record in records.items():
        assert record["adr"]["rest_to"] == f"tel:{load.number_of[ref]}"
        assert len(record["cdrs"]) == 1
        interrupted = statuses[ref]["status"] == "completed -9"
        assert [one["error_code"] for one in record["errs"].values()] == ["2199"] * interrupted
