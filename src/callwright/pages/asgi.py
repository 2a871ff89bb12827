"""An application as an ASGI app: for Starlette and everything else that mounts one.

`Mount("/ivr", app=asgi_app(application))` in Starlette; `uvicorn module:asgi` by itself.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final, TypeAlias

from .application import Application, PageReply, PageRequest

Scope: TypeAlias = MutableMapping[str, Any]  # as ASGI has it: keys and kinds vary with the server
Message: TypeAlias = MutableMapping[str, Any]  # the same
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_TOO_LARGE: Final = PageReply(413, {"Content-Type": "text/plain; charset=utf-8"}, b"too large\n")


def asgi_app(application: Application) -> AsgiApp:
    """Make an ASGI app of an application."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await _answer(application, scope, receive, send)
        else:
            raise ValueError(f"scope is {scope['type']!r}: 'http' was expected")

    return app


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _answer(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    body = await _body(receive, application.max_body_bytes)
    if body is None:
        await _send(_TOO_LARGE, send)
        return
    authorization = _header(scope["headers"], b"authorization")
    # A mounted app is given the whole path; `root_path` is what it is mounted at.
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    query = bytes(scope["query_string"]).decode("latin-1")
    request = PageRequest(scope["method"], path, query, body, authorization)
    await _send(await application.handle_async(request), send)


async def _body(receive: Receive, most: int) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        body += bytes(message.get("body", b""))
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return body


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


async def _send(reply: PageReply, send: Send) -> None:
    headers = [(k.lower().encode(), v.encode()) for k, v in reply.headers.items()]
    if reply.status != 204:  # noqa: PLR2004 - 204 has neither a body nor its length: RFC 9110 15.3.5
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
