"""The REST log of one instance: what was asked, answered and done, one line each (A-77).

It belongs to the customer, who reads it to find out why a call went as it did. What the
customer marked private, ciphers, passwords and the keys a caller pressed stay out.
"""

import re
from datetime import UTC, datetime
from typing import Final

from callwright.domain.clock import Clock
from callwright.domain.ids import AccountId
from callwright.runner.ports import RestLogs

MAX_BYTES: Final = 5 << 20
"""Longest log of one instance (assumed): what comes after it is not written."""

MAX_LINE: Final = 2000
"""Characters of a text: a whole prompt fits, a page of garbage does not."""

_FULL: Final = "the log is full; nothing more is written"

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Transcript:
    """Writes the REST log of one instance."""

    def __init__(
        self, logs: RestLogs, *, account_id: AccountId, filename: str, clock: Clock
    ) -> None:
        """Begin with an empty log."""
        self._logs = logs
        self._account_id = account_id
        self._filename = filename
        self._clock = clock
        self._left = MAX_BYTES

    def info(self, text: str) -> None:
        """Write what happened."""
        self._write("INFO", text)

    def warning(self, text: str) -> None:
        """Write what was odd, but went on."""
        self._write("WARN", text)

    def error(self, text: str) -> None:
        """Write what went wrong."""
        self._write("ERROR", text)

    def _write(self, level: str, text: str) -> None:
        if self._left <= 0:
            return
        line = self._line(level, text)
        size_bytes = len(line.encode())
        last = self._line("WARN", _FULL)
        if size_bytes > self._left - len(last):
            line, self._left = last, 0
        else:
            self._left -= size_bytes
        self._logs.append(self._account_id, self._filename, line)

    def _line(self, level: str, text: str) -> str:
        moment = datetime.fromtimestamp(self._clock.unix_time(), tz=UTC)
        stamp = moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"
        shown = text if len(text) <= MAX_LINE else text[:MAX_LINE] + "..."
        # One event stays one line, whatever a web application put into it.
        return f"{stamp} {level:5} {_CONTROL.sub(_escaped, shown)}\n"


def _escaped(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]
