"""The command line's side of the callback scheduler: an application's token, and what is asked."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar  # JSON of the server's
from urllib.parse import quote

import aiohttp
import click

from callwright.cli.server import (
    DATA,
    LIVE_TIMEOUT,
    ServerRefused,
    in_place_of,
    json_of,
    session_with,
)

BASE: Final = "/api/ver1.0"
PER_PAGE: Final = 500
"""Of a list; the most the server gives."""

TIMEOUT: Final = aiohttp.ClientTimeout(total=60, sock_connect=5)
"""Seconds for one answer; a batch of 500 tasks takes less than one."""

REOPEN_PAUSE: Final = 1.0
"""Seconds from the end of a stream to the next, so that a server that stops is not asked in vain
without a pause."""

Answer = TypeVar("Answer")
Json = dict[str, Any]
Query = Mapping[str, str] | Sequence[tuple[str, str]]


class TasksRefused(ServerRefused):
    """A batch was refused; `faults` are pairs of a path and what is wrong there."""

    def __init__(self, text: str, faults: Sequence[tuple[str, str]]) -> None:
        """Keep what is wrong."""
        super().__init__(text)
        self.faults = tuple(faults)


class NotThere(ServerRefused):
    """What was asked about does not exist."""


@dataclass(frozen=True, slots=True)
class ApplicationKey:
    """Where the server is and which application asks."""

    url: str
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        """Leave the secret out of tracebacks."""
        return f"ApplicationKey({self.url!r}, {self.client_id!r})"


def application_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where the server is and which application asks; hands on `key`."""

    def with_key(
        server: str, client_id: str | None, client_secret: str | None, **rest: object
    ) -> None:
        if not client_id or not client_secret:
            missing = "--client-id" if not client_id else "--client-secret"
            raise click.UsageError(
                f"{missing} is missing. Which application asks? Give --client-id and "
                "--client-secret, or set CALLWRIGHT_CLIENT_ID and CALLWRIGHT_CLIENT_SECRET.\n"
                "No application yet? On the server's machine: "
                "callwright client add-application you@example.com NAME"
            )
        command(ApplicationKey(server.rstrip("/"), client_id, client_secret), **rest)

    return in_place_of(
        command,
        with_key,
        click.option(
            "--client-secret",
            envvar="CALLWRIGHT_CLIENT_SECRET",
            help="The application's secret [CALLWRIGHT_CLIENT_SECRET].",
        ),
        click.option(
            "--client-id",
            envvar="CALLWRIGHT_CLIENT_ID",
            help="The application's key [CALLWRIGHT_CLIENT_ID].",
        ),
    )


