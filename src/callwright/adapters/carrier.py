"""The simulated carrier's process: started when the trunk is `sim:`, replaced, ended with us."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

import structlog

log: Final = structlog.get_logger()

START_PATIENCE: Final = 30.0
"""Seconds until the carrier must have said where it listens; it may make its voices first."""

RESTART_PAUSE: Final = 1.0
"""Seconds before a dead carrier is replaced, so that one that cannot run does not spin."""


class CarrierUnavailable(OSError):
    """The simulated carrier did not start."""


class CarrierProcess:
    """A simulated carrier on a loopback port; one that dies is replaced on the same port."""

    def __init__(self, *, voices: Path, log_file: Path) -> None:
        """`voices` keeps what its far ends say; `log_file` is appended to."""
        self._voices = voices
        self._log_file = log_file
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._leash = -1

    async def start(self) -> tuple[str, int]:
        """Start it; returns where it takes calls.

        Raises:
            CarrierUnavailable: it did not say so in time.

        """
        host, port = await self._spawn("127.0.0.1:0")
        self._keeper = asyncio.create_task(self._keep(f"{host}:{port}"), name="carrier")
        return host, port

    async def stop(self) -> None:
        """End it."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self._end()

    async def _keep(self, address: str) -> None:
        """Replace one carrier after another at the same address."""
        while True:
            if self._process is not None:
                exit_code = await self._process.wait()
                log.error("carrier.died", exit_code=exit_code)
            await self._end()
            await asyncio.sleep(RESTART_PAUSE)
            try:
                await self._spawn(address)
            except CarrierUnavailable as problem:
                log.error("carrier.not_replaced", problem=str(problem))  # noqa: TRY400 - expected

    async def _spawn(self, address: str) -> tuple[str, int]:
        # The carrier ends when the other end of this pipe does: when we stop, or are killed.
        theirs, self._leash = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "callwright.carrier"),
                *("--sip", address, "--parent-fd", str(theirs)),
                *("--voice-dir", str(self._voices), "--log", str(self._log_file)),
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
            await self._end()
            raise CarrierUnavailable(f"the simulated carrier did not start (it said {line!r})")
        return host, int(port)

    async def _end(self) -> None:
        if self._leash >= 0:
            os.close(self._leash)
            self._leash = -1
        if self._process is not None:
            await self._process.wait()
            self._process = None
