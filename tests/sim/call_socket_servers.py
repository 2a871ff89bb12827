"""Servers of call WebSockets on loopback, each written with another library, all with one manner.

```python
authority = Authority()
with AiohttpServer(authority.certificate()) as server:
    ...  # call server.url("/tone?hertz=440"); see call_socket_manners.py for other paths
    call = server.wait_for_call()
    call.wait_for("call_end")
    assert call.close_code == 1000
```

They run beside the test, so that it may be a coroutine, a plain function or a journey.
"""

import asyncio
import base64
import json
import os
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

from tests.sim.authority import Certificate

COMES_WITHIN: Final = 15.0
"""Seconds a test waits for what should come; a bound for a failure, never waited out."""

SUB_PROTOCOL: Final = "v2.ws.cloud.aculab.com"
"""What the servers answer unless told otherwise: with it keys are messages."""

_PROGRAM: Final = Path(__file__).with_name("ws_server.js")

NODE_MODULES: Final = "/usr/share/nodejs"
"""Where Debian puts node-ws; a Node of another origin does not look there by itself."""


@dataclass(slots=True)
class SeenCall:
    """One connection as the server saw it; filled in while it lasts."""

    path: str
    offered: tuple[str, ...]
    """Sub-protocols in the order of the client."""
    changed: threading.Condition
    selected: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    sound: bytearray = field(default_factory=bytearray)
    """Every binary frame's bytes, in order."""
    frame_sizes: list[int] = field(default_factory=list)
    is_over: bool = False
    close_code: int | None = None
    """The code of the client's Close frame; None while the call lasts, 1006 without one."""

    def kinds(self) -> list[str]:
        """The types of the messages, in order."""
        return [message["type"] for message in self.messages]

    def wait_for(self, kind: str, *, times: int = 1) -> dict[str, Any]:
        """Return the message of a type, as soon as so many of them have come."""
        with self.changed:
            came = self.changed.wait_for(lambda: self.kinds().count(kind) >= times, COMES_WITHIN)
            assert came, f"no {kind} number {times} in {self.kinds()}"
            return [message for message in self.messages if message["type"] == kind][times - 1]

    def wait_for_sound(self, frames: int) -> bytes:
        """Return all sound so far, as soon as it is so many frames."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.frame_sizes) >= frames, COMES_WITHIN)
            assert came, f"{len(self.frame_sizes)} frames came, not {frames}"
            return bytes(self.sound)

    def wait_until_over(self) -> None:
        """Return when the connection is closed."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.is_over, COMES_WITHIN), "the call goes on"

    def take(self, message: str | bytes) -> None:
        """Note one message of the client."""
        with self.changed:
            if isinstance(message, bytes):
                self.sound += message
                self.frame_sizes.append(len(message))
            else:
                self.messages.append(json.loads(message))
            self.changed.notify_all()

    def end(self, close_code: int | None) -> None:
        """Note that the connection is closed."""
        with self.changed:
            self.close_code = 1006 if close_code is None else close_code
            self.is_over = True
            self.changed.notify_all()


class CallSocketServer(ABC):
    """Serves from `__enter__` to `__exit__`; without a certificate it speaks `ws`, not `wss`."""

    def __init__(
        self, certificate: Certificate | None = None, *, sub_protocols: Sequence[str] | None = None
    ) -> None:
        self.calls: list[SeenCall] = []
        self.targets: list[str] = []
        """Every request target asked, also where the handshake went wrong."""
        self.port = 0
        self.certificate = certificate
        self.sub_protocols = tuple([SUB_PROTOCOL] if sub_protocols is None else sub_protocols)
        self.changed = threading.Condition()

    def url(self, path: str, host: str = "localhost") -> str:
        """The URL to call."""
        return f"{'wss' if self.certificate else 'ws'}://{host}:{self.port}{path}"

    def wait_for_call(self, number: int = 1) -> SeenCall:
        """Return the call of this number, counted from 1, as soon as it is connected."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.calls) >= number, COMES_WITHIN)
            assert came, f"{len(self.calls)} calls came, not {number}"
            return self.calls[number - 1]

    def is_asked_for(self, target: str) -> None:
        """Note that this was asked."""
        with self.changed:
            self.targets.append(target)
            self.changed.notify_all()

    def wait_for_target(self, target: str) -> None:
        """Return when this was asked."""
        with self.changed:
            came = self.changed.wait_for(lambda: target in self.targets, COMES_WITHIN)
            assert came, f"{target} was not asked, but {self.targets}"

    def connected(self, path: str, offered: Sequence[str], selected: str | None) -> SeenCall:
        """Note a new call."""
        call = SeenCall(path, tuple(offered), self.changed, selected)
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()
        return call

    def listens_on(self, port: int) -> None:
        """Note that the server is ready."""
        with self.changed:
            self.port = port
            self.changed.notify_all()

    def __enter__(self) -> Self:
        self.start()
        with self.changed:
            assert self.changed.wait_for(lambda: self.port, COMES_WITHIN), "the server is not there"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abstractmethod
    def start(self) -> None:
        """Begin to serve; `listens_on` is called once it is ready."""

    @abstractmethod
    def stop(self) -> None:
        """Cut every connection and end."""


class LoopServer(CallSocketServer):
    """A server on an event loop, in a thread of its own."""

    def __init__(
        self, certificate: Certificate | None = None, *, sub_protocols: Sequence[str] | None = None
    ) -> None:
        super().__init__(certificate, sub_protocols=sub_protocols)
        self.stopped = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.stopped.set)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self.serve())
        self._loop.close()

    @abstractmethod
    async def serve(self) -> None:
        """Serve until `stopped` is set."""


class NodeServer(CallSocketServer):
    """Written with Node's `ws`: a process of its own that prints what it sees, a line a fact."""

    def start(self) -> None:
        self._folder = TemporaryDirectory()
        files: list[str] = []
        if self.certificate:
            files = [str(path) for path in self.certificate.write(Path(self._folder.name))]
        self._process = subprocess.Popen(
            ["node", str(_PROGRAM), ",".join(self.sub_protocols), *files],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "NODE_PATH": NODE_MODULES},
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def stop(self) -> None:
        assert self._process.stdin
        # The program ends when its standard input does, as it would if this process died.
        self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()
        self._folder.cleanup()

    def _read(self) -> None:
        assert self._process.stdout
        calls: dict[int, SeenCall] = {}
        for line in self._process.stdout:
            fact = json.loads(line)
            match fact["fact"]:
                case "listens":
                    self.listens_on(fact["port"])
                case "asked":
                    self.is_asked_for(fact["path"])
                case "connected":
                    selected = fact["selected"] or None
                    calls[fact["call"]] = self.connected(fact["path"], fact["offered"], selected)
                case "text":
                    calls[fact["call"]].take(fact["text"])
                case "sound":
                    calls[fact["call"]].take(base64.b64decode(fact["sound"]))
                case "over":
                    calls[fact["call"]].end(fact["code"])
