"""Callbacks at once: a request, two calls, and what the history says of them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.postgres import Postgres
from tests.sim.sipp import Sipp
from tests.sim.site import open_site
from tests.sim.sound import seconds_of

pytestmark = pytest.mark.journey

ANN_HZ, BEN_HZ = 700, 1100
HUMAN, BUSY, SILENT = "443069990102", "443069990186", "443069990180"
"""Their last two digits name what the carrier in a box does."""

CALLS: Final = 4


def test_a_and_b_hear_each_other(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        client = CallbackClient(site.account)
        client.extension("Ann", "200", "sip:ann@example.com")
        client.extension("Ben", "201", "sip:ben@example.com")
        with site.phone("ann", hertz=ANN_HZ) as of_ann, site.phone("ben", hertz=BEN_HZ) as of_ben:
            call_id = client.call("@200", ["200"], "201")
            of_ann.wait_for("CALL_ESTABLISHED")
            of_ben.wait_for("CALL_ESTABLISHED")
            for key in "427":
                of_ann.press(key)
                assert of_ben.wait_for("CALL_DTMF_START")["param"] == key
            of_ben.hang_up()
            of_ann.wait_for("CALL_CLOSED")
            call = client.ended_call(call_id)
            at_ann, at_ben = of_ann.heard(), of_ben.heard()
    assert (call["call_uuid"], call["result"]) == (call_id, "bridged")
    assert (call["from_username"], call["to_username"]) == ("200", "201")
    assert seconds_of(at_ann, BEN_HZ) >= 0.3
    assert seconds_of(at_ben, ANN_HZ) >= 0.3
    assert seconds_of(at_ann, ANN_HZ) == seconds_of(at_ben, BEN_HZ) == 0


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallbackClient]:
    with Installation(tmp_path_factory.mktemp("cloud") / "data") as cloud:
        client = CallbackClient(cloud.create_account("bob@example.com"))
        client.extension("Desk", "200")
        yield client


@pytest.mark.parametrize(
    ("src_num", "dst_num", "options", "result"),
    [
        ([HUMAN], HUMAN, {"call_duration": 1}, "bridged"),
        ([BUSY, HUMAN], HUMAN, {"call_duration": 1}, "bridged"),
        ([BUSY], HUMAN, {}, "busy"),
        ([HUMAN], BUSY, {}, "busy"),
        ([HUMAN], SILENT, {"wait_for_pickup": 5}, "not answered"),
        (["200"], HUMAN, {}, "failed"),
    ],
)
def test_what_becomes_of_it(
    client: CallbackClient,
    src_num: list[str],
    dst_num: str,
    options: dict[str, Any],
    result: str,
) -> None:
    call = client.ended_call(client.call("@200", src_num, dst_num, **options))
    assert call["result"] == result
    assert client.request("GET", "/task_scheduler/").json == []


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings that choose a store."""
    if request.param == "sqlite":
        yield {}
        return
    with Postgres.shared().database() as url:
        yield {"database": url}


def test_killed_right_after_the_answer_it_is_made_once(
    tmp_path: Path, database: dict[str, str]
) -> None:
    numbers = [str(441908000000 + number) for number in range(CALLS)]
    with Sipp("answer", folder=tmp_path) as phone:
        cloud = Installation(
            tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}", settings=database
        )
        account = cloud.create_account("bob@example.com", channels=40, cps=400)
        cloud.start()
        client = CallbackClient(account)
        client.extension("Desk", "200", "sip:desk@example.com")
        called = [client.call("@200", [one], "200", call_duration=1) for one in numbers]
        cloud.kill()
        cloud.start()
        ended = [client.ended_call(call_id) for call_id in called]
        assert cloud.stop() == 0
        dialled = calls_by_number(phone)
    for number, call in zip(numbers, ended, strict=True):
        if call["result"] == "bridged":
            assert dialled[number] == 1
        else:
            # The kill came upon its dialling: it is not dialled again.
            assert (call["result"], dialled[number] <= 1) == ("failed", True)
    assert "bridged" in {call["result"] for call in ended}


def calls_by_number(phone: Sipp) -> Counter[str]:
    """How many calls each number got, by their Call-IDs."""
    calls: set[tuple[str, str]] = set()
    for message in phone.messages():
        found = re.match(r"INVITE sip:(\d+)@", message.start_line)
        if message.is_received and found:
            calls.add((found[1], message.header("Call-ID")))
    return Counter(number for number, _ in calls)
