"""The table of routes: all that is served, and all that is documented."""

from typing import Final

from callwright.api.application_status import application_status
from callwright.api.documents import Documents
from callwright.api.health import healthz, metrics, readyz
from callwright.api.live_events import follow_events
from callwright.api.operations import Credentials, Handler, Operation, Parameter, Success
from callwright.api.outbound_services import read_schema, read_service, write_service
from callwright.api.service_refs import service_cancel, service_status
from callwright.api.service_starts import service_start
from callwright.api.shapes import reference

STARTING: Final = "services/outbound/starting"
MANAGEMENT: Final = "services/outbound/management?target=service_action_tabs&tab-id="
"""Followed by the tab of one operation; the published links have this form."""

_REFS: Final = Parameter(
    "service_refs",
    "References of service starts, delimited by /; at most 500.",
    required=True,
    example="2e891aea_0.1366641192.77832/2e891aea_0.1366641192.77834",
)
_SERVICE_NAME: Final = Parameter(
    "service_name", "1 to 64 of A-Z a-z 0-9 - _ . +", required=True, example="reminder"
)

SERVICE_START: Final = Operation(
    name="service_start",
    path="/service_start",
    methods=("GET", "POST"),
    handler=service_start,
    credentials=Credentials.SERVICE_PASSWORD,
    summary="Start calls of an outbound service",
    text="Queues one call, or a list of them on Production and Premium accounts. They are on "
    "disk before the answer comes, which has one reference for each call, in their order.",
    parameters=(
        Parameter(
            "rest_calls",
            "JSON text: an object with the call to start, or a list of such objects. Required, "
            "unless given as outbound_parameters.",
            example='{"to": "443069990123", "from": "443069999876", "token": "job 17"}',
        ),
        Parameter("outbound_parameters", "The legacy name of rest_calls, which wins over it."),
    ),
    successes={200: Success("References of the calls.", reference("ServiceRefs"))},
    refusals=(400, 401, 403, 413, 415, 429, 503),
    docs=STARTING,
)

SERVICE_CANCEL: Final = Operation(
    name="service_cancel",
    path="/service_cancel",
    methods=("GET", "POST"),
    handler=service_cancel,
    credentials=Credentials.API_ACCESS_KEY,
    summary="Cancel queued calls",
    text="Takes calls out of the queue. One that is running cannot be cancelled: `failed`.",
    parameters=(_REFS,),
    successes={200: Success("What became of each reference.", reference("CancelResults"))},
    refusals=(400, 401, 413, 415, 429, 503),
    docs=STARTING,
)

SERVICE_STATUS: Final = Operation(
    name="service_status",
    path="/service_status",
    methods=("GET", "POST"),
    handler=service_status,
    credentials=Credentials.API_ACCESS_KEY,
    summary="How far calls are",
    text="The status of each reference: queued, running, completed with the exit status, "
    "couldnotrun with a reason, cancelled, or unknown.",
    parameters=(_REFS,),
    successes={200: Success("The status of each reference.", reference("ServiceStatuses"))},
    refusals=(400, 401, 413, 415, 429),
    docs=STARTING,
)

APPLICATION_STATUS: Final = Operation(
    name="application_status",
    path="/application_status",
    methods=("GET", "POST"),
    handler=application_status,
    credentials=Credentials.API_ACCESS_KEY,
    summary="The records of one application instance",
    text="Application data record, call data records, error reports and feature data records of "
    "an instance that has ended.",
    parameters=(
        Parameter(
            "application_instance_id",
            "From service_status.",
            required=True,
            example="049136ca36e44662.200476",
        ),
    ),
    successes={200: Success("The records.", reference("ApplicationStatus"))},
    refusals=(400, 401, 404, 413, 415, 429),
    docs=STARTING,
)

WRITE_SERVICE: Final = Operation(
    name="write_service",
    path="/service/v1/outbound/{service_name}",
    methods=("PUT",),
    handler=write_service,
    credentials=Credentials.API_ACCESS_KEY,
    summary="Create or replace an outbound service",
    text="The body is a configuration. Options left out take their defaults, also when the "
    "service existed before. The answer is the complete configuration.",
    parameters=(_SERVICE_NAME,),
    body=reference("OutboundService"),
    successes={
        200: Success("Replaced.", reference("OutboundService")),
        201: Success("Created.", reference("OutboundService")),
    },
    refusals=(400, 401, 413, 415, 429, 503),
    docs=f"{MANAGEMENT}write",
)

