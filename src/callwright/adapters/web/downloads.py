"""Sound files that customers' pages name by URL (section 5.2.2 of the page protocol).

They are asked for with GET, carry no instance info and no cookies, and are kept as long as their
server allows (A-56). A redirect is never kept, only what it leads to.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.connections import Connections
from callwright.adapters.web.download_folder import DownloadFolder, KeptFile
from callwright.adapters.web.exchange import (
    MAX_REDIRECTS,
    Exchanges,
    FetchTimes,
    Request,
    chunks,
    read_up_to,
    web_url,
)
from callwright.adapters.web.freshness import Terms, what_was_said
from callwright.domain.clock import Clock
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import PageCredentials
from callwright.runner.next_page import may_see_credentials, printable_url
from callwright.runner.ports import DownloadFault

MAX_FILE_BYTES: Final = 5 << 20
"""The published 5 MB: eleven minutes of G.711."""

MAX_CONNECTIONS: Final = 100
"""In use at once, to all hosts. Who comes later waits, and the waiting counts as the server's."""

WRITTEN_AT_ONCE: Final = 1 << 18
"""Bytes gathered before a thread writes them: half a minute of G.711, and what a download holds in
memory."""

_ACCEPTED: Final = "audio/wav, audio/x-wav, audio/*;q=0.9, */*;q=0.5"
_FORM_AT: Final = 8
"""Where a RIFF file says that it is a wav file; before that come `RIFF` and a length."""

_DRAINED_BYTES: Final = 1 << 16
"""Of a body that nobody wants: read, so that its connection can be used again."""

_OK: Final = 200
_NOT_MODIFIED: Final = 304
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class _Wish(NamedTuple):
    """What makes two downloads the same one."""

    account_id: AccountId
    url: str
    credentials: PageCredentials | None


@dataclass(frozen=True, slots=True)
class _Had:
    """A file that was had."""

    path: Path
    may_be_shared: bool
    """Whether it may serve others than the one who asked for it first."""


