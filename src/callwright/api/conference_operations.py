"""The rows of the table of routes for conferences; what of their names is assumed stands in
`conferences/wire_names.py`.
"""

from typing import Final

from callwright.api.conferences import (
    create_reservation,
    eject_participant,
    list_conferences,
    list_participants,
    modify_reservation,
    remove_reservation,
    set_participant_options,
)
from callwright.api.operations import Credentials, Handler, Operation, Parameter, Success
from callwright.api.shapes import reference
from callwright.conferences import wire_names as wire
from callwright.conferences.wish import MAX_MINUTES
from callwright.domain.conference import MAX_RESERVED, MAX_UNRESERVED

_RESERVED_NAME: Final = Parameter(
    wire.NAME, "1 to 47 letters and digits.", required=True, example="Weekly42"
)
_NAME: Final = Parameter(
    wire.NAME, "The name of a room, as pages and con: have it.", required=True, example="Weekly42"
)
_PARTICIPANT: Final = Parameter(
    wire.PARTICIPANT,
    "From the list of participants: the id of the call to the room, as in its data record.",
    required=True,
    example="049136ca36e44662.209560.914358273",
)


def _when(*, required: bool) -> tuple[Parameter, ...]:
    return (
        Parameter(
            wire.MAX_PARTICIPANTS,
            f"1 to {MAX_RESERVED}.",
            required=required,
            example="350" if required else "",
        ),
        Parameter(
            wire.START_TIME,
            "UTC, YYYY-MM-DD_hh:mm:ss; a moment that has passed means now.",
            required=required,
            example="2099-01-31_09:15:00" if required else "",
        ),
        Parameter(
            wire.DURATION,
            f"Minutes from the start, 1 to {MAX_MINUTES}. At the end everybody has to go.",
            required=required,
            example="60" if required else "",
        ),
        Parameter(
            wire.DIVERT,
            "An inbound service of the account, which takes calls that come before the start; "
            "without one they are busy.",
        ),
    )


def _operation(
    path: str,
    handler: Handler,
    summary: str,
    text: str,
    success: Success,
    *,
    parameters: tuple[Parameter, ...],
    refusals: tuple[int, ...] = (),
) -> Operation:
    return Operation(
        name=path,
        path=f"/{path}",
        methods=("GET", "POST"),
        handler=handler,
        credentials=Credentials.API_ACCESS_KEY,
        summary=summary,
        text=text,
        parameters=parameters,
        successes={200: success},
        refusals=tuple(sorted({400, 401, 413, 415, 429, 503, *refusals})),
        docs="conferences",
    )


_CONFERENCE: Final = Success("The name of the conference.", reference("ConferenceName"))
_CHANGED: Final = Success("The participant.", reference("ConferenceParticipant"))

CONFERENCE_OPERATIONS: Final = (
    _operation(
        wire.CREATE,
        create_reservation,
        "Reserve a conference",
        "From the start on the room of that name takes so many participants, for so long. Before, "
        "whoever comes is told that it is busy, or is diverted. 403 if the account has no reserved "
        "conferences, or too many; 409 if the name is reserved already.",
        _CONFERENCE,
        parameters=(_RESERVED_NAME, *_when(required=True)),
        refusals=(403, 409),
    ),
    _operation(
        wire.MODIFY,
        modify_reservation,
        "Change a reserved conference",
        "What is left out stays as it is; an empty divert ends that. A conference that has begun "
        "follows at once: whoever is in it stays when it takes fewer. 409 if it is over, or if it "
        "has begun and its start is to be moved.",
        _CONFERENCE,
        parameters=(_RESERVED_NAME, *_when(required=False)),
        refusals=(404, 409),
    ),
    _operation(
        wire.REMOVE,
        remove_reservation,
        "Give a reserved conference up",
        "If it has begun, everybody in it has to go.",
        _CONFERENCE,
        parameters=(_RESERVED_NAME,),
        refusals=(404,),
    ),
    _operation(
        wire.LIST,
        list_conferences,
        "List conferences",
        "The reserved ones, and every other room that somebody is in. RESERVED: booked, not begun. "
        "HOLDING: open, and its participants wait. ACTIVE: two or more hear each other. COMPLETED: "
        f"a reserved one that is over. A room that nobody reserved takes {MAX_UNRESERVED}.",
        Success("The conferences.", reference("Conferences")),
        parameters=(Parameter(wire.STATE, "Only these states, delimited by /."),),
    ),
    _operation(
        wire.PARTICIPANTS,
        list_participants,
        "List who is in a conference",
        "In the order in which they came. 404 if it is neither reserved nor in use.",
        Success("The participants.", reference("ConferenceParticipants")),
        parameters=(_NAME,),
        refusals=(404,),
    ),
    _operation(
        wire.SET_OPTIONS,
        set_participant_options,
        "Change how somebody takes part",
        "What is left out stays as it is. A participant who was muted may have a key to be heard "
        "again; one who is no talker has none.",
        _CHANGED,
        parameters=(
            _NAME,
            _PARTICIPANT,
            Parameter(wire.TALKER, "true or false: whether he may talk to the conference."),
            Parameter(wire.MUTED, "true or false: whether his voice is taken for now."),
            Parameter(wire.DESTROY_ON_EXIT, "true or false: whether the room ends with him."),
        ),
        refusals=(404,),
    ),
    _operation(
        wire.EJECT,
        eject_participant,
        "Let somebody out of a conference",
        "His call to the room ends. An application that brought him in by connect_to_conference "
        "goes on with its next page.",
        _CHANGED,
        parameters=(_NAME, _PARTICIPANT),
        refusals=(404,),
    ),
)
