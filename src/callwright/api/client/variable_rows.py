"""Rows of the table of routes: client variables."""

from typing import Final

from callwright.api.client import variables
from callwright.api.client.rows import PAGING, row
from callwright.api.client.variable_shapes import VARIABLE_BODY, VARIABLE_CHANGE
from callwright.api.operations import Parameter

_NAME: Final = Parameter("name", "The variable's name.", required=True, example="BILLING")
_VARIABLES: Final = "/client/{client_id}/variable"
_ONE_VARIABLE: Final = f"{_VARIABLES}/{{name}}"

VARIABLE_ROWS: Final = (
    row(
        "create_variable",
        ("POST", _VARIABLES),
        variables.create_variable,
        (
            "Create a client variable",
            (
                "A value that requests refer to: $cv(NAME) anywhere in a text of a callback or of "
                "tasks, @{NAME} in the place of an extension_id."
            ),
        ),
        (201, "Variable"),
        body=VARIABLE_BODY,
        conflict=True,
    ),
    row(
        "list_variables",
        ("GET", _VARIABLES),
        variables.list_variables,
        ("List client variables", "By name."),
        (200, "Variables"),
        parameters=(*PAGING[:2], Parameter("order", "asc or desc, by name; asc when left out.")),
    ),
    row(
        "read_variable",
        ("GET", _ONE_VARIABLE),
        variables.read_variable,
        ("Read a client variable", "One variable."),
        (200, "Variable"),
        parameters=(_NAME,),
    ),
    row(
        "change_variable",
        ("PUT", _ONE_VARIABLE),
        variables.change_variable,
        ("Change a client variable", "What was taken with the old value keeps it."),
        (200, "Variable"),
        parameters=(_NAME,),
        body=VARIABLE_CHANGE,
    ),
    row(
        "delete_variable",
        ("DELETE", _ONE_VARIABLE),
        variables.delete_variable,
        ("Delete a client variable", "What was taken with its value keeps it."),
        (204, ""),
        parameters=(_NAME,),
    ),
)
