"""Plays that wait: in order, without gaps, within their limits, and each finished once."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.callsocket.errors import BadMessage
from callwright.protocol.callsocket.messages import Format, PlayStart
from callwright.protocol.callsocket.play_queue import MAX_FRAMES, MAX_PLAYS, PlayQueue

TICK = 160
"""Samples of 20 ms."""


def heard(queue: PlayQueue, samples: int = TICK) -> bytes:
    return b"".join(piece.sound for piece in queue.take(samples))


def started(**members: object) -> PlayQueue:
    queue = PlayQueue()
    queue.start(PlayStart("a", **members))  # type: ignore[arg-type]  # a table's columns
    return queue


@pytest.mark.parametrize(
    ("format_", "channels", "size"),
    [(Format.PCM_16, 1, 2), (Format.PCM_16, 2, 4)]
    + [(it, channels, channels) for it in (Format.A_LAW, Format.MU_LAW, Format.PCM_8)
       for channels in (1, 2)],
)  # fmt: skip
def test_a_tick_is_20_ms_of_any_format(format_: Format, channels: int, size: int) -> None:
    channel = 0 if format_ is Format.PCM_16 else min(1, channels)
    queue = started(format=format_, channels=channels, channel=channel, initial_buffer_ms=0)
    queue.add(bytes(TICK * size) + b"\1" * size)
    assert len(heard(queue)) == TICK * size
    assert heard(queue) == b"\1" * size
    for wrong in range(1, size):
        with pytest.raises(BadMessage, match=f"{size + wrong} bytes; expected a multiple of"):
            queue.add(bytes(size + wrong))


@pytest.mark.parametrize(
    ("buffer_ms", "frames_before"), [(0, 1), (1, 1), (20, 1), (21, 2), (100, 5), (101, 6)]
)
def test_a_play_begins_when_enough_is_there(buffer_ms: int, frames_before: int) -> None:
    queue = started(initial_buffer_ms=buffer_ms)
    for _ in range(frames_before):
        assert heard(queue) == b""
        queue.add(bytes(320))
    assert heard(queue) == bytes(320)


def test_a_play_that_ended_or_is_full_waits_for_nothing() -> None:
    queue = started(initial_buffer_ms=1000)
    queue.add(bytes(320))
    queue.end()
    assert heard(queue) == bytes(320)
    queue.start(PlayStart("b", initial_buffer_ms=50_000))
    for _ in range(MAX_FRAMES):
        assert heard(queue) == b""
        queue.add(bytes(2))
    assert heard(queue) == bytes(320)


def test_a_play_that_has_begun_goes_on_as_its_sound_comes() -> None:
    queue = started(initial_buffer_ms=20)
    for _ in range(3):
        queue.add(bytes(320))
        assert heard(queue) == bytes(320)
        assert heard(queue) == b""
    assert queue.finished() == []
    queue.end()
    assert heard(queue) == b""
    assert queue.finished() == ["a"]


def test_one_play_follows_another_within_a_tick() -> None:
    queue = PlayQueue()
    for play, sound in (("a", b"\1" * 100), ("", b"\2" * 4), ("c", b""), ("d", b"\4" * 400)):
        queue.start(PlayStart(play))
        queue.add(sound)
        queue.end()
    assert heard(queue) == b"\1" * 100 + b"\2" * 4 + b"\4" * 216
    assert queue.finished() == ["a", "", "c"]
    assert heard(queue) == b"\4" * 184
    assert queue.finished() == ["d"]
    assert queue.finished() == []
    assert queue.is_empty


def test_a_fifth_play_is_refused_until_one_is_through() -> None:
    queue = PlayQueue()
    for play in range(MAX_PLAYS):
        queue.start(PlayStart(str(play)))
        queue.add(bytes(320))
        queue.end()
    with pytest.raises(BadMessage, match="'4' is one too many; at most 4"):
        queue.start(PlayStart("4"))
    with pytest.raises(BadMessage, match="outside of a play"):
        queue.add(bytes(320))
    heard(queue)
    queue.start(PlayStart("4"))


def test_a_frame_too_many_is_refused_until_one_was_heard() -> None:
    queue = started()
    for number in range(MAX_FRAMES):
        queue.add(bytes((number, 0)) * TICK)
    with pytest.raises(BadMessage, match="more than 250 frames"):
        queue.add(bytes(320))
    assert heard(queue, TICK // 2) == bytes(320)[:TICK]
    with pytest.raises(BadMessage, match="more than 250 frames"):
        queue.add(bytes(320))
    heard(queue, TICK // 2)
    queue.add(bytes(320))
    assert heard(queue) == bytes((1, 0)) * TICK


@pytest.mark.parametrize("ending", [PlayQueue.end, PlayQueue.abort])
@pytest.mark.parametrize("has_play", [True, False])
def test_sound_and_ends_outside_of_a_play_are_refused(
    ending: Callable[[PlayQueue], None], *, has_play: bool
) -> None:
    queue = started() if has_play else PlayQueue()
    if has_play:
        ending(queue)
    with pytest.raises(BadMessage, match="sound outside of a play; expected audio_play_start"):
        queue.add(bytes(320))
    with pytest.raises(BadMessage, match="the end of a play outside of a play"):
        queue.end()
    queue.start(PlayStart("b"))
    queue.add(bytes(320))


def test_a_play_in_another_one_is_refused_and_disturbs_nothing() -> None:
    queue = started(initial_buffer_ms=0)
    with pytest.raises(BadMessage, match="before play 'a' was ended"):
        queue.start(PlayStart("b"))
    queue.add(bytes(320))
    assert heard(queue) == bytes(320)


def test_abort_finishes_all_plays_in_order_and_forgets_their_sound() -> None:
    queue = PlayQueue()
    for play in ("a", "b", "c"):
        queue.start(PlayStart(play))
        queue.add(bytes(320))
        if play != "c":
            queue.end()
    queue.abort()
    assert queue.finished() == ["a", "b", "c"]
    assert heard(queue) == b""
    queue.start(PlayStart("d", initial_buffer_ms=0))
    queue.add(b"\1" * 320)
    assert heard(queue) == b"\1" * 320
    queue.abort()
    queue.abort()
    assert queue.finished() == ["d"]


PLAYS = st.builds(
    PlayStart,
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(Format),
    initial_buffer_ms=st.integers(0, 200),
)
STEPS = st.lists(
    st.one_of(PLAYS, st.binary(max_size=1600), st.sampled_from(["end", "abort", "take"])),
    max_size=80,
)


@given(STEPS)
def test_nothing_is_lost_doubled_or_out_of_order(steps: list[PlayStart | bytes | str]) -> None:
    queue = PlayQueue()
    begun: list[str] = []
    finished: list[str] = []
    sent, taken = bytearray(), bytearray()
    for step in steps:
        try:
            match step:
                case PlayStart():
                    queue.start(step)
                    begun.append(step.id)
                case bytes():
                    queue.add(step)
                    sent += step
                case "end":
                    queue.end()
                case "abort":
                    queue.abort()
                    sent[len(taken) :] = b""
                case _:
                    pieces = queue.take(TICK)
                    assert sum(len(it.sound) // it.play.sample_bytes for it in pieces) <= TICK
                    taken += b"".join(it.sound for it in pieces)
        except BadMessage:
            continue
        finished += queue.finished()
    assert sent.startswith(taken)
    queue.abort()
    assert finished + queue.finished() == begun
