"""Which adapter stands behind which port of what makes calls: engine, runner, dispatcher."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callwright import __version__
from callwright.accounts.pin_trials import PinTrials
from callwright.adapters.files.media_store import FileMediaStore
from callwright.adapters.files.recordings import FolderRecordings
from callwright.adapters.files.rest_logs import FileRestLogs
from callwright.adapters.media_workers import MediaWorkerProcesses
from callwright.adapters.net.dns import SystemNames
from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.customer_hosts import GuardedHosts
from callwright.adapters.web.download_folder import DownloadFolder
from callwright.adapters.web.downloads import HttpDownloads
from callwright.adapters.web.exchange import FetchTimes
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.adapters.web.receivers import HttpReceivers
from callwright.app.callback_wiring import Callbacks, wire_callbacks
from callwright.app.foundation import Foundation
from callwright.app.settings import Settings
from callwright.conferences.registry import ReservationRegistry
from callwright.dispatch.caller_id_call import CallerIdCalls
from callwright.dispatch.checks import Checks
from callwright.dispatch.housekeeping import Housekeeping, Retention
from callwright.dispatch.invocation import (
    DialSettings,
    Invocations,
    MakeApplication,
    Secondaries,
)
from callwright.dispatch.loop import Dispatcher
from callwright.dispatch.ports import SecondaryFact
from callwright.dispatch.reception import Reception
from callwright.dispatch.rescue import Rescue
from callwright.dispatch.secondary_calls import SecondaryCallMaker
from callwright.domain.call_control import CallControl
from callwright.domain.facts import FactSink
from callwright.domain.ids import InstanceId
from callwright.domain.instance import AnyInstance, CallbackInstance
from callwright.engine.call_sockets import CallSockets
from callwright.engine.loop import Engine
from callwright.engine.trunk import Trunk, TrunkLimits
from callwright.protocol.sip.endpoint import Endpoint
from callwright.protocol.sip.values import HostPort
from callwright.runner.instance import InstanceRun
from callwright.runner.ports import Recognisers, SecondaryCalls, Speech
from callwright.runner.speech_plug_ins import (
    SpeechSetup,
    open_recognition,
    open_text_to_speech,
    stop,
)
from callwright.runner.surroundings import Surroundings
from callwright.scheduler.attempt.application import AttemptApplication
from callwright.scheduler.history.call_of_attempt import CallsOfAttempts

TOKEN_BYTES: Final = 12
"""Of SIP tags, branches and Call-IDs: 96 bits, where RFC 3261 19.3 asks for 32."""


@dataclass(frozen=True, slots=True)
class Web:
    """What asks customers' web applications; closed when the last instance is over."""

    pages: PageFetchers
    downloads: HttpDownloads
    receivers: HttpReceivers
    """Of callbacks' events."""

    async def close(self) -> None:
        """Close every connection."""
        await self.pages.close()
        await self.downloads.close()
        await self.receivers.close()


@dataclass(frozen=True, slots=True)
class SpeechPlugIns:
    """What speaks, and what recognises speech; stopped when the last instance is over."""

    speech: Speech
    recognisers: Recognisers

    async def stop(self) -> None:
        """End their processes."""
        await stop(self.speech)
        await stop(self.recognisers)


@dataclass(frozen=True, slots=True)
class Calls:
    """What makes calls, put together."""

    engine: Engine
    dispatcher: Dispatcher
    validations: CallerIdCalls
    reception: Reception
    conferences: ReservationRegistry
    callbacks: Callbacks


def customers_web(base: Foundation) -> Web:
    """Make what asks customers' web applications. Called inside the event loop."""
    settings = base.settings
    guard = AddressGuard(settings.page_networks())
    times = FetchTimes(
        connect=settings.page_connect_timeout,
        total=settings.page_timeout,
        retry_pause=settings.page_retry_pause,
    )
    folder = DownloadFolder(
        base.folder.download_cache,
        max_bytes=settings.download_cache_mb << 20,
        clock=base.clock,
    )
    downloads = HttpDownloads(folder, guard, clock=base.clock, times=times)
    return Web(PageFetchers(guard, times=times), downloads, HttpReceivers(guard))


