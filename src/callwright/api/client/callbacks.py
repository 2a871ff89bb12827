"""`/extension/{extension_id}/callback`: a callback at once (section 12.1)."""

from callwright.api.client.envelope import ClientFault
from callwright.api.client.extensions import extension_of
from callwright.api.client.requests import ClientRequest, json_answer
from callwright.api.client.variables import body_with_values
from callwright.api.exchange import Answer
from callwright.domain.clock import UnixTime
from callwright.scheduler.attempt.attempts import mint_call_uuid
from callwright.scheduler.requests.call_shape import KEY_LIFETIME, is_same_call, read_call
from callwright.scheduler.requests.fields import quoted


async def make_call(request: ClientRequest) -> Answer:
    """Call the A side, then B, and join them, as soon as the account's limits allow."""
    body, callbacks = await body_with_values(request), request.doors.callbacks
    extension = await extension_of(request)
    if extension.is_blocked:
        message = f"the extension {extension.number} is blocked"
        raise ClientFault(403, message, "extension_blocked")
    if await callbacks.pauses.pause_of(request.account_id) is not None:
        raise ClientFault(409, "the client is paused", "client_paused")
    now = request.doors.clock.unix_time()
    names = mint_call_uuid(callbacks.random_bytes), mint_call_uuid(callbacks.random_bytes)
    wish = read_call(body, extension_id=extension.extension_id, names=names, now=now)
    since = UnixTime(now - KEY_LIFETIME)
    task = await callbacks.tasks.add_call(request.account_id, wish, at=now, known_since=since)
    if not is_same_call(task.wish, wish):
        message = f"{quoted(wish.extras.dedup_key)} is the key of another callback"
        raise ClientFault(409, message, "dedup_key_in_use")
    callbacks.wake()
    named = {"call_id": task.wish.call_uuid, "call_api_id": task.wish.call_api_id}
    return json_answer(named, status=201)
