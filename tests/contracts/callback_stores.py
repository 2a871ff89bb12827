"""The stores of the callback scheduler, each opened for an installation that its folder names."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callwright.accounts.oauth_ports import OauthStore
from callwright.accounts.ports import AccountStore
from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.call_store import PostgresCallStore
from callwright.adapters.postgres.callback_progress_store import PostgresCallbackProgressStore
from callwright.adapters.postgres.callback_queue_store import PostgresCallbackQueueStore
from callwright.adapters.postgres.callback_task_store import PostgresCallbackTaskStore
from callwright.adapters.postgres.client_pause_store import PostgresClientPauseStore
from callwright.adapters.postgres.client_variable_store import PostgresClientVariableStore
from callwright.adapters.postgres.database import Database as PostgresDatabase
from callwright.adapters.postgres.event_outbox import PostgresEventOutbox
from callwright.adapters.postgres.event_registration_store import PostgresEventRegistrationStore
from callwright.adapters.postgres.oauth_store import PostgresOauthStore
from callwright.adapters.postgres.service_store import PostgresServiceStore
from callwright.adapters.postgres.webhook_secret_store import PostgresWebhookSecretStore
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.call_store import SqliteCallStore
from callwright.adapters.sqlite.callback_progress_store import SqliteCallbackProgressStore
from callwright.adapters.sqlite.callback_queue_store import SqliteCallbackQueueStore
from callwright.adapters.sqlite.callback_task_store import SqliteCallbackTaskStore
from callwright.adapters.sqlite.client_pause_store import SqliteClientPauseStore
from callwright.adapters.sqlite.client_variable_store import SqliteClientVariableStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.event_outbox import SqliteEventOutbox
from callwright.adapters.sqlite.event_registration_store import SqliteEventRegistrationStore
from callwright.adapters.sqlite.oauth_store import SqliteOauthStore
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.adapters.sqlite.webhook_secret_store import SqliteWebhookSecretStore
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.callback import (
    AttemptOutcome,
    CallbackQueue,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Task,
    TaskWish,
)
from callwright.domain.causes import HangupCause
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import Call, CallPart, Disposition, Party
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
from tests.sim.postgres import Postgres

NOW: Final = UnixTime(1_800_000_000.25)


@dataclass(frozen=True, slots=True)
class CallbackStores:
    """One store of each kind over the same data."""

    accounts: AccountStore
    services: ServiceStore
    queues: CallbackQueueStore
    tasks: CallbackTaskStore
    outbox: EventOutbox
    shelf: EventShelf
    registrations: EventRegistrationStore
    variables: ClientVariableStore
    pauses: ClientPauseStore
    calls: CallStore
    progress: ProgressStore
    oauth: OauthStore
    webhook_secrets: WebhookSecretStore

    async def account(self, username: str = "bob@example.com") -> AccountId:
        """Make an account."""
        account = await self.accounts.create(
            username,
            account_type=AccountType.PRODUCTION,
            limits=CallLimits(channels=200, maximum_cps=5.0),
            key_hash=username.encode().ljust(32)[:32],
        )
        assert account is not None
        return account.account_id

    async def queue(
        self, account_id: AccountId, *, is_on: bool = True, limit: int = 2, name: str = ""
    ) -> CallbackQueueId:
        """Make a queue."""
        queue = await self.queues.add_queue(
            CallbackQueue(CallbackQueueId(0), account_id, name, "", is_on, limit, None, NOW),
            most=1000,
        )
        assert queue is not None
        return queue.queue_id


OpenCallbackStores = Callable[[Path], AbstractAsyncContextManager[CallbackStores]]


def wish(starts_at: UnixTime = NOW, **changes: object) -> TaskWish:
    """Return what a client may ask for."""
    fields: dict[str, object] = {
        "a_number": "205",
        "b_number": "+37120000001",
        "extension_id": ExtensionId(1),
        "starts_at": starts_at,
    }
    return TaskWish(**(fields | changes))  # type: ignore[arg-type]  # the tests name the fields


def kept_call(
    task: Task,
    call_uuid: CallUuid,
    outcome: AttemptOutcome,
    *,
    ended_at: UnixTime,
    parts: tuple[CallPart, ...] = (),
) -> Call:
    """Return the record of a task's call that began at `NOW`."""
    is_joined = outcome is AttemptOutcome.JOINED
    return Call(
        call_uuid=call_uuid,
        account_id=task.account_id,
        extension_id=task.wish.extension_id,
        extension_number="200",
        a_side=Party(task.wish.a_number, "example.org"),
        a_name="Ann ☎",
        b_side=Party(task.wish.b_number, None),
        began_at=NOW,
        called_at=NOW,
        joined_at=NOW if is_joined else None,
        joined=2.5 if is_joined else None,
        ended_at=ended_at,
        outcome=outcome,
        cause=HangupCause.NORMAL,
        disposition=Disposition.CALLEE_BYE,
        parts=parts,
    )


@asynccontextmanager
async def sqlite_callback_stores(folder: Path) -> AsyncIterator[CallbackStores]:
    """Open the stores of one node on an SQLite file."""
    database = Database.open(folder / "callwright.db", exclusive=True)
    try:
        yield CallbackStores(
            SqliteAccountStore(database),
            SqliteServiceStore(database),
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
            SqliteWebhookSecretStore(database),
        )
    finally:
        database.close()


@asynccontextmanager
async def postgres_callback_stores(_: Path) -> AsyncIterator[CallbackStores]:
    """Open the stores on a PostgreSQL database of their own."""
    async with postgres_callback_stores_at(Postgres.shared().create_database()) as stores:
        yield stores


@asynccontextmanager
async def postgres_callback_stores_at(url: str) -> AsyncIterator[CallbackStores]:
    """Open the stores of one node on a PostgreSQL database."""
    database = await PostgresDatabase.open(url)
    try:
        yield CallbackStores(
            PostgresAccountStore(database),
            PostgresServiceStore(database),
            PostgresCallbackQueueStore(database),
            PostgresCallbackTaskStore(database),
            PostgresEventOutbox(database),
            PostgresEventOutbox(database),
            PostgresEventRegistrationStore(database),
            PostgresClientVariableStore(database),
            PostgresClientPauseStore(database),
            PostgresCallStore(database),
            PostgresCallbackProgressStore(database),
            PostgresOauthStore(database),
            PostgresWebhookSecretStore(database),
        )
    finally:
        await database.close()


CALLBACK_STORES: Final[list[OpenCallbackStores]] = [
    sqlite_callback_stores,
    postgres_callback_stores,
]
"""Every kind of store that claims to obey the ports."""
