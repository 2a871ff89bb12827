"""A real SIPp (Debian: sip-tester) with one of the scenarios of tests/journeys/sipp.

```python
with Sipp("busy", folder=tmp_path, calls=1) as phone:
    ...  # call sip:anybody@127.0.0.1:{phone.port}
    phone.wait()
assert phone.statistics().successful == 1
```
"""

import csv
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.sim.ports import LOOPBACK, free_port

SCENARIOS: Final = Path(__file__).resolve().parent.parent / "journeys" / "sipp"
ENDS_WITHIN: Final = 20.0
"""Seconds until a SIPp whose calls are all over is gone; the scenarios stay at most 4 s."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """SIPp's own counts of calls and messages."""

    created: int
    successful: int
    failed: int
    unexpected: int
    """Calls that failed because another message came than the scenario expects."""
    retransmissions: int
    """Messages that SIPp sent again."""


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message as SIPp logged it."""

    is_received: bool
    text: str

    @property
    def start_line(self) -> str:
        """The request line or status line."""
        return self.text.partition("\n")[0]

    def header(self, name: str) -> str:
        """The first value of a header field, or nothing."""
        found = re.search(
            rf"^{re.escape(name)}\s*:\s*(.*)$", self.text, re.IGNORECASE | re.MULTILINE
        )
        return found[1].strip() if found else ""


@dataclass(frozen=True, slots=True)
class Invite:
    """A call as it reached SIPp."""

    at: float
    """Seconds, when SIPp read it."""
    user: str
    """Whom it was for: the user part of the Request-URI."""


class Sipp:
    """One SIPp process on a free loopback port, answering side or caller."""

    def __init__(
        self,
        scenario: str,
        *,
        folder: Path,
        calls: int | None = None,
        contact_port: int | None = None,
        sound_port: int | None = None,
        echoes_sound: bool = False,
        towards: tuple[str, str, int] | None = None,
    ) -> None:
        """Describe the process; entering the context starts it.

        `calls`: it ends by itself after that many; None for never. `contact_port`: what its
        Contact names instead of its own port, so that a call goes through a relay. `sound_port`:
        where somebody else on loopback takes its sound. `towards`: user, host and port that it
        calls, for a scenario that calls.
        """
        self._folder = folder
        self.port = free_port()
        self._log = folder / "messages.log"
        self._short_log = folder / "short_messages.log"
        self._errors = folder / "errors.log"
        self._statistics = folder / "statistics.csv"
        media_port = free_port(neighbours=3)
        self._command = [
            *("sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-nostdin"),
            *("-i", LOOPBACK, "-p", str(self.port), "-mi", LOOPBACK, "-mp", str(media_port)),
            *("-trace_msg", "-message_file", str(self._log)),
            *("-trace_shortmsg", "-shortmessage_file", str(self._short_log)),
            *("-trace_err", "-error_file", str(self._errors)),
            *("-trace_stat", "-stf", str(self._statistics), "-fd", "1"),
        ]
        if calls is not None:
            self._command += ["-m", str(calls)]
        self._command += ["-key", "contact_port", str(contact_port or self.port)]
        self._command += ["-key", "sound_port", str(sound_port or media_port)]
        if echoes_sound:
            self._command += ["-rtp_echo"]
        if towards is not None:
            user, host, port = towards
            self._command += ["-s", user, f"{host}:{port}"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # Nobody waits until it listens: what a caller sends before that, SIP sends again.
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def wait(self) -> int:
        """Wait until all its calls are over; return SIPp's verdict, 0 when all went as written."""
        assert self._process is not None, "SIPp was not started"
        return self._process.wait(ENDS_WITHIN)

    def stop(self) -> None:
        """Let running calls end, take no new ones; one that never ends is cut off."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGUSR1)
        try:
            self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def statistics(self) -> Statistics:
        """SIPp's counts: complete when it has ended, at most a second old before."""
        with self._statistics.open(encoding="ascii", newline="") as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        return Statistics(
            created=int(last["TotalCallCreated"]),
            successful=int(last["SuccessfulCall(C)"]),
            failed=int(last["FailedCall(C)"]),
            unexpected=int(last["FailedUnexpectedMessage(C)"]),
            retransmissions=int(last["Retransmissions(C)"]),
        )

    def messages(self) -> list[Message]:
        """Every message so far, in order, repetitions included."""
        if not self._log.exists():
            return []
        log = self._log.read_text("utf-8", errors="replace").replace("\r\n", "\n")
        return [
            Message(is_received=direction == "received", text=text.strip())
            for direction, text in _LOGGED.findall(log)
        ]

    def invited(self) -> dict[str, int]:
        """How many INVITE transactions came for each Call-ID: more than one was dialled twice."""
        branches: dict[str, set[str]] = {}
        for message in self.messages():
            if message.is_received and message.start_line.startswith("INVITE "):
                found = branches.setdefault(message.header("Call-ID"), set())
                found.add(message.header("Via") + message.header("CSeq"))
        return {call: len(found) for call, found in branches.items()}

    def invites(self) -> list[Invite]:
        """The first INVITE of each call, in the order in which they came."""
        first: dict[str, Invite] = {}
        for line in self._short_log.read_text("utf-8", errors="replace").splitlines():
            _, _, at, direction, call, _, start_line = line.split("\t", 6)
            if direction == "R" and start_line.startswith("INVITE sip:"):
                user = start_line.removeprefix("INVITE sip:").partition("@")[0]
                first.setdefault(call, Invite(float(at), user))
        return list(first.values())

    def complaints(self) -> str:
        """What SIPp wrote about messages that it did not expect."""
        return self._errors.read_text("utf-8", "replace") if self._errors.exists() else ""


_LOGGED: Final = re.compile(
    r"^UDP message (received|sent)[^\n]*\n\n(.*?)(?=^-{20,}|\Z)", re.MULTILINE | re.DOTALL
)
