"""A handler's call: what it hears, what it plays, how it ends; against the rehearsed platform."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.callsocket import (
    Call,
    Digit,
    Encoding,
    Ended,
    Event,
    Origin,
    Overflow,
    Play,
    PlayFinished,
    PlayOptions,
    SoundHeard,
    loudness,
    tone,
)
from callwright.callsocket.call import MAX_EVENTS
from callwright.callsocket.testing import TestCall

A_SECOND = tone(440, 1.0)
LONG = tone(440, 30.0)


def test_what_is_said_is_heard_and_keys_and_the_end_come_between() -> None:
    events: list[Event] = []

    async def handler(call: Call) -> None:
        events.extend([event async for event in call])

    with TestCall(handler, caller="sip:ann@example.com") as call:
        call.say(tone(440, 0.04))
        call.press("1#")
        call.overflow()
        call.hang_up("BUSY", 17)
    said = tone(440, 0.04)
    assert events == [
        SoundHeard(said[:320]),
        SoundHeard(said[320:]),
        Digit("1"),
        Digit("#"),
        Overflow(),
        Ended(Origin.CLIENT, "BUSY", 17),
    ]
    assert call.ended == events[-1]


def test_a_call_knows_who_calls_and_what() -> None:
    seen: list[object] = []

    async def handler(call: Call) -> None:
        seen.extend([call.caller, call.path, call.takes_digits, call.format.channels, call.is_over])
        async for _ in call:
            pass
        seen.extend([call.is_over, call.ended])

    with TestCall(handler, caller="sip:ann@example.com", path="/agent?language=en"):
        pass
    ended = Ended(Origin.CLIENT, "NORMAL", 0)
    assert seen == ["sip:ann@example.com", "/agent?language=en", True, 1, False, True, ended]


def test_what_is_played_is_heard_without_a_gap() -> None:
    outcomes: list[bool] = []

    async def handler(call: Call) -> None:
        outcomes.append(await call.play(A_SECOND, id="one"))
        outcomes.append(await call.play(A_SECOND, id="two"))

    with TestCall(handler) as call:
        call.wait(3.0)
    assert outcomes == [True, True]
    assert call.finished == ["one", "two"]
    assert call.problems == []
    assert call.ended == Ended(Origin.SERVER, "NORMAL", 0)
    heard = call.heard.strip(b"\0")
    assert heard.startswith(A_SECOND.strip(b"\0"))


def test_plays_that_are_begun_follow_each_other_sample_by_sample() -> None:
    async def handler(call: Call) -> None:
        plays = [call.begin_play(A_SECOND[at : at + 1600]) for at in range(0, len(A_SECOND), 1600)]
        assert [await play.heard() for play in plays] == [True] * 10

    with TestCall(handler) as call:
        call.wait(3.0)
    assert call.problems == []
    assert A_SECOND in call.heard
    assert call.finished == [f"play-{number}" for number in range(1, 11)]


def pieces(sound: bytes, size: int) -> Iterator[bytes]:
    return (sound[at : at + size] for at in range(0, len(sound), size))


async def paced(sound: bytes, size: int) -> AsyncIterator[bytes]:
    for piece in pieces(sound, size):
        await asyncio.sleep(len(piece) / 16000)
        yield piece


@pytest.mark.parametrize("size", [1, 7, 320, 5000, 100_000])
def test_sound_may_come_in_pieces_of_any_length(size: int) -> None:
    async def handler(call: Call) -> None:
        assert await call.play(pieces(A_SECOND, size))
        assert await call.play(paced(A_SECOND, size), PlayOptions(initial_buffer_ms=400))

    with TestCall(handler) as call:
        call.wait(10.0)
    assert call.problems == []
    assert call.heard.count(A_SECOND[2:-2]) == 2


def test_half_a_minute_at_once_never_overflows_the_platform() -> None:
    async def handler(call: Call) -> None:
        assert await call.play(LONG)

    with TestCall(handler) as call:
        call.wait(31.0)
    assert call.problems == []
    assert LONG in call.heard


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Encoding),
            st.integers(1, 2),
            st.integers(0, 2),
            st.integers(0, 3000),
            st.integers(0, 12_000),
            st.sampled_from([0.0, 0.0, 0.3, 2.0]),
        ),
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_whatever_is_played_the_platform_has_nothing_against_it(
    plays: list[tuple[Encoding, int, int, int, int, float]],
) -> None:
    async def handler(call: Call) -> None:
        for encoding, channels, channel, buffer_ms, samples, pause in plays:
            try:
                options = PlayOptions(encoding, channels, channel, buffer_ms)
            except ValueError:
                continue
            play = call.begin_play(bytes(samples * options.format.sample_bytes), options)
            await asyncio.sleep(pause)
            if samples % 5 == 0:
                was_over = play.is_over
                await call.abort()
                assert play.is_over
                assert await play.heard() == was_over
            elif samples % 3 == 0:
                assert await play.heard()

    with TestCall(handler) as call:
        call.wait(20.0)
    assert call.problems == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"channels": 3}, "channels is 3"),
        ({"channel": 3}, "channel is 3 of 1"),
        ({"channel": 2}, "channel is 2 of 1"),
        ({"channel": -1}, "channel is -1 of 1"),
        ({"channels": 2, "encoding": Encoding.A_LAW}, "two channels of alaw cannot be mixed"),
        ({"initial_buffer_ms": 3001}, "initial_buffer_ms is 3001: 0 to 3000"),
        ({"initial_buffer_ms": -1}, "initial_buffer_ms is -1"),
    ],
)
def test_options_that_the_platform_would_refuse_are_refused_here(
    options: dict[str, int], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        PlayOptions(**options)  # type: ignore[arg-type] # what a careless caller writes


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_one_of_two_channels_is_heard_or_both(channel: int) -> None:
    left, right = tone(440, 0.1, loudness=0.2), tone(700, 0.1, loudness=0.2)
    both = b"".join(left[at : at + 2] + right[at : at + 2] for at in range(0, len(left), 2))

    async def handler(call: Call) -> None:
        await call.play(both, PlayOptions(channels=2, channel=channel))

    with TestCall(handler) as call:
        call.wait(1.0)
    mixed = b"".join(
        (a + b).to_bytes(2, "little", signed=True)
        for a, b in zip(memoryview(left).cast("h"), memoryview(right).cast("h"), strict=True)
    )
    assert (mixed, left, right)[channel] in call.heard


def test_a_play_that_is_aborted_is_silent_at_once_and_another_may_follow() -> None:
    plays: list[Play] = []

    async def handler(call: Call) -> None:
        plays.extend(call.begin_play(LONG) for _ in range(6))
        async for event in call:
            if isinstance(event, Digit):
                await call.abort()
                assert [await play.heard() for play in plays] == [False] * 6
                assert await call.play(tone(700, 0.2), id="after")

    with TestCall(handler) as call:
        assert loudness(call.wait(2.0)) > 0.1
        call.press("1")
        assert loudness(call.wait(0.2)) > 0.1
        call.wait(1.0)
        assert loudness(call.wait(1.0)) == 0
    assert call.problems == []
    assert call.finished[-1] == "after"


def test_nothing_is_aborted_where_nothing_is_played() -> None:
    async def handler(call: Call) -> None:
        await call.abort()
        await call.play(A_SECOND)

    with TestCall(handler) as call:
        call.wait(2.0)
    assert call.finished == ["play-1"]


def test_a_play_is_not_heard_to_its_end_when_the_call_ends_in_it() -> None:
    outcomes: list[bool] = []

    async def handler(call: Call) -> None:
        # All of it has been sent when the call ends, a second before it is through.
        outcomes.append(await call.play(tone(440, 2.0)))
        outcomes.append(await call.play(tone(440, 2.0)))

    with TestCall(handler) as call:
        call.wait(1.3)
        call.hang_up()
    assert outcomes == [False, False]


def test_sound_that_ends_within_a_sample_is_told_where_it_is_played() -> None:
    async def handler(call: Call) -> None:
        with pytest.raises(ValueError, match="ends with 1 bytes of a sample"):
            await call.play(bytes(321))
        assert await call.play(A_SECOND)

    with TestCall(handler) as call:
        call.wait(2.0)
    assert call.problems == []


def test_a_source_that_breaks_breaks_its_play_alone() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield A_SECOND
        raise LookupError("the speech has run out")

    async def handler(call: Call) -> None:
        with pytest.raises(LookupError):
            await call.play(broken())
        assert await call.play(A_SECOND)

    with TestCall(handler) as call:
        call.wait(3.0)
    assert call.problems == []
    assert call.heard.count(A_SECOND[2:-2]) == 2


def test_a_handler_hangs_up_once() -> None:
    async def handler(call: Call) -> None:
        call.begin_play(LONG)
        await asyncio.sleep(1)
        with pytest.raises(ValueError, match="BORED"):
            await call.hang_up("BORED")
        await call.hang_up("CALL_REJECTED", 21)
        await call.hang_up()
        assert call.is_over
        assert not await call.play(A_SECOND)
        assert [event async for event in call if not isinstance(event, SoundHeard | PlayFinished)]

    with TestCall(handler) as call:
        call.wait(2.0)
    assert call.ended == Ended(Origin.SERVER, "CALL_REJECTED", 21)


def test_a_handler_that_returns_hangs_up() -> None:
    async def handler(call: Call) -> None:
        assert call.caller

    with TestCall(handler) as call:
        call.wait(0.1)
        assert call.ended == Ended(Origin.SERVER, "NORMAL", 0)


def test_a_handler_that_looks_away_hears_the_latest_and_misses_no_key() -> None:
    events: list[Event] = []

    async def handler(call: Call) -> None:
        await asyncio.sleep(60)
        events.extend([event async for event in call])

    with TestCall(handler) as call:
        call.press("1")
        call.wait(50)
        call.press("2")
        call.wait(20)
    keys = [event for event in events if isinstance(event, Digit)]
    assert keys == [Digit("1"), Digit("2")]
    assert isinstance(events[-1], Ended)
    # Those that waited, and those of the ten seconds after.
    assert len(events) == MAX_EVENTS + 500 + 1


def test_a_second_look_at_the_events_after_the_end_sees_none() -> None:
    async def handler(call: Call) -> None:
        assert [event async for event in call]
        assert [event async for event in call] == []

    with TestCall(handler) as call:
        call.hang_up()


def test_a_connection_that_breaks_is_an_end_too() -> None:
    events: list[Event] = []

    async def handler(call: Call) -> None:
        play = call.begin_play(LONG)
        events.extend([event async for event in call])
        assert not await play.heard()

    with TestCall(handler) as call:
        call.lose()
    assert events == [Ended(Origin.ERROR, "FAILED", 1006)]
