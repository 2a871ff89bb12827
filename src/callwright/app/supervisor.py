"""Start order, readiness, drain, stop order: one server from its settings to its end.

Start: data folder, SIP and HTTP sockets, carrier, media workers, what an earlier process left,
dispatcher, HTTP. Stop is the reverse: no new requests, no new calls, the calls' grace, hang up.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from callwright.app.data_folder import DataFolder
from callwright.app.foundation import Sockets, lay_foundation
from callwright.app.settings import Settings
from callwright.app.web_server import listen
from callwright.app.wiring import (
    Node,
    Readiness,
    put_together,
    simulated_carrier,
    sip_socket,
    stores_of,
)
from callwright.dispatch.loop import keep_house
from callwright.domain.errors import CallwrightError
from callwright.engine.trunk import SIMULATED, Trunk, parse_trunk

log: Final = structlog.get_logger()


class CannotStart(CallwrightError):
    """The server cannot start; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a server that is ready listens."""

    http: str
    """As a URL."""
    sip: str
    """HOST:PORT."""
    trunk: str


async def serve(settings: Settings, *, announce: Callable[[Addresses], None]) -> None:
    """Run a server until SIGTERM or SIGINT; `announce` is told when it is ready.

    Raises:
        CannotStart: an address is taken, a worker or the carrier does not start.
        CallwrightError: the data folder can't be used.

    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with _running(settings) as addresses:
        log.info("server.ready", http=addresses.http, sip=addresses.sip, trunk=addresses.trunk)
        announce(addresses)
        await stopped.wait()
        # Whoever asks twice does not want to wait for the calls.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    log.info("server.stopped")


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[Addresses]:
    folder = DataFolder(settings.data)
    async with contextlib.AsyncExitStack() as held:
        stores = await held.enter_async_context(stores_of(settings))
        sockets = await _bind(settings, held)
        trunk = await _trunk(settings, folder, held)
        readiness = Readiness()
        node = put_together(lay_foundation(settings, stores, sockets), trunk, readiness)
        held.push_async_callback(node.web_applications.close)
        held.push_async_callback(node.speech.stop)
        await _start_workers(node)
        held.push_async_callback(node.workers.stop)
        sockets.sip.receive_with(node.engine.receive)
        await node.dispatcher.begin()
        dispatching = asyncio.create_task(node.dispatcher.run(), name="dispatcher")
        calling_back = asyncio.create_task(node.callbacks.loop.run(), name="callbacks")
        telling = asyncio.create_task(node.callbacks.webhooks.run(), name="webhooks")
        counting = asyncio.create_task(node.callbacks.progress.run(), name="progress")
        keeping = asyncio.create_task(
            keep_house(node.housekeeping, node.clock), name="housekeeping"
        )
        sharing = asyncio.create_task(node.client_hours.run(), name="client hours")
        await node.web.start()
        readiness.is_ready = True
        try:
            host, port = sockets.sip_address
            yield Addresses(sockets.http_url, f"{host}:{port}", trunk.name)
        finally:
            readiness.is_ready = False
            keeping.cancel()
            sharing.cancel()
            node.callbacks.progress.stop()
            node.callbacks.loop.stop()
            await calling_back
            await _drain(node, dispatching, settings.shutdown_grace)
            await node.client_hours.try_to_share()
            await node.callbacks.loop.last_look()
            node.callbacks.webhooks.stop()
            await telling
            await counting


async def _bind(settings: Settings, held: contextlib.AsyncExitStack) -> Sockets:
    sip = sip_socket()
    host, port = settings.address("sip")
    try:
        sip_address = await sip.bind(host, port)
    except OSError as problem:
        raise CannotStart(_taken("sip", settings.sip, problem)) from problem
    held.callback(sip.close)
    try:
        http = listen(*settings.address("http"))
    except OSError as problem:
        raise CannotStart(_taken("http", settings.http, problem)) from problem
    held.callback(http.close)
    rtp_host = settings.rtp_host or sip_address[0]
    return Sockets(sip, sip_address, rtp_host, settings.advertised_host or rtp_host, http)


async def _trunk(settings: Settings, folder: DataFolder, held: contextlib.AsyncExitStack) -> Trunk:
    trunk = parse_trunk(settings.trunk)
    if trunk is not None:
        return trunk
    carrier = simulated_carrier(folder)
    held.push_async_callback(carrier.stop)
    try:
        host, port = await carrier.start()
    except OSError as problem:
        raise CannotStart(f"{problem}; its log is {folder.carrier_log}") from problem
    return Trunk(SIMULATED, host, port)


async def _start_workers(node: Node) -> None:
    try:
        await node.workers.start()
    except OSError as problem:
        raise CannotStart(f"{problem}: what it said stands above") from problem


async def _drain(node: Node, dispatching: asyncio.Task[None], grace: float) -> None:
    log.info("server.draining", calls=node.engine.legs)
    node.live.close()
    await node.web.stop()
    node.dispatcher.stop()
    await node.engine.drain(grace, late=node.callbacks.running.interrupt)
    await dispatching


def _taken(setting: str, value: str, problem: OSError) -> str:
    return (
        f"{setting} {value}: {problem.strerror}. Is another server running there? "
        f"Choose another address with --{setting} HOST:PORT (port 0 takes any free one)."
    )
