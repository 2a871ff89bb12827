"""What services are guaranteed together is no more than the account may start."""

import asyncio
import json
from typing import Any

import pytest

from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.ids import AccountId
from callwright.services.catalogue import Catalogue
from callwright.services.ports import ServiceKind
from callwright.services.validation import BadConfiguration
from tests.sim.keys import PlainKeys
from tests.sim.memory_stores import MemoryNumberStore, MemoryServiceStore

ACCOUNT = Account(
    AccountId(1), "bob@example.com", AccountType.PRODUCTION, CallLimits(channels=9, maximum_cps=0.6)
)


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue(MemoryServiceStore(), PlainKeys(), MemoryNumberStore())


def guarantee(
    catalogue: Catalogue, name: str, cps: float | None, kind: ServiceKind = ServiceKind.OUTBOUND
) -> Any:
    constraints = {"call_constraints": {"minimum_guaranteed_cps": cps}}
    needed = {"service_password": "p", "uas": {"application_name": "a"}}
    configuration = constraints | (needed if kind is ServiceKind.OUTBOUND else {})
    body = json.dumps(configuration).encode()
    return asyncio.run(catalogue.write(ACCOUNT, name, body, kind=kind))


def test_the_sum_may_reach_the_maximum_exactly(catalogue: Catalogue) -> None:
    # As floats, 0.1 + 0.2 + 0.3 is more than 0.6.
    for name, cps in (("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", None)):
        assert guarantee(catalogue, name, cps)[0] is True


def test_the_sum_may_not_pass_the_maximum(catalogue: Catalogue) -> None:
    guarantee(catalogue, "a", 0.4)
    with pytest.raises(BadConfiguration) as caught:
        guarantee(catalogue, "b", 0.3)
    assert str(caught.value) == (
        "Failed to validate configuration, call_constraints.minimum_guaranteed_cps 0.3 brings the "
        "sum of all services to 0.7, which is greater than the account's maximum of 0.6."
    )


def test_a_service_is_not_counted_beside_itself(catalogue: Catalogue) -> None:
    guarantee(catalogue, "a", 0.4)
    assert guarantee(catalogue, "a", 0.6)[0] is False
    change = b'{"call_constraints": {"minimum_guaranteed_cps": 0.5}}'
    assert asyncio.run(catalogue.modify(ACCOUNT, "a", change))


def test_of_two_guarantees_at_once_one_is_accepted(catalogue: Catalogue) -> None:
    body = {
        "call_constraints": {"minimum_guaranteed_cps": 0.4},
        "service_password": "p",
        "uas": {"application_name": "a"},
    }

    async def write_both() -> list[object]:
        writes = [catalogue.write(ACCOUNT, name, json.dumps(body).encode()) for name in "ab"]
        return await asyncio.gather(*writes, return_exceptions=True)

    outcomes = asyncio.run(write_both())
    assert [isinstance(outcome, BadConfiguration) for outcome in outcomes] == [False, True]


def test_inbound_services_guarantee_no_starts(catalogue: Catalogue) -> None:
    guarantee(catalogue, "a", 0.6, ServiceKind.INBOUND)
    assert guarantee(catalogue, "a", 0.6)[0] is True
