"""The carrier in a box as processes of its own: one that takes calls, and one that makes one.

```python
with running_carrier(tmp_path) as carrier:
    ...  # call f"sip:voicemail@{carrier.address}"
    carrier.journal.wait_for("recorded")["seconds"]
with carrier_call(f"sip:desk@{address}", "keys", folder=tmp_path) as call:
    call.journal.wait_for("answered")
    assert call.wait() == 0
```
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

WAITS: Final = 60.0
"""Seconds until what should have happened is overdue; a bound, never waited out."""

Entry = dict[str, Any]  # Any: entries are JSON


class JournalReader:
    """A carrier's journal, as it is written."""

    def __init__(self) -> None:
        """Make a pipe; `theirs` is for the carrier."""
        self._ours, self.theirs = os.pipe()
        self._pending = b""
        self._entries: list[Entry] = []
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._ours)

    def begun(self) -> None:
        """Leave the carrier's end of the pipe to the carrier, now that it has it."""
        os.close(self.theirs)

    def entries(self) -> list[Entry]:
        """Return all that has been written so far."""
        while self._read(0.0):
            pass
        return self._entries

    def wait_for(self, event: str) -> Entry:
        """Return the next entry of this kind, also one that was written before we asked.

        Raises:
            AssertionError: it did not come.

        """
        give_up_at = time.monotonic() + WAITS
        while True:
            for number, entry in enumerate(self._entries[self._seen :], self._seen + 1):
                if entry["event"] == event:
                    self._seen = number
                    return entry
            is_open = self._read(max(0.0, give_up_at - time.monotonic()))
            assert is_open, f"no {event!r}; came: {self._entries}"

    def _read(self, patience: float) -> bool:
        """Take what is written within this time; False when it was nothing."""
        if not select.select([self._ours], [], [], patience)[0]:
            return False
        data = os.read(self._ours, 1 << 16)
        *lines, self._pending = (self._pending + data).split(b"\n")
        self._entries += [json.loads(line) for line in lines]
        return bool(data)


@dataclass
class RunningCarrier:
    """A carrier that takes calls."""

    process: subprocess.Popen[str]
    address: str
    parent: BinaryIO
    """Our end of the pipe whose end the carrier ends with."""
    journal: JournalReader


@dataclass
class CarrierCall:
    """One of the carrier's far ends, calling."""

    process: subprocess.Popen[bytes]
    journal: JournalReader

    def wait(self) -> int:
        """Wait until the call is over; 0 when it was answered."""
        return self.process.wait(WAITS)


@contextmanager
def running_carrier(folder: Path) -> Iterator[RunningCarrier]:
    """Run a carrier on a free port of loopback; its voices and recordings are in `folder`."""
    theirs, ours = os.pipe()
    with JournalReader() as journal:
        process = subprocess.Popen(
            [*_carrier(folder, journal), "--sip", "127.0.0.1:0", "--parent-fd", str(theirs)],
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[theirs, journal.theirs],
        )
        os.close(theirs)
        journal.begun()
        parent = os.fdopen(ours, "wb")
        assert process.stdout is not None
        try:
            yield RunningCarrier(process, process.stdout.readline().strip(), parent, journal)
        finally:
            process.kill()
            process.communicate()
            parent.close()


@contextmanager
def carrier_call(to: str, script: str, *, folder: Path) -> Iterator[CarrierCall]:
    """Let somebody call; what he says and records is in `folder`."""
    with JournalReader() as journal:
        process = subprocess.Popen(
            [*_carrier(folder, journal, "call"), "--to", to, "--script", script],
            pass_fds=[journal.theirs],
        )
        journal.begun()
        try:
            yield CarrierCall(process, journal)
        finally:
            process.kill()
            process.wait()


def _carrier(folder: Path, journal: JournalReader, *command: str) -> list[str]:
    return [
        *(sys.executable, "-m", "callwright.carrier", *command),
        *("--voice-dir", str(folder / "voice"), "--log", f"/proc/self/fd/{journal.theirs}"),
    ]
