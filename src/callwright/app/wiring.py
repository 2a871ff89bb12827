"""Which adapter stands behind which port: one node, put together from its settings."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry

from callwright import __version__
from callwright.accounts.caller_ids import CallerIds
from callwright.accounts.credentials import Authenticator
from callwright.accounts.pin_trials import PinTrials
from callwright.accounts.registry import AccountRegistry
from callwright.adapters.carrier import CarrierProcess
from callwright.adapters.clock import SystemClock
from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.files.media_store import FileMediaStore
from callwright.adapters.files.rest_logs import FileRestLogs
from callwright.adapters.media_workers import MediaWorkerProcesses
from callwright.adapters.net.dns import SystemNames
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
from callwright.adapters.tariff_file import read_tariff
from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.exchange import FetchTimes
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.api.app import build_app
from callwright.api.doors import Doors, WebSettings
from callwright.api.live_streams import LiveStreams
from callwright.api.metrics import WebMetrics
from callwright.api.rate_limit import RateLimit
from callwright.api.throttle import Throttle
from callwright.app.data_folder import DataFolder
from callwright.app.metrics import NodeMetrics
from callwright.app.settings import Settings, settings_here
from callwright.app.web_server import WebServer
from callwright.dispatch.caller_id_call import CallerIdCalls
from callwright.dispatch.checks import Checks
from callwright.dispatch.housekeeping import Housekeeping, Retention
from callwright.dispatch.invocation import DialSettings, Invocations
from callwright.dispatch.loop import Dispatcher
from callwright.dispatch.rescue import Rescue
from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink
from callwright.domain.ids import IdMint
from callwright.domain.instance import RestInstance
from callwright.engine.loop import Engine
from callwright.engine.trunk import Trunk, TrunkLimits
from callwright.protocol.sip.endpoint import Endpoint
from callwright.protocol.sip.values import HostPort
from callwright.queue.cancellation import Cancellation
from callwright.queue.intake import Intake
from callwright.queue.status import StatusReport
from callwright.records.live_facts import LiveFacts
from callwright.records.tariff import Tariff
from callwright.runner.instance import InstanceRun
from callwright.runner.speech_plug_ins import SpeechSetup, open_text_to_speech
from callwright.services.catalogue import Catalogue

TOKEN_BYTES: Final = 12
"""Of SIP tags, branches and Call-IDs: 96 bits, where RFC 3261 19.3 asks for 32."""

CALL_NUMBERS: Final = 1_000_000_000
"""The random last part of a call id has nine digits at most, as the published samples do."""


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
class Sockets:
    """Where we listen; bound before anything is put together."""

    sip: UdpSocket
    sip_address: tuple[str, int]
    rtp_host: str
    advertised_host: str
    http: socket.socket

    @property
    def http_url(self) -> str:
        """Where the web services are reached on this machine."""
        host, port = self.http.getsockname()
        return f"http://{host}:{port}"


@dataclass(frozen=True, slots=True)
class Node:
    """Everything that runs in the control process."""

    engine: Engine
    workers: MediaWorkerProcesses
    dispatcher: Dispatcher
    housekeeping: Housekeeping
    pages: PageFetchers
    live: LiveStreams
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


class Wiring:
    """Puts one node together; each method makes one part of it from those before."""

    def __init__(self, settings: Settings, stores: Stores, sockets: Sockets) -> None:
        """Begin a start of the node: names are minted from here on."""
        self._settings = settings
        self._stores = stores
        self._sockets = sockets
        self._clock = SystemClock()
        self._entropy = SystemEntropy()
        boot = stores.boot
        self._mint = IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch)
        self._facts = LiveFacts()
        self._catalogue = Catalogue(stores.services, stores.secret)
        self._tariff = read_tariff(Path(settings.tariff)) if settings.tariff else Tariff()
        self._speech = open_text_to_speech(
            settings.text_to_speech,
            SpeechSetup(
                DataFolder(settings.data).speech_cache,
                max_bytes=settings.speech_cache_mb << 20,
                clock=self._clock,
                processes=settings.recogniser_count(),
            ),
        )

    def node(self, trunk: Trunk, readiness: Readiness) -> Node:
        """Make everything; nothing in it runs yet. Called inside the event loop."""
        metrics = NodeMetrics(
            calls=lambda: engine.legs,
            running=lambda: dispatcher.running,
            sip=lambda: engine.counters,
        )
        workers = MediaWorkerProcesses(
            count=self._settings.worker_count(),
            rtp_host=self._sockets.rtp_host,
            rtp_ports=self._settings.ports_of_sound(),
            on_report=metrics.take_report,
        )
        engine = self._engine(workers)
        pages = self._pages()
        dispatcher = self._dispatcher(engine, pages, trunk)
        web_metrics = WebMetrics(CollectorRegistry())
        metrics.register(web_metrics.registry)
        live = LiveStreams(self._facts, web_metrics)
        validations = self._validations(engine, dispatcher, trunk)
        app = build_app(self._doors(dispatcher, validations, web_metrics, live, readiness))
        web = WebServer(app, self._sockets.http)
        return Node(
            engine, workers, dispatcher, self._housekeeping(), pages, live, web, self._clock
        )

    def _engine(self, workers: MediaWorkerProcesses) -> Engine:
        host = self._sockets.advertised_host
        return Engine(
            Endpoint(
                local=HostPort(host, self._sockets.sip_address[1]),
                user_agent=f"Callwright/{__version__}",
                tokens=lambda: self._entropy.token(TOKEN_BYTES).hex(),
            ),
            datagrams=self._sockets.sip,
            workers=workers,
            names=SystemNames(),
            clock=self._clock,
            media_host=host,
        )

    def _pages(self) -> PageFetchers:
        return PageFetchers(
            AddressGuard(self._settings.page_networks()),
            times=FetchTimes(
                connect=self._settings.page_connect_timeout,
                total=self._settings.page_timeout,
                retry_pause=self._settings.page_retry_pause,
            ),
        )

    def _dispatcher(self, engine: Engine, pages: PageFetchers, trunk: Trunk) -> Dispatcher:
        invocations = Invocations(
            services=self._catalogue,
            calls=engine,
            applications=self._applications(pages),
            mint=self._mint,
            clock=self._clock,
            random_number=lambda: self._entropy.below(CALL_NUMBERS),
            dial=self._dial(trunk),
            checks=Checks(self._stores.accounts, self._stores.caller_ids, self._tariff),
            tariff=self._tariff,
        )
        return Dispatcher(
            queue=self._stores.queue,
            accounts=self._stores.accounts,
            leases=self._stores.leases,
            rescue=self._rescue(),
            invocations=invocations,
            board=self._facts,
            clock=self._clock,
        )

    def _dial(self, trunk: Trunk) -> DialSettings:
        settings = self._settings
        limits = TrunkLimits(
            channels=settings.trunk_channels or None, maximum_cps=settings.trunk_cps or None
        )
        return DialSettings(trunk, settings.domain_of_callers(), limits)

    def _validations(self, engine: Engine, dispatcher: Dispatcher, trunk: Trunk) -> CallerIdCalls:
        return CallerIdCalls(
            trials=PinTrials(self._stores.caller_ids, self._entropy, self._clock),
            calls=engine,
            speech=self._speech,
            beside=dispatcher,
            mint=self._mint,
            clock=self._clock,
            random_number=lambda: self._entropy.below(CALL_NUMBERS),
            dial=self._dial(trunk),
            tariff=self._tariff,
            caller_id=self._settings.caller_id_of_validation,
        )

    def _applications(
        self, pages: PageFetchers
    ) -> Callable[[RestInstance, CallControl, FactSink], InstanceRun]:
        folder = DataFolder(self._settings.data)
        media, logs = FileMediaStore(folder.media), FileRestLogs(folder.rest_logs)

        def application(instance: RestInstance, call: CallControl, facts: FactSink) -> InstanceRun:
            return InstanceRun(
                instance=instance,
                call=call,
                pages=pages.new(),
                speech=self._speech,
                media=media,
                logs=logs,
                facts=facts,
                clock=self._clock,
            )

        return application

    def _doors(
        self,
        dispatcher: Dispatcher,
        validations: CallerIdCalls,
        metrics: WebMetrics,
        live: LiveStreams,
        readiness: Readiness,
    ) -> Doors:
        settings, stores = self._settings, self._stores
        return Doors(
            settings=WebSettings(
                cloud_id=settings.cloud_id,
                public_url=settings.public_url or self._sockets.http_url,
                docs_url=settings.docs_url or f"{self._sockets.http_url}/docs",
                version=__version__,
            ),
            clock=self._clock,
            authenticator=Authenticator(
                stores.accounts, self._catalogue, stores.secret, cloud_id=settings.cloud_id
            ),
            throttle=Throttle(),
            rate_limit=RateLimit(self._settings.http_requests_per_second),
            catalogue=self._catalogue,
            intake=Intake(
                stores.queue, self._mint, self._clock, wake=dispatcher.wake, facts=self._facts
            ),
            cancellation=Cancellation(stores.queue, self._clock, facts=self._facts),
            status=StatusReport(stores.queue),
            records=stores.records,
            caller_ids=CallerIds(stores.accounts, stores.caller_ids, self._clock),
            validations=validations,
            live=live,
            metrics=metrics,
            is_ready=readiness,
        )

    def _rescue(self) -> Rescue:
        return Rescue(
            queue=self._stores.queue,
            services=self._catalogue,
            board=self._facts,
            clock=self._clock,
            sip_domain=self._settings.domain_of_callers(),
            tariff=self._tariff,
        )

    def _housekeeping(self) -> Housekeeping:
        settings = self._settings
        return Housekeeping(
            queue=self._stores.queue,
            records=self._stores.records,
            rest_logs=FileRestLogs(DataFolder(settings.data).rest_logs),
            retention=Retention(
                references=settings.retention_references,
                records=settings.retention_records,
                rest_logs=settings.retention_rest_logs,
            ),
        )
