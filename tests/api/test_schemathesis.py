"""Generated requests to every route, against a real server: no 5xx, no answer undocumented.

Derandomised and bounded, so that it says the same each time. What it finds is mended.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from callwright.api.client.envelope import is_client_path
from tests.sim.asgi import basic
from tests.sim.front_door import DOCUMENT, PASSWORD
from tests.sim.served import Served, served

EXAMPLES: Final = 12
"""Generated requests of each kind for each operation; all together take some 15 s."""

SERVICE: Final = "reminder"
"""The name that the document gives as an example, so that some requests are good ones."""

STREAMS: Final = tuple(
    path
    for path, operations in DOCUMENT["paths"].items()
    for operation in operations.values()
    if "text/event-stream" in operation.get("responses", {}).get("200", {}).get("content", {})
)
"""Answers without an end; `test_live_events` and `test_live` read them."""

CHECKS: Final = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

schema = schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("schemathesis")
    with served(folder, service=SERVICE) as one:
        yield one


def credentials(case: Case[Any], server: Served) -> dict[str, str]:
    if is_client_path(case.operation.path):
        return {"authorization": f"Bearer {server.token}"}
    if case.operation.path == "/service_start":
        return basic(f"{server.customer.user}/{SERVICE}", PASSWORD)
    return server.customer.credentials


@schema.exclude(path=list(STREAMS)).parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented(case: Case[Any], server: Served) -> None:
    case.call_and_validate(
        base_url=server.url, headers=credentials(case, server), checks=list(CHECKS)
    )
