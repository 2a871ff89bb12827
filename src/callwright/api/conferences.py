"""`/conference_…`: reserved conferences, the rooms in use, and who is in them."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import INSANE, MISSING, HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.wire import Parameters, parameters_of, print_truth, quoted, required, truth
from callwright.conferences import wire_names as wire
from callwright.conferences.overview import ConferenceSummary
from callwright.conferences.reservation import ConferenceState
from callwright.conferences.wish import read_wish, reserved_name
from callwright.domain.clock import print_datetime
from callwright.domain.conference import ParticipantChange, ParticipantView
from callwright.domain.ids import CallId

_encode = msgspec.json.Encoder().encode


async def create_reservation(doors: Doors, exchange: Exchange) -> Answer:
    """Reserve a conference."""
    account = await account_of(doors, exchange)
    wish = read_wish(await parameters_of(exchange), is_new=True)
    reservation = await doors.reservations.create(account.account_id, wish)
    return Answer(_encode(reservation.name))


async def modify_reservation(doors: Doors, exchange: Exchange) -> Answer:
    """Change a reserved conference."""
    account = await account_of(doors, exchange)
    wish = read_wish(await parameters_of(exchange), is_new=False)
    reservation = await doors.reservations.modify(account.account_id, wish)
    return Answer(_encode(reservation.name))


async def remove_reservation(doors: Doors, exchange: Exchange) -> Answer:
    """Give a reserved conference up."""
    account = await account_of(doors, exchange)
    name = reserved_name((await parameters_of(exchange)).get(wire.NAME, ""))
    await doors.reservations.remove(account.account_id, name)
    return Answer(_encode(name))


async def list_conferences(doors: Doors, exchange: Exchange) -> Answer:
    """Return the conferences of the account, in some states or in all."""
    account = await account_of(doors, exchange)
    states = _states(await parameters_of(exchange))
    conferences = await doors.conferences.conferences(account.account_id, states)
    return Answer(_encode({one.name: _told(one) for one in conferences}))


async def list_participants(doors: Doors, exchange: Exchange) -> Answer:
    """Return who is in a conference."""
    account = await account_of(doors, exchange)
    name = required(await parameters_of(exchange), wire.NAME)
    participants = await doors.conferences.participants(account.account_id, name)
    return Answer(_encode({one.call_id: _seen(one) for one in participants}))


async def set_participant_options(doors: Doors, exchange: Exchange) -> Answer:
    """Let a participant take part in another way."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    name, participant = _whom(parameters)
    change = ParticipantChange(
        is_talker=truth(parameters, wire.TALKER),
        is_muted=truth(parameters, wire.MUTED),
        destroys_on_exit=truth(parameters, wire.DESTROY_ON_EXIT),
    )
    if change == ParticipantChange():
        raise HttpFault(
            400,
            f"Bad Request: nothing is to change: {wire.TALKER}, {wire.MUTED} or "
            f"{wire.DESTROY_ON_EXIT} was expected",
            code=MISSING,
        )
    await doors.conferences.change(account.account_id, name, participant, change)
    return Answer(_encode(participant))


async def eject_participant(doors: Doors, exchange: Exchange) -> Answer:
    """Let a participant out."""
    account = await account_of(doors, exchange)
    name, participant = _whom(await parameters_of(exchange))
    await doors.conferences.eject(account.account_id, name, participant)
    return Answer(_encode(participant))


def _whom(parameters: Parameters) -> tuple[str, CallId]:
    return required(parameters, wire.NAME), CallId(required(parameters, wire.PARTICIPANT))


def _states(parameters: Parameters) -> tuple[ConferenceState, ...]:
    text = parameters.get(wire.STATE, "")
    try:
        asked = tuple(ConferenceState(one.upper()) for one in text.split("/") if one)
    except ValueError:
        known = ", ".join(ConferenceState)
        raise HttpFault(
            400,
            f"Bad Request: {wire.STATE} is {quoted(text)}: some of {known}, delimited by /, "
            "were expected",
            code=INSANE,
        ) from None
    return asked or tuple(ConferenceState)


def _told(one: ConferenceSummary) -> dict[str, str | int]:
    reservation = one.reservation
    told: dict[str, str | int] = {
        wire.STATE: one.state,
        wire.RESERVED: print_truth(is_true=reservation is not None),
        wire.MAX_PARTICIPANTS: one.max_participants,
        wire.PARTICIPANT_COUNT: one.participants,
        wire.START_TIME: "",
        wire.DURATION: 0,
        wire.DIVERT: "",
    }
    if reservation is not None:
        told[wire.START_TIME] = print_datetime(reservation.starts_at)
        told[wire.DURATION] = reservation.duration_minutes
        told[wire.DIVERT] = reservation.divert
    return told


def _seen(one: ParticipantView) -> dict[str, str | float]:
    return {
        wire.INSTANCE: one.instance_id,
        wire.FROM: one.call_from,
        wire.TALKER: print_truth(is_true=one.is_talker),
        wire.MUTED: print_truth(is_true=one.is_muted),
        wire.DESTROY_ON_EXIT: print_truth(is_true=one.destroys_on_exit),
        wire.SECONDS_IN: round(one.duration, 2),
    }
