"""The table of routes: all that is served, and all that is documented."""

from typing import Final

from callwright.api.application_status import application_status
from callwright.api.caller_id_operations import CALLER_ID_OPERATIONS
from callwright.api.client.operations import CLIENT_OPERATIONS
from callwright.api.conference_operations import CONFERENCE_OPERATIONS
from callwright.api.documents import Documents
from callwright.api.file_operations import FILE_OPERATIONS
from callwright.api.health import healthz, metrics, readyz
from callwright.api.job_status import job_status
from callwright.api.live_events import follow_events
from callwright.api.operations import Credentials, Handler, Operation, Parameter, Success
from callwright.api.queue_operations import QUEUE_OPERATIONS
from callwright.api.rest_interrupt import REST_INTERRUPT
from callwright.api.service_operations import service_operations
from callwright.api.service_refs import service_cancel, service_status
from callwright.api.service_starts import service_start
from callwright.api.shapes import reference
from callwright.services.ports import ServiceKind

STARTING: Final = "services/outbound/starting"

_REFS: Final = Parameter(
    "service_refs",
    "References of service starts, delimited by /; at most 500.",
    required=True,
    example="2e891aea_0.1366641192.77832/2e891aea_0.1366641192.77834",
)

SERVICE_START: Final = Operation(
    name="service_start",
    path="/service_start",
    methods=("GET", "POST"),
    handler=service_start,
    credentials=Credentials.SERVICE_PASSWORD,
    summary="Start an outbound service",
    text="Queues one start, or several on Production and Premium accounts. They are on disk "
    "before the answer comes, which has one reference for each, in their order. A service with a "
    "REST application is started with rest_calls, one with a UAS application with count, "
    "outbound_parameters and delimiter.",
    parameters=(
        Parameter(
            "rest_calls",
            "REST: JSON text, an object with the call to start, or a list of such objects. "
            "Required, unless given as outbound_parameters.",
            example='{"to": "443069990123", "from": "443069999876", "token": "job 17"}',
        ),
        Parameter(
            "outbound_parameters",
            "REST: the legacy name of rest_calls, which wins over it. UAS: what the application "
            "is told, in seven-bit ASCII without ^, | and control characters.",
        ),
        Parameter("count", "UAS: how many instances to start, 1 to 1000; 1 when left out."),
        Parameter(
            "delimiter",
            "UAS: one character that divides outbound_parameters into strings. An instance is "
            "started for each, and count is ignored.",
        ),
        Parameter(
            "unique_id",
            "1 to 128 printable ASCII characters that name this request. A repeat starts nothing "
            "and is answered with the references of the first; within seven days.",
        ),
    ),
    successes={200: Success("References of the starts.", reference("ServiceRefs"))},
    refusals=(400, 401, 403, 409, 413, 415, 429, 503),
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

JOB_STATUS: Final = Operation(
    name="job_status",
    path="/job_status",
    methods=("GET", "POST"),
    handler=job_status,
    credentials=Credentials.API_ACCESS_KEY,
    summary="What became of a start with a unique_id",
    text="The references that the request created, and how many starts it queued.",
    parameters=(
        Parameter(
            "unique_id",
            "As supplied in the service start.",
            required=True,
            example="452f1997-73ac-4b40-aaa9-f5516fe6b119",
        ),
    ),
    successes={200: Success("The result of the request.", reference("JobStatus"))},
    refusals=(400, 401, 404, 413, 415, 429),
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
    JOB_STATUS,
    REST_INTERRUPT,
    *QUEUE_OPERATIONS,
    *service_operations(ServiceKind.OUTBOUND),
    *service_operations(ServiceKind.INBOUND),
    *CALLER_ID_OPERATIONS,
    *FILE_OPERATIONS,
    *CONFERENCE_OPERATIONS,
    *CLIENT_OPERATIONS,
    LIVE_EVENTS,
    *_FOR_ANYBODY,
)
"""Every operation, in the order of the documents."""
