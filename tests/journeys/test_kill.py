"""Killed at any moment: no accepted start is lost, none is dialled twice, each ends honestly.

A stream of starts runs against a server that is killed with everything it started, again and
again. SIPp is the far end and counts what was dialled: each start calls a number of its own, and
a number that came with two Call-IDs was dialled twice.
"""

import http.client
import re
import threading
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import PageServer, actions
from tests.sim.sipp import Sipp

pytestmark = pytest.mark.journey

ROUNDS: Final = 50
LIVES: Final = (0.05, 0.8)
"""Seconds a server lives at most after it is ready, by turns: killed while it accepts, or with
calls in every state."""

REQUESTS_A_ROUND: Final = 15
"""Of three starts each; more would only make the queue longer that must be empty at the end."""


class Stream:
    """Asks for calls as fast as the server answers, each to a number of its own."""

    def __init__(self, account: AccountClient) -> None:
        self.accepted: dict[str, str] = {}
        """The number that each accepted reference calls."""
        self._account = account
        self._next_number = 441908000000
        self._stopping = threading.Event()

    def run_for(self, seconds: float) -> None:
        """Start calls for that long; the rest of the time is the server's own."""
        self._stopping.clear()
        thread = threading.Thread(target=self._run)
        thread.start()
        # The moment of the kill: nothing that a test could wait for tells when it should be.
        self._stopping.wait(seconds)
        self._stopping.set()
        self._account.cloud.kill()
        thread.join()

    def _run(self) -> None:
        for _ in range(REQUESTS_A_ROUND):
            numbers = [str(self._next_number + n) for n in range(3)]
            self._next_number += 3
            calls = [{"to": number, "from": "441908273801"} for number in numbers]
            try:
                reply = self._account.try_start("reminder", *calls)
            except (OSError, http.client.HTTPException):
                return
            assert reply.status == 200, reply.body
            self.accepted.update(zip(reply.json, numbers, strict=True))


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


def test_fifty_kills_lose_nothing_and_dial_nothing_twice(tmp_path: Path) -> None:
    random = Random(4475)
    with PageServer() as pages, Sipp("answer", folder=tmp_path) as phone:
        pages.page("/first", actions({"sleep": {"seconds": 0.1}}))
        cloud = Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}")
        account = cloud.create_account("bob@example.com", channels=40, cps=400)
        stream = Stream(account)
        for round_number in range(ROUNDS):
            cloud.start()
            if round_number == 0:
                account.write_service("reminder", first_page=pages.url("/first"))
            stream.run_for(random.uniform(0, LIVES[round_number % 2]))
        cloud.start()
        refs = list(stream.accepted)
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

    assert len(refs) > ROUNDS, "the stream hardly ran"
    ends = Counter(str(one["status"]) for one in statuses.values())
    assert set(ends) <= {"completed 0", "completed -9"}, f"lost or dishonest: {ends}"
    assert ends["completed 0"] > 0
    assert ends["completed -9"] > 0, "no kill hit a call in progress"
    assert all(len(call_ids) == 1 for call_ids in calls.values()), "dialled twice"
    never_dialled = [
        ref
        for ref, one in statuses.items()
        if one["status"] == "completed 0" and stream.accepted[ref] not in calls
    ]
    assert never_dialled == []
    for ref, record in records.items():
        assert record["adr"]["rest_to"] == f"tel:{stream.accepted[ref]}"
        assert len(record["cdrs"]) == 1
        interrupted = statuses[ref]["status"] == "completed -9"
        assert [one["error_code"] for one in record["errs"].values()] == ["2199"] * interrupted
