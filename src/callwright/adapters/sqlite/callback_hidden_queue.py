"""The queue of an account's callbacks at once, which nobody sees, in SQLite."""

import apsw

from callwright.adapters.callback_rows import hidden_queue_columns
from callwright.adapters.sqlite.database import run
from callwright.domain.callback import CallbackQueueId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


def hidden_queue(
    connection: apsw.Connection, account_id: AccountId, *, at: UnixTime
) -> CallbackQueueId:
    """Return an account's; it is made when it is first needed."""
    of_account = {"account_id": account_id}
    for row in run(connection, "callback_queue_hidden", of_account):
        return CallbackQueueId(row[0])
    ((service_id,),) = run(connection, "callback_service_insert", of_account)
    columns = {**hidden_queue_columns(account_id, at=at), "service_id": service_id}
    ((queue_id,),) = run(connection, "callback_queue_insert", columns)
    return CallbackQueueId(queue_id)
