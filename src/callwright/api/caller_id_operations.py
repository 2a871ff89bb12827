"""The rows of the table of routes for caller IDs; ours, for nothing was published for these."""

from typing import Final

from callwright.api.caller_ids import delete_caller_id, list_caller_ids, validate_caller_id
from callwright.api.operations import Credentials, Operation, Parameter, Success
from callwright.api.shapes import reference

_DOCS: Final = "caller-ids"
_NUMBER: Final = Parameter(
    "number", "A full international number.", required=True, example="443069999876"
)

CALLER_ID_OPERATIONS: Final = (
    Operation(
        name="list_caller_ids",
        path="/caller_ids/v1",
        methods=("GET",),
        handler=list_caller_ids,
        credentials=Credentials.API_ACCESS_KEY,
        summary="List the validated caller IDs",
        text="The numbers that the account may show, and the one that is being called for a PIN, "
        "if any is.",
        successes={200: Success("The numbers.", reference("CallerIds"))},
        refusals=(401, 429, 503),
        docs=_DOCS,
    ),
    Operation(
        name="validate_caller_id",
        path="/caller_ids/v1/{number}/validation",
        methods=("POST",),
        handler=validate_caller_id,
        credentials=Credentials.API_ACCESS_KEY,
        summary="Prove that a number is yours",
        text="Calls the number at once. Whoever answers is asked for the six digits of the PIN in "
        "this answer; with the right ones the number is a validated caller ID. 403 if the number "
        "must not be called, 409 while another call of this kind is under way and for a number "
        "that is validated, 429 after three calls to the number within 24 hours.",
        parameters=(_NUMBER,),
        successes={202: Success("The number is being called.", reference("CallerIdTrial"))},
        refusals=(400, 401, 403, 409, 429, 503),
        docs=_DOCS,
    ),
    Operation(
        name="delete_caller_id",
        path="/caller_ids/v1/{number}",
        methods=("DELETE",),
        handler=delete_caller_id,
        credentials=Credentials.API_ACCESS_KEY,
        summary="Give a caller ID up",
        text="The account may not show the number any more, until it is validated again. 409 if "
        "the account owns the number: it may show that as long as it does.",
        parameters=(_NUMBER,),
        successes={204: Success("Deleted.", media_type="")},
        refusals=(400, 401, 404, 409, 429, 503),
        docs=_DOCS,
    ),
)
