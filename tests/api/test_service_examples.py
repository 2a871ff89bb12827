"""Every published example of managing outbound services: what is sent, and the whole answer.

`...` stands where the documents print `{...}`. Members are compared in their order.
"""

from dataclasses import dataclass
from pathlib import Path
from types import EllipsisType
from typing import Any

import pytest

from tests.sim.front_door import DOCS, FrontDoor, at_the_door

SITE = "http://11.222.33.44:50080"
MANAGEMENT = f"{DOCS}/web-services/services/outbound/management?target=service_action_tabs&tab-id="
NOW = "2027-01-15_08:16:40"
HINT = (
    "For REST, you must provide a first_page, a service_password and you can not enable fax "
    "receive."
)


def page(address: str | None) -> dict[str, str | None]:
    return {"address": address and SITE + address, "method": "POST"}


def uas(description: str | None, application: str) -> dict[str, Any]:
    """Print a configuration as the documents do for a UAS service."""
    return {
        "enabled": True,
        "service_password": "p@$$w0rd",
        "description": description,
        "extra_channels": 0,
        "g729": False,
        "call_constraints": ...,
        "application_type": "UAS",
        "uas": {"application_name": application, "application_parameters": None},
        "rest": ...,
        "fax": ...,
    }


def rest(description: str | None, *pages: str | None) -> dict[str, Any]:
    """Print a configuration as the documents do for a REST service; first, final, error page."""
    names = ("first_page", "final_page", "error_page")
    return {
        "enabled": True,
        "service_password": "p@$$w0rd",
        "description": description,
        "extra_channels": 0,
        "g729": False,
        "call_constraints": ...,
        "application_type": "REST",
        "uas": ...,
        "rest": {
            **{name: page(address) for name, address in zip(names, pages, strict=True)},
            "api_version": "2.0",
            "application_parameters": None,
            "tts_voice": "English UK Female Polly Amy",
            "authentication": ...,
            "call_recording": ...,
            "max_call_duration": 240,
            "answer_timeout": 30,
            "call_configuration": ...,
        },
        "fax": ...,
    }


def error(status: int, text: str, tab: str, url: str, *details: str) -> dict[str, Any]:
    # The documents print the 404s in single quotes; JSON has double ones.
    told = {"details": list(details)} if details else {}
    return {
        "error": {
            "code": f"HTTP {status}",
            "text": text,
            **told,
            "datetime": NOW,
            "link": MANAGEMENT + tab,
        },
        "request": {"url": url, "datetime": NOW},
    }


def missing(tab: str, url: str) -> dict[str, Any]:
    return error(404, "The service name does not exist", tab, url)


def rest_service(description: str, first: str, **others: str) -> dict[str, Any]:
    """Say what is written to make a service that an example assumes."""
    pages = {name: {"address": SITE + address} for name, address in others.items()}
    return {
        "service_password": "p@$$w0rd",
        "description": description,
        "application_type": "REST",
        "rest": {"first_page": {"address": SITE + first}, **pages},
    }


WAKE_UP = rest_service(
    "This is the configuration for MyWakeUpCallService",
    "/my_wakeupcall_first_page",
    final_page="/my_wakeupcall_final_page",
    error_page="/my_wakeupcall_error_page",
)
SECOND = rest_service(
    "This is my outbound REST service", "/my_first_page", final_page="/my_final_page"
)


@dataclass(frozen=True, slots=True)
class Example:
    """One request, the services that exist before it, and its answer."""

    name: str
    method: str
    path: str
    status: int
    answer: Any
    sent: Any = b""
    given: tuple[tuple[str, Any], ...] = ()


