"""The test servers of call WebSockets in Python: with `websockets`, and with aiohttp."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, cast

import websockets
from aiohttp import WSMsgType, web
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from tests.sim.call_socket_manners import Act, Close, Deafen, Manner, Vanish, manner_of
from tests.sim.call_socket_servers import CallSocketServer, LoopServer, NodeServer

GARBAGE_ANSWER: Final = b"this is no HTTP\r\n\r\n"
TAKES_BYTES: Final = 1 << 20
"""Longest message that is read: far more than a client of ours sends."""


class WebsocketsServer(LoopServer):
    """Written with `websockets`."""

    async def serve(self) -> None:
        quiet = logging.getLogger("tests.sim.websockets")
        quiet.propagate = False  # connections that fail are its business here
        server = await serve(
            self._handle,
            "127.0.0.1",
            0,
            ssl=self.certificate.server_context() if self.certificate else None,
            process_request=self._before,
            select_subprotocol=self._select,
            compression=None,
            open_timeout=None,
            ping_interval=None,
            close_timeout=1,
            max_size=TAKES_BYTES,
            logger=quiet,
        )
        self.listens_on(next(iter(server.sockets)).getsockname()[1])
        await self.stopped.wait()
        await _end(server)

    def _select(
        self, _connection: ServerConnection, offered: Sequence[Subprotocol]
    ) -> Subprotocol | None:
        return next((Subprotocol(one) for one in self.sub_protocols if one in offered), None)

    async def _before(self, connection: ServerConnection, request: Request) -> Response | None:
        self.is_asked_for(request.path)
        manner = manner_of(request.path)
        match manner.name:
            case "status":
                return Response(int(manner.query.get("code", 404)), "No", Headers())
            case "broken":
                connection.transport.write(GARBAGE_ANSWER)
                connection.transport.close()
                # Nothing of this arrives any more; without it the handshake would go on.
                return Response(500, "No", Headers())
            case "stall":
                await self.stopped.wait()
        return None

    async def _handle(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        call = self.connected(request.path, _split(offered), connection.subprotocol)
        manner = manner_of(request.path)
        try:
            async for message in connection:
                call.take(message)
                for act in manner.receive(message):
                    await self._act(connection, act)
        except websockets.ConnectionClosed:
            pass  # Every end is told below, however it came.
        finally:
            call.end(connection.protocol.close_code)

    async def _act(self, connection: ServerConnection, act: Act) -> None:
        match act:
            case str() | bytes():
                await connection.send(act)
            case Close(code):
                await connection.close(code)
            case Vanish():
                connection.transport.abort()
            case Deafen():
                connection.transport.pause_reading()
                await self.stopped.wait()


class AiohttpServer(LoopServer):
    """Written with aiohttp."""

    async def serve(self) -> None:
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0)
        await runner.setup()
        tls = self.certificate.server_context() if self.certificate else None
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        self.listens_on(int(runner.addresses[0][1]))
        await self.stopped.wait()
        await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        transport = request.transport
        assert transport
        self.is_asked_for(request.raw_path)
        manner = manner_of(request.raw_path)
        match manner.name:
            case "status":
                return web.Response(status=int(manner.query.get("code", 404)))
            case "broken":
                transport.write(GARBAGE_ANSWER)
                transport.close()
                return web.Response()
            case "stall":
                await self.stopped.wait()
                return web.Response()
        return await self._call(request, transport, manner)

    async def _call(
        self, request: web.BaseRequest, transport: asyncio.Transport, manner: Manner
    ) -> web.WebSocketResponse:
        offered = _split(request.headers.get("Sec-WebSocket-Protocol", ""))
        # aiohttp takes the client's first that it knows: it is told one only.
        mine = [one for one in self.sub_protocols if one in offered][:1]
        socket = web.WebSocketResponse(protocols=mine, compress=False, max_msg_size=TAKES_BYTES)
        await socket.prepare(request)
        call = self.connected(request.raw_path, offered, socket.ws_protocol)
        try:
            async for message in socket:
                if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    continue
                data = cast("str | bytes", message.data)  # what these two types carry
                call.take(data)
                for act in manner.receive(data):
                    await self._act(socket, transport, act)
        except ConnectionError:
            pass  # Every end is told below, however it came.
        finally:
            call.end(socket.close_code)
        return socket

    async def _act(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, act: Act
    ) -> None:
        match act:
            case str():
                await socket.send_str(act)
            case bytes():
                await socket.send_bytes(act)
            case Close(code):
                await socket.close(code=code)
            case Vanish():
                transport.abort()
            case Deafen():
                transport.pause_reading()
                await self.stopped.wait()
                transport.abort()
                # Or it would wait for what is never read.
                raise ConnectionAbortedError("the server stopped")


async def _end(server: Server) -> None:
    for connection in server.connections:
        connection.transport.abort()
    server.close(close_connections=False)
    await server.wait_closed()


def _split(header: str) -> list[str]:
    return [one.strip() for one in header.split(",") if one.strip()]


SERVERS: Final[tuple[type[CallSocketServer], ...]] = (WebsocketsServer, AiohttpServer, NodeServer)
"""Each of them, for tests that run with all."""
