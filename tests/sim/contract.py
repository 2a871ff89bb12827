"""Holds every answer of the front door against the OpenAPI document that it serves itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from starlette.types import ASGIApp

from callwright.api.client.envelope import CLIENT_BASE, TOKEN_BASE, is_client_path
from callwright.api.wire import collapse_slashes
from tests.sim.asgi import ADDRESS, AsgiClient, Reply


@dataclass(slots=True)
class Contract:
    """The document, as something that answers can be checked against."""

    document: Mapping[str, Any]

    def check(self, method: str, target: str, reply: Reply) -> None:
        """Fail unless the document promises this answer."""
        path = self._path(collapse_slashes(urlsplit(f"http://server{target}").path))
        responses = self._responses(path, method, _error_shape(target))
        promised = responses.get(str(reply.status), responses.get("default"))
        assert promised is not None, f"{method} {target}: {reply.status} is not documented"
        if "content" not in promised:
            assert not reply.body, f"{target} answers with a body"
            assert "content-type" not in reply.headers
            return
        media_type = reply.headers["content-type"].partition(";")[0]
        content = promised["content"].get(media_type, promised["content"].get("*/*"))
        assert content is not None, f"{target} answers {media_type}"
        schema = content.get("schema")
        if schema is not None:
            self.validator(schema).validate(reply.json)

    def validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        """Check against a shape, which may point to others of the document."""
        return Draft202012Validator({**schema, "components": self.document["components"]})

    def _path(self, path: str) -> str | None:
        paths: Mapping[str, Any] = self.document["paths"]
        if path in paths:
            return path
        bare = path.rstrip("/") if is_client_path(path) else path
        # A parameter that takes the rest of a path, slashes and all, is found last.
        for parameter in (r"[^/]+", r".+"):
            for pattern in paths:
                if re.fullmatch(re.sub(r"{\w+}", parameter, pattern), bare):
                    return pattern
        return None

    def _responses(self, path: str | None, method: str, shape: str) -> Mapping[str, Any]:
        operation = self.document["paths"].get(path, {}).get(method.lower())
        if operation is not None:
            responses: Mapping[str, Any] = operation["responses"]
            return responses
        error = {"schema": {"$ref": f"#/components/schemas/{shape}"}}
        return {"404" if path is None else "405": {"content": {"application/json": error}}}


def _error_shape(target: str) -> str:
    """Name the shape of refusals of paths and methods that do not exist."""
    if target.startswith(f"{TOKEN_BASE}/"):
        return "GrantError"
    return "ClientError" if target.startswith(f"{CLIENT_BASE}/") else "Error"


class CheckedClient(AsgiClient):
    """A client that holds whatever it is answered against the contract."""

    def __init__(self, app: ASGIApp, contract: Contract) -> None:
        """Check against this contract."""
        super().__init__(app)
        self.contract = contract

    async def request(
        self,
        method: str,
        target: str,
        *,
        body: bytes | Sequence[bytes] = b"",
        headers: Mapping[str, str] | None = None,
        address: str = ADDRESS,
    ) -> Reply:
        """Send a request and check its answer."""
        reply = await AsgiClient.request(
            self, method, target, body=body, headers=headers, address=address
        )
        if method != "HEAD":
            self.contract.check(method, target, reply)
        return reply
