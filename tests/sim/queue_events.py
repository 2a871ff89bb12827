"""A client's queues, watched: what a real server tells of them, in order."""

import http.client
import json
import threading
from types import TracebackType
from typing import Any, Final, Self

from tests.sim.callbacks import BASE, CallbackClient

COMES_WITHIN: Final = 60.0
"""Seconds until an event that was promised is overdue; a bound, never waited out."""

LONGER_THAN_A_HEARTBEAT: Final = 30.0
_DATA: Final = b"data: "
_NAME: Final = b"event: "


class QueueEvents:
    """Everything that is told of a queue, or of all, from the moment of entering."""

    def __init__(self, client: CallbackClient, queue_id: int | None = None) -> None:
        """Describe it; entering the context begins to watch."""
        self._client = client
        self._path = "/live/" if queue_id is None else f"/task_scheduler/{queue_id}/live/"
        self._events: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._connection = http.client.HTTPConnection(
            *client.account.cloud.http, timeout=LONGER_THAN_A_HEARTBEAT
        )
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._answer: http.client.HTTPResponse | None = None

    def __enter__(self) -> Self:
        """Watch from now on; `progress` has come when this returns."""
        headers = {"Authorization": self._client.authorization}
        self._connection.request("GET", BASE + self._path, headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200, self._answer.read()
        assert self._answer.headers["Content-Type"] == "text/event-stream"
        self._thread.start()
        self.wait_for("progress")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to do before the server ends the stream, which it does when it stops."""

    def wait_for(self, event: str, **wanted: object) -> dict[str, Any]:
        """Return the first event of this name with these members, once it has come."""

        def found() -> list[dict[str, Any]]:
            return [
                one
                for one in self._events
                if one["event"] == event
                and all(one.get(name) == value for name, value in wanted.items())
            ]

        with self._changed:
            came = self._changed.wait_for(lambda: bool(found()), COMES_WITHIN)
            assert came, f"no {event} {wanted}; came: {self._events}"
            return found()[0]

    def all(self, event: str) -> list[dict[str, Any]]:
        """Return what has come under this name so far."""
        with self._changed:
            return [one for one in self._events if one["event"] == event]

    def _follow(self) -> None:
        assert self._answer is not None, "watching begins with entering"
        name = b""
        for line in self._answer:
            if line.startswith(_NAME):
                name = line[len(_NAME) :].strip()
            elif line.startswith(_DATA):
                event = json.loads(line[len(_DATA) :])
                assert event["event"].encode() == name
                with self._changed:
                    self._events.append(event)
                    self._changed.notify_all()
        self._connection.close()
