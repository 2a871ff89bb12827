"""The front door: finds the operation, runs it, and turns whatever goes wrong into an answer."""

import asyncio
import secrets
import traceback
from contextlib import aclosing, suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Final

import structlog
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from callwright.api.client.envelope import client_refusal, is_client_path
from callwright.api.client.identity import refused_client
from callwright.api.client.packing import packed
from callwright.api.doors import Doors
from callwright.api.envelope import Headers, HttpFault, error_object
from callwright.api.exchange import Answer, ClientGone, Exchange, Stream
from callwright.api.faults import fault_of
from callwright.api.operations import Operation
from callwright.api.routes import OPERATIONS
from callwright.api.wire import collapse_slashes, quoted, segments
from callwright.domain.errors import CallwrightError

_log = structlog.get_logger()

NO_OPERATION: Final = "none"
"""The label in the metrics of requests that name no operation."""


class WebServices:
    """An ASGI application over the doors.

    Paths without parameters are found in a dictionary, the others part by part. No middleware and
    no request object of a framework stand before an operation.
    """

    def __init__(self, doors: Doors, operations: tuple[Operation, ...]) -> None:
        """Build the router from the table of operations."""
        self._doors = doors
        self._paths: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            methods = self._paths.setdefault(operation.path, {})
            for method in operation.methods:
                methods[method] = operation
        self._patterns = [
            (path.split("/"), methods) for path, methods in self._paths.items() if "{" in path
        ]
        self._lifespan = Router()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request (ASGI 3)."""
        match scope["type"]:
            case "http":
                await self._serve(scope, receive, send)
            case "websocket":
                await send({"type": "websocket.close", "code": 1000})
            case _:
                await self._lifespan(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive, self._doors.clock.unix_time())
        operation: Operation | None = None
        try:
            operation = await self._operation(exchange)
            answer = await operation.handler(self._doors, exchange)
        except ClientGone:
            return
        except Exception as error:  # noqa: BLE001  a bug costs one request, not the server
            operation = operation or self._nearest(exchange)
            answer = self._refusal(exchange, operation, _fault(error, operation))
        name = operation.name if operation else NO_OPERATION
        if isinstance(answer, Stream):
            self._doors.metrics.answered(name, answer.status)
            try:
                stream = replace(answer, headers=(*answer.headers, *exchange.answer_headers))
                await _send_stream(stream, receive, send, has_body=exchange.method != "HEAD")
            except Exception as error:  # noqa: BLE001  it has begun, so all we can do is not end it
                _fault(error, operation)
        else:
            self._doors.metrics.answered(name, answer.status)
            if is_client_path(collapse_slashes(exchange.path)):
                answer = packed(exchange, answer)
            await _send_answer(answer, send, exchange.answer_headers)

    async def _operation(self, exchange: Exchange) -> Operation:
        try:
            return _operation(exchange, self._methods(exchange))
        except HttpFault as fault:
            raise await refused_client(self._doors, exchange, fault) from None

    def _methods(self, exchange: Exchange) -> dict[str, Operation]:
        path = collapse_slashes(exchange.path)
        methods = self._paths.get(path)
        if methods is not None and "{" not in path:
            return methods
        asked = segments(exchange)
        if is_client_path(path) and not asked[-1]:
            # Served with and without a slash at the end, and with no redirect.
            del asked[-1]
            methods = self._paths.get("/".join(asked))
            if methods is not None:
                return methods
        for pattern, pattern_methods in self._patterns:
            parameters = _match(pattern, asked)
            if parameters is not None:
                exchange.path_parameters = parameters
                return pattern_methods
        raise HttpFault(404, f"The path {quoted(exchange.path)} does not exist")

    def _nearest(self, exchange: Exchange) -> Operation | None:
        try:
            return next(iter(self._methods(exchange).values()))
        except HttpFault:
            return None

    def _refusal(self, exchange: Exchange, operation: Operation | None, fault: HttpFault) -> Answer:
        of_client = client_refusal(collapse_slashes(exchange.path), fault)
        if of_client is not None:
            return Answer(of_client, status=fault.status, headers=fault.headers)
        links = self._doors.settings.links
        page = operation.docs if operation else ""
        body = error_object(
            fault,
            link=links.to_code(fault.code) if fault.code else links.to_page(page),
            path=exchange.path,
            received_at=exchange.received_at,
            at=self._doors.clock.unix_time(),
        )
        return Answer(body, status=fault.status, headers=fault.headers)


def build_app(doors: Doors) -> WebServices:
    """Make the ASGI application that serves every documented operation."""
    return WebServices(doors, OPERATIONS)


def _match(pattern: list[str], asked: list[str]) -> dict[str, str] | None:
    """Return the parameters of a path that fits a pattern such as `/outbound/{name}/queue`.

    A last part `{name:path}` takes the rest of the path, slashes and all.
    """
    if pattern[-1].endswith(_REST):
        asked = [*asked[: len(pattern) - 1], "/".join(asked[len(pattern) - 1 :])]
    if len(pattern) != len(asked):
        return None
    parameters: dict[str, str] = {}
    for wanted, part in zip(pattern, asked, strict=True):
        if wanted.startswith("{"):
            parameters[wanted[1:-1].removesuffix(":path")] = part
        elif wanted != part:
            return None
    return parameters if all(parameters.values()) else None


_REST: Final = ":path}"


def _operation(exchange: Exchange, methods: dict[str, Operation]) -> Operation:
    # HEAD is GET without the body (RFC 9110 9.3.2), where asking cannot start anything: what takes
    # its parameters either way does, and has one operation for both.
    if "GET" in methods and methods["GET"] is not methods.get("POST"):
        methods = methods | {"HEAD": methods["GET"]}
    operation = methods.get(exchange.method)
    if operation is None:
        allowed = ", ".join(methods)
        raise HttpFault(
            405,
            f"Method Not Allowed: {quoted(exchange.method)}; {allowed} was expected",
            headers=((b"allow", allowed.encode("ascii")),),
        )
    return operation


def _fault(error: Exception, operation: Operation | None) -> HttpFault:
    fault = fault_of(error) if isinstance(error, CallwrightError) else None
    return fault or _incident(error, operation)


def _incident(bug: Exception, operation: Operation | None) -> HttpFault:
    """Answer a bug of ours with a number; the log has the place, and no value of anybody's."""
    incident = secrets.token_hex(4)
    places = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(bug.__traceback__)
    ]
    _log.error(
        "http.internal_error",
        incident=incident,
        operation=operation.name if operation else NO_OPERATION,
        error=type(bug).__name__,
        places=places,
    )
    return HttpFault(500, f"Internal Server Error: incident {incident} is in the server's log")


async def _send_answer(answer: Answer, send: Send, more: Headers) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                *_content_headers(answer),
                (b"cache-control", answer.cache_control),
                *answer.headers,
                *more,
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})


def _content_headers(answer: Answer) -> Headers:
    if answer.status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        return ()  # RFC 9110 8.6: not even a length
    return (
        (b"content-type", answer.content_type),
        (b"content-length", b"%d" % len(answer.body)),
    )


async def _send_stream(stream: Stream, receive: Receive, send: Send, *, has_body: bool) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": stream.status,
            "headers": [
                (b"content-type", stream.content_type),
                (b"cache-control", stream.cache_control),
                (b"x-accel-buffering", b"no"),
                *stream.headers,
            ],
        }
    )
    if not has_body:
        await stream.pieces.aclose()
        await send({"type": "http.response.body", "body": b""})
        return
    pump = asyncio.ensure_future(_pump(stream, send))
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await asyncio.wait({pump, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for handle in (pump, gone):
            if not handle.done():
                handle.cancel()
                with suppress(asyncio.CancelledError):
                    await handle
    if not pump.cancelled():
        pump.result()


async def _pump(stream: Stream, send: Send) -> None:
    async with aclosing(stream.pieces) as pieces:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
