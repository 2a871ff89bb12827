"""A client of the callback scheduler: asks for a token, makes queues, tasks and the rest."""

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from tests.sim.installation import ANSWERS_WITHIN, AccountClient, Reply

ROOT: Final = "/api/ver1.0"
BASE: Final = f"{ROOT}/client/@me"

ENDS_WITHIN: Final = 60.0
"""Seconds; a bound, never waited out."""

LOOK_INTERVAL: Final = 0.1
"""Seconds between looks at a call."""


@dataclass(slots=True)
class CallbackClient:
    """One client of the scheduler, with a program of its own that may ask for tokens."""

    account: AccountClient
    key: str = field(init=False)
    secret: str = field(init=False)
    _token: str = field(default="", init=False)

    def __post_init__(self) -> None:
        made = self.account.cloud.command(
            "client", "add-application", self.account.username, "tests"
        )
        self.key, self.secret = made["client_id"], made["client_secret"]

    def renew(self) -> None:
        """Ask for a new token."""
        grant = {
            "grant_type": "client_credentials",
            "client_id": self.key,
            "client_secret": self.secret,
        }
        reply = self._send(
            "POST",
            "/oauth/token",
            urlencode(grant).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert reply.status == 200, reply.body
        self._token = reply.json["access_token"]

    @property
    def authorization(self) -> str:
        """What every request carries."""
        if not self._token:
            self.renew()
        return f"Bearer {self._token}"

    def request(
        self, method: str, path: str, body: Mapping[str, object] | None = None, **query: str
    ) -> Reply:
        """Send one request below the client's own path."""
        return self.request_at_root(method, BASE.removeprefix(ROOT) + path, body, **query)

    def request_at_root(
        self, method: str, path: str, body: Mapping[str, object] | None = None, **query: str
    ) -> Reply:
        """Send one request to a path that does not name the client."""
        target = f"{ROOT}{path}?{urlencode(query)}" if query else f"{ROOT}{path}"
        headers = {"Authorization": self.authorization, "Content-Type": "application/json"}
        return self._send(
            method, target, None if body is None else json.dumps(body).encode(), headers
        )

    def make(self, path: str, **body: object) -> dict[str, Any]:
        """Make something and return it."""
        reply = self.request("POST", path, body)
        assert reply.status == 201, reply.body
        made: dict[str, Any] = reply.json
        return made

    def extension(self, name: str, number: str, destination: str = "") -> int:
        """Make an extension; what calls its number calls the destination."""
        made = self.make(
            "/extension/",
            name=number,
            label=name,
            type="phone",
            caller_id_number="441908273801",
            destination=destination,
        )
        extension_id: int = made["id"]
        return extension_id

    def register_event(self, extension_id: int, **body: object) -> int:
        """Have a URL told of an extension's calls."""
        path = f"/extension/{extension_id}/event/"
        reply = self.request_at_root("POST", path, body)
        assert reply.status == 201, reply.body
        event_id: int = reply.json["id"]
        return event_id

    def queue(self, **body: object) -> int:
        """Make a queue that is on."""
        made = self.make("/task_scheduler/", **({"status": "on"} | body))
        queue_id: int = made["id"]
        return queue_id

    def change_queue(self, queue_id: int, **body: object) -> None:
        """Change a queue."""
        reply = self.request("PUT", f"/task_scheduler/{queue_id}", body)
        assert reply.status == 200, reply.body

    def add(self, queue_id: int, *tasks: Mapping[str, object]) -> list[int]:
        """Add tasks and return their ids."""
        reply = self.request("POST", f"/task_scheduler/{queue_id}/tasks/", {"tasks": tasks})
        assert reply.status == 201, reply.body
        return [task["id"] for task in reply.json]

    def call(self, extension: str, src_num: Sequence[str], dst_num: str, **fields: object) -> str:
        """Make a callback at once and return the name of its call."""
        numbers = {"src_num": src_num, "dst_num": dst_num}
        made = self.make(f"/extension/{extension}/callback/", **numbers, **fields)
        call_id: str = made["call_id"]
        return call_id

    def ended_call(self, call_id: str) -> dict[str, Any]:
        """Return a call of the history, as soon as it has ended."""
        give_up_at = time.monotonic() + ENDS_WITHIN
        while True:
            reply = self.request("GET", f"/call_history/{call_id}")
            assert reply.status == 200, reply.body
            if reply.json["result"] is not None:
                call: dict[str, Any] = reply.json
                return call
            assert time.monotonic() < give_up_at, f"not ended: {reply.json}"
            time.sleep(LOOK_INTERVAL)

    def task(self, queue_id: int, task_id: int) -> dict[str, Any]:
        """Return a task as it is now."""
        reply = self.request("GET", f"/task_scheduler/{queue_id}/task/{task_id}")
        assert reply.status == 200, reply.body
        task: dict[str, Any] = reply.json
        return task

    def tasks(self, queue_id: int, **query: str) -> list[dict[str, Any]]:
        """Return a page of a queue's tasks."""
        reply = self.request("GET", f"/task_scheduler/{queue_id}/task/", None, **query)
        assert reply.status == 200, reply.body
        tasks: list[dict[str, Any]] = reply.json
        return tasks

    def _send(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        connection = http.client.HTTPConnection(*self.account.cloud.http, timeout=ANSWERS_WITHIN)
        try:
            connection.request(method, target, body, dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()
