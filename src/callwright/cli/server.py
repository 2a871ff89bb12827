"""The command line's side of the web services: where the server is, who asks, what it said."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final  # JSON of the server's
from urllib.parse import quote

import aiohttp
import click

from callwright.domain.errors import CallwrightError

DEFAULT_SERVER: Final = "http://127.0.0.1:8080"

TIMEOUT: Final = aiohttp.ClientTimeout(total=30, sock_connect=5)
"""Seconds for one answer; every operation but the live events takes milliseconds."""

PURGE_TIMEOUT: Final = aiohttp.ClientTimeout(total=300, sock_connect=5)
"""Seconds for the answer to a purge; a million references take some ten."""

LIVE_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=45)
"""A live stream is as long as its call, and never silent for longer than three heartbeats."""

DATA: Final = b"data: "

Json = dict[str, Any]
Option = Callable[[Callable[..., None]], Callable[..., None]]
"""What `click.option` makes."""


class ServerUnreachable(CallwrightError):
    """No answer came; the text says from where and what to do."""


class ServerRefused(CallwrightError):
    """The server answered with an error object; the text is its own."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where the server is and who asks."""

    url: str
    cloud_id: str
    username: str
    key: str

    def __repr__(self) -> str:
        """Leave the key out of tracebacks."""
        return f"Credentials({self.url!r}, {self.cloud_id!r}, {self.username!r})"


def server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where the server is and who asks; hands on `credentials`."""

    def with_credentials(
        server: str, cloud_id: str, username: str | None, key: str | None, **rest: object
    ) -> None:
        if not username or not key:
            missing = "--username" if not username else "--key"
            raise click.UsageError(
                f"{missing} is missing. Who are you? Give --username and --key, or set "
                "CALLWRIGHT_USERNAME and CALLWRIGHT_KEY.\n"
                "No account yet? On the server's machine: callwright account create you@example.com"
            )
        command(Credentials(server.rstrip("/"), cloud_id, username, key), **rest)

    return in_place_of(
        command,
        with_credentials,
        click.option("--key", envvar="CALLWRIGHT_KEY", help="API Access Key [CALLWRIGHT_KEY]."),
        click.option("--username", envvar="CALLWRIGHT_USERNAME", help="[CALLWRIGHT_USERNAME]"),
        click.option(
            "--cloud-id",
            envvar="CALLWRIGHT_CLOUD_ID",
            default="0-0-0",
            show_default=True,
            help="The server's Cloud ID [CALLWRIGHT_CLOUD_ID].",
        ),
    )


def in_place_of(
    command: Callable[..., None], wrapper: Callable[..., None], *options: Option
) -> Callable[..., None]:
    """Have click call a wrapper for a command; it gets these options, and where the server is."""
    wrapper.__doc__ = command.__doc__
    wrapper.__name__ = command.__name__
    # Options that commands already have stay with the function that click will read them from.
    wrapper.__dict__.update(command.__dict__)
    server: Option = click.option(
        "--server",
        envvar="CALLWRIGHT_SERVER",
        default=DEFAULT_SERVER,
        show_default=True,
        help="Where the server is [CALLWRIGHT_SERVER].",
    )
    for option in (*options, server):
        option(wrapper)
    return wrapper


class Server:
    """A server that is spoken to; made by `speak_to`."""

    def __init__(self, session: aiohttp.ClientSession, credentials: Credentials) -> None:
        """Speak as this account."""
        self._session = session
        self._credentials = credentials

    async def ask(
        self, path: str, parameters: Mapping[str, str] | Sequence[tuple[str, str]]
    ) -> Json:
        """Post parameters to an operation with the API Access Key."""
        async with self.post(path, parameters, timeout=TIMEOUT) as response:
            answer: Json = await answer_of(response)
            return answer

    @asynccontextmanager
    async def post(
        self,
        path: str,
        form: Mapping[str, str] | Sequence[tuple[str, str]] | aiohttp.FormData,
        *,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  aiohttp's own
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Post a form with the API Access Key; the answer is read by the caller."""
        async with self._session.post(
            self._url(path), data=form, headers=self._authorization(), timeout=timeout
        ) as response:
            yield response

    async def start(self, service: str, password: str, call: Mapping[str, object]) -> str:
        """Start one call of a service; return its reference."""
        async with self._session.post(
            self._url("/service_start"),
            data={"rest_calls": json.dumps(call)},
            headers=self._authorization(service, password),
            timeout=TIMEOUT,
        ) as response:
            refs: list[str] = await answer_of(response)
            return refs[0]

    async def read_service(self, name: str) -> Json:
        """Read a service's configuration."""
        async with self._session.get(
            self._url(_service_path(name)), headers=self._authorization(), timeout=TIMEOUT
        ) as response:
            configuration: Json = await answer_of(response)
            return configuration

    async def write_service(self, name: str, configuration: Json) -> tuple[bool, Json]:
        """Create or replace a service; return whether it was created, and what it is now."""
        async with self._session.put(
            self._url(_service_path(name)),
            json=configuration,
            headers=self._authorization(),
            timeout=TIMEOUT,
        ) as response:
            complete: Json = await answer_of(response)
            return response.status == HTTPStatus.CREATED, complete

    async def modify_service(self, name: str, options: Json) -> Json:
        """Change some options of a service; return what it is now."""
        async with self._session.patch(
            self._url(_service_path(name)),
            json=options,
            headers=self._authorization(),
            timeout=TIMEOUT,
        ) as response:
            complete: Json = await answer_of(response)
            return complete

    async def delete_service(self, name: str) -> None:
        """Delete a service with all that waits in its queue."""
        async with self._session.delete(
            self._url(_service_path(name)), headers=self._authorization(), timeout=PURGE_TIMEOUT
        ) as response:
            if response.status != HTTPStatus.NO_CONTENT:
                await answer_of(response)

    async def services(self) -> list[Json]:
        """List the outbound services by name."""
        async with self._session.get(
            self._url("/service/v1/outbound"), headers=self._authorization(), timeout=TIMEOUT
        ) as response:
            answer: dict[str, list[Json]] = await answer_of(response)
            return answer["services"]

    async def validate_caller_id(self, number: str) -> Json:
        """Have a number called; return it with the PIN that is to be keyed there."""
        return await self.ask(f"/caller_ids/v1/{quote(number, safe='')}/validation", {})

    async def caller_ids(self) -> Json:
        """List the validated caller IDs, and the number that is being called for a PIN."""
        async with self._session.get(
            self._url("/caller_ids/v1"), headers=self._authorization(), timeout=TIMEOUT
        ) as response:
            answer: Json = await answer_of(response)
            return answer

    async def queues(self) -> list[Json]:
        """List the queues in which starts wait."""
        async with self._session.get(
            self._url("/service/v1/outbound_queues"),
            headers=self._authorization(),
            timeout=TIMEOUT,
        ) as response:
            queues: list[Json] = await answer_of(response)
            return queues

    async def queue(self, service: str) -> Json:
        """Tell the length of one queue."""
        async with self._session.get(
            self._url(f"{_service_path(service)}/queue"),
            headers=self._authorization(),
            timeout=TIMEOUT,
        ) as response:
            queue: Json = await answer_of(response)
            return queue

    async def purge(self, service: str) -> Json:
        """Cancel all that waits in one queue."""
        async with self._session.delete(
            self._url(f"{_service_path(service)}/queue"),
            headers=self._authorization(),
            timeout=PURGE_TIMEOUT,
        ) as response:
            purge: Json = await answer_of(response)
            return purge

    async def events(self, ref: str) -> AsyncIterator[Json]:
        """Follow a reference from its beginning to its end."""
        async with self._session.get(
            self._url("/live/v1/events"),
            params={"service_ref": ref},
            headers=self._authorization(),
            timeout=LIVE_TIMEOUT,
        ) as response:
            if not response.ok:
                await answer_of(response)
            async for line in response.content:
                if line.startswith(DATA):
                    event: Json = json.loads(line[len(DATA) :])
                    yield event

    def _url(self, path: str) -> str:
        return self._credentials.url + path

    def _authorization(self, service: str = "", password: str = "") -> dict[str, str]:
        username = f"{self._credentials.cloud_id}/{self._credentials.username}"
        if service:
            username, secret = f"{username}/{service}", password
        else:
            secret = self._credentials.key
        return {"Authorization": aiohttp.encode_basic_auth(username, secret)}


