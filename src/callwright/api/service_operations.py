"""The rows of the table of routes for managing services: six operations for each kind."""

from typing import Final

from callwright.api.operations import Credentials, JsonSchema, Operation, Parameter, Success
from callwright.api.service_management import ServiceManagement
from callwright.api.shapes import reference
from callwright.services.ports import ServiceKind

_NAME: Final = Parameter(
    "service_name", "1 to 64 of A-Z a-z 0-9 - _ . +", required=True, example="reminder"
)

_DELETING: Final = {
    ServiceKind.OUTBOUND: "Starts that wait in its queue are cancelled; calls that run finish.",
    ServiceKind.INBOUND: "Calls that run finish.",
}


def service_operations(kind: ServiceKind) -> tuple[Operation, ...]:
    """Describe the management of the services of a kind, in the published order."""
    does = ServiceManagement(kind)
    return (
        Operation(
            name=f"list_{kind}_services",
            path=f"/service/v1/{kind}",
            methods=("GET",),
            handler=does.list_all,
            credentials=Credentials.API_ACCESS_KEY,
            summary=f"List {kind} services",
            text="Every service of the account by name, disabled ones too: the UAS application or "
            "first page that it targets, and its description.",
            successes={200: Success("The services.", reference("Services"))},
            refusals=(401, 429),
            docs=_docs(kind, "list"),
        ),
        Operation(
            name=f"read_{kind}_schema",
            path=f"/service/v1/schema/{kind}",
            methods=("GET",),
            handler=does.read_schema,
            credentials=Credentials.API_ACCESS_KEY,
            summary=f"The schema of {kind} services",
            text="The JSON Schema (draft-07) that the server itself checks the account's "
            "configurations with, once they are complete.",
            successes={200: Success("The schema.", reference("Schema"))},
            refusals=(401, 429),
            docs=_docs(kind, "get-schema"),
        ),
        Operation(
            name=f"read_{kind}_service",
            path=_path(kind),
            methods=("GET",),
            handler=does.read,
            credentials=Credentials.API_ACCESS_KEY,
            summary=f"Read an {kind} service",
            text="The complete configuration: every option with its value, passwords too.",
            parameters=(_NAME,),
            successes={200: Success("The configuration.", _complete(kind))},
            refusals=(401, 404, 429),
            docs=_docs(kind, "read"),
        ),
        *_changes(kind, does),
    )


def _changes(kind: ServiceKind, does: ServiceManagement) -> tuple[Operation, ...]:
    path, complete = _path(kind), _complete(kind)
    partial = reference(f"{kind.capitalize()}Options")
    return (
        Operation(
            name=f"write_{kind}_service",
            path=path,
            methods=("PUT",),
            handler=does.write,
            credentials=Credentials.API_ACCESS_KEY,
            summary=f"Create or replace an {kind} service",
            text="The body is a configuration. Options left out take their defaults, also when "
            "the service existed before. The answer is the complete configuration.",
            parameters=(_NAME,),
            body=partial,
            # Nothing is mandatory for an inbound service.
            body_required=kind is ServiceKind.OUTBOUND,
            successes={
                200: Success("Replaced.", complete),
                201: Success("Created.", complete),
            },
            refusals=(400, 401, 413, 415, 429, 503),
            docs=_docs(kind, "write"),
        ),
        Operation(
            name=f"modify_{kind}_service",
            path=path,
            methods=("PATCH",),
            handler=does.modify,
            credentials=Credentials.API_ACCESS_KEY,
            summary=f"Modify an {kind} service",
            text="The body has the options to change, at any depth; null is a value, lists are "
            "replaced whole. Starts that wait take the new configuration; calls keep theirs.",
            parameters=(_NAME,),
            body=partial,
            body_required=False,
            successes={200: Success("Modified.", complete)},
            refusals=(400, 401, 404, 413, 415, 429, 503),
            docs=_docs(kind, "modify"),
        ),
        Operation(
            name=f"delete_{kind}_service",
            path=path,
            methods=("DELETE",),
            handler=does.delete,
            credentials=Credentials.API_ACCESS_KEY,
            summary=f"Delete an {kind} service",
            text=_DELETING[kind],
            parameters=(_NAME,),
            successes={204: Success("Deleted.", media_type="")},
            refusals=(401, 404, 429, 503),
            docs=_docs(kind, "delete"),
        ),
    )


def _path(kind: ServiceKind) -> str:
    return f"/service/v1/{kind}/{{service_name}}"


def _complete(kind: ServiceKind) -> JsonSchema:
    return reference(f"{kind.capitalize()}Service")


def _docs(kind: ServiceKind, tab: str) -> str:
    """Return the page of an operation; the published links have this form."""
    return f"services/{kind}/management?target=service_action_tabs&tab-id={tab}"
