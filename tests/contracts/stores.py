"""The stores behind the ports, each opened for an installation that its folder names.

Opened a second time for the same folder they hold what was there, as a server finds it that
starts again.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from callwright.accounts.ports import AccountStore, CallerIdStore, NumberStore
from callwright.adapters.clock import SystemClock
from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.caller_id_store import PostgresCallerIdStore
from callwright.adapters.postgres.database import Database as PostgresDatabase
from callwright.adapters.postgres.inbound_store import PostgresInboundStore
from callwright.adapters.postgres.leases import PostgresLeases
from callwright.adapters.postgres.node_name import NodeName
from callwright.adapters.postgres.number_store import PostgresNumberStore
from callwright.adapters.postgres.queue_store import PostgresQueueStore
from callwright.adapters.postgres.record_store import PostgresRecordStore
from callwright.adapters.postgres.reservation_store import PostgresReservationStore
from callwright.adapters.postgres.secondary_notes import PostgresSecondaryNotes
from callwright.adapters.postgres.service_store import PostgresServiceStore
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.caller_id_store import SqliteCallerIdStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.inbound_store import SqliteInboundStore
from callwright.adapters.sqlite.leases import SqliteLeases
from callwright.adapters.sqlite.number_store import SqliteNumberStore
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.record_store import SqliteRecordStore
from callwright.adapters.sqlite.reservation_store import SqliteReservationStore
from callwright.adapters.sqlite.secondary_notes import SqliteSecondaryNotes
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.conferences.ports import ReservationStore
from callwright.dispatch.ports import InboundStore, Leases, SecondaryNotes
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.causes import HUNG_UP_BY_THEM
from callwright.domain.clock import UnixTime
from callwright.domain.far_end import FarEnd, FarEndType, Heard
from callwright.domain.ids import CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.records import (
    Adr,
    CallDirection,
    Cdr,
    ErrorCode,
    ErrorReport,
    Fdr,
    InstanceRecord,
)
from callwright.domain.service_start import ServiceStart, SipHeader
from callwright.queue.ports import Intent, Once, QueueStore
from callwright.records.ports import RecordStore
from callwright.services.ports import ServiceStore
from tests.sim.memory_stores import (
    MemoryAccountStore,
    MemoryCallerIdStore,
    MemoryLeases,
    MemoryQueueStore,
    MemoryReservationStore,
    MemoryServiceStore,
)
from tests.sim.postgres import Postgres

LIMITS: Final = CallLimits(channels=200, maximum_cps=5.0)
NOW: Final = UnixTime(1_800_000_000.25)
START: Final = ServiceStart(
    to="tel:441908273800",
    caller_id="441908273801",
    token="job-17 ☎",
    outbound_parameters='floor="2"',
    extra_sip_headers=(SipHeader("X-AccountInfo", "bob/123456789"),),
)


@dataclass(frozen=True, slots=True)
class Stores:
    """One store of each kind over the same data."""

    accounts: AccountStore
    caller_ids: CallerIdStore
    numbers: NumberStore
    services: ServiceStore
    queue: QueueStore
    records: RecordStore
    inbound: InboundStore
    reservations: ReservationStore
    notes: SecondaryNotes
    leases: Leases
    successor: Callable[[], Coroutine[Any, Any, "Stores"]]
    """Makes the same stores as the next node sees them, to which this one is dead."""

    async def account(self, username: str = "bob@example.com") -> Account:
        """Make an account."""
        account = await self.accounts.create(
            username,
            account_type=AccountType.PRODUCTION,
            limits=LIMITS,
            key_hash=username.encode().ljust(32)[:32],
        )
        assert account is not None
        return account

    async def service(self, account: Account, name: str = "reminder") -> ServiceId:
        """Make a service."""
        await self.services.write(account.account_id, name, b"{}")
        service = await self.services.find(account.account_id, name)
        assert service is not None
        return service.service_id

    async def requested(
        self, account: Account, service_id: ServiceId, refs: Sequence[ServiceRef], once: Once
    ) -> list[ServiceRef]:
        """Queue starts of a request with a `unique_id`; returns what it is answered with."""
        answer = await self.queue.enqueue(
            account_id=account.account_id,
            service_id=service_id,
            starts=[(ref, START) for ref in refs],
            at=NOW,
            once=once,
        )
        return list(answer)

    async def queued(
        self, account: Account, service_id: ServiceId, count: int, prefix: str = "ref"
    ) -> list[ServiceRef]:
        """Queue starts `<prefix>0`, `<prefix>1` and so on."""
        refs = [ServiceRef(f"{prefix}{n}") for n in range(count)]
        await self.queue.enqueue(
            account_id=account.account_id,
            service_id=service_id,
            starts=[(ref, START) for ref in refs],
            at=NOW,
        )
        return refs

    async def purged(self, account: Account, service_id: ServiceId) -> list[ServiceRef]:
        """Purge a queue to its end."""
        portions = self.queue.purge(account.account_id, service_id, at=NOW)
        return [ref async for portion in portions for ref in portion]

    async def running(self, service_id: ServiceId) -> ServiceRef:
        """Claim the next start and write its intent."""
        [claim] = await self.queue.claim(service_id, limit=1, at=NOW)
        await self.queue.intend(intent_of(claim.ref))
        return claim.ref


OpenStores = Callable[[Path], AbstractAsyncContextManager[Stores]]
"""Opens one kind of stores for the installation in a folder; closes them at the end."""


def intent_of(ref: ServiceRef) -> Intent:
    """Return an intent whose names follow from the reference."""
    return Intent(ref, InstanceId(f"{ref}.instance"), CallId(f"{ref}.call"), NOW)


def record_of(ref: ServiceRef) -> InstanceRecord:
    """Return a record with a value of its own in every field."""
    intent = intent_of(ref)
    return InstanceRecord(
        adr=Adr(
            instance_id=intent.instance_id,
            ref=ref,
            application_name="reminder",
            started_at=NOW,
            stopped_at=UnixTime(NOW + 33.21),
            exit_status=-1,
            outbound_parameters="outbound",
            application_parameters="application",
            extra_channel_count=2,
            fax=True,
            rest_log_filename="2027/01/15/rest.log",
            rest_to="tel:441908273800",
            rest_from="441908273801",
            rest_initial_token="job-17 ☎",
            uas_ip_address="123.100.100.223",
            uas_name="Prod001",
            tts_seconds=15.5,
            tts_neural_seconds=7.25,
            platform_cost=Decimal("0.01"),
            pstn_cost=Decimal("0.0160"),
            tts_unit_cost=Decimal("0.0072"),
            tts_cost=Decimal("0.00186"),
            tts_neural_unit_cost=Decimal("0.0192"),
            tts_neural_cost=Decimal("0.00232"),
            tollfree_cost=Decimal("0.0170"),
            extra_cost=Decimal("0.0018"),
            feature_seconds=12.5,
            feature_cost=Decimal("0.019"),
        ),
        cdrs=_cdrs_of(intent),
        errors=(
            ErrorReport(ErrorCode.PAGE_REQUEST_FAILED, "the page is down"),
            ErrorReport(ErrorCode.INTERNAL, "interrupted"),
        ),
        fdrs=_fdrs_of(intent),
    )


def _cdrs_of(intent: Intent) -> tuple[Cdr, ...]:
    return (
        Cdr(
            call_id=intent.call_id,
            destination_address="tel:441908273800",
            originating_address="441908273801@sip-0-0-0.example.net",
            direction=CallDirection.OUT,
            channel_type="p",
            initiated_at=NOW,
            connected_at=UnixTime(NOW + 1.5),
            hung_up_at=UnixTime(NOW + 33),
            joined=4.5,
            cause=HUNG_UP_BY_THEM,
            cost=Decimal("0.5"),
            costs_valid=True,
            far_end=FarEnd(
                FarEndType.ANSWERING_MACHINE,
                3.25,
                ("spoke for 3.00 s", "☎"),
                (Heard(0.5, 3.0, "speech"), Heard(3.0, 3.25, "silence")),
            ),
        ),
        Cdr(
            call_id=CallId(f"{intent.ref}.second"),
            destination_address="sip:ann@example.com",
            originating_address="",
            direction=CallDirection.OUT,
            channel_type="x",
            initiated_at=UnixTime(NOW + 2),
            connected_at=None,
            hung_up_at=UnixTime(NOW + 3),
            joined=0.0,
            cause=HUNG_UP_BY_THEM,
        ),
    )


def _fdrs_of(intent: Intent) -> tuple[Fdr, ...]:
    return (
        Fdr(
            feature_id=f"{intent.ref}.feature.2",
            audio_path="in",
            feature_type="sr_get_input",
            started_at=NOW,
            stopped_at=UnixTime(NOW + 12.5),
            call_id=intent.call_id,
            transaction_id="transaction-9",
            duration_for_cost=15.0,
            unit_cost=Decimal("0.0400"),
            cost=Decimal("0.010"),
            costs_valid=False,
        ),
        Fdr(
            feature_id=f"{intent.ref}.feature.1",
            audio_path="",
            feature_type="sv_verify",
            started_at=NOW,
            stopped_at=NOW,
            call_id=intent.call_id,
            transaction_id="",
        ),
    )


@asynccontextmanager
async def sqlite_stores(folder: Path) -> AsyncIterator[Stores]:
    """Open the stores of one SQLite file."""
    database = Database.open(folder / "callwright.db", exclusive=True)
    try:
        yield _sqlite_stores(database)
    finally:
        database.close()


def _sqlite_stores(database: Database) -> Stores:
    boot = database.begin_node(SystemClock())

    async def successor() -> Stores:
        return _sqlite_stores(database)

    return Stores(
        accounts=SqliteAccountStore(database),
        caller_ids=SqliteCallerIdStore(database),
        numbers=SqliteNumberStore(database),
        services=SqliteServiceStore(database),
        queue=SqliteQueueStore(database, node_epoch=boot.boot_epoch),
        records=SqliteRecordStore(database),
        inbound=SqliteInboundStore(database, node_epoch=boot.boot_epoch),
        reservations=SqliteReservationStore(database),
        notes=SqliteSecondaryNotes(database),
        leases=SqliteLeases(),
        successor=successor,
    )


_IN_POSTGRES: Final[dict[Path, str]] = {}
"""The URL of each folder's database."""

