"""`/rest_interrupt`: stops what application instances are doing, and sends them elsewhere."""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import INSANE, MISSING, HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.operations import Credentials, Operation, Parameter, Success
from callwright.api.shapes import reference
from callwright.api.wire import Parameters, parameters_of, quoted, required
from callwright.domain.ids import InstanceId
from callwright.domain.outbound_service import PageAddress
from callwright.runner.registry import Interruption

MAX_INSTANCES: Final = 500
"""Instances in one request (assumed; as many as references elsewhere)."""

MAX_URL: Final = 2048
"""Characters of the page's URL (assumed): what every server and proxy takes."""

_encode = msgspec.json.Encoder().encode


async def rest_interrupt(doors: Doors, exchange: Exchange) -> Answer:
    """Interrupt instances of the account; each is answered for, in the order asked."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    instance_ids = _instance_ids(parameters)
    redirect = _redirect(parameters)
    running = doors.running
    return Answer(
        _encode(
            {
                one: _told(running.interrupt(account.account_id, one, redirect))
                for one in instance_ids
            }
        )
    )


def _told(interruption: Interruption) -> dict[str, str]:
    told = {"result": str(interruption.result)}
    return told | {"action": interruption.action} if interruption.action else told


def _instance_ids(parameters: Parameters) -> tuple[InstanceId, ...]:
    text = required(parameters, "application_instance_ids")
    # Each once. One of a wrong form is an unknown one, not an error.
    ids = dict.fromkeys(InstanceId(one) for one in text.split("/") if one)
    if not ids:
        raise HttpFault(
            400, "Bad Request: application_instance_ids is empty: ids were expected", code=MISSING
        )
    if len(ids) > MAX_INSTANCES:
        raise _insane(
            f"application_instance_ids has {len(ids)} ids: at most {MAX_INSTANCES} were expected"
        )
    return tuple(ids)


def _redirect(parameters: Parameters) -> PageAddress | None:
    url = parameters.get("redirect_page", "")
    method = parameters.get("redirect_method") or "POST"
    if method not in {"GET", "POST"}:
        raise _insane(f"redirect_method is {quoted(method)}: GET or POST was expected")
    if not url:
        return None
    if len(url) > MAX_URL or not _is_absolute(url):
        raise _insane(
            f"redirect_page is {quoted(url)}: an absolute http or https URL of at most {MAX_URL} "
            "characters was expected"
        )
    return PageAddress(url, method)


def _is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # Brackets that do not match, or a port that is none.
        return False


def _insane(text: str) -> HttpFault:
    return HttpFault(400, f"Bad Request: {text}", code=INSANE)


REST_INTERRUPT: Final = Operation(
    name="rest_interrupt",
    path="/rest_interrupt",
    methods=("GET", "POST"),
    handler=rest_interrupt,
    credentials=Credentials.API_ACCESS_KEY,
    summary="Interrupt REST applications",
    text="Stops what application instances are doing and drops the rest of their lists. With a "
    "redirect page, that is asked with the ordinary instance_info, where action_result names the "
    "action that was interrupted, and the application goes on with what it answers. Without one "
    "the application ends. The answer says of each instance: interrupted, no such application, "
    "or application already completed, of one that ended within the last hour.",
    parameters=(
        Parameter(
            "application_instance_ids",
            "Ids of application instances, delimited by /; at most 500.",
            required=True,
            example="7f31c2a90be4d816.40217/7f31c2a90be4d816.40219",
        ),
        Parameter(
            "redirect_page",
            "An absolute http or https URL.",
            example="https://app.example.com/ivr/transfer",
        ),
        Parameter("redirect_method", "GET or POST, which it is when left out."),
    ),
    successes={200: Success("What became of each instance.", reference("Interruptions"))},
    refusals=(400, 401, 413, 415, 429),
    docs="rest-interrupt",
)
