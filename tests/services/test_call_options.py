"""Options of calls are typed, those of outbound and those of inbound services."""

import asyncio
import json

import pytest

from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.call_control import RecordingMode
from callwright.domain.far_end import Classification, ClassificationMode
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.inbound_service import InboundService
from callwright.domain.outbound_service import (
    CallConstraints,
    PageAddress,
    RestApplication,
    UasApplication,
    WholeCallRecording,
)
from callwright.services.catalogue import BadServiceName, Catalogue
from callwright.services.ports import ServiceKind
from tests.sim.keys import PlainKeys
from tests.sim.memory_stores import MemoryNumberStore, MemoryServiceStore

ACCOUNT = Account(
    AccountId(1), "bob@example.com", AccountType.PRODUCTION, CallLimits(channels=9, maximum_cps=5.0)
)
OTHER = Account(
    AccountId(2), "ann@example.com", AccountType.PRODUCTION, CallLimits(channels=9, maximum_cps=5.0)
)
REST = json.dumps(
    {
        "service_password": "p@$$w0rd",
        "application_type": "REST",
        "rest": {"first_page": {"address": "https://apps.example.net/first"}},
    }
).encode()


@pytest.fixture
def store() -> MemoryServiceStore:
    return MemoryServiceStore()


@pytest.fixture
def catalogue(store: MemoryServiceStore) -> Catalogue:
    return Catalogue(store, PlainKeys(), MemoryNumberStore())


def write(
    catalogue: Catalogue, name: str, body: bytes, kind: ServiceKind = ServiceKind.OUTBOUND
) -> None:
    asyncio.run(catalogue.write(ACCOUNT, name, body, kind=kind))


INBOUND = b"""{
    "extra_channels": 3,
    "application_type": "REST",
    "call_constraints": {"blocked_prefixes": ["449"]},
    "rest": {
        "first_page": {"address": "https://apps.example.net/in"},
        "call_recording": {"enabled": true, "encryption": true, "mode": "separate"},
        "max_call_duration": 5,
        "call_configuration": {
            "early_media": true,
            "reported_sip_headers": ["X-Account"],
            "speech_streams": 2,
            "connect_next_page_on_failure": true
        }
    },
    "access": {"allowed_addresses": ["192.0.2.0/24"]}
}"""


def test_an_inbound_service_is_called_and_typed(catalogue: Catalogue) -> None:
    assert asyncio.run(catalogue.called("desk")) is None
    write(catalogue, "desk", INBOUND, ServiceKind.INBOUND)
    expected = InboundService(
        service_id=ServiceId(1),
        account_id=ACCOUNT.account_id,
        name="desk",
        is_enabled=True,
        extra_channels=3,
        fax=False,
        application=RestApplication(
            first_page=PageAddress("https://apps.example.net/in", "POST"),
            final_page=None,
            error_page=None,
            api_version="2.0",
            application_parameters="",
            tts_voice="English UK Female Polly Amy",
            credentials=None,
            max_call_duration=300.0,
            ring_timeout=0.0,
            recording=WholeCallRecording(
                RecordingMode.SEPARATE, eliminates_dtmf=True, is_encrypted=True
            ),
            speech_streams=2,
            connect_next_page_on_failure=True,
        ),
        has_early_media=True,
        reported_sip_headers=("X-Account",),
        allowed_addresses=("192.0.2.0/24",),
        constraints=CallConstraints(blocked_prefixes=("449",)),
    )
    assert asyncio.run(catalogue.called("desk")) == expected
    assert asyncio.run(catalogue.called("desk")) == expected
    assert asyncio.run(catalogue.called("Desk")) is None
    assert asyncio.run(catalogue.called("a name that is none")) is None
    assert asyncio.run(catalogue.of_account(ACCOUNT.account_id, "desk")) == expected
    assert asyncio.run(catalogue.of_account(OTHER.account_id, "desk")) is None
    write(catalogue, "desk", b"", ServiceKind.INBOUND)
    bare = asyncio.run(catalogue.called("desk"))
    assert bare is not None
    assert bare.application is None
    asyncio.run(catalogue.delete(ServiceId(1)))
    assert asyncio.run(catalogue.called("desk")) is None


@pytest.mark.parametrize(
    ("body", "application"),
    [
        (b'{"application_type": "REST"}', None),
        (b'{"uas": {"application_name": "a"}}', UasApplication("a", "")),
    ],
)
def test_an_inbound_service_may_have_no_application_or_one_of_a_uas(
    catalogue: Catalogue, body: bytes, application: UasApplication | None
) -> None:
    write(catalogue, "desk", body, ServiceKind.INBOUND)
    service = asyncio.run(catalogue.called("desk"))
    assert service is not None
    assert service.application == application


def test_a_name_that_another_account_is_called_by_is_taken(catalogue: Catalogue) -> None:
    write(catalogue, "desk", b"", ServiceKind.INBOUND)
    with pytest.raises(BadServiceName, match=r"^Bad Request: the service name is taken$"):
        asyncio.run(catalogue.write(OTHER, "desk", b"", kind=ServiceKind.INBOUND))


def test_what_answers_is_classified_as_the_service_says(catalogue: Catalogue) -> None:
    def application(**options: object) -> RestApplication:
        body = json.loads(REST)
        calls = body["rest"].setdefault("call_configuration", {})
        calls["far_end_classification"] = options
        write(catalogue, "reminder", json.dumps(body).encode())
        service = asyncio.run(catalogue.outbound_service(ServiceId(1)))
        assert isinstance(service.application, RestApplication)
        return service.application

    assert application(enabled=False).classification is None
    assert application(enabled=True).classification == Classification()
    assert application(
        enabled=True,
        mode="answer_detect",
        milliseconds_timeout=2500,
        hang_up_on_answering_machine=False,
    ).classification == Classification(
        ClassificationMode.ANSWER_DETECT, 2.5, hangs_up_on_machine=False, hangs_up_on_fax=True
    )


def test_a_configuration_older_than_an_option_is_typed(
    catalogue: Catalogue, store: MemoryServiceStore
) -> None:
    write(catalogue, "reminder", REST)
    stored = asyncio.run(store.find(ACCOUNT.account_id, "reminder"))
    assert stored is not None
    older = json.loads(stored.configuration)
    del older["rest"]["call_configuration"]["connect_next_page_on_failure"]
    asyncio.run(store.change(stored, json.dumps(older).encode()))
    service = asyncio.run(catalogue.outbound_service(stored.service_id))
    assert isinstance(service.application, RestApplication)
    assert not service.application.connect_next_page_on_failure
