"""An account's live events, followed from before a call began: for calls that nobody started."""

import http.client
import json
import threading
from types import TracebackType
from typing import Any, Final, Self

from tests.sim.installation import AccountClient

COMES_WITHIN: Final = 40.0
"""Seconds until an event that was promised is overdue; a bound, never waited out."""


class LiveEvents:
    """Everything that happens to an account's calls, in order."""

    def __init__(self, account: AccountClient) -> None:
        """Describe it; entering the context begins to follow."""
        self._account = account
        self._events: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._connection = http.client.HTTPConnection(
            *account.cloud.http, timeout=_LONGER_THAN_A_HEARTBEAT
        )
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._answer: http.client.HTTPResponse | None = None

    def __enter__(self) -> Self:
        headers = {"Authorization": self._account.authorization}
        self._connection.request("GET", "/live/v1/events", headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200, self._answer.read()
        assert self._answer.readline().startswith(b":"), "the first comment was expected"
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to do before the server ends the stream, which it does when it stops."""

    def wait_for(self, event: str, *, times: int = 1, **wanted: object) -> dict[str, Any]:
        """Return the event of this name with these members, once so many of them have come."""

        def found() -> list[dict[str, Any]]:
            return [
                one
                for one in self._events
                if one["event"] == event
                and all(one.get(name) == value for name, value in wanted.items())
            ]

        with self._changed:
            came = self._changed.wait_for(lambda: len(found()) >= times, COMES_WITHIN)
            assert came, f"no {event} {wanted}; came: {self._events}"
            return found()[times - 1]

    def of(self, ref: str) -> list[dict[str, Any]]:
        """Return what has come of one reference so far."""
        with self._changed:
            return [one for one in self._events if one["service_ref"] == ref]

    def wait_for_end(self) -> None:
        """Wait until the server has ended the stream, which is how it begins to stop."""
        self._thread.join(COMES_WITHIN)
        assert not self._thread.is_alive(), "the server did not end the stream"

    def _follow(self) -> None:
        assert self._answer is not None, "following begins with entering"
        for line in self._answer:
            if line.startswith(b"data:"):
                with self._changed:
                    self._events.append(json.loads(line[5:]))
                    self._changed.notify_all()
        self._connection.close()


_LONGER_THAN_A_HEARTBEAT: Final = 60.0
