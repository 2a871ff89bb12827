"""Services are written whole, read in clear, kept sealed, and typed for a call."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import (
    CallConstraints,
    OutboundService,
    PageAddress,
    PageCredentials,
    RestApplication,
    UasApplication,
)
from callwright.services.catalogue import (
    BadBody,
    BadServiceName,
    Catalogue,
    ServiceSummary,
    UnknownService,
)
from callwright.services.ports import BrokenSeal, ServiceKind, StoredService
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
        "call_constraints": {"maximum_allowed_cps": 2.5, "price_cap": 0.1},
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


def write(
    catalogue: Catalogue, name: str, body: bytes, kind: ServiceKind = ServiceKind.OUTBOUND
) -> Any:
    return asyncio.run(catalogue.write(ACCOUNT, name, body, kind=kind))


def modify(catalogue: Catalogue, name: str, body: bytes) -> Any:
    return asyncio.run(catalogue.modify(ACCOUNT, name, body))


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
        constraints=CallConstraints(maximum_cps=2.5, price_cap=Decimal("0.1")),
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


@pytest.mark.parametrize("name", ["a", "A-b_c.d+e", "...", "9" * 64])
def test_good_names(catalogue: Catalogue, name: str) -> None:
    assert write(catalogue, name, UAS)[0] is True


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a b", "a/b", "é", "9" * 65, "9" * 10_240, "a\n", "\ud800"]
)
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


def test_a_change_keeps_what_it_does_not_name(catalogue: Catalogue) -> None:
    _, before = write(catalogue, "reminder", REST)
    change = b'{"rest": {"final_page": {"address": null}, "answer_timeout": 60}}'
    after = modify(catalogue, "reminder", change)
    rest = before["rest"]
    final_page = {"address": None, "method": "GET"}
    expected = before | {"rest": rest | {"final_page": final_page, "answer_timeout": 60}}
    assert after == expected
    assert list(after["rest"]) == list(rest)
    assert asyncio.run(catalogue.read(ACCOUNT, "reminder")) == expected


def test_a_change_of_nothing_changes_nothing(catalogue: Catalogue) -> None:
    _, before = write(catalogue, "reminder", REST)
    assert modify(catalogue, "reminder", b"") == before
    assert modify(catalogue, "reminder", b"{}") == before


def test_a_change_that_is_refused_changes_nothing(catalogue: Catalogue) -> None:
    _, before = write(catalogue, "reminder", REST)
    with pytest.raises(BadConfiguration, match="rset"):
        modify(catalogue, "reminder", b'{"description": "new", "rset": {}}')
    assert asyncio.run(catalogue.read(ACCOUNT, "reminder")) == before


@pytest.mark.parametrize("name", ["nobody", "a b", ""])
def test_what_does_not_exist_is_said_before_the_body_is_read(
    catalogue: Catalogue, name: str
) -> None:
    with pytest.raises(UnknownService):
        modify(catalogue, name, b"no JSON")


class _Contested(MemoryServiceStore):
    """A store in which somebody else's change goes through just before the first of ours."""

    def __init__(self, theirs: bytes) -> None:
        super().__init__()
        self._theirs: bytes | None = theirs

    async def change(self, service: StoredService, configuration: bytes) -> bool:
        if self._theirs is not None:
            theirs, self._theirs = self._theirs, None
            await Catalogue(self, PlainKeys()).modify(ACCOUNT, service.name, theirs)
        return await super().change(service, configuration)


def test_of_two_changes_at_once_neither_is_lost() -> None:
    catalogue = Catalogue(_Contested(b'{"description": "theirs"}'), PlainKeys())
    write(catalogue, "reminder", UAS)
    after = modify(catalogue, "reminder", b'{"enabled": false}')
    assert (after["description"], after["enabled"]) == ("theirs", False)


def test_whole_numbers_are_integers(catalogue: Catalogue) -> None:
    body = json.loads(REST) | {"extra_channels": 1.0}
    body["rest"] |= {"answer_timeout": 4.5e1}
    _, complete = write(catalogue, "reminder", json.dumps(body).encode())
    printed = json.dumps([complete["extra_channels"], complete["rest"]["answer_timeout"]])
    assert printed == "[1, 45]"
    assert asyncio.run(catalogue.outbound_service(ServiceId(1))).extra_channels == 1


def test_the_list_is_sorted_and_names_the_target(catalogue: Catalogue) -> None:
    write(catalogue, "second", REST)
    write(catalogue, "first", json.dumps(json.loads(UAS) | {"description": "one"}).encode())
    write(catalogue, "Zero", UAS)
    assert asyncio.run(catalogue.summaries(ACCOUNT.account_id)) == [
        ServiceSummary("Zero", "my_uas_app", None),
        ServiceSummary("first", "my_uas_app", "one"),
        ServiceSummary("second", "https://apps.example.net/first", None),
    ]
    assert asyncio.run(catalogue.summaries(OTHER.account_id)) == []
    names = asyncio.run(catalogue.names(ACCOUNT.account_id))
    assert dict(names) == {ServiceId(1): "second", ServiceId(2): "first", ServiceId(3): "Zero"}


def test_a_deleted_service_is_gone_and_its_name_free(catalogue: Catalogue) -> None:
    write(catalogue, "reminder", UAS)
    service_id = asyncio.run(catalogue.service_id(ACCOUNT.account_id, "reminder"))
    asyncio.run(catalogue.outbound_service(service_id))
    asyncio.run(catalogue.delete(service_id))
    with pytest.raises(UnknownService):
        asyncio.run(catalogue.service_id(ACCOUNT.account_id, "reminder"))
    with pytest.raises(UnknownService):
        asyncio.run(catalogue.outbound_service(service_id))
    assert write(catalogue, "reminder", UAS)[0] is True
    assert asyncio.run(catalogue.service_id(ACCOUNT.account_id, "reminder")) != service_id


def test_inbound_services_are_apart_from_outbound_ones(catalogue: Catalogue) -> None:
    created, inbound = write(catalogue, "reminder", b"", ServiceKind.INBOUND)
    assert created is True
    assert "service_password" not in inbound
    assert asyncio.run(catalogue.find(ACCOUNT.account_id, "reminder")) is None
    assert write(catalogue, "reminder", UAS)[0] is True
    read = asyncio.run(catalogue.read(ACCOUNT, "reminder", kind=ServiceKind.INBOUND))
    assert read == inbound
    summaries = catalogue.summaries(ACCOUNT.account_id, kind=ServiceKind.INBOUND)
    assert asyncio.run(summaries) == [ServiceSummary("reminder", None, None)]


def test_a_password_of_an_inbound_service_opens_only_that_one(
    catalogue: Catalogue, store: MemoryServiceStore
) -> None:
    body = b'{"rest": {"authentication": {"username": "us", "password": "hush"}}}'
    write(catalogue, "reminder", body, ServiceKind.INBOUND)
    inbound = asyncio.run(store.find(ACCOUNT.account_id, "reminder", kind=ServiceKind.INBOUND))
    assert inbound is not None
    asyncio.run(store.write(ACCOUNT.account_id, "reminder", inbound.configuration))
    with pytest.raises(BrokenSeal):
        asyncio.run(catalogue.read(ACCOUNT, "reminder"))


def test_no_telephone_number_is_anybodys(catalogue: Catalogue) -> None:
    with pytest.raises(BadServiceName, match=r"^Bad Request: the telephone number is not yours$"):
        write(catalogue, "443069990123", b"", ServiceKind.INBOUND)
    assert write(catalogue, "443069990123", UAS)[0] is True
