"""How requests of the scheduler's interface are refused: not with the other services' object.

- `ClientFault(HttpFault)`: answered with `message`, `status` and `errors` (section 14)
- `GrantFault(HttpFault)`: a token that is not given, answered as RFC 6749 5.2 has it
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from callwright.api.envelope import Headers, HttpFault
from callwright.scheduler.requests.fields import BadRequest, Fault

CLIENT_BASE: Final = "/api/ver1.0"
TOKEN_BASE: Final = "/oauth"  # noqa: S105  a path

_WORDS: Final[Mapping[int, str]] = {
    400: "validation_failed",
    403: "access_denied",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "rate_limit_exceeded",
    500: "internal_error",
    503: "unavailable",
}
"""What a refusal is called that has no word of its own."""

_GRANT_WORDS: Final[Mapping[int, str]] = {
    401: "invalid_client",
    429: "rate_limit_exceeded",
    500: "server_error",
    503: "temporarily_unavailable",
}
"""The same of the token address; any other is an `invalid_request`."""


class ClientFault(HttpFault):
    """A refusal with a word for programs; empty: only the HTTP status says what kind it is."""

    def __init__(
        self,
        status: int,
        message: str,
        word: str = "",
        *,
        faults: tuple[Fault, ...] = (),
        headers: Headers = (),
    ) -> None:
        """Keep the parts of the answer; `faults` are what is wrong with the fields of a body."""
        super().__init__(status, message, headers=headers)
        self.word = word
        self.faults = faults


class GrantFault(HttpFault):
    """A token that is not given."""

    def __init__(self, status: int, error: str, text: str, *, headers: Headers = ()) -> None:
        """`error` is the word of RFC 6749 5.2."""
        super().__init__(status, text, headers=headers)
        self.error = error


def fault_of_fields(bad: BadRequest) -> ClientFault:
    """Answer a body whose fields are wrong."""
    return ClientFault(400, str(bad), bad.status, faults=bad.faults)


def is_client_path(path: str) -> bool:
    """Whether a path is one of this interface, existing or not."""
    return path.startswith((f"{CLIENT_BASE}/", f"{TOKEN_BASE}/"))


def client_refusal(path: str, fault: HttpFault) -> bytes | None:
    """Print a refusal of this interface; None for a path that is another's."""
    if path.startswith(f"{TOKEN_BASE}/"):
        error = fault.error if isinstance(fault, GrantFault) else _GRANT_WORDS.get(fault.status)
        described = {"error": error or "invalid_request", "error_description": fault.text}
        return msgspec.json.encode(described)
    if not is_client_path(path):
        return None
    body: dict[str, object] = {"message": fault.text}
    word = fault.word if isinstance(fault, ClientFault) else _WORDS.get(fault.status, "")
    if word:
        body["status"] = word
    if isinstance(fault, ClientFault) and fault.faults:
        body["errors"] = [{"path": one.path, "message": one.message} for one in fault.faults]
    return msgspec.json.encode(body)
