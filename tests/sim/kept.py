"""The stores behind a front door."""

from dataclasses import dataclass

from callwright.accounts.oauth_ports import OauthStore
from callwright.accounts.ports import AccountStore, CallerIdStore, NumberStore
from callwright.adapters.node_boot import NodeBoot
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.call_store import SqliteCallStore
from callwright.adapters.sqlite.callback_progress_store import SqliteCallbackProgressStore
from callwright.adapters.sqlite.callback_queue_store import SqliteCallbackQueueStore
from callwright.adapters.sqlite.callback_task_store import SqliteCallbackTaskStore
from callwright.adapters.sqlite.caller_id_store import SqliteCallerIdStore
from callwright.adapters.sqlite.client_pause_store import SqliteClientPauseStore
from callwright.adapters.sqlite.client_variable_store import SqliteClientVariableStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.event_outbox import SqliteEventOutbox
from callwright.adapters.sqlite.event_registration_store import SqliteEventRegistrationStore
from callwright.adapters.sqlite.number_store import SqliteNumberStore
from callwright.adapters.sqlite.oauth_store import SqliteOauthStore
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.record_store import SqliteRecordStore
from callwright.adapters.sqlite.reservation_store import SqliteReservationStore
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.conferences.ports import ReservationStore
from callwright.queue.ports import QueueStore
from callwright.records.ports import RecordStore
from callwright.scheduler.history.ports import CallStore
from callwright.scheduler.live.ports import ProgressStore
from callwright.scheduler.pause_ports import ClientPauseStore
from callwright.scheduler.ports import (
    CallbackQueueStore,
    CallbackTaskStore,
    ClientVariableStore,
    EventOutbox,
    EventRegistrationStore,
)
from callwright.scheduler.webhooks.ports import EventShelf
from callwright.services.ports import ServiceStore


@dataclass(frozen=True, slots=True)
class Kept:
    """The stores that a front door stands before."""

    accounts: AccountStore
    services: ServiceStore
    queue: QueueStore
    records: RecordStore
    caller_ids: CallerIdStore
    numbers: NumberStore
    reservations: ReservationStore
    callback_queues: CallbackQueueStore
    callback_tasks: CallbackTaskStore
    outbox: EventOutbox
    kept_events: EventShelf
    event_registrations: EventRegistrationStore
    variables: ClientVariableStore
    pauses: ClientPauseStore
    calls: CallStore
    progress: ProgressStore
    oauth: OauthStore


def kept_in(database: Database, boot: NodeBoot) -> Kept:
    """Keep everything in an SQLite database, for one start of its node."""
    return Kept(
        SqliteAccountStore(database),
        SqliteServiceStore(database),
        SqliteQueueStore(database, node_epoch=boot.boot_epoch),
        SqliteRecordStore(database),
        SqliteCallerIdStore(database),
        SqliteNumberStore(database),
        SqliteReservationStore(database),
        SqliteCallbackQueueStore(database),
        SqliteCallbackTaskStore(database),
        SqliteEventOutbox(database),
        SqliteEventOutbox(database),
        SqliteEventRegistrationStore(database),
        SqliteClientVariableStore(database),
        SqliteClientPauseStore(database),
        SqliteCallStore(database),
        SqliteCallbackProgressStore(database),
        SqliteOauthStore(database),
    )