LONG: Final = 3600.0
"""Seconds that a lease lasts here: no test waits until one runs out."""


@asynccontextmanager
async def postgres_stores(folder: Path) -> AsyncIterator[Stores]:
    """Open the stores of one node on a PostgreSQL database."""
    if folder not in _IN_POSTGRES:
        _IN_POSTGRES[folder] = Postgres.shared().create_database()
    name = NodeName(folder / "node")
    database = await PostgresDatabase.open(_IN_POSTGRES[folder])
    try:
        yield await _postgres_stores(database, name)
    finally:
        await database.close()
        name.release()


async def _postgres_stores(database: PostgresDatabase, name: NodeName) -> Stores:
    boot = await database.begin_node(name.node_hex, SystemClock(), ttl=LONG)
    leases = PostgresLeases(database, boot, ttl=LONG)
    await leases.renew()  # nothing is claimed without

    async def successor() -> Stores:
        return await _postgres_stores(database, name)

    return Stores(
        accounts=PostgresAccountStore(database),
        caller_ids=PostgresCallerIdStore(database),
        numbers=PostgresNumberStore(database),
        services=PostgresServiceStore(database),
        queue=PostgresQueueStore(database, node_epoch=boot.boot_epoch),
        records=PostgresRecordStore(database),
        inbound=PostgresInboundStore(database, node_epoch=boot.boot_epoch),
        reservations=PostgresReservationStore(database),
        notes=PostgresSecondaryNotes(database),
        leases=leases,
        successor=successor,
    )


