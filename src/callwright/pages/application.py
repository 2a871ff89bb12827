"""An application: functions that are pages, found by path, asked over HTTP or by a test."""

import asyncio
import base64
import hmac
import inspect
import posixpath
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from .info import InstanceInfo
from .node import Action
from .page import Handle
from .reading import BadInstanceInfo
from .response import Response

MAX_BODY_BYTES: Final = 1 << 20
"""Longest instance info that is read; a long transcription stays far below."""

_PATH: Final = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")

Returned: TypeAlias = Response | Action | Sequence[Action] | None
"""What a page gives back. A bare action, list or None keeps the token; a `Response` sets it."""

PageFunction: TypeAlias = Callable[[InstanceInfo], Returned | Awaitable[Returned]]


@dataclass(frozen=True, slots=True)
class PageHandle:
    """A page of an application: its function, and what actions name it by."""

    path: str
    function: PageFunction
    method: str = "POST"
    is_notification: bool = False
    """Whether it is only told: its answer is 204, whatever the function gives back."""

    def __call__(self, info: InstanceInfo) -> Returned | Awaitable[Returned]:
        """Call the function, as if it had not been decorated."""
        return self.function(info)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request as every framework has it."""

    method: str
    path: str
    """Below the application: `/first`."""
    query: str = ""
    body: bytes = field(default=b"", repr=False)
    authorization: str = field(default="", repr=False)
    """The header of that name."""


@dataclass(frozen=True, slots=True)
class PageReply:
    """What is sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Application:
    """Pages by their paths, and who may ask them."""

    username: str | None = field(default=None, kw_only=True)
    """What the service's `authentication` says; None lets everybody ask."""
    password: str | None = field(default=None, kw_only=True, repr=False)
    max_body_bytes: int = field(default=MAX_BODY_BYTES, kw_only=True)
    pages: dict[str, PageHandle] = field(default_factory=dict, init=False)
    first: PageHandle | None = field(default=None, init=False)
    final: PageHandle | None = field(default=None, init=False)
    error: PageHandle | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Refuse half a pair of credentials: it would let everybody in, or nobody."""
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")

    def page(self, path: str, *, method: str = "POST") -> Callable[[PageFunction], PageHandle]:
        """Make a page of a function; actions name it by what comes back: `next_page=confirm`."""
        return lambda function: self._add(PageHandle(path, function, method))

    def notification(
        self, path: str, *, method: str = "POST"
    ) -> Callable[[PageFunction], PageHandle]:
        """Make a page that is only told: of recordings, transcriptions, faxes."""
        return lambda function: self._add(PageHandle(path, function, method, is_notification=True))

    def first_page(self, path: str) -> Callable[[PageFunction], PageHandle]:
        """Make the page that begins: the service's first page."""

        def add(function: PageFunction) -> PageHandle:
            self.first = self._add(PageHandle(path, function))
            return self.first

        return add

    def final_page(self, path: str) -> Callable[[PageFunction], PageHandle]:
        """Make the page that is always asked last: the service's final page."""

        def add(function: PageFunction) -> PageHandle:
            self.final = self._add(PageHandle(path, function))
            return self.final

        return add

    def error_page(self, path: str) -> Callable[[PageFunction], PageHandle]:
        """Make the page that is told of errors: the service's error page."""

        def add(function: PageFunction) -> PageHandle:
            self.error = self._add(PageHandle(path, function))
            return self.error

        return add

    def handle(self, request: PageRequest) -> PageReply:
        """Answer a request, in a server of threads; an async page gets a loop of its own."""
        found = self._found(request)
        if isinstance(found, PageReply):
            return found
        try:
            return _reply(*found, self.respond(*found))
        except BadInstanceInfo as error:
            return _refusal(400, str(error))

    async def handle_async(self, request: PageRequest) -> PageReply:
        """Answer a request, on an event loop; a page that is not async gets a thread."""
        found = self._found(request)
        if isinstance(found, PageReply):
            return found
        page, info = found
        try:
            if inspect.iscoroutinefunction(page.function):
                returned = await page.function(info)
            else:
                returned = await asyncio.to_thread(page.function, info)
                if inspect.isawaitable(returned):
                    returned = await returned
            return _reply(page, info, _response(returned, info))
        except BadInstanceInfo as error:
            return _refusal(400, str(error))

    def respond(self, page: PageHandle, info: InstanceInfo) -> Response:
        """Run a page on what it is told."""
        returned = page.function(info)
        if inspect.isawaitable(returned):
            returned = asyncio.run(_wait_for(returned))
        return _response(returned, info)

    def _add(self, page: PageHandle) -> PageHandle:
        if not _PATH.fullmatch(page.path):
            raise ValueError(f"path is {page.path!r}: one such as '/first' was expected")
        if page.path in self.pages:
            raise ValueError(f"path {page.path!r} is a page already")
        if page.method not in {"GET", "POST"}:
            raise ValueError(f"method is {page.method!r}: 'GET' or 'POST' was expected")
        self.pages[page.path] = page
        return page

    def _found(self, request: PageRequest) -> tuple[PageHandle, InstanceInfo] | PageReply:
        """Find the page and what it is told, or say why not."""
        if not self._may_ask(request.authorization):
            realm = {"WWW-Authenticate": 'Basic realm="pages", charset="UTF-8"'}
            return _refusal(401, "user name and password expected", realm)
        page = self.pages.get(request.path)
        if page is None:
            return _refusal(404, "no such page")
        if request.method not in {"GET", "POST"}:
            return _refusal(405, "GET or POST expected", {"Allow": "GET, POST"})
        told = request.query if request.method == "GET" else request.body
        if len(told) > self.max_body_bytes:
            return _refusal(413, f"at most {self.max_body_bytes} bytes expected")
        try:
            return page, InstanceInfo.parse(told)
        except BadInstanceInfo as error:
            return _refusal(400, str(error))

    def _may_ask(self, authorization: str) -> bool:
        if self.username is None or self.password is None:
            return True
        scheme, _, encoded = authorization.partition(" ")
        pair = base64.b64encode(f"{self.username}:{self.password}".encode())
        # Compared as a whole and in constant time: how long it takes says nothing.
        is_right = hmac.compare_digest(encoded.strip().encode("utf-8", "replace"), pair)
        return is_right and scheme.lower() == "basic"


def relative_url(page: Handle, *, seen_from: str) -> str:
    """Return the URL of a page relative to the path of another, wherever both are mounted."""
    return posixpath.relpath(page.path, posixpath.dirname(seen_from))


def _wait_for(
    returned: Awaitable[Returned],
) -> Coroutine[Any, Any, Returned]:  # type of asyncio.run's argument
    async def wait() -> Returned:
        return await returned

    return wait()


def _response(returned: Returned, info: InstanceInfo) -> Response:
    if isinstance(returned, Response):
        return returned
    return Response(() if returned is None else returned, token=info.token or None)


def _reply(page: PageHandle, info: InstanceInfo, response: Response) -> PageReply:
    if page.is_notification or info.is_notification:
        return PageReply(204, {})
    body = response.body(lambda other: relative_url(other, seen_from=page.path))
    return PageReply(200, response.headers, body)


def _refusal(status: int, text: str, headers: Mapping[str, str] | None = None) -> PageReply:
    plain = {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}
    return PageReply(status, plain, f"{text}\n".encode())
