"""The queue of an account's callbacks at once, which nobody sees, in PostgreSQL."""

from callwright.adapters.callback_rows import hidden_queue_columns
from callwright.adapters.postgres.database import Connection, run
from callwright.domain.callback import CallbackQueueId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


async def hidden_queue(
    connection: Connection, account_id: AccountId, *, at: UnixTime, is_held: bool
) -> CallbackQueueId:
    """Return an account's; it is made when it is first needed.

    Held, it is nobody else's to add keyed tasks to until the commit.
    """
    of_account = {"account_id": account_id}
    found = "callback_queue_hidden_hold" if is_held else "callback_queue_hidden"
    for row in await run(connection, found, of_account):
        return CallbackQueueId(row[0])
    # Of two that find none, one makes it.
    await run(connection, "service_lock_account", of_account)
    for row in await run(connection, found, of_account):
        return CallbackQueueId(row[0])
    ((service_id,),) = await run(connection, "callback_service_insert", of_account)
    columns = {**hidden_queue_columns(account_id, at=at), "service_id": service_id}
    ((queue_id,),) = await run(connection, "callback_queue_insert", columns)
    return CallbackQueueId(queue_id)
