"""The simulated carrier's process: started when the trunk is `sim:`, ended with us."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

START_PATIENCE: Final = 30.0
"""Seconds until the carrier must have said where it listens; it may make its voices first."""


class CarrierUnavailable(OSError):
    """The simulated carrier did not start."""


class CarrierProcess:
    """One simulated carrier on a free loopback port."""

    def __init__(self, *, voices: Path, log: Path) -> None:
        """`voices` keeps what its far ends say; `log` is appended to."""
        self._voices = voices
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._leash = -1

    async def start(self) -> tuple[str, int]:
        """Start it; returns where it takes calls.

        Raises:
            CarrierUnavailable: it did not say so in time.

        """
        # The carrier ends when the other end of this pipe does: when we stop, or are killed.
        theirs, self._leash = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "callwright.carrier"),
                *("--sip", "127.0.0.1:0", "--parent-fd", str(theirs)),
                *("--voice-dir", str(self._voices), "--log", str(self._log)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=[theirs],
            )
        finally:
            os.close(theirs)
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(START_PATIENCE):
                line = (await self._process.stdout.readline()).decode().strip()
        except TimeoutError:
            line = ""
        host, _, port = line.rpartition(":")
        if not port.isdecimal():
            await self.stop()
            raise CarrierUnavailable(f"the simulated carrier did not start (it said {line!r})")
        return host, int(port)

    async def stop(self) -> None:
        """End it."""
        if self._leash >= 0:
            os.close(self._leash)
            self._leash = -1
        if self._process is not None:
            await self._process.wait()
