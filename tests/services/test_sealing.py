"""Passwords lie sealed in the store, each tied to its own place."""

import json

import pytest

from callwright.domain.ids import AccountId, ServiceId
from callwright.services.configuration import Configuration
from callwright.services.ports import BrokenSeal, ServiceKind, StoredService
from callwright.services.sealing import SealedConfigurations, kept_of
from tests.sim.keys import PlainKeys

ACCOUNT = AccountId(1)
CONFIGURATION: Configuration = {
    "service_password": "p@$$w0rd",
    "description": "p@$$w0rd",
    "rest": {"authentication": {"username": "us", "password": "hush"}, "answer_timeout": 30},
}


def sealed(configuration: Configuration) -> bytes:
    return SealedConfigurations(PlainKeys()).seal(
        ACCOUNT, ServiceKind.OUTBOUND, "reminder", configuration
    )


def stored(
    kept: bytes,
    *,
    account_id: AccountId = ACCOUNT,
    name: str = "reminder",
    kind: ServiceKind = ServiceKind.OUTBOUND,
) -> StoredService:
    return StoredService(ServiceId(7), account_id, name, kept, kind)


def unseal(service: StoredService) -> Configuration:
    return SealedConfigurations(PlainKeys()).unseal(service)


def test_what_is_sealed_is_unsealed_and_nothing_else_is_touched() -> None:
    kept = sealed(CONFIGURATION)

    assert unseal(stored(kept)) == CONFIGURATION
    read = kept_of(stored(kept))
    assert read["description"] == "p@$$w0rd"
    assert read["service_password"] != "p@$$w0rd"
    assert b"hush" not in kept


@pytest.mark.parametrize(
    "configuration",
    [
        {"service_password": None, "rest": {"authentication": {"password": None}}},
        {"rest": {"authentication": {"username": None, "password": None}}},
    ],
)
def test_a_password_that_is_not_there_is_not_sealed(configuration: Configuration) -> None:
    assert kept_of(stored(sealed(configuration))) == configuration
    assert unseal(stored(sealed(configuration))) == configuration


ELSEWHERE = [
    stored(sealed(CONFIGURATION), account_id=AccountId(2)),
    stored(sealed(CONFIGURATION), name="other"),
    stored(sealed(CONFIGURATION), kind=ServiceKind.INBOUND),
]


@pytest.mark.parametrize("service", ELSEWHERE, ids=["account", "name", "kind"])
def test_a_copy_elsewhere_opens_nothing(service: StoredService) -> None:
    with pytest.raises(BrokenSeal):
        unseal(service)


def test_one_password_is_not_another() -> None:
    read = kept_of(stored(sealed(CONFIGURATION)))
    moved = {"rest": {"authentication": {"password": read["service_password"]}}}
    with pytest.raises(BrokenSeal):
        unseal(stored(json.dumps(moved).encode()))
