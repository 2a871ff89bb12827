"""Calls to a far end that we did not write: SIPp answers, refuses, rings, leaves, and loses."""

from pathlib import Path
from typing import Any

import pytest

from tests.sim.installation import AccountClient, Installation
from tests.sim.lossy_relay import LossyRelay
from tests.sim.page_server import PageServer, actions
from tests.sim.sipp import Sipp

pytestmark = pytest.mark.journey

CALL = {"to": "441908273800", "from": "441908273801", "token": "token1"}
HANG_UP = actions({"sleep": {"seconds": 0.2}}, {"hang_up": {}})


def call_once(cloud: Installation, pages: PageServer, **rest: Any) -> tuple[AccountClient, str]:
    """Start one call of a fresh service and wait for its end."""
    pages.page("/first", HANG_UP)
    pages.page("/final", actions())
    account = cloud.create_account("bob@example.com")
    final_page = {"address": pages.url("/final")}
    account.write_service("reminder", first_page=pages.url("/first"), final_page=final_page, **rest)
    [ref] = account.start("reminder", CALL)
    account.follow(ref)
    return account, ref


def the_cdr(account: AccountClient, ref: str) -> dict[str, Any]:
    [cdr] = account.record_of(ref)["cdrs"].values()
    return dict(cdr)


def final_call(pages: PageServer) -> dict[str, Any]:
    """What the final page was told of the call."""
    info: dict[str, Any] = pages.wait_for("/final").info["this_call"]
    return info


def test_an_answered_call(tmp_path: Path) -> None:
    with PageServer() as pages, Sipp("answer", folder=tmp_path, calls=1) as phone:
        with Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud:
            account, ref = call_once(cloud, pages)
            assert account.status(ref)[ref]["status"] == "completed 0"
            cdr = the_cdr(account, ref)
        assert phone.wait() == 0, phone.complaints()
    assert cdr["hangup_cause"] == "NORMAL(200)"
    assert cdr["call_connected_time"] >= cdr["call_initiated_time"]
    assert phone.statistics().successful == 1
    assert pages.wait_for("/first").info["token"] == "token1"
    assert final_call(pages)["call_cause"] == "completed"


@pytest.mark.parametrize(
    ("scenario", "cause", "told"),
    [
        ("busy", "BUSY(486)", ("busy", "486")),
        ("reject", "CALL_REJECTED(603)", ("failed", "603")),
    ],
)
def test_a_refused_call(tmp_path: Path, scenario: str, cause: str, told: tuple[str, str]) -> None:
    with PageServer() as pages, Sipp(scenario, folder=tmp_path, calls=1) as phone:
        with Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud:
            account, ref = call_once(cloud, pages)
            assert account.status(ref)[ref]["status"] == "completed 0"
            cdr = the_cdr(account, ref)
        assert phone.wait() == 0, phone.complaints()
    assert (cdr["hangup_cause"], cdr["duration"]) == (cause, 0.0)
    assert (cdr["call_connected_time"], cdr["call_connected_datetime"]) == (0.0, "")
    call = final_call(pages)
    assert (call["call_cause"], call["call_raw_cause"]) == told
    assert pages.paths() == ["/final"]


def test_a_call_that_nobody_answers_is_cancelled(tmp_path: Path) -> None:
    with PageServer() as pages, Sipp("no_answer", folder=tmp_path, calls=1) as phone:
        with Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud:
            account, ref = call_once(cloud, pages, answer_timeout=1)
            cdr = the_cdr(account, ref)
        assert phone.wait() == 0, phone.complaints()
    assert cdr["hangup_cause"] == "NO_ANSWER(487)"
    assert final_call(pages)["call_cause"] == "no_answer"
    received = [one.start_line.split()[0] for one in phone.messages() if one.is_received]
    assert received == ["INVITE", "CANCEL", "ACK"]


def test_a_far_end_that_hangs_up_early(tmp_path: Path) -> None:
    with PageServer() as pages, Sipp("early_hangup", folder=tmp_path, calls=1) as phone:
        with Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud:
            pages.page("/long", actions({"sleep": {"seconds": 60}}))
            account = cloud.create_account("bob@example.com")
            final_page = {"address": pages.url("/final")}
            account.write_service("long", first_page=pages.url("/long"), final_page=final_page)
            pages.page("/final", actions())
            [ref] = account.start("long", CALL)
            account.follow(ref)
            cdr = the_cdr(account, ref)
        assert phone.wait() == 0, phone.complaints()
    assert cdr["hangup_cause"] == "NORMAL(200)"
    assert cdr["duration"] == pytest.approx(1.0, abs=0.5)
    assert final_call(pages)["call_cause"] == "hung_up"


def test_calls_on_a_wire_that_loses_a_fifth_of_everything(tmp_path: Path) -> None:
    calls = [CALL | {"to": f"4419082738{n:02}"} for n in range(10)]
    with (
        PageServer() as pages,
        LossyRelay(loss_percent=20, seed=3261) as wire,
        Sipp("answer", folder=tmp_path, contact_port=wire.port) as phone,
        Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{wire.port}") as cloud,
    ):
        wire.far_end = ("127.0.0.1", phone.port)
        pages.page("/first", HANG_UP)
        account = cloud.create_account("bob@example.com")
        account.write_service("reminder", first_page=pages.url("/first"))
        refs = account.start("reminder", *calls)
        for ref in refs:
            account.follow(ref)
        causes = [the_cdr(account, ref)["hangup_cause"] for ref in refs]
        assert causes == ["NORMAL(200)"] * len(calls), phone.complaints()
        assert set(phone.invited().values()) == {1}
        assert wire.lost > 5
