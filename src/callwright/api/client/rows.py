"""A row of the table of routes for clients.

Every path is served with a slash at its end as well.
"""

from typing import Final

from callwright.api.client.envelope import CLIENT_BASE
from callwright.api.client.requests import ClientHandler, for_clients
from callwright.api.operations import Credentials, JsonSchema, Operation, Parameter, Success
from callwright.api.shapes import reference

_CLIENT: Final = Parameter(
    "client_id", "The client, or @me for the token's.", required=True, example="@me"
)
PAGING: Final = (
    Parameter("page", "From 1; 1 when left out."),
    Parameter("per_page", "1 to 500; 50 when left out."),
    Parameter("order", "asc or desc, by id; asc when left out."),
)
_READ_REFUSALS: Final = (400, 401, 403, 404, 429, 503)
_WRITE_REFUSALS: Final = (*_READ_REFUSALS, 413, 415)


def row(
    name: str,
    where: tuple[str, str],
    handler: ClientHandler,
    text: tuple[str, str],
    answer: tuple[int, str],
    *,
    parameters: tuple[Parameter, ...] = (),
    body: JsonSchema | None = None,
    conflict: bool = False,
) -> Operation:
    """Describe an operation; `where` is its method and path, `answer` its status and shape.

    No shape: the answer has no body.
    """
    (method, path), (status, shape) = where, answer
    success = Success("Done.", reference(shape)) if shape else Success("Deleted.", media_type="")
    refusals = _READ_REFUSALS if body is None else _WRITE_REFUSALS
    names_client = "{client_id}" in path
    return Operation(
        name=name,
        path=f"{CLIENT_BASE}{path}",
        methods=(method,),
        handler=for_clients(handler, path_names_client=names_client),
        credentials=Credentials.TOKEN,
        summary=text[0],
        text=text[1],
        parameters=(_CLIENT, *parameters) if names_client else parameters,
        successes={status: success},
        refusals=(*refusals, 409) if conflict else refusals,
        body=body,
        error="ClientError",
        docs="callbacks",
    )
