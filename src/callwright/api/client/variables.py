"""`/client/{client_id}/variable`: values that requests refer to by name, and those that do."""

from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import (
    DELETED,
    MAX_BODY,
    ClientRequest,
    json_answer,
    list_answer,
)
from callwright.api.exchange import Answer
from callwright.scheduler.requests.client_variables import (
    MAX_CLIENT_VARIABLES,
    is_variable_name,
    name_in_place_of_id,
    print_client_variable,
    read_client_variable,
    refers,
    replaced,
)
from callwright.scheduler.requests.fields import quoted
from callwright.scheduler.values import Addition, Page

NO_VARIABLE: Final = ("there is no such variable", "variable_not_found")


async def create_variable(request: ClientRequest) -> Answer:
    """Create a variable."""
    variable = read_client_variable(await request.body(), account_id=request.account_id)
    variables = request.doors.callbacks.variables
    match await variables.add_variable(variable, most=MAX_CLIENT_VARIABLES):
        case Addition.ADDED:
            return json_answer(print_client_variable(variable), status=201)
        case Addition.NAME_TAKEN:
            message = f"{quoted(variable.name)}: the client has a variable of this name"
            raise ClientFault(409, message, "variable_exists")
        case Addition.TOO_MANY:
            message = f"the client has {MAX_CLIENT_VARIABLES} variables, which is the most"
            raise ClientFault(400, message, "too_many_variables")


async def list_variables(request: ClientRequest) -> Answer:
    """List the client's variables by name."""
    query = request.query()
    page = query.page()
    query.check()
    found, count = await request.doors.callbacks.variables.variables(request.account_id, page)
    return list_answer([print_client_variable(one) for one in found], page, count)


async def read_variable(request: ClientRequest) -> Answer:
    """Read a variable."""
    variables = request.doors.callbacks.variables
    found = await variables.variable(request.account_id, _name_of(request))
    if found is None:
        raise ClientFault(404, *NO_VARIABLE)
    return json_answer(print_client_variable(found))


async def change_variable(request: ClientRequest) -> Answer:
    """Give a variable another value."""
    name = _name_of(request)
    body = await request.body()
    variable = read_client_variable(body, account_id=request.account_id, name=name)
    if not await request.doors.callbacks.variables.change_variable(variable):
        raise ClientFault(404, *NO_VARIABLE)
    return json_answer(print_client_variable(variable))


async def delete_variable(request: ClientRequest) -> Answer:
    """Delete a variable."""
    name = _name_of(request)
    if not await request.doors.callbacks.variables.delete_variable(request.account_id, name):
        raise ClientFault(404, *NO_VARIABLE)
    return DELETED


async def body_with_values(request: ClientRequest) -> dict[str, object]:
    """Read the JSON object in the body, with values in the place of variables.

    Raises:
        ClientFault: it is too long, of another type, or none.
        BadRequest: it refers to variables that are not there.

    """
    body = await request.body()
    if not refers(body):
        return body
    every = Page(MAX_CLIENT_VARIABLES)
    found, _ = await request.doors.callbacks.variables.variables(request.account_id, every)
    return replaced(body, {one.name: one.value for one in found}, most=MAX_BODY)


async def id_with_value(request: ClientRequest, text: str) -> str:
    """Return an id in the path, with its value in the place of a variable.

    Raises:
        ClientFault: it is a variable that is not there.

    """
    name = name_in_place_of_id(text)
    if name is None:
        return text
    found = None
    if is_variable_name(name):
        found = await request.doors.callbacks.variables.variable(request.account_id, name)
    if found is None:
        raise ClientFault(404, f"{quoted(text)}: there is no such variable", NO_VARIABLE[1])
    return found.value


def _name_of(request: ClientRequest) -> str:
    name = request.exchange.path_parameters["name"]
    if not is_variable_name(name):
        raise ClientFault(404, *NO_VARIABLE)
    return name
