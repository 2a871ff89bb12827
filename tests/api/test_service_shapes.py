"""The documented shapes of configurations follow the schemas that check them."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from callwright.api.service_shapes import service_shapes
from callwright.services.defaults import default_configuration
from callwright.services.ports import ServiceKind
from callwright.services.schema import SCHEMAS

SHAPES = service_shapes()


def accepts(shape: str, configuration: object) -> bool:
    return Draft202012Validator(SHAPES[shape]).is_valid(configuration)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_an_answer_has_every_option_and_a_body_any(kind: ServiceKind) -> None:
    complete: Any = default_configuration(SCHEMAS[kind])
    answer, body = f"{kind.capitalize()}Service", f"{kind.capitalize()}Options"

    assert accepts(answer, complete)
    assert accepts(body, complete)
    incompletes: list[object] = [{}, complete | {"fax": {}}, {"rest": {"first_page": {}}}]
    for incomplete in incompletes:
        assert accepts(body, incomplete)
        assert not accepts(answer, incomplete)


@pytest.mark.parametrize(
    "wrong",
    [
        {"enabld": True},
        {"enabled": "true"},
        {"rest": {"first_page": {"address": "woiern"}}},
        {"rest": {"first_page": {"url": None}}},
        {"call_constraints": {"minimum_guaranteed_cps": 0}},
        {"call_constraints": {"blocked_prefixes": ["0"]}},
    ],
)
def test_what_the_schema_refuses_is_no_body(wrong: dict[str, object]) -> None:
    assert not accepts("OutboundOptions", wrong)
    assert not accepts("InboundOptions", wrong)
