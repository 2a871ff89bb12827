"""One table: what is served is documented, what is documented is served."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from callwright.api.openapi import openapi_path
from callwright.api.operations import Credentials
from callwright.api.routes import OPERATIONS
from tests.sim.front_door import DOCUMENT, FrontDoor, at_the_door

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def example(path: str) -> str:
    """Fill the path's parameters with anything."""
    names = {"{service_name}": "s", "{page}": "some/page", "{number}": "443069999876"}
    for name, value in names.items():
        path = path.replace(name, value)
    return path


def test_the_document_is_served_and_is_the_tables(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask("/openapi.json")

        assert reply.json == json.loads(json.dumps(DOCUMENT))
        assert set(reply.json["paths"]) == {openapi_path(one.path) for one in OPERATIONS}

    at_the_door(tmp_path, story)


def test_every_shape_is_a_schema_and_every_reference_leads_somewhere() -> None:
    shapes = DOCUMENT["components"]["schemas"]
    for shape in shapes.values():
        Draft202012Validator.check_schema(shape)
    for name in references(DOCUMENT):
        assert name in shapes


def references(value: Any) -> list[str]:
    match value:
        case {"$ref": str(target)}:
            return [target.removeprefix("#/components/schemas/")]
        case dict():
            return [name for inner in value.values() for name in references(inner)]
        case list() | tuple():
            return [name for inner in value for name in references(inner)]
        case _:
            return []


def test_operation_ids_are_unique() -> None:
    ids = [
        operation["operationId"]
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
    ]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_served_exactly_if_it_is_documented(
    tmp_path: Path, path: str, method: str
) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask(example(path), method)

        assert (reply.status != 405) == (method.lower() in DOCUMENT["paths"][path])

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if one.credentials is not Credentials.NONE],
    ids=lambda one: one.name,
)
def test_what_asks_for_credentials_refuses_without(tmp_path: Path, operation: Any) -> None:
    async def story(door: FrontDoor) -> None:
        for method in operation.methods:
            reply = await door.ask(example(openapi_path(operation.path)), method)
            assert reply.status == 401
            assert 401 in operation.refusals

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/web-services/web-service-errors?error=0001"])
def test_the_page_for_people_is_whole_and_fetches_nothing(tmp_path: Path, path: str) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask(path)
        page = reply.body.decode()

        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        for documented in DOCUMENT["paths"]:
            assert documented.replace("&", "&amp;") in page
        assert Links.outward(page) == []
        assert Links.broken(page) == []

    at_the_door(tmp_path, story)


class Links(HTMLParser):
    """Collects what a page links to and fetches, and the anchors it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()
        self.feed(page)

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value is not None:
                self.targets.append(value)
            if name == "id" and value is not None:
                self.anchors.add(value)

    @classmethod
    def outward(cls, page: str) -> list[str]:
        return [one for one in cls(page).targets if "//" in one]

    @classmethod
    def broken(cls, page: str) -> list[str]:
        links = cls(page)
        inner = [one[1:] for one in links.targets if one.startswith("#")]
        return [one for one in inner if one not in links.anchors]


def test_the_contract_can_fail(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        good = await door.ask("/healthz")
        door.contract.check("GET", "/healthz", good)
        for body, status in ((b'{"status":"sick"}', 200), (b"{}", 200), (b"{}", 201)):
            wrong = type(good)(status, good.headers, body)
            with pytest.raises((AssertionError, ValidationError)):
                door.contract.check("GET", "/healthz", wrong)

    at_the_door(tmp_path, story)