def speech_plug_ins(base: Foundation) -> SpeechPlugIns:
    """Open the plug-ins that the settings name; nothing of them runs yet."""
    settings = base.settings
    setup = SpeechSetup(
        base.folder.speech_cache,
        max_bytes=settings.speech_cache_mb << 20,
        clock=base.clock,
        processes=settings.recogniser_count(),
    )
    return SpeechPlugIns(
        open_text_to_speech(settings.text_to_speech, setup),
        open_recognition(settings.speech_recognition, setup),
    )


def sip_engine(base: Foundation, workers: MediaWorkerProcesses) -> Engine:
    """Make the engine; nothing is sent yet."""
    settings = base.settings
    hosts = GuardedHosts(AddressGuard(settings.page_networks()))
    sockets, host = base.sockets, base.sockets.advertised_host
    return Engine(
        Endpoint(
            local=HostPort(host, sockets.sip_address[1]),
            user_agent=f"Callwright/{__version__}",
            tokens=lambda: base.entropy.token(TOKEN_BYTES).hex(),
        ),
        datagrams=sockets.sip,
        workers=workers,
        names=SystemNames(),
        clock=base.clock,
        sockets=CallSockets(hosts, settings.call_socket_manners()),
        media_host=host,
    )


def wire_calls(
    base: Foundation, engine: Engine, web: Web, plug_ins: SpeechPlugIns, trunk: Trunk
) -> Calls:
    """Put together what makes calls; whoever calls us is served from here on."""
    dial = _dial(base.settings, trunk)
    callbacks = wire_callbacks(
        base,
        FileMediaStore(base.folder.media),
        web.receivers,
        calls=calls_of_attempts(base),
        shards=lambda: dispatcher.tenure.held(base.clock.now()),
        wake=lambda: dispatcher.wake(),  # noqa: PLW0108 - it is made further down
    )
    applications = _applications(base, web, plug_ins, callbacks)
    checks = Checks(base.stores.accounts, base.stores.caller_ids, base.tariff)
    conferences = _conferences(base, engine)
    secondaries = _secondaries(
        base, engine, checks, conferences, dial, dispatcher=lambda: dispatcher
    )
    invocations = Invocations(
        services=base.catalogue,
        calls=engine,
        applications=applications,
        secondaries=secondaries,
        mint=base.mint,
        clock=base.clock,
        random_number=base.random_number,
        dial=dial,
        checks=checks,
        conferences=conferences,
        tariff=base.tariff,
    )
    dispatcher = Dispatcher(
        queue=base.stores.queue,
        accounts=base.stores.accounts,
        leases=base.stores.leases,
        rescue=_rescue(base),
        invocations=invocations,
        board=base.facts,
        clock=base.clock,
    )
    reception = _reception(base, engine, applications, secondaries, dispatcher)
    engine.receive_calls(reception.receive)
    validations = _validations(base, engine, plug_ins, dispatcher, dial)
    return Calls(engine, dispatcher, validations, reception, conferences, callbacks)


def calls_of_attempts(base: Foundation) -> CallsOfAttempts:
    """Make what puts calls together for their history."""
    stores = base.stores
    return CallsOfAttempts(
        stores.callback_queues,
        stores.records,
        FolderRecordings(base.folder.media),
        base.settings.domain_of_callers(),
    )


def housekeeping(base: Foundation) -> Housekeeping:
    """Make what forgets what is old."""
    settings = base.settings
    return Housekeeping(
        queue=base.stores.queue,
        records=base.stores.records,
        rest_logs=FileRestLogs(base.folder.rest_logs),
        pin_trials=base.stores.caller_ids,
        reservations=base.stores.reservations,
        callbacks=base.stores.callback_tasks,
        events=base.stores.kept_events,
        calls=base.stores.calls,
        tokens=base.stores.oauth,
        retention=Retention(
            references=settings.retention_references,
            records=settings.retention_records,
            rest_logs=settings.retention_rest_logs,
            callbacks=settings.retention_callbacks,
            webhooks=settings.retention_webhooks,
            call_history=settings.retention_call_history,
        ),
    )