class SchedulerClient:
    """A scheduler that is spoken to; made by `speak_as`."""

    def __init__(self, session: aiohttp.ClientSession, key: ApplicationKey) -> None:
        """Speak as this application."""
        self._session = session
        self._key = key
        self._token = ""

    async def queues(self) -> list[Json]:
        """Return all queues, by id."""
        return [queue async for queue in self._all("/task_scheduler/", ())]

    async def change_state(self, wish: Json) -> Json:
        """Pause all queues, or let them go on; return what holds."""
        state: Json = await self._ask("PUT", "/task_scheduler_state", body=wish)
        return state

    async def add_queue(self, wish: Json) -> Json:
        """Make a queue."""
        made: Json = await self._ask("POST", "/task_scheduler/", body=wish)
        return made

    async def change_queue(self, queue_id: int, change: Json) -> Json:
        """Change a queue; return what it is now."""
        changed: Json = await self._ask("PUT", f"/task_scheduler/{queue_id}", body=change)
        return changed

    async def tasks(
        self, queue_id: int, query: Sequence[tuple[str, str]] = ()
    ) -> AsyncIterator[Json]:
        """Yield the tasks of a queue, by id; none is left out because others were deleted."""
        last_id = 0
        while True:
            part = (*query, ("after_id", str(last_id)), ("per_page", str(PER_PAGE)))
            page: list[Json] = await self._ask(
                "GET", f"/task_scheduler/{queue_id}/task/", query=part
            )
            for one in page:
                yield one
            if len(page) < PER_PAGE:
                return
            last_id = page[-1]["id"]

    async def add_tasks(self, queue_id: int, tasks: Sequence[Json]) -> list[Json]:
        """Add tasks, all or none.

        Raises:
            TasksRefused: none; what is wrong is named.

        """
        path = f"/task_scheduler/{queue_id}/tasks/"
        added: list[Json] = await self._ask("POST", path, body={"tasks": list(tasks)})
        return added

    async def change_task(self, queue_id: int, task_id: int, change: Json) -> Json:
        """Change a task that waits; return what it is now."""
        path = f"/task_scheduler/{queue_id}/task/{task_id}"
        changed: Json = await self._ask("PUT", path, body=change)
        return changed

    async def delete_task(self, queue_id: int, task_id: int, *, by_force: bool) -> None:
        """Delete a task; by force one that is executed, too."""
        path = f"/task_scheduler/{queue_id}/task/{task_id}"
        await self._ask("DELETE", path, query={"force": "true"} if by_force else {})

    async def extensions(self) -> list[Json]:
        """Return all extensions, by id."""
        return [extension async for extension in self._all("/extension/", ())]

    async def call_at_once(self, extension: str, wish: Json) -> Json:
        """Make a callback at once; return the names of its call and of the request."""
        path = f"/extension/{quote(extension, safe='')}/callback/"
        named: Json = await self._ask("POST", path, body=wish)
        return named

    async def call(self, call_uuid: str) -> Json:
        """Return a call of the history, as far as it has come."""
        call: Json = await self._ask("GET", f"/call_history/{call_uuid}")
        return call

    def variables(self) -> AsyncIterator[Json]:
        """Yield the client's variables, by name."""
        return self._all("/variable/", ())

    async def set_variable(self, name: str, value: str) -> None:
        """Give a variable a value; it is made if it is not there."""
        try:
            path = f"/variable/{quote(name, safe='')}"
            await self._ask("PUT", path, body={"value": value})
        except NotThere:
            await self._ask("POST", "/variable/", body={"name": name, "value": value})

    async def remove_variable(self, name: str) -> None:
        """Delete a variable."""
        await self._ask("DELETE", f"/variable/{quote(name, safe='')}")

    def events(self, query: Sequence[tuple[str, str]] = ()) -> AsyncIterator[Json]:
        """Yield the events that were not taken yet, in the order of their writing."""
        return self._all("/webhook/", query)

    async def redeliver(self, event_id: str) -> Json:
        """Have an event sent again; return what is known of it."""
        path = f"/webhook/{quote(event_id, safe='')}/redeliver"
        event: Json = await self._ask("POST", path)
        return event

    async def redeliver_given_up(self) -> int:
        """Have all that was given up sent again; return how many there are."""
        answer: Json = await self._ask("POST", "/webhook/redeliver")
        count: int = answer["redelivered"]
        return count

    async def watch(
        self, queue_id: int | None, *, reopen_pause: float = REOPEN_PAUSE
    ) -> AsyncGenerator[Json]:
        """Yield what happens to a queue until it is gone, or to all queues for ever.

        The server ends a stream with its token, and when it stops; it is opened again after this
        pause, in seconds.
        """
        path = "/live/" if queue_id is None else f"/task_scheduler/{queue_id}/live/"
        while True:
            response = await self._with_token(lambda: self._open(path))
            async with response:
                async for line in response.content:
                    if line.startswith(DATA):
                        event: Json = json.loads(line[len(DATA) :])
                        yield event
                        if event["event"] == "gone" and queue_id is not None:
                            return
            await asyncio.sleep(reopen_pause)

    async def _open(self, path: str) -> aiohttp.ClientResponse:
        """Open a stream; whoever asks for it closes it."""
        response = await self._session.get(
            f"{self._key.url}{BASE}/client/@me{path}",
            headers=self._authorization(),
            timeout=LIVE_TIMEOUT,
        )
        if not response.ok:
            async with response:
                await _answer_of(response)
        return response

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _all(self, path: str, query: Sequence[tuple[str, str]]) -> AsyncIterator[Json]:
        number = 1
        while True:
            part = (*query, ("page", str(number)), ("per_page", str(PER_PAGE)))
            page: list[Json] = await self._ask("GET", path, query=part)
            for one in page:
                yield one
            if len(page) < PER_PAGE:
                return
            number += 1

    async def _ask(
        self, method: str, path: str, *, body: Json | None = None, query: Query = ()
    ) -> Any:
        return await self._with_token(lambda: self._ask_once(method, path, body, query))

    async def _with_token(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask with the token there is, and once more with a new one if it is good no longer."""
        had_token = bool(self._token)
        if not had_token:
            await self._ask_for_token()
        try:
            return await question()
        except _TokenRefused:
            if not had_token:
                raise
            # It may die before its time (section 13).
            await self._ask_for_token()
            return await question()

    async def _ask_once(self, method: str, path: str, body: Json | None, query: Query) -> Any:
        async with self._session.request(
            method,
            f"{self._key.url}{BASE}/client/@me{path}",
            json=body,
            params=query,
            headers=self._authorization(),
            timeout=TIMEOUT,
        ) as response:
            if response.status == HTTPStatus.NO_CONTENT:
                return None
            return await _answer_of(response)

    async def _ask_for_token(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._key.client_id,
            "client_secret": self._key.client_secret,
        }
        async with self._session.post(
            f"{self._key.url}/oauth/token", data=form, timeout=TIMEOUT
        ) as response:
            granted: Json = await _answer_of(response)
            self._token = granted["access_token"]


class _TokenRefused(ServerRefused):
    """The token is good no longer."""


@asynccontextmanager
async def speak_as(key: ApplicationKey) -> AsyncIterator[SchedulerClient]:
    """Open a scheduler for some questions.

    Raises:
        ServerUnreachable: no answer, or an end in the middle of one.

    """
    async with session_with(key.url) as session:
        yield SchedulerClient(session, key)


def ask(key: ApplicationKey, question: Callable[[SchedulerClient], Awaitable[Answer]]) -> Answer:
    """Put a question to the server and wait for its answer.

    Raises:
        ServerUnreachable: there was none.
        ServerRefused: it is a refusal.

    """

    async def run() -> Answer:
        async with speak_as(key) as server:
            return await question(server)

    return asyncio.run(run())


async def _answer_of(response: aiohttp.ClientResponse) -> Any:
    """Return the JSON of an answer that is no refusal.

    Raises:
        ServerRefused: it is one.

    """
    answer = await json_of(response)
    if response.ok:
        return answer
    told: Json = answer if isinstance(answer, dict) else {}
    reason = told.get("message") or told.get("error_description") or told.get("error")
    faults = [(one["path"], one["message"]) for one in told.get("errors", ())]
    said = f"{reason} (status {response.status})"
    details = "".join(f"\n  {path}: {message}" for path, message in faults)
    if response.status == HTTPStatus.UNAUTHORIZED:
        raise _TokenRefused(said)
    if response.status == HTTPStatus.NOT_FOUND:
        raise NotThere(said)
    if faults:
        raise TasksRefused(said + details, faults)
    raise ServerRefused(said)