READ_SERVICE: Final = Operation(
    name="read_service",
    path="/service/v1/outbound/{service_name}",
    methods=("GET",),
    handler=read_service,
    credentials=Credentials.API_ACCESS_KEY,
    summary="Read an outbound service",
    text="The complete configuration: every option with its value, the service password too.",
    parameters=(_SERVICE_NAME,),
    successes={200: Success("The configuration.", reference("OutboundService"))},
    refusals=(400, 401, 404, 429),
    docs=f"{MANAGEMENT}read",
)

READ_SCHEMA: Final = Operation(
    name="read_schema",
    path="/service/v1/schema/outbound",
    methods=("GET",),
    handler=read_schema,
    credentials=Credentials.API_ACCESS_KEY,
    summary="The schema of outbound services",
    text="The JSON Schema (draft-07) that the server itself checks configurations with.",
    successes={200: Success("The schema.", reference("Schema"))},
    refusals=(401, 429),
    docs=f"{MANAGEMENT}get-schema",
)

LIVE_EVENTS: Final = Operation(
    name="live_events",
    path="/live/v1/events",
    methods=("GET",),
    handler=follow_events,
    credentials=Credentials.API_ACCESS_KEY,
    summary="Follow calls as they happen",
    text="Server-sent events, one JSON object each. With a reference: from its beginning, as far "
    "as it is remembered, to its end. Without: everything of the account from now on. Whoever "
    "reads too slowly loses the oldest and is told how many in an event `missed`.",
    parameters=(Parameter("service_ref", "One reference; left out: all of the account."),),
    successes={200: Success("Events.", reference("LiveEvent"), media_type="text/event-stream")},
    refusals=(400, 401, 404, 429),
    docs="live-events",
)

_documents: Final = Documents(lambda: OPERATIONS)
_PAGE: Final = Success("A page for people.", media_type="text/html")


def _open(
    path: str,
    handler: Handler,
    summary: str,
    text: str,
    success: Success,
    *,
    name: str,
    refusals: tuple[int, ...] = (),
    parameters: tuple[Parameter, ...] = (),
) -> Operation:
    """Describe an operation that asks nobody who he is."""
    return Operation(
        name=name,
        path=path,
        methods=("GET",),
        handler=handler,
        credentials=Credentials.NONE,
        summary=summary,
        text=text,
        successes={200: success},
        refusals=refusals,
        parameters=parameters,
    )


_FOR_ANYBODY: Final = (
    _open(
        "/openapi.json",
        _documents.openapi_json,
        "This interface for programs",
        "An OpenAPI 3.1 document, made from the same table as the routes.",
        Success("The document.", {"type": "object", "required": ["openapi", "paths"]}),
        name="openapi",
    ),
    _open(
        "/",
        _documents.docs_page,
        "This interface for people",
        "A readable page, made from the same document.",
        _PAGE,
        name="front_page",
    ),
    _open(
        "/docs",
        _documents.docs_page,
        "This interface for people",
        "The same page as at /.",
        _PAGE,
        name="docs",
    ),
    _open(
        "/docs/{page:path}",
        _documents.docs_page,
        "Where links in error objects lead",
        "The same page as at /, whatever stands in the link.",
        _PAGE,
        name="docs_below",
        parameters=(Parameter("page", "Ignored.", required=True, example="web-services"),),
    ),
    _open(
        "/healthz",
        healthz,
        "Is the server up?",
        "Answers as long as the process does.",
        Success("It is.", reference("Health")),
        name="healthz",
    ),
    _open(
        "/readyz",
        readyz,
        "Can calls be placed?",
        "503 while the server starts or stops.",
        Success("They can.", reference("Health")),
        name="readyz",
        refusals=(503,),
    ),
    _open(
        "/metrics",
        metrics,
        "What was counted",
        "Prometheus text.",
        Success("Metrics.", media_type="text/plain"),
        name="metrics",
    ),
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    SERVICE_START,
    SERVICE_CANCEL,
    SERVICE_STATUS,
    APPLICATION_STATUS,
    WRITE_SERVICE,
    READ_SERVICE,
    READ_SCHEMA,
    LIVE_EVENTS,
    *_FOR_ANYBODY,
)
"""Every operation, in the order of the documents."""
