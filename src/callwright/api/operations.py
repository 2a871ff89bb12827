"""What the routes are described with: one table builds the router, the OpenAPI document, the docs.

A row names the path, the methods, the credentials, every parameter and every answer, so that
nothing can be served that is not documented, and nothing documented that is not served.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final  # JSON Schema fragments are JSON by nature

from callwright.api.doors import Doors
from callwright.api.exchange import Answer, Exchange, Stream

Handler = Callable[[Doors, Exchange], Awaitable[Answer | Stream]]

JsonSchema = dict[str, Any]


KEY_SCHEME: Final = "api_access_key"
PASSWORD_SCHEME: Final = "service_password"  # noqa: S105  the name of a scheme
TOKEN_SCHEME: Final = "client_token"  # noqa: S105  the name of a scheme


class Credentials(Enum):
    """Whom an operation asks for: HTTP Basic in one of two forms, in either, a token, or nobody."""

    _value_: tuple[str, ...]

    NONE = ()
    API_ACCESS_KEY = (KEY_SCHEME,)
    SERVICE_PASSWORD = (PASSWORD_SCHEME,)
    EITHER = (KEY_SCHEME, PASSWORD_SCHEME)
    TOKEN = (TOKEN_SCHEME,)

    @property
    def schemes(self) -> tuple[str, ...]:
        """The names of the forms in the OpenAPI document."""
        return self._value_


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in the query or form; one in the path stands in braces there."""

    name: str
    text: str
    required: bool = False
    example: str = ""
    is_repeatable: bool = False
    """Whether it may be given several times."""


@dataclass(frozen=True, slots=True)
class Success:
    """One answer that is not an error."""

    text: str
    schema: JsonSchema | None = None
    media_type: str = "application/json"
    """Empty where the answer has no body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table of routes."""

    name: str
    """Its `operationId`, and its label in the metrics."""
    path: str
    methods: tuple[str, ...]
    handler: Handler
    credentials: Credentials
    summary: str
    text: str
    successes: dict[int, Success]
    refusals: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: JsonSchema | None = None
    """Schema of a JSON body."""
    body_required: bool = True
    error: str = "Error"
    """The shape of its refusals."""
    refuses_with_a_page: bool = False
    """Whether they are HTML, for the person at the browser; a bug of ours is JSON also there."""
    content_part: str = ""
    """The part of a multipart form that is a file; such a form alone is taken."""
    docs: str = ""
    """The page that its errors link to, below `<docs>/web-services/`."""
