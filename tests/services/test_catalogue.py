"""Services are written whole, read in clear, kept sealed, and typed for a call."""

import asyncio
import json
from typing import Any

import pytest

from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import (
    OutboundService,
    PageAddress,
    PageCredentials,
    RestApplication,
    UasApplication,
)
from callwright.services.catalogue import BadBody, BadServiceName, Catalogue, UnknownService
from callwright.services.ports import BrokenSeal
from callwright.services.validation import BadConfiguration
from tests.sim.keys import PlainKeys
from tests.sim.memory_stores import MemoryServiceStore

ACCOUNT = Account(
    AccountId(1), "bob@example.com", AccountType.PRODUCTION, CallLimits(channels=9, maximum_cps=5.0)
)
OTHER = Account(
    AccountId(2), "ann@example.com", AccountType.PRODUCTION, CallLimits(channels=9, maximum_cps=5.0)
)
UAS = b'{"service_password": "p@$$w0rd", "uas": {"application_name": "my_uas_app"}}'
REST = json.dumps(
    {
        "enabled": False,
        "service_password": "p@$$w0rd",
        "extra_channels": 2,
        "application_type": "REST",
        "call_constraints": {"maximum_allowed_cps": 2.5},
        "rest": {
            "first_page": {"address": "https://apps.example.net/first"},
            "final_page": {"address": "https://apps.example.net/final", "method": "GET"},
            "application_parameters": "floor=2",
            "authentication": {"username": "us", "password": "hush"},
            "max_call_duration": 2,
            "answer_timeout": 45,
            "call_configuration": {"call_type": "conference"},
        },
        "fax": {"send": True},
    }
).encode()


@pytest.fixture
def store() -> MemoryServiceStore:
    return MemoryServiceStore()


@pytest.fixture
def catalogue(store: MemoryServiceStore) -> Catalogue:
    return Catalogue(store, PlainKeys())


def write(catalogue: Catalogue, name: str, body: bytes) -> Any:
    return asyncio.run(catalogue.write(ACCOUNT, name, body))


def test_a_service_is_created_then_replaced_with_defaults(catalogue: Catalogue) -> None:
    body = json.loads(UAS) | {"description": "first"}
    created, first = write(catalogue, "reminder", json.dumps(body).encode())
    assert created is True
    assert first["description"] == "first"
    assert first["uas"] == {"application_name": "my_uas_app", "application_parameters": None}
    created, second = write(catalogue, "reminder", UAS)
    assert created is False
    assert second["description"] is None
    assert asyncio.run(catalogue.read(ACCOUNT, "reminder")) == second


def test_passwords_are_read_in_clear_and_kept_sealed(
    catalogue: Catalogue, store: MemoryServiceStore
) -> None:
    write(catalogue, "reminder", REST)
    stored = asyncio.run(store.find(ACCOUNT.account_id, "reminder"))
    assert stored is not None
    assert b"p@$$w0rd" not in stored.configuration
    assert b"hush" not in stored.configuration
    read: Any = asyncio.run(catalogue.read(ACCOUNT, "reminder"))
    assert read["service_password"] == "p@$$w0rd"
    assert read["rest"]["authentication"] == {"username": "us", "password": "hush"}


def test_a_sealed_password_opens_only_its_own_service(
    catalogue: Catalogue, store: MemoryServiceStore
) -> None:
    write(catalogue, "reminder", UAS)
    stored = asyncio.run(store.find(ACCOUNT.account_id, "reminder"))
    assert stored is not None
    asyncio.run(store.write(OTHER.account_id, "stolen", stored.configuration))
    with pytest.raises(BrokenSeal):
        asyncio.run(catalogue.read(OTHER, "stolen"))


def test_a_rest_service_is_typed(catalogue: Catalogue) -> None:
    write(catalogue, "reminder", REST)
    expected = OutboundService(
        service_id=ServiceId(1),
        account_id=ACCOUNT.account_id,
        name="reminder",
        is_enabled=False,
        extra_channels=2,
        fax=True,
        application=RestApplication(
            first_page=PageAddress("https://apps.example.net/first", "POST"),
            final_page=PageAddress("https://apps.example.net/final", "GET"),
            error_page=None,
            api_version="2.0",
            application_parameters="floor=2",
            tts_voice="English UK Female Polly Amy",
            credentials=PageCredentials("us", "hush"),
            max_call_duration=120.0,
            ring_timeout=45.0,
            calls_conferences=True,
        ),
        maximum_cps=2.5,
    )
    assert asyncio.run(catalogue.outbound_service(ServiceId(1))) == expected
    assert asyncio.run(catalogue.find(ACCOUNT.account_id, "reminder")) == expected
    assert asyncio.run(catalogue.protected(ACCOUNT.account_id, "reminder")) == (
        expected,
        "p@$$w0rd",
    )


def test_a_change_is_seen_by_the_next_call(catalogue: Catalogue) -> None:
    write(catalogue, "reminder", REST)
    asyncio.run(catalogue.outbound_service(ServiceId(1)))
    write(catalogue, "reminder", UAS)
    changed = asyncio.run(catalogue.outbound_service(ServiceId(1)))
    assert changed.application == UasApplication("my_uas_app", "")


@pytest.mark.parametrize("name", ["a", "A-b_c.d+e", "9" * 64])
def test_good_names(catalogue: Catalogue, name: str) -> None:
    assert write(catalogue, name, UAS)[0] is True


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "9" * 65, "a\n", "\ud800"])
def test_bad_names(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(BadServiceName, match=r"^Bad Request: invalid service name$"):
        write(catalogue, name, UAS)
    with pytest.raises(UnknownService, match=r"^The service name does not exist$"):
        asyncio.run(catalogue.read(ACCOUNT, name))
    assert asyncio.run(catalogue.find(ACCOUNT.account_id, name)) is None


BODIES = [
    (b"{", "Bad Request: the body is not valid JSON"),
    (b'{"enabled": NaN}', "Bad Request: the body is not valid JSON"),
    (b'{"enabled": true, "enabled": false}', "Bad Request: the body is not valid JSON"),
    (b"[" * 10_000, "Bad Request: the body is not valid JSON"),
    (b"[]", "Bad Request: the configuration is not a JSON object"),
    (b"null", "Bad Request: the configuration is not a JSON object"),
]


@pytest.mark.parametrize(("body", "text"), BODIES, ids=range(len(BODIES)))
def test_bad_bodies(catalogue: Catalogue, body: bytes, text: str) -> None:
    with pytest.raises(BadBody) as caught:
        write(catalogue, "reminder", body)
    assert str(caught.value) == text


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_an_empty_body_lacks_what_is_mandatory(catalogue: Catalogue, body: bytes) -> None:
    with pytest.raises(BadConfiguration) as caught:
        write(catalogue, "reminder", body)
    assert len(caught.value.texts) == 2


def test_accounts_do_not_see_each_others_services(catalogue: Catalogue) -> None:
    write(catalogue, "reminder", UAS)
    with pytest.raises(UnknownService):
        asyncio.run(catalogue.read(OTHER, "reminder"))
    with pytest.raises(UnknownService):
        asyncio.run(catalogue.outbound_service(ServiceId(9)))
