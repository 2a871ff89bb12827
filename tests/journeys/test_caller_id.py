"""A number is proved: a real phone rings, and the PIN that was shown is keyed on it."""

import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.sim.baresip import Baresip
from tests.sim.installation import AccountClient, Installation

pytestmark = pytest.mark.journey

NUMBER = "441908273801"
ENDS_WITHIN = 30.0
"""Seconds from the end of the call to the lists; a bound, never waited out."""


def validate(account: AccountClient) -> str:
    """Have the number called and return the PIN."""
    reply = account.cloud.request(
        "POST",
        f"/caller_ids/v1/{quote(NUMBER)}/validation",
        user=account.user,
        password=account.key,
    )
    assert reply.status == 202, reply.body
    pin: str = reply.json["pin"]
    return pin


def caller_ids_after_the_call(account: AccountClient) -> list[str]:
    """Return the validated caller IDs once nobody is being called."""
    give_up_at = time.monotonic() + ENDS_WITHIN
    while True:
        known = account.get("/caller_ids/v1").json
        if not known["under_way"]:
            numbers: list[str] = known["caller_ids"]
            return numbers
        assert time.monotonic() < give_up_at, "the call does not end"


def wrong(pin: str) -> str:
    """Return another PIN."""
    return f"{(int(pin) + 1) % 1_000_000:06}"


def test_only_the_pin_that_was_shown_proves_a_number(tmp_path: Path) -> None:
    with (
        Baresip(folder=tmp_path / "phone", user=NUMBER) as phone,
        Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud,
    ):
        account = cloud.create_account("bob@example.com")

        pin = validate(account)
        phone.wait_for("CALL_ESTABLISHED")
        phone.press(wrong(pin))
        phone.wait_for("CALL_CLOSED")
        assert caller_ids_after_the_call(account) == []

        pin = validate(account)
        phone.wait_for("CALL_ESTABLISHED")
        phone.press(pin)
        phone.wait_for("CALL_CLOSED")
        assert caller_ids_after_the_call(account) == [NUMBER]

        heard, log = phone.heard(), cloud.log()
        assert account.delete(f"/caller_ids/v1/{NUMBER}").status == 204
        assert caller_ids_after_the_call(account) == []

    assert max(heard) > 1000, "nobody spoke to the phone"
    assert NUMBER not in log
    lines = [json.loads(line) for line in log.splitlines()]
    told = [line for line in lines if line["event"].startswith("caller_id.")]
    assert [line["event"] for line in told] == ["caller_id.not_validated", "caller_id.validated"]
    assert all(set(line) == {"event", "level", "timestamp"} for line in told)


def test_a_server_that_stops_ends_the_call(tmp_path: Path) -> None:
    with (
        Baresip(folder=tmp_path / "phone", user=NUMBER) as phone,
        Installation(
            tmp_path / "data",
            trunk=f"sip:127.0.0.1:{phone.port}",
            settings={"shutdown_grace": "0"},
        ) as cloud,
    ):
        validate(cloud.create_account("bob@example.com"))
        phone.wait_for("CALL_ESTABLISHED")
        assert cloud.stop() == 0
        phone.wait_for("CALL_CLOSED")
        assert "caller_id.not_validated" in cloud.log()