@asynccontextmanager
async def speak_to(credentials: Credentials) -> AsyncIterator[Server]:
    """Open a server for some questions.

    Raises:
        ServerUnreachable: no answer, or an end in the middle of one.

    """
    async with session_with(credentials.url) as session:
        yield Server(session, credentials)


@asynccontextmanager
async def session_with(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Open what a server at this address is spoken to with; raises as `speak_to`."""
    try:
        async with aiohttp.ClientSession() as session:
            yield session
    except (aiohttp.ClientError, TimeoutError) as problem:
        reason = str(problem) or type(problem).__name__
        raise ServerUnreachable(
            f"{url}: {reason}\n"
            "Is the server running there? Start it with callwright serve, or name another one "
            "with --server or CALLWRIGHT_SERVER."
        ) from problem


def _service_path(name: str) -> str:
    return f"/service/v1/outbound/{quote(name, safe='')}"


async def answer_of(response: aiohttp.ClientResponse) -> Any:
    """Return the JSON of an answer that is no error.

    Raises:
        ServerRefused: it is one.

    """
    answer = await json_of(response)
    if response.ok:
        return answer
    error: Json = answer.get("error", {}) if isinstance(answer, dict) else {}
    details = "".join(f"\n  {detail}" for detail in error.get("details", ()))
    raise ServerRefused(f"{error.get('text')} (status {response.status}){details}")


async def json_of(response: aiohttp.ClientResponse) -> Any:
    """Return the JSON of an answer, an error or not.

    Raises:
        ServerRefused: it is none.

    """
    try:
        return json.loads(await response.text())
    except json.JSONDecodeError:
        raise ServerRefused(
            f"{response.url.path}: status {response.status}, and no JSON: is this a Callwright "
            "server?"
        ) from None
