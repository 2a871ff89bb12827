"""Starts a second, counted by a far end that we did not write, and by one with a true clock."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from tests.sim.busy_phone import Arrival, BusyPhone, most_in_a_second
from tests.sim.installation import SERVICE_PASSWORD, AccountClient, Installation
from tests.sim.sipp import Invite, Sipp

pytestmark = pytest.mark.journey

MAXIMUM = 20
SECONDS = 12

IDLE = 0.005
"""Seconds between two INVITEs that SIPp did not read in one go: it was waiting for the second."""


def calls(first: str, count: int) -> list[dict[str, str]]:
    """So many calls to numbers that begin alike."""
    return [{"to": f"{first}{n:04}", "from": "441908273801"} for n in range(count)]


def write_service(
    account: AccountClient,
    name: str,
    *,
    guaranteed: float | None = None,
    maximum: float | None = None,
) -> None:
    """Write a service with limits of its own; no page of it is asked by calls that are busy."""
    constraints = {"minimum_guaranteed_cps": guaranteed, "maximum_allowed_cps": maximum}
    configuration = {
        "service_password": SERVICE_PASSWORD,
        "application_type": "REST",
        "rest": {"first_page": {"address": "http://127.0.0.1:9/first"}},
        "call_constraints": constraints,
    }
    reply = account.cloud.request(
        "PUT",
        f"/service/v1/outbound/{name}",
        user=account.user,
        password=account.key,
        body=json.dumps(configuration).encode(),
    )
    assert reply.status == 201, reply.body


def has_more_than(maximum: int, invites: Sequence[Invite]) -> bool:
    """Whether more than this many INVITEs came within one second for certain.

    On a busy machine SIPp reads an INVITE later than it came, but it came after SIPp had read all
    that was there: after the one before the first that it read in the same go.
    """
    moments = sorted(invite.at for invite in invites)
    came_after: list[float] = []
    before = -math.inf
    for previous, at in pairwise([-math.inf, *moments]):
        before = previous if at - previous > IDLE else before
        came_after.append(before)
    ends = moments[maximum:]
    return any(end - begin < 1.0 for begin, end in zip(came_after, ends, strict=False))


def times(arrivals: Sequence[Arrival], first: str = "") -> list[float]:
    """When the calls came to numbers that begin like this."""
    return [arrival.at for arrival in arrivals if arrival.user.startswith(first)]


def usual_rate(invites: Sequence[Invite]) -> float:
    """INVITEs a second, as most stretches of `MAXIMUM` of them have it.

    A few that were read late count nothing, nor does a machine that stood still for a while: what
    that costs is not made up for.
    """
    moments = sorted(invite.at for invite in invites)
    stretches = zip(moments, moments[MAXIMUM:], strict=False)
    return MAXIMUM / median(end - begin for begin, end in stretches)


@pytest.mark.parametrize(
    ("moments", "is_more"),
    [
        # One every 50 ms is 20 a second.
        ([n * 0.05 for n in range(100)], False),
        ([n * 0.045 for n in range(100)], True),
        # Read in one go after a stall: they may have come when they should.
        ([max(n * 0.05, 1.2) for n in range(100)], False),
        # Read in one go, and nothing to wait for before: they came together.
        ([math.floor(n / 30) + n % 30 * 1e-5 + (n % 30 > 0) * 0.01 for n in range(100)], True),
    ],
)
def test_sipp_proves_what_it_can(moments: list[float], *, is_more: bool) -> None:
    assert has_more_than(20, [Invite(at, "") for at in moments]) is is_more


def test_the_maximum_is_kept_and_reached(tmp_path: Path) -> None:
    with Sipp("busy", folder=tmp_path) as phone:
        with Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud:
            account = cloud.create_account("bob@example.com", cps=MAXIMUM)
            write_service(account, "one")
            write_service(account, "other")
            half = MAXIMUM * SECONDS // 2
            refs = account.start("one", *calls("4419082", half))
            refs += account.start("other", *calls("4419083", half))
            for ref in (refs[half - 1], refs[-1]):
                account.follow(ref)
        invites = phone.invites()
    assert len(invites) == len(refs)
    # Also the sum of both services keeps the account's maximum.
    assert not has_more_than(MAXIMUM, invites)
    assert usual_rate(invites) == pytest.approx(MAXIMUM, rel=0.01)
    assert usual_rate(invites) <= MAXIMUM


def test_no_second_sees_more_and_a_guarantee_is_kept_while_another_service_floods(
    tmp_path: Path,
) -> None:
    with BusyPhone() as phone:
        with Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud:
            account = cloud.create_account("bob@example.com", cps=MAXIMUM)
            write_service(account, "flood")
            write_service(account, "slow", maximum=2)
            write_service(account, "steady", guaranteed=14)
            account.start("flood", *calls("1555010", 1000))
            slow = account.start("slow", *calls("2555010", 1000))
            steady = account.start("steady", *calls("3555010", 14 * 5))
            account.follow(steady[-1])
            started = Counter(arrival.user[0] for arrival in phone.arrivals())
            assert account.status(slow[-1])[slow[-1]]["status"] == "queued"
        arrivals = phone.arrivals()
    seconds = times(arrivals, "3")[-1] - times(arrivals)[0]
    # From its own first one: the flood began while the steady one was still being asked for.
    steady_times = times(arrivals, "3")
    assert (len(steady_times) - 1) / (steady_times[-1] - steady_times[0]) >= 14 * 0.97
    assert started["2"] / seconds == pytest.approx(2, abs=0.5)
    assert started["1"] / seconds == pytest.approx(4, abs=1)
    assert most_in_a_second(times(arrivals)) <= MAXIMUM
    assert most_in_a_second(times(arrivals, "2")) <= 2


def test_accounts_share_the_maximum_of_a_trunk(tmp_path: Path) -> None:
    with BusyPhone() as phone:
        trunk, settings = f"sip:127.0.0.1:{phone.port}", {"trunk_cps": "10"}
        with Installation(tmp_path / "data", trunk=trunk, settings=settings) as cloud:
            accounts = [
                cloud.create_account(name, cps=100)
                for name in ("bob@example.com", "ann@example.com")
            ]
            for account in accounts:
                write_service(account, "reminder")
            refs = [
                account.start("reminder", *calls(f"{first}555010", 20))
                for first, account in enumerate(accounts, start=1)
            ]
            for account, mine in zip(accounts, refs, strict=True):
                account.follow(mine[-1])
        arrivals = phone.arrivals()
    assert len(arrivals) == 40
    assert most_in_a_second(times(arrivals)) <= 10
    assert Counter(arrival.user[0] for arrival in arrivals[10:30])["2"] == pytest.approx(10, abs=1)
