"""The call that is none: what it lets happen, and what it does not let pass."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from callwright.callsocket import Call, Digit, Ended, Origin, PlayOptions, converse, tone
from callwright.callsocket.testing import TestCall

AUDIO_START = '{"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1}'


async def listen(call: Call) -> None:
    """Do nothing until the call is over."""
    async for _ in call:
        pass


def test_a_handler_that_fails_fails_the_test() -> None:
    async def handler(call: Call) -> None:
        async for event in call:
            assert not isinstance(event, Digit), event

    with pytest.raises(AssertionError, match="7"), TestCall(handler) as call:
        call.press("7")
    assert call.ended == Ended(Origin.SERVER, "FAILED", 1011)


def test_a_handler_that_goes_on_for_ever_is_cancelled_half_a_minute_after_the_call() -> None:
    ended: list[float] = []

    async def handler(_: Call) -> None:
        try:
            await asyncio.sleep(1e9)
        finally:
            ended.append(asyncio.get_running_loop().time())

    with TestCall(handler) as call:
        call.wait(5)
    assert ended == [pytest.approx(35, abs=0.1)]


def test_a_handler_may_finish_its_work_after_the_call() -> None:
    saved: list[bool] = []

    async def handler(call: Call) -> None:
        await listen(call)
        await asyncio.sleep(20)
        saved.append(True)

    with TestCall(handler):
        pass
    assert saved == [True]


def test_verbs_need_a_call_that_goes_on() -> None:
    with TestCall(listen) as call:
        call.hang_up()
        for verb in (call.hang_up, call.lose, call.overflow, lambda: call.press("1")):
            with pytest.raises(AssertionError, match="this call is over"):
                verb()
        with pytest.raises(AssertionError, match="this call is over"):
            call.say(tone(440, 1.0))
        assert call.wait(1.0) == b""


def test_keys_are_messages_with_one_sub_protocol_alone() -> None:
    with (
        TestCall(listen, sub_protocol=None) as call,
        pytest.raises(AssertionError, match="say their tones"),
    ):
        call.press("1")


def test_a_key_that_there_is_not_is_refused() -> None:
    with TestCall(listen) as call, pytest.raises(ValueError, match="'x' is no key"):
        call.press("x")


def test_what_is_heard_lasts_as_long_as_the_call() -> None:
    with TestCall(listen) as call:
        assert call.wait(0.5) == bytes(8000)
        assert call.say(bytes(100)) == bytes(320)
    assert len(call.heard) == 8320


def test_a_play_waits_for_its_initial_buffer() -> None:
    async def slow() -> AsyncIterator[bytes]:
        for _ in range(100):
            await asyncio.sleep(0.02)
            yield bytes([1]) * 320

    async def handler(call: Call) -> None:
        await call.play(slow(), PlayOptions(initial_buffer_ms=1000))

    with TestCall(handler) as call:
        assert call.wait(0.9).strip(b"\0") == b""
        assert call.wait(0.5).strip(b"\0") != b""
        call.wait(2.0)
    assert call.problems == []
    assert call.heard.strip(b"\0") == bytes([1]) * 32000


def test_a_connection_that_breaks_in_an_unexpected_way_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken:
        """Says how a call begins, and then raises what no library should."""

        sub_protocol, path, close_code = None, "/", None

        def __init__(self) -> None:
            self._says = ['{"type": "call_start", "from": "44"}', AUDIO_START]

        async def receive(self) -> str:
            if not self._says:
                raise LookupError("a bug")
            return self._says.pop(0)

        async def send(self, message: str | bytes) -> None:
            assert message

        async def close(self, code: int, reason: str = "") -> None:
            assert code == 1000, reason

    asyncio.run(converse(Broken(), listen, finish_within=0))
    assert [record.message for record in caplog.records] == [
        "a connection broke in an unexpected way",
        "a handler went on after its call; it was cancelled",
    ]
