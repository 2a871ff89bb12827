"""Which adapter stands behind which port: one node, put together from its settings."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry

from callwright import __version__
from callwright.accounts.applications import Applications
from callwright.accounts.authorization import Authorizations
from callwright.accounts.caller_ids import CallerIds
from callwright.accounts.credentials import Authenticator
from callwright.accounts.form_tokens import FormTokens
from callwright.accounts.numbers import Numbers
from callwright.accounts.oauth import Tokens
from callwright.accounts.registry import AccountRegistry
from callwright.adapters.carrier import CarrierProcess
from callwright.adapters.clock import SystemClock
from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.files.file_folders import FileFolders
from callwright.adapters.media_workers import MediaWorkerProcesses
from callwright.adapters.net.udp import UdpSocket
from callwright.adapters.stores import (
    AccountStores,
    Migrated,
    StorePlace,
    Stores,
    bring_forward,
    open_account_stores,
    open_stores,
)
from callwright.adapters.web.address_guard import AddressGuard
from callwright.api.app import build_app
from callwright.api.client.doors import CallbackDoors
from callwright.api.client.hourly_limit import HourlyLimit
from callwright.api.client.oauth_doors import OauthDoors
from callwright.api.client.shared_hours import SharedHours
from callwright.api.doors import Doors, WebSettings
from callwright.api.live_streams import LiveStreams
from callwright.api.metrics import WebMetrics
from callwright.api.rate_limit import RateLimit
from callwright.api.throttle import Throttle
from callwright.app.call_wiring import (
    Calls,
    SpeechPlugIns,
    Web,
    calls_of_attempts,
    customers_web,
    housekeeping,
    sip_engine,
    speech_plug_ins,
    wire_calls,
)
from callwright.app.callback_wiring import Callbacks
from callwright.app.data_folder import DataFolder
from callwright.app.foundation import Foundation
from callwright.app.metrics import NodeMetrics
from callwright.app.settings import Settings, settings_here
from callwright.app.web_server import WebServer
from callwright.conferences.overview import ConferenceOverview
from callwright.dispatch.housekeeping import Housekeeping
from callwright.dispatch.loop import Dispatcher
from callwright.domain.clock import Clock
from callwright.domain.file_names import FileType
from callwright.engine.loop import Engine
from callwright.engine.trunk import Trunk
from callwright.queue.cancellation import Cancellation
from callwright.queue.intake import Intake
from callwright.queue.status import StatusReport
from callwright.scheduler.history.call_history import CallHistory
from callwright.scheduler.operator_pauses import OperatorPauses
from callwright.scheduler.webhooks.secrets import WebhookSecrets


def stores_of(settings: Settings) -> AbstractAsyncContextManager[Stores]:
    """Open an installation's stores for its server."""
    return open_stores(_place(settings))


async def migrate(settings: Settings) -> Migrated:
    """Bring an installation's database forward."""
    return await bring_forward(_place(settings))


@asynccontextmanager
async def open_accounts(data: Path) -> AsyncIterator[AccountRegistry]:
    """Open the accounts of an installation, also while a server runs on it."""
    async with _account_stores(data) as stores:
        yield AccountRegistry(stores.accounts, stores.secret, SystemEntropy())


@asynccontextmanager
async def open_caller_ids(data: Path) -> AsyncIterator[CallerIds]:
    """Open the caller IDs of an installation in the same way."""
    async with _account_stores(data) as stores:
        yield CallerIds(stores.accounts, stores.caller_ids, SystemClock())


@asynccontextmanager
async def open_numbers(data: Path) -> AsyncIterator[Numbers]:
    """Open the telephone numbers of an installation in the same way."""
    async with _account_stores(data) as stores:
        yield Numbers(stores.accounts, stores.numbers, SystemClock())


@asynccontextmanager
async def open_applications(data: Path) -> AsyncIterator[Applications]:
    """Open clients' applications of an installation in the same way."""
    async with _account_stores(data) as stores:
        yield Applications(stores.accounts, stores.oauth, stores.secret, SystemEntropy())


@asynccontextmanager
async def open_webhook_secrets(data: Path) -> AsyncIterator[WebhookSecrets]:
    """Open what clients' events are signed with in the same way."""
    async with _account_stores(data) as stores:
        yield WebhookSecrets(
            stores.accounts, stores.webhook_secrets, stores.secret, SystemEntropy().token
        )


@asynccontextmanager
async def open_client_pauses(data: Path) -> AsyncIterator[OperatorPauses]:
    """Open what pauses clients' queues in the same way."""
    async with _account_stores(data) as stores:
        yield OperatorPauses(stores.accounts, stores.client_pauses, SystemClock())


def _account_stores(data: Path) -> AbstractAsyncContextManager[AccountStores]:
    return open_account_stores(_place(settings_here({"data": data})))


def _place(settings: Settings) -> StorePlace:
    folder = DataFolder(settings.data)
    return StorePlace(
        sqlite=folder.database,
        url=settings.database,
        node=folder.node,
        secret=Path(settings.secret_file) if settings.secret_file else folder.secret,
    )


def simulated_carrier(folder: DataFolder) -> CarrierProcess:
    """Make the carrier in a box; `start` starts it and says where it takes calls."""
    return CarrierProcess(voices=folder.carrier_voices, log_file=folder.carrier_log)


def sip_socket() -> UdpSocket:
    """Make the socket that SIP comes and goes by, not yet bound."""
    return UdpSocket()