_IN_MEMORY: Final[dict[Path, Stores]] = {}


@asynccontextmanager
async def memory_stores(folder: Path) -> AsyncIterator[Stores]:
    """Open the fakes; on the same folder the same ones again, as if they had been kept."""
    known = _IN_MEMORY.get(folder)
    if known is None:
        opened = _memory_stores(
            MemoryQueueStore(),
            MemoryAccountStore(),
            MemoryCallerIdStore(),
            MemoryServiceStore(),
            MemoryReservationStore(),
        )
    else:
        opened = await known.successor()
    _IN_MEMORY[folder] = opened
    yield opened


def _memory_stores(
    queue: MemoryQueueStore,
    accounts: MemoryAccountStore,
    caller_ids: MemoryCallerIdStore,
    services: MemoryServiceStore,
    reservations: MemoryReservationStore,
) -> Stores:
    async def successor() -> Stores:
        return _memory_stores(queue.next_node(), accounts, caller_ids, services, reservations)

    return Stores(
        accounts=accounts,
        caller_ids=caller_ids,
        numbers=caller_ids.owned,
        services=services,
        queue=queue,
        records=queue.records,
        inbound=queue.inbound,
        reservations=reservations,
        notes=queue.notes,
        leases=MemoryLeases(),
        successor=successor,
    )


STORES: Final[list[OpenStores]] = [memory_stores, sqlite_stores, postgres_stores]
"""Every kind of store that claims to obey the ports; one more kind is one more entry."""