def _conferences(base: Foundation, engine: Engine) -> ReservationRegistry:
    stores = base.stores
    return ReservationRegistry(
        stores.reservations, stores.accounts, base.catalogue, engine.rooms, base.clock
    )


def _validations(
    base: Foundation,
    engine: Engine,
    plug_ins: SpeechPlugIns,
    dispatcher: Dispatcher,
    dial: DialSettings,
) -> CallerIdCalls:
    return CallerIdCalls(
        trials=PinTrials(base.stores.caller_ids, base.entropy, base.clock),
        calls=engine,
        speech=plug_ins.speech,
        beside=dispatcher,
        mint=base.mint,
        clock=base.clock,
        random_number=base.random_number,
        dial=dial,
        tariff=base.tariff,
        caller_id=base.settings.caller_id_of_validation,
    )


def _dial(settings: Settings, trunk: Trunk) -> DialSettings:
    limits = TrunkLimits(
        channels=settings.trunk_channels or None, maximum_cps=settings.trunk_cps or None
    )
    return DialSettings(trunk, settings.domain_of_callers(), limits)


def _applications(
    base: Foundation, web: Web, plug_ins: SpeechPlugIns, callbacks: Callbacks
) -> MakeApplication:
    around = Surroundings(
        speech=plug_ins.speech,
        media=FileMediaStore(base.folder.media),
        downloads=web.downloads,
        recognisers=plug_ins.recognisers,
        logs=FileRestLogs(base.folder.rest_logs),
        clock=base.clock,
        registry=base.running,
    )

    def application(
        instance: AnyInstance,
        call: CallControl,
        secondaries: SecondaryCalls,
        facts: FactSink,
    ) -> InstanceRun | AttemptApplication:
        if isinstance(instance, CallbackInstance):
            return callbacks.application(instance, call, secondaries, facts)
        return InstanceRun(
            instance=instance,
            call=call,
            secondaries=secondaries,
            pages=web.pages.new(),
            facts=facts,
            around=around,
        )

    return application


def _secondaries(
    base: Foundation,
    engine: Engine,
    checks: Checks,
    conferences: ReservationRegistry,
    dial: DialSettings,
    *,
    dispatcher: Callable[[], Dispatcher],
) -> SecondaryCallMaker:
    """`dispatcher` is asked once calls are placed: it is made with this maker."""

    def note(instance_id: InstanceId, fact: SecondaryFact) -> None:
        work = base.stores.secondary_notes.note(instance_id, fact)
        dispatcher().begin_beside(work, f"note of {instance_id}")

    return SecondaryCallMaker(
        calls=engine,
        checks=checks,
        conferences=conferences,
        share=dispatcher,
        mint=base.mint,
        random_number=base.random_number,
        clock=base.clock,
        dial=dial,
        note=note,
    )


def _reception(
    base: Foundation,
    engine: Engine,
    applications: MakeApplication,
    secondaries: Secondaries,
    dispatcher: Dispatcher,
) -> Reception:
    return Reception(
        services=base.catalogue,
        numbers=base.stores.numbers,
        accounts=base.stores.accounts,
        calls=engine,
        applications=applications,
        secondaries=secondaries,
        store=base.stores.inbound,
        house=dispatcher,
        board=base.facts,
        mint=base.mint,
        clock=base.clock,
        random_number=base.random_number,
        tariff=base.tariff,
    )


def _rescue(base: Foundation) -> Rescue:
    return Rescue(
        queue=base.stores.queue,
        inbound=base.stores.inbound,
        notes=base.stores.secondary_notes,
        services=base.catalogue,
        board=base.facts,
        clock=base.clock,
        sip_domain=base.settings.domain_of_callers(),
        tariff=base.tariff,
    )