class HttpDownloads:
    """Downloads files, each once; owns the connections. Made inside the event loop."""

    def __init__(
        self,
        folder: DownloadFolder,
        guard: AddressGuard,
        *,
        clock: Clock,
        times: FetchTimes | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tls: ssl.SSLContext | None = None,
        names: AbstractResolver | None = None,
    ) -> None:
        """`tls` and `names` are those of the machine when None."""
        self._folder = folder
        self._clock = clock
        self._times = times or FetchTimes()
        self._pause = pause
        self._connections = Connections(
            guard,
            limit=MAX_CONNECTIONS,
            connect_timeout=self._times.connect,
            tls=tls,
            names=names,
        )
        self._session = self._connections.session(aiohttp.DummyCookieJar())
        self._running: dict[_Wish, asyncio.Task[_Had]] = {}

    async def wav(
        self, account_id: AccountId, url: str, *, credentials: PageCredentials | None
    ) -> str:
        """Return the full path of a wav file, downloaded unless it is here and fresh."""
        wish = _Wish(account_id, url.partition("#")[0], credentials)
        running = self._running.get(wish)
        if running is None:
            had = await asyncio.shield(self._begin(wish))
        else:
            had = await asyncio.shield(running)
            if not had.may_be_shared:
                # The server wants every request to have an answer of its own.
                had = await self._download(wish)
        return str(had.path)

    async def close(self) -> None:
        """End the downloads and close every connection."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._session.close()
        await self._connections.close()

    def _begin(self, wish: _Wish) -> asyncio.Task[_Had]:
        """Begin a download that goes on when the call ends that wanted it: others may, too."""
        task = self._running[wish] = asyncio.create_task(self._download(wish))

        def over(task: asyncio.Task[_Had]) -> None:
            del self._running[wish]
            if not task.cancelled():
                # Looked at, so that nobody complains when nobody waits any more.
                task.exception()

        task.add_done_callback(over)
        return task

    async def _download(self, wish: _Wish) -> _Had:
        exchanges = Exchanges(self._session, self._times, self._pause)
        asked = wish.url
        async with exchanges.in_time(wish.url, DownloadFault):
            for _ in range(MAX_REDIRECTS + 1):
                is_trusted = may_see_credentials(asked, wish.url)
                credentials = wish.credentials if is_trusted else None
                step = await self._step(exchanges, wish.account_id, asked, credentials)
                if isinstance(step, _Had):
                    return step
                asked = step
        raise DownloadFault(f"{printable_url(wish.url)} redirected more than {MAX_REDIRECTS} times")

    async def _step(
        self,
        exchanges: Exchanges,
        account_id: AccountId,
        url: str,
        credentials: PageCredentials | None,
    ) -> _Had | str:
        """Find or ask for one URL; returns where it redirects to, if it does."""
        # The name, since the answer may depend on it. Not the password: who has a new one is
        # still the same one.
        key = (url, credentials.username if credentials else "")
        kept = self._folder.find(account_id, *key)
        asked_at = self._clock.unix_time()
        if kept is not None and asked_at < kept.terms.fresh_until:
            return _Had(kept.path, may_be_shared=True)
        writer = _Writer(self._folder, account_id, key)
        request = Request(
            "GET",
            web_url(url),
            _ACCEPTED,
            credentials=credentials,
            headers=kept.terms.conditions() if kept else {},
        )
        reply = await exchanges.ask(request, writer.take)
        said, answered_at = what_was_said(reply.headers.items()), self._clock.unix_time()
        match reply.http_status, reply.body, kept:
            case _, Path() as part, _:
                terms = Terms(said, asked_at, answered_at)
                path = await asyncio.to_thread(self._folder.finish, part, terms, account_id, *key)
                return _Had(path, terms.may_be_kept)
            case status, _, KeptFile(path, terms) if status == _NOT_MODIFIED:
                terms = terms.renewed(said, asked_at, answered_at)
                await asyncio.to_thread(self._folder.note, path, terms, account_id, *key)
                return _Had(path, may_be_shared=True)
            case status, _, _ if status in _REDIRECTS and reply.location:
                return reply.location
            case status, _, _:
                raise DownloadFault(f"{printable_url(url)} answered with HTTP status {status}")


class _Writer:
    """Writes the body of a response into an unfinished file."""

    def __init__(self, folder: DownloadFolder, account_id: AccountId, key: tuple[str, ...]) -> None:
        self._folder = folder
        self._account_id = account_id
        self._key = key

    async def take(self, response: aiohttp.ClientResponse) -> Path | None:
        """Take a body if it is the file.

        Raises:
            DownloadFault: it is too large, or no wav file.

        """
        if response.status != _OK:
            await read_up_to(response, _DRAINED_BYTES)
            return None
        shown = printable_url(str(response.url))
        if (response.content_length or 0) > MAX_FILE_BYTES:
            raise _too_large(shown)
        part = await asyncio.to_thread(self._folder.begin, self._account_id, *self._key)
        try:
            await self._write(response, part, shown)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return part

    async def _write(self, response: aiohttp.ClientResponse, part: Path, shown: str) -> None:
        gathered, size_bytes, is_checked = bytearray(), 0, False
        async with aclosing(chunks(response)) as coming:
            async for chunk in coming:
                size_bytes += len(chunk)
                gathered += chunk
                if size_bytes > MAX_FILE_BYTES:
                    raise _too_large(shown)
                if len(gathered) < WRITTEN_AT_ONCE:
                    continue
                is_checked = is_checked or _checked(gathered, shown)
                await asyncio.to_thread(self._folder.append, part, bytes(gathered))
                gathered.clear()
        if not is_checked:
            _checked(gathered, shown)
        await asyncio.to_thread(self._folder.append, part, bytes(gathered))


def _checked(begin: bytearray, shown: str) -> bool:
    """Look at how a file begins: an error page with status 200 is not worth keeping."""
    if not (begin.startswith(b"RIFF") and begin.startswith(b"WAVE", _FORM_AT)):
        raise DownloadFault(f"{shown} is no wav file")
    return True


def _too_large(shown: str) -> DownloadFault:
    return DownloadFault(f"{shown} is larger than {MAX_FILE_BYTES >> 20} MB")