EXAMPLES = [
    Example(
        "list",
        "GET",
        "/service/v1/outbound",
        200,
        {
            # The documents print them in another order; ours is that of the names.
            "services": [
                {
                    "name": "MyOtherOutboundService",
                    "target": f"{SITE}/OtherOutboundService",
                    "description": "Another great outbound service",
                },
                {
                    "name": "MyWakeUpCallService",
                    "target": f"{SITE}/my_wakeupcall_first_page",
                    "description": "This is the configuration for MyWakeUpCallService",
                },
            ]
        },
        given=(
            ("MyWakeUpCallService", WAKE_UP),
            (
                "MyOtherOutboundService",
                rest_service("Another great outbound service", "/OtherOutboundService"),
            ),
        ),
    ),
    Example(
        "read",
        "GET",
        "/service/v1/outbound/MyWakeUpCallService",
        200,
        rest(
            "This is the configuration for MyWakeUpCallService",
            "/my_wakeupcall_first_page",
            "/my_wakeupcall_final_page",
            "/my_wakeupcall_error_page",
        ),
        given=(("MyWakeUpCallService", WAKE_UP),),
    ),
    Example(
        "read what is not there",
        "GET",
        "/service/v1/outbound/MyWakeUpCallService",
        404,
        missing("read", "/service/v1/outbound/MyWakeUpCallService"),
    ),
    Example(
        "write 1: create a UAS service",
        "PUT",
        "/service/v1/outbound/MyFirstOutboundService",
        201,
        uas("This is my outbound UAS service", "my_uas_app"),
        sent={
            "description": "This is my outbound UAS service",
            "service_password": "p@$$w0rd",
            "uas": {"application_name": "my_uas_app"},
        },
    ),
    Example(
        "write 2: create a REST service",
        "PUT",
        "/service/v1/outbound/MySecondOutboundService",
        201,
        rest("This is my outbound REST service", "/my_first_page", "/my_final_page", None),
        sent=SECOND,
    ),
    Example(
        "write 3: replace a service",
        "PUT",
        "/service/v1/outbound/MySecondOutboundService",
        # The example says 201, the text above it 200 for a service that is replaced: 200.
        200,
        # The example answers with another error page than was sent: ours is the one sent.
        rest(None, "/my_first_page", None, "/my_error_page"),
        sent={
            "service_password": "p@$$w0rd",
            "application_type": "REST",
            "rest": {
                "first_page": {"address": f"{SITE}/my_first_page"},
                "error_page": {"address": f"{SITE}/my_error_page"},
            },
        },
        given=(("MySecondOutboundService", SECOND),),
    ),
    Example(
        "write 4: an incomplete configuration",
        "PUT",
        "/service/v1/outbound/MyExampleOutboundService",
        400,
        error(
            400,
            "Failed to validate configuration, see details for more information.",
            "write",
            "/service/v1/outbound/MyExampleOutboundService",
            f"service_password None is not of type 'string'. {HINT}",
            f"rest.first_page.address None is not of type 'string'. {HINT}",
        ),
        sent={"description": "This is my outbound REST service", "application_type": "REST"},
    ),
    Example(
        "modify",
        "PATCH",
        "/service/v1/outbound/MyRESTOutboundService",
        200,
        # The text says that a first page is added; request and answer add an error page.
        rest("This is my outbound REST service", "/my_first_page", None, "/my_error_page"),
        sent={
            "rest": {
                "final_page": {"address": None},
                "error_page": {"address": f"{SITE}/my_error_page"},
            }
        },
        given=(("MyRESTOutboundService", SECOND),),
    ),
    Example(
        "modify what is not there",
        "PATCH",
        "/service/v1/outbound/MyRESTOutboundService",
        404,
        missing("modify", "/service/v1/outbound/MyRESTOutboundService"),
        sent={"rest": {"final_page": {"address": None}}},
    ),
    Example(
        "delete what is not there",
        "DELETE",
        "/service/v1/outbound/SomethingOrOther",
        404,
        missing("delete", "/service/v1/outbound/SomethingOrOther"),
    ),
    Example(
        "the schema",
        "GET",
        "/service/v1/schema/outbound",
        200,
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            # The documents' title has their product's name in it.
            "title": "Outbound Service Configuration Schema",
            "description": ...,
            "type": "object",
            "properties": {
                "enabled": ...,
                "service_password": ...,
                "description": ...,
                "extra_channels": ...,
                "g729": ...,
                "call_constraints": ...,
                "application_type": ...,
                "uas": ...,
                "rest": ...,
                "fax": ...,
            },
            "definitions": ...,
            "allOf": ...,
            "additionalProperties": False,
        },
    ),
]


def as_shown(answer: Any, shown: Any) -> Any:
    """Put `...` into an answer wherever the documents do."""
    match shown:
        case EllipsisType():
            return ...
        case dict() if isinstance(answer, dict):
            return {name: as_shown(inner, shown.get(name)) for name, inner in answer.items()}
        case _:
            return answer


def in_order(value: Any) -> Any:
    """Make the order of members count in a comparison."""
    match value:
        case dict():
            return [(name, in_order(inner)) for name, inner in value.items()]
        case list():
            return [in_order(inner) for inner in value]
        case _:
            return value


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_answer_is_the_published_one(tmp_path: Path, example: Example) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        for name, configuration in example.given:
            assert (await customer.write(name, configuration)).status == 201

        reply = await customer.send(example.method, example.path, example.sent)

        assert reply.status == example.status
        assert reply.headers["content-type"] == "application/json"
        assert in_order(as_shown(reply.json, example.answer)) == in_order(example.answer)

    at_the_door(tmp_path, story)


def test_the_published_deletion(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("SomethingOrOther")

        reply = await customer.send("DELETE", "/service/v1/outbound/SomethingOrOther")

        assert (reply.status, reply.body) == (204, b"")
        gone = await customer.get("/service/v1/outbound/SomethingOrOther")
        assert gone.json == missing("read", "/service/v1/outbound/SomethingOrOther")

    at_the_door(tmp_path, story)