@dataclass(frozen=True, slots=True)
class Node:
    """Everything that runs in the control process."""

    engine: Engine
    workers: MediaWorkerProcesses
    dispatcher: Dispatcher
    callbacks: Callbacks
    housekeeping: Housekeeping
    web_applications: Web
    speech: SpeechPlugIns
    live: LiveStreams
    client_hours: SharedHours
    web: WebServer
    clock: Clock


class Readiness:
    """Whether calls can be placed."""

    def __init__(self) -> None:
        """Begin not ready."""
        self.is_ready = False

    def __call__(self) -> bool:
        """Say so to whoever asks."""
        return self.is_ready


def put_together(base: Foundation, trunk: Trunk, readiness: Readiness) -> Node:
    """Make a node; nothing in it runs yet. Called inside the event loop."""
    metrics = NodeMetrics(
        calls=lambda: engine.legs,
        running=lambda: calls.dispatcher.running,
        sip=lambda: engine.counters,
    )
    workers = MediaWorkerProcesses(
        count=base.settings.worker_count(),
        rtp_host=base.sockets.rtp_host,
        rtp_ports=base.settings.ports_of_sound(),
        on_report=metrics.take_report,
    )
    engine = sip_engine(base, workers)
    web = customers_web(base)
    speech = speech_plug_ins(base)
    calls = wire_calls(base, engine, web, speech, trunk)
    web_metrics = WebMetrics(CollectorRegistry())
    metrics.register(web_metrics.registry)
    calls.callbacks.metrics.register(web_metrics.registry)
    live = LiveStreams(base.facts, web_metrics)
    doors = _doors(base, calls, web_metrics, live, readiness)
    return Node(
        engine,
        workers,
        calls.dispatcher,
        calls.callbacks,
        housekeeping(base),
        web,
        speech,
        live,
        SharedHours(doors.callbacks.hourly_limit, base.stores.oauth, base.clock),
        WebServer(build_app(doors), base.sockets.http),
        base.clock,
    )


def _files(folder: DataFolder) -> FileFolders:
    return FileFolders(
        {
            FileType.MEDIA: folder.media,
            FileType.MSG_MEDIA: folder.message_media,
            FileType.REST: folder.rest_logs,
        }
    )


def _doors(
    base: Foundation,
    calls: Calls,
    metrics: WebMetrics,
    live: LiveStreams,
    readiness: Readiness,
) -> Doors:
    settings, stores = base.settings, base.stores
    own_url = base.sockets.http_url
    return Doors(
        settings=WebSettings(
            cloud_id=settings.cloud_id,
            public_url=settings.public_url or own_url,
            docs_url=settings.docs_url or f"{own_url}/docs",
            version=__version__,
            upload_limit_bytes=settings.upload_limit_mb << 20,
        ),
        clock=base.clock,
        authenticator=Authenticator(
            stores.accounts, base.catalogue, stores.secret, cloud_id=settings.cloud_id
        ),
        throttle=Throttle(),
        rate_limit=RateLimit(settings.http_requests_per_second),
        catalogue=base.catalogue,
        intake=Intake(
            stores.queue, base.mint, base.clock, wake=calls.dispatcher.wake, facts=base.facts
        ),
        cancellation=Cancellation(stores.queue, base.clock, facts=base.facts),
        status=StatusReport(stores.queue),
        records=stores.records,
        caller_ids=CallerIds(stores.accounts, stores.caller_ids, base.clock),
        validations=calls.validations,
        reservations=calls.conferences,
        conferences=ConferenceOverview(stores.reservations, calls.engine.rooms, base.clock),
        running=base.running,
        files=_files(base.folder),
        callbacks=_callback_doors(base, calls.callbacks),
        live=live,
        metrics=metrics,
        is_ready=readiness,
    )


def _oauth_doors(base: Foundation) -> OauthDoors:
    stores, entropy, clock = base.stores, base.entropy, base.clock
    return OauthDoors(
        Authorizations(stores.accounts, stores.oauth, stores.secret, entropy, clock),
        FormTokens(stores.secret, entropy, clock),
    )


def _callback_doors(base: Foundation, callbacks: Callbacks) -> CallbackDoors:
    settings, stores = base.settings, base.stores
    guard = AddressGuard(settings.page_networks())
    return CallbackDoors(
        queues=stores.callback_queues,
        tasks=stores.callback_tasks,
        kept_events=stores.kept_events,
        registrations=stores.event_registrations,
        variables=stores.client_variables,
        pauses=stores.client_pauses,
        history=CallHistory(
            stores.calls, stores.callback_tasks, stores.queue, calls_of_attempts(base)
        ),
        progress=stores.callback_progress,
        board=callbacks.board,
        tokens=Tokens(stores.accounts, stores.oauth, stores.secret, base.entropy, base.clock),
        hourly_limit=HourlyLimit(settings.client_requests_per_hour),
        oauth=_oauth_doors(base),
        ratio=callbacks.ratio,
        wake=callbacks.loop.wake,
        event_counters=callbacks.metrics.events,
        wake_webhooks=callbacks.webhooks.wake,
        hang_up=callbacks.running.end,
        url_refusal=guard.refusal_of_url,
        random_bytes=base.entropy.token,
        domain=settings.domain_of_callers(),
        uses_legacy_types=bool(settings.callback_legacy_types),
    )
