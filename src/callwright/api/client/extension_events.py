"""`/extension/{extension_id}/event`: who wants to be told of its calls (section 12.3)."""

from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.extensions import extension_of
from callwright.api.client.requests import DELETED, ClientRequest, json_answer, list_answer
from callwright.api.exchange import Answer
from callwright.domain.extension_event import EventRegistration, RegistrationId
from callwright.scheduler.requests.registration_shape import (
    MAX_REGISTRATIONS,
    print_registration,
    read_registration,
)

NO_EVENT: Final = ("there is no such event", "event_not_found")


async def register_event(request: ClientRequest) -> Answer:
    """Have a URL told of an extension's calls."""
    body = await request.body()
    extension, callbacks = await extension_of(request), request.doors.callbacks
    wanted = read_registration(body, extension=extension, refusal=callbacks.url_refusal, old=None)
    added = await callbacks.registrations.add(wanted, most=MAX_REGISTRATIONS)
    if added is None:
        await extension_of(request)
        message = f"the extension has {MAX_REGISTRATIONS} events, which is the limit"
        raise ClientFault(409, message, "event_limit_reached")
    return json_answer(print_registration(added), status=201)


async def list_events(request: ClientRequest) -> Answer:
    """List who is told of an extension's calls."""
    query = request.query()
    page = query.page()
    query.check()
    extension = await extension_of(request)
    found = list(
        await request.doors.callbacks.registrations.of_extensions(
            extension.account_id, [extension.extension_id]
        )
    )
    if page.descending:
        found.reverse()
    part = found[page.offset : page.offset + page.limit]
    return list_answer([print_registration(one) for one in part], page, len(found))


async def read_event(request: ClientRequest) -> Answer:
    """Read who is told."""
    return json_answer(print_registration(await _registration_of(request)))


async def change_event(request: ClientRequest) -> Answer:
    """Change what a request names of it."""
    body = await request.body()
    extension, old = await extension_of(request), await _registration_of(request)
    callbacks = request.doors.callbacks
    wanted = read_registration(body, extension=extension, refusal=callbacks.url_refusal, old=old)
    if not await callbacks.registrations.change(wanted):
        raise ClientFault(404, *NO_EVENT)
    return json_answer(print_registration(wanted))


async def delete_event(request: ClientRequest) -> Answer:
    """Tell it no more."""
    known = await _registration_of(request)
    if not await request.doors.callbacks.registrations.delete(
        known.account_id, known.extension_id, known.registration_id
    ):
        raise ClientFault(404, *NO_EVENT)
    return DELETED


async def _registration_of(request: ClientRequest) -> EventRegistration:
    extension = await extension_of(request)
    number = request.path_number("event_id", ClientFault(404, *NO_EVENT))
    found = await request.doors.callbacks.registrations.registration(
        extension.account_id, extension.extension_id, RegistrationId(number)
    )
    if found is None:
        raise ClientFault(404, *NO_EVENT)
    return found
