"""The store of an installation: an SQLite file, or a PostgreSQL database that nodes share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from callwright.accounts.oauth_ports import OauthStore
from callwright.accounts.ports import AccountStore, CallerIdStore, NumberStore
from callwright.adapters.clock import SystemClock
from callwright.adapters.node_boot import NodeBoot
from callwright.adapters.postgres import account_store as postgres_accounts
from callwright.adapters.postgres import caller_id_store as postgres_caller_ids
from callwright.adapters.postgres import number_store as postgres_numbers
from callwright.adapters.postgres.call_store import PostgresCallStore
from callwright.adapters.postgres.callback_progress_store import PostgresCallbackProgressStore
from callwright.adapters.postgres.callback_queue_store import PostgresCallbackQueueStore
from callwright.adapters.postgres.callback_task_store import PostgresCallbackTaskStore
from callwright.adapters.postgres.client_pause_store import PostgresClientPauseStore
from callwright.adapters.postgres.client_variable_store import PostgresClientVariableStore
from callwright.adapters.postgres.database import Database as PostgresDatabase
from callwright.adapters.postgres.database import place_of
from callwright.adapters.postgres.event_outbox import PostgresEventOutbox
from callwright.adapters.postgres.event_registration_store import PostgresEventRegistrationStore
from callwright.adapters.postgres.inbound_store import PostgresInboundStore
from callwright.adapters.postgres.leases import PostgresLeases
from callwright.adapters.postgres.node_name import NodeName
from callwright.adapters.postgres.oauth_store import PostgresOauthStore
from callwright.adapters.postgres.queue_store import PostgresQueueStore
from callwright.adapters.postgres.record_store import PostgresRecordStore
from callwright.adapters.postgres.reservation_store import PostgresReservationStore
from callwright.adapters.postgres.secondary_notes import PostgresSecondaryNotes
from callwright.adapters.postgres.service_store import PostgresServiceStore
from callwright.adapters.postgres.webhook_secret_store import PostgresWebhookSecretStore
from callwright.adapters.secrets import InstallationSecret
from callwright.adapters.sqlite import account_store as sqlite_accounts
from callwright.adapters.sqlite import caller_id_store as sqlite_caller_ids
from callwright.adapters.sqlite import number_store as sqlite_numbers
from callwright.adapters.sqlite.call_store import SqliteCallStore
from callwright.adapters.sqlite.callback_progress_store import SqliteCallbackProgressStore
from callwright.adapters.sqlite.callback_queue_store import SqliteCallbackQueueStore
from callwright.adapters.sqlite.callback_task_store import SqliteCallbackTaskStore
from callwright.adapters.sqlite.client_pause_store import SqliteClientPauseStore
from callwright.adapters.sqlite.client_variable_store import SqliteClientVariableStore
from callwright.adapters.sqlite.database import Database as SqliteDatabase
from callwright.adapters.sqlite.event_outbox import SqliteEventOutbox
from callwright.adapters.sqlite.event_registration_store import SqliteEventRegistrationStore
from callwright.adapters.sqlite.inbound_store import SqliteInboundStore
from callwright.adapters.sqlite.leases import SqliteLeases
from callwright.adapters.sqlite.oauth_store import SqliteOauthStore
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.record_store import SqliteRecordStore
from callwright.adapters.sqlite.reservation_store import SqliteReservationStore
from callwright.adapters.sqlite.secondary_notes import SqliteSecondaryNotes
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.adapters.sqlite.webhook_secret_store import SqliteWebhookSecretStore
from callwright.conferences.ports import ReservationStore
from callwright.dispatch.ports import InboundStore, Leases, SecondaryNotes
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
from callwright.scheduler.webhooks.ports import EventShelf, WebhookSecretStore
from callwright.services.ports import ServiceStore


@dataclass(frozen=True, slots=True)
class StorePlace:
    """Where an installation keeps what it keeps."""

    sqlite: Path
    """The database, unless there is a `url`."""
    url: str
    """Of a PostgreSQL database; empty: SQLite."""
    node: Path
    """The name of this node among those that share a PostgreSQL database."""
    secret: Path


@dataclass(frozen=True, slots=True)
class Stores:
    """What is read and written, for one start of a node."""

    secret: InstallationSecret
    accounts: AccountStore
    caller_ids: CallerIdStore
    numbers: NumberStore
    services: ServiceStore
    queue: QueueStore
    records: RecordStore
    inbound: InboundStore
    reservations: ReservationStore
    callback_queues: CallbackQueueStore
    callback_tasks: CallbackTaskStore
    callback_events: EventOutbox
    kept_events: EventShelf
    event_registrations: EventRegistrationStore
    client_variables: ClientVariableStore
    client_pauses: ClientPauseStore
    calls: CallStore
    callback_progress: ProgressStore
    webhook_secrets: WebhookSecretStore
    oauth: OauthStore
    secondary_notes: SecondaryNotes
    leases: Leases
    boot: NodeBoot
    """This start of the node: its names are minted from it, and what it claims is its own."""


@dataclass(frozen=True, slots=True)
class AccountStores:
    """What the commands work on that need no server."""

    secret: InstallationSecret
    accounts: AccountStore
    caller_ids: CallerIdStore
    numbers: NumberStore
    webhook_secrets: WebhookSecretStore
    client_pauses: ClientPauseStore
    oauth: OauthStore


@dataclass(frozen=True, slots=True)
class Migrated:
    """What bringing a database forward did."""

    where: str
    version_before: int
    """0: it was empty."""
    version: int


@asynccontextmanager
async def open_stores(place: StorePlace) -> AsyncIterator[Stores]:
    """Open an installation's stores for a server, and begin a start of its node.

    Raises:
        StoreUnavailable: another server has the data folder, or the database can't be used.

    """
    secret = InstallationSecret.open_or_make(place.secret)
    if place.url:
        name = NodeName(place.node)
        try:
            postgres = await PostgresDatabase.open(place.url)
            try:
                boot = await postgres.begin_node(name.node_hex, SystemClock())
                yield _in_postgres(secret, postgres, boot)
            finally:
                await postgres.close()
        finally:
            name.release()
    else:
        sqlite = SqliteDatabase.open(place.sqlite, exclusive=True)
        try:
            yield _in_sqlite(secret, sqlite)
        finally:
            sqlite.close()


def _in_sqlite(secret: InstallationSecret, database: SqliteDatabase) -> Stores:
    boot = database.begin_node(SystemClock())
    return Stores(
        secret,
        sqlite_accounts.SqliteAccountStore(database),
        sqlite_caller_ids.SqliteCallerIdStore(database),
        sqlite_numbers.SqliteNumberStore(database),
        SqliteServiceStore(database),
        SqliteQueueStore(database, node_epoch=boot.boot_epoch),
        SqliteRecordStore(database),
        SqliteInboundStore(database, node_epoch=boot.boot_epoch),
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
        SqliteWebhookSecretStore(database),
        SqliteOauthStore(database),
        SqliteSecondaryNotes(database),
        SqliteLeases(),
        boot,
    )


def _in_postgres(secret: InstallationSecret, database: PostgresDatabase, boot: NodeBoot) -> Stores:
    return Stores(
        secret,
        postgres_accounts.PostgresAccountStore(database),
        postgres_caller_ids.PostgresCallerIdStore(database),
        postgres_numbers.PostgresNumberStore(database),
        PostgresServiceStore(database),
        PostgresQueueStore(database, node_epoch=boot.boot_epoch),
        PostgresRecordStore(database),
        PostgresInboundStore(database, node_epoch=boot.boot_epoch),
        PostgresReservationStore(database),
        PostgresCallbackQueueStore(database),
        PostgresCallbackTaskStore(database),
        PostgresEventOutbox(database),
        PostgresEventOutbox(database),
        PostgresEventRegistrationStore(database),
        PostgresClientVariableStore(database),
        PostgresClientPauseStore(database),
        PostgresCallStore(database),
        PostgresCallbackProgressStore(database),
        PostgresWebhookSecretStore(database),
        PostgresOauthStore(database),
        PostgresSecondaryNotes(database),
        PostgresLeases(database, boot),
        boot,
    )


@asynccontextmanager
async def open_account_stores(place: StorePlace) -> AsyncIterator[AccountStores]:
    """Open accounts, caller IDs, numbers and applications, also while servers run."""
    secret = InstallationSecret.open_or_make(place.secret)
    if place.url:
        postgres = await PostgresDatabase.open(place.url)
        try:
            yield AccountStores(
                secret,
                postgres_accounts.PostgresAccountStore(postgres),
                postgres_caller_ids.PostgresCallerIdStore(postgres),
                postgres_numbers.PostgresNumberStore(postgres),
                PostgresWebhookSecretStore(postgres),
                PostgresClientPauseStore(postgres),
                PostgresOauthStore(postgres),
            )
        finally:
            await postgres.close()
    else:
        sqlite = SqliteDatabase.open(place.sqlite, exclusive=False)
        try:
            yield AccountStores(
                secret,
                sqlite_accounts.SqliteAccountStore(sqlite),
                sqlite_caller_ids.SqliteCallerIdStore(sqlite),
                sqlite_numbers.SqliteNumberStore(sqlite),
                SqliteWebhookSecretStore(sqlite),
                SqliteClientPauseStore(sqlite),
                SqliteOauthStore(sqlite),
            )
        finally:
            sqlite.close()


async def bring_forward(place: StorePlace) -> Migrated:
    """Bring a database's schema forward; opening it does that.

    Raises:
        StoreUnavailable: it can't be used, or servers of an older version are running on it.

    """
    if place.url:
        postgres = await PostgresDatabase.open(place.url)
        await postgres.close()
        versions = postgres.migrated_from, postgres.schema_version
        return Migrated(place_of(place.url), *versions)
    sqlite = SqliteDatabase.open(place.sqlite, exclusive=False)
    sqlite.close()
    return Migrated(str(place.sqlite), sqlite.migrated_from, sqlite.schema_version)
