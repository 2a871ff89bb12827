"""`/client/{client_id}/task_scheduler_state`: whether a client's queues begin anything at all."""

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import ClientRequest, json_answer
from callwright.api.exchange import Answer
from callwright.scheduler.client_pause import ClientPause, Pauser, print_state, read_state


async def read_client_state(request: ClientRequest) -> Answer:
    """Say whether the client is paused."""
    pauses = request.doors.callbacks.pauses
    return json_answer(print_state(await pauses.pause_of(request.account_id)))


async def change_client_state(request: ClientRequest) -> Answer:
    """Pause all queues of the client, or let them go on."""
    wish, callbacks = read_state(await request.body()), request.doors.callbacks
    account_id, at = request.account_id, request.doors.clock.unix_time()
    holds: ClientPause | None
    if wish.is_paused:
        wanted = ClientPause(account_id, Pauser.CLIENT, wish.reason, at)
        holds = await callbacks.pauses.pause(wanted)
    else:
        holds = await callbacks.pauses.resume(account_id, by=Pauser.CLIENT)
    if holds is not None and holds.by is Pauser.OPERATOR:
        message = "the operator has paused the client, and he alone resumes it"
        raise ClientFault(409, message, "paused_by_operator")
    callbacks.wake()
    return json_answer(print_state(holds))
