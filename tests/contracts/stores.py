"""The stores behind the ports, each opened on a folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from callwright.accounts.ports import AccountStore
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.record_store import SqliteRecordStore
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.causes import HUNG_UP_BY_THEM
from callwright.domain.clock import UnixTime
from callwright.domain.ids import CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.records import (
    Adr,
    CallDirection,
    Cdr,
    ErrorCode,
    ErrorReport,
    InstanceRecord,
)
from callwright.domain.service_start import ServiceStart, SipHeader
from callwright.queue.ports import Intent, QueueStore
from callwright.records.ports import RecordStore
from callwright.services.ports import ServiceStore
from tests.sim.memory_stores import MemoryAccountStore, MemoryQueueStore, MemoryServiceStore

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
    services: ServiceStore
    queue: QueueStore
    records: RecordStore
    close: Callable[[], None]

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

    async def running(self, service_id: ServiceId) -> ServiceRef:
        """Claim the next start and write its intent."""
        [claim] = await self.queue.claim(service_id, limit=1, at=NOW)
        await self.queue.intend(intent_of(claim.ref))
        return claim.ref


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
        ),
        cdrs=_cdrs_of(intent),
        errors=(
            ErrorReport(ErrorCode.PAGE_REQUEST_FAILED, "the page is down"),
            ErrorReport(ErrorCode.INTERNAL, "interrupted"),
        ),
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


def open_sqlite(folder: Path) -> Stores:
    """Open the stores of one SQLite file."""
    database = Database.open(folder / "callwright.db", exclusive=True)
    return Stores(
        SqliteAccountStore(database),
        SqliteServiceStore(database),
        SqliteQueueStore(database),
        SqliteRecordStore(database),
        database.close,
    )


_IN_MEMORY: Final[dict[Path, Stores]] = {}


def open_memory(folder: Path) -> Stores:
    """Open the fakes; on the same folder the same ones again, as if they had been kept."""
    if folder not in _IN_MEMORY:
        queue = MemoryQueueStore()
        _IN_MEMORY[folder] = Stores(
            MemoryAccountStore(), MemoryServiceStore(), queue, queue, lambda: None
        )
    return _IN_MEMORY[folder]


OPENERS: Final[dict[str, Callable[[Path], Stores]]] = {
    "memory": open_memory,
    "sqlite": open_sqlite,
}
"""Every store that claims to obey the ports."""
