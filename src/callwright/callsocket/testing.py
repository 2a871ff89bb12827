"""A call that is none: runs a handler as the platform would, on virtual time and without a network.

    with TestCall(handler) as call:
        assert loudness(call.wait(1.0)) > 0.1      # what was played meanwhile
        call.press("1")
        call.say(tone(440, 2.0))
        call.hang_up()
    assert call.problems == []

Time passes in `wait` and `say` alone, and takes none: the clock of the event loop jumps. So a
handler must not wait for anything but the call, `asyncio.sleep` and its own tasks; whatever needs
a network or a thread is given to it by the test.
"""

import asyncio
import selectors
from types import TracebackType
from typing import ClassVar, Final, Self

from .call import Call, Handler
from .conversation import converse
from .messages import Ended, Origin
from .rehearsal import FRAME_BYTES, RehearsedPlatform
from .session import CONNECTION_LOST, DIGITS
from .sound import FRAME_MS

KEYS: Final = "0123456789*#ABCD"
TICK: Final = FRAME_MS / 1000
SILENCE: Final = bytes(FRAME_BYTES)


class TestCall:
    """A call to a handler; begins with the first verb, ends with the block at the latest."""

    __test__: ClassVar = False
    """Not a class of tests, whatever pytest makes of its name."""

    def __init__(
        self,
        handler: Handler,
        *,
        caller: str = "441632960961",
        path: str = "/",
        sub_protocol: str | None = DIGITS,
    ) -> None:
        """Say who calls what; without a `sub_protocol` keys are tones, which you have to `say`."""
        self._handler = handler
        self._platform = RehearsedPlatform(caller, takes_digits=sub_protocol == DIGITS)
        self._connection = _RehearsedConnection(self._platform, path, sub_protocol)
        self._runner = asyncio.Runner(loop_factory=_VirtualLoop)
        self._talk: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._heard = bytearray()

    @property
    def heard(self) -> bytes:
        """All that was heard of the handler since the call began, with its silence."""
        return bytes(self._heard)

    @property
    def finished(self) -> list[str]:
        """Plays that are over, by their `id`, in order."""
        return list(self._platform.finished)

    @property
    def problems(self) -> list[str]:
        """What the platform did not understand or could not do: none in a good handler."""
        return list(self._platform.problems)

    @property
    def ended(self) -> Ended | None:
        """How the call ended, once it has: what the application that called is told."""
        return self._platform.ended

    def wait(self, seconds: float) -> bytes:
        """Let time go by in silence; returns what was heard meanwhile."""
        return self._pass(SILENCE * round(seconds / TICK))

    def say(self, sound: bytes) -> bytes:
        """Say 16-bit linear sound, as long as it lasts; returns what was heard meanwhile."""
        self._must_go_on()
        missing = -len(sound) % FRAME_BYTES
        return self._pass(sound + bytes(missing))

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._must_go_on()
        if not self._platform.takes_digits:
            raise AssertionError("keys are no messages with this sub-protocol: say their tones")
        for key in keys:
            if key not in KEYS:
                raise ValueError(f"{key!r} is no key: one of {KEYS} was expected")
            self._platform.press(key)
        self._pass(b"")

    def overflow(self) -> None:
        """Let the platform warn that it drops sound."""
        self._must_go_on()
        self._platform.warn()
        self._pass(b"")

    def hang_up(self, cause: str = "NORMAL", raw_cause: int = 0) -> None:
        """Let the one who calls hang up, or the application end the call."""
        self._must_go_on()
        self._platform.hang_up(cause, raw_cause)
        self._pass(b"")

    def lose(self) -> None:
        """Let the connection break."""
        self._must_go_on()
        self._platform.lose(Ended(Origin.ERROR, "FAILED", CONNECTION_LOST))
        self._connection.end(None)
        self._pass(b"")

    def __enter__(self) -> Self:
        """Begin."""
        self._pass(b"")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the call unless it is over, and let the handler come to its end."""
        try:
            if error is None:
                if self.ended is None:
                    self.hang_up()
                self._runner.run(self._finish())
                self._raise_failure()
        finally:
            self._runner.close()

    def _must_go_on(self) -> None:
        if self.ended is not None:
            raise AssertionError(f"this call is over: {self.ended}")

    def _pass(self, said: bytes) -> bytes:
        before = len(self._heard)
        self._runner.run(self._live(said))
        self._raise_failure()
        return bytes(self._heard[before:])

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    async def _live(self, said: bytes) -> None:
        if self._talk is None:
            self._talk = asyncio.create_task(converse(self._connection, self._watched))
        await _settle()
        for at in range(0, len(said), FRAME_BYTES):
            if self.ended is None:
                self._heard += self._platform.tick(said[at : at + FRAME_BYTES])
            self._connection.deliver()
            await asyncio.sleep(TICK)
        self._connection.deliver()
        await _settle()

    async def _finish(self) -> None:
        if self._talk is not None:
            await self._talk

    async def _watched(self, call: Call) -> None:
        try:
            await self._handler(call)
        except Exception as problem:
            self._failure = problem
            raise


class _RehearsedConnection:
    """Carries frames to and fro, at once."""

    def __init__(self, platform: RehearsedPlatform, path: str, sub_protocol: str | None) -> None:
        self._platform = platform
        self._messages: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._is_closed = False
        self.path = path
        self.sub_protocol = sub_protocol
        self.close_code: int | None = None
        self.deliver()

    def deliver(self) -> None:
        """Carry over what the platform has said, and its Close."""
        said, self._platform.to_send = self._platform.to_send, []
        for message in said:
            self._messages.put_nowait(message)
        if self._platform.close_code is not None:
            self.end(self._platform.close_code)

    def end(self, close_code: int | None) -> None:
        """Close it from the platform's side."""
        if not self._is_closed:
            self._is_closed = True
            self.close_code = close_code
            self._messages.put_nowait(None)

    async def receive(self) -> str | bytes | None:
        return await self._messages.get()

    async def send(self, message: str | bytes) -> None:
        if not self._is_closed:
            self._platform.receive(message)
            self.deliver()

    async def close(self, code: int, reason: str = "") -> None:  # noqa: ARG002 - nobody reads it
        if not self._is_closed:
            cause = "NORMAL" if code in {1000, 1001} else "FAILED"
            self._platform.lose(Ended(Origin.SERVER, cause, code))
            self.end(None)


class _VirtualLoop(asyncio.SelectorEventLoop):
    """Its clock jumps to whatever comes next."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class _JumpingSelector(selectors.DefaultSelector):
    """Moves the clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("the handler waits for something that will never come")
        if not ready and timeout:
            self.now += timeout
        return ready


async def _settle() -> None:
    """Let everything run that can: one virtual microsecond comes when nothing else can."""
    await asyncio.sleep(1e-6)
