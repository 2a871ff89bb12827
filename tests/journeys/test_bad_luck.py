"""What can happen in the middle of a call: a worker dies, a caller leaves, the server stops."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import PageServer, actions

pytestmark = pytest.mark.journey

LISTENS = {"to": "443069990102", "from": "441908273801"}
HANGS_UP = {"to": "443069990101", "from": "441908273801"}


def customer(cloud: Installation, pages: PageServer, *items: dict[str, Any]) -> AccountClient:
    """An account whose service does this on a call."""
    pages.page("/first", actions(*items))
    pages.page("/final", actions())
    account = cloud.create_account("bob@example.com")
    final_page = {"address": pages.url("/final")}
    account.write_service("reminder", first_page=pages.url("/first"), final_page=final_page)
    return account


def the_cause(record: dict[str, Any]) -> str:
    [cdr] = record["cdrs"].values()
    return str(cdr["hangup_cause"])


def test_a_media_worker_that_is_killed_ends_its_calls_only(tmp_path: Path) -> None:
    with PageServer() as pages, Installation(tmp_path / "data") as cloud:
        account = customer(cloud, pages, {"sleep": {"seconds": 60}})
        [ref] = account.start("reminder", LISTENS)
        for event in account.watch(ref):
            if event["event"] == "answered":
                os.kill(cloud.child("callwright.worker"), signal.SIGKILL)
        record = account.record_of(ref)
        assert the_cause(record) == "FAILED(-1)"
        assert pages.wait_for("/final").info["this_call"]["call_cause"] == "failed"
        assert [one["error_code"] for one in record["errs"].values()] == ["2004"]

        pages.page("/first", actions())
        [ref] = account.start("reminder", LISTENS)
        account.follow(ref)
        causes = {the_cause(account.record_of(ref))}
        assert causes <= {"NORMAL(200)", "FAILED(-1)"}, "ended by what killed nobody"
        assert "media_worker.died" in cloud.log()


def test_a_simulated_carrier_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with PageServer() as pages, Installation(tmp_path / "data") as cloud:
        account = customer(cloud, pages, {"sleep": {"seconds": 0.1}})
        os.kill(cloud.child("callwright.carrier"), signal.SIGKILL)
        # The INVITE is repeated for half a minute; the new carrier is there after a few seconds.
        [ref] = account.start("reminder", LISTENS)
        account.follow(ref)
        assert the_cause(account.record_of(ref)) == "NORMAL(200)"
        assert "carrier.died" in cloud.log()


def test_a_recording_is_kept_when_the_caller_leaves(tmp_path: Path) -> None:
    with PageServer() as pages, Installation(tmp_path / "data") as cloud:
        record = {"next_page": {"url": "never"}, "milliseconds_max_initial_silence": 60_000}
        account = customer(cloud, pages, {"record": record})
        [ref] = account.start("reminder", HANGS_UP)
        events = account.follow(ref)
        assert pages.wait_for("/final").info["this_call"]["call_cause"] == "hung_up"
    [made] = [event for event in events if event["event"] == "recording"]
    assert (tmp_path / "data" / "media" / "1" / str(made["filename"])).stat().st_size > 0


def test_a_server_that_is_stopped_hangs_up_and_keeps_the_record(tmp_path: Path) -> None:
    settings = {"shutdown_grace": "0.2"}
    with PageServer() as pages:
        with Installation(tmp_path / "data", settings=settings) as cloud:
            account = customer(cloud, pages, {"sleep": {"seconds": 60}})
            [ref] = account.start("reminder", LISTENS)
            next(event for event in account.watch(ref) if event["event"] == "answered")
            assert cloud.stop() == 0
            assert pages.wait_for("/final").info["this_call"]["call_cause"] == "failed"
            cloud.start()
            assert account.status(ref)[ref]["status"] == "completed 0"
            assert the_cause(account.record_of(ref)) == "FAILED(-1)"
        log = (tmp_path / "data" / "carrier.log").read_text("utf-8")
    assert '"by": "caller"' in log


def test_two_installations_stand_beside_each_other(tmp_path: Path) -> None:
    with (
        PageServer() as pages,
        Installation(tmp_path / "one") as one,
        Installation(tmp_path / "two") as two,
    ):
        for cloud in (one, two):
            account = customer(cloud, pages)
            [ref] = account.start("reminder", LISTENS)
            account.follow(ref)
            assert the_cause(account.record_of(ref)) == "NORMAL(200)"
            assert cloud.request("GET", "/readyz").status == 200
