"""The jitter buffer under scripted arrivals: a packet each 20 ms, and what befalls it."""

import random
from collections.abc import Callable

import pytest

from callwright.media.jitter_buffer import (
    FADES,
    MAX_DELAY_MS,
    MIN_DELAY_MS,
    START_DELAY_MS,
    Frame,
    JitterBuffer,
)

SILENCE = 0xFF
TICK = 160

Delay = Callable[[int], int | None]
"""A packet's way through the network, in samples; None when it is lost."""


def payload(number: int, size: int = TICK) -> bytes:
    """Sound that can be told from every other packet's."""
    return bytes((number % 251,)) * size


def play(
    delay: Delay,
    ticks: int,
    *,
    buffer: JitterBuffer | None = None,
    start: int = 5000,
    sender_tick: float = TICK,
) -> list[Frame]:
    """Send a packet each 20 ms of the far end's time, read and play each 20 ms of ours."""
    buffer = buffer or JitterBuffer(SILENCE)
    arrivals: list[tuple[int, int]] = []
    for number in range(ticks):
        late = delay(number)
        if late is not None:
            arrivals.append((round(number * sender_tick) + late, number))
    arrivals.sort()
    frames = []
    for tick in range(ticks):
        now = 1_000_000 + tick * TICK
        while arrivals and arrivals[0][0] <= tick * TICK:
            _, number = arrivals.pop(0)
            buffer.insert((start + number * TICK) & 0xFFFFFFFF, payload(number), now)
        frames.append(buffer.pull(now))
    return frames


def heard(frames: list[Frame]) -> list[int]:
    """The packets that were played in full, by number."""
    return [frame.codes[0] for frame in frames if frame.codes is not None and frame.gain == 1.0]


def in_time(_: int) -> int:
    return 0


def test_punctual_packets_are_played_in_order_after_the_starting_delay() -> None:
    frames = play(in_time, 50)
    held = START_DELAY_MS // 20
    assert [frame.codes for frame in frames[:held]] == [None] * held
    assert heard(frames) == list(range(50 - held))


@pytest.mark.parametrize("start", [0, 0xFFFFFF00, 0x7FFFFF80])
def test_timestamps_may_wrap(start: int) -> None:
    assert heard(play(in_time, 50, start=start)) == list(range(48))


def test_reordered_packets_are_put_in_order() -> None:
    frames = play(lambda number: TICK + TICK // 2 if number % 5 == 3 else 0, 100)
    assert heard(frames[20:]) == list(range(heard(frames[20:])[0], heard(frames[20:])[-1] + 1))


def test_a_lost_packet_is_covered_by_the_one_before() -> None:
    buffer = JitterBuffer(SILENCE)
    frames = play(lambda number: None if number == 10 else 0, 30, buffer=buffer)
    assert heard(frames) == [number for number in range(28) if number != 10]
    assert frames[12] == Frame(payload(9), FADES[0])
    assert buffer.frames_missing == 1


def test_a_longer_loss_fades_to_silence() -> None:
    frames = play(lambda number: None if 10 <= number < 16 else 0, 40)
    missing = frames[12:18]
    assert [frame.gain for frame in missing[:3]] == list(FADES)
    assert [frame.codes for frame in missing[3:]] == [None] * 3
    assert heard(frames[18:])[0] == 16


def test_a_repeated_packet_is_counted_and_played_once() -> None:
    buffer = JitterBuffer(SILENCE)
    frames = []
    for tick in range(20):
        now = tick * TICK
        for _ in range(2):
            buffer.insert(tick * TICK, payload(tick), now)
        frames.append(buffer.pull(now))
    assert heard(frames) == list(range(18))
    assert buffer.packets_repeated == 20


def test_a_packet_that_is_too_late_is_counted_and_dropped() -> None:
    buffer = JitterBuffer(SILENCE)
    frames = play(lambda number: 6 * TICK if number == 10 else 0, 30, buffer=buffer)
    assert 10 not in heard(frames)
    assert buffer.packets_late == 1


def test_a_burst_after_a_pause_of_the_network_is_played_whole() -> None:
    frames = play(lambda number: max(0, (25 - number) * TICK) if number >= 20 else 0, 80)
    played = heard(frames)
    assert played == sorted(played)
    assert set(range(78 - 5)) <= set(played)


@pytest.mark.parametrize("jitter_ms", [10, 20, 40, 60, 80])
def test_the_delay_follows_the_jitter(jitter_ms: int) -> None:
    chance = random.Random(jitter_ms)
    buffer = JitterBuffer(SILENCE)
    frames = play(lambda _: chance.randrange(jitter_ms * 8 + 1), 1500, buffer=buffer)
    assert jitter_ms <= buffer.delay_ms <= jitter_ms + 2 * MIN_DELAY_MS
    settled = heard(frames[500:])
    assert len(settled) >= 990  # of a thousand
    assert buffer.packets_late <= 15


def test_the_delay_never_exceeds_its_limit() -> None:
    chance = random.Random(1)
    buffer = JitterBuffer(SILENCE)
    play(lambda _: chance.randrange(3200), 500, buffer=buffer)
    assert buffer.delay_ms <= MAX_DELAY_MS


def test_the_delay_shrinks_again_once_packets_are_punctual() -> None:
    chance = random.Random(1)
    buffer = JitterBuffer(SILENCE)
    play(lambda number: chance.randrange(640) if number < 200 else 0, 200, buffer=buffer)
    assert buffer.delay_ms >= 80
    buffer_after = JitterBuffer(SILENCE)
    frames = play(
        lambda number: chance.randrange(640) if number < 200 else 0, 3000, buffer=buffer_after
    )
    assert buffer_after.delay_ms == MIN_DELAY_MS
    assert heard(frames)[-1] == (2999 - 1) % 251


def test_nothing_is_left_out_in_the_middle_of_a_word() -> None:
    buffer = JitterBuffer(SILENCE)
    spread = [0] * 100 + [480] + [0] * 100
    for tick in range(150):
        buffer.insert(tick * TICK, payload(tick), tick * TICK + spread[tick])
        buffer.pull(tick * TICK, is_quiet=True)
    held = buffer.delay_ms
    word = []
    for tick in range(150, 250):
        buffer.insert(tick * TICK, payload(tick), tick * TICK)
        word.append(buffer.pull(tick * TICK, is_quiet=False))
    assert heard(word) == list(range(heard(word)[0], heard(word)[0] + 100))
    assert held >= 60


@pytest.mark.parametrize("drift", [0.998, 1.002])
def test_clocks_may_drift_apart(drift: float) -> None:
    """Two samples in a thousand: ten times worse than any crystal."""
    buffer = JitterBuffer(SILENCE)
    frames = play(in_time, 3000, buffer=buffer, sender_tick=TICK * drift)
    assert len(heard(frames[100:])) >= 2880  # a frame left out or repeated now and then
    assert buffer.delay_ms <= 2 * START_DELAY_MS


def test_a_pause_of_the_sender_is_no_loss_and_no_delay() -> None:
    buffer = JitterBuffer(SILENCE)
    frames = play(lambda number: None if 50 <= number < 200 else 0, 300, buffer=buffer)
    assert heard(frames[200:])[0] == 200
    assert heard(frames[200:]) == [number % 251 for number in range(200, 298)]
    assert buffer.delay_ms <= START_DELAY_MS
    assert buffer.frames_missing <= 1


def test_a_jump_of_the_timestamp_begins_anew() -> None:
    buffer = JitterBuffer(SILENCE)
    frames = []
    for tick in range(60):
        timestamp = tick * TICK + (0 if tick < 30 else 1_000_000_000)
        buffer.insert(timestamp, payload(tick), tick * TICK)
        frames.append(buffer.pull(tick * TICK))
    assert heard(frames[34:]) == list(range(32, 58))


@pytest.mark.parametrize("ptime_ms", [10, 20, 30, 40, 60, 100])
def test_packets_of_any_length_become_frames_of_20_ms(ptime_ms: int) -> None:
    size = ptime_ms * 8
    sound = bytes(random.Random(ptime_ms).choices(range(256), k=size * 40))
    buffer = JitterBuffer(SILENCE)
    played = b""
    sent = 0
    for tick in range(size * 40 // TICK + 12):
        now = tick * TICK
        while (sent + 1) * size <= now and sent < 40:
            buffer.insert(sent * size, sound[sent * size : (sent + 1) * size], now)
            sent += 1
        frame = buffer.pull(now, is_quiet=False)
        if frame.codes is not None and frame.gain == 1.0:
            played += frame.codes
    assert sound[size * 4 : size * 36] in played


def test_half_a_frame_is_filled_with_silence() -> None:
    buffer = JitterBuffer(SILENCE)
    buffer.insert(0, payload(1, 80), 0)
    frames = [buffer.pull(tick * TICK) for tick in range(4)]
    assert payload(1, 80) + bytes((SILENCE,)) * 80 in [frame.codes for frame in frames]


@pytest.mark.parametrize("codes", [b"", bytes(1601)])
def test_packets_of_impossible_length_are_passed_over(codes: bytes) -> None:
    buffer = JitterBuffer(SILENCE)
    buffer.insert(0, codes, 0)
    assert buffer.pull(0) == Frame(None)


def test_it_never_fails_whatever_comes() -> None:
    chance = random.Random(7)
    buffer = JitterBuffer(SILENCE)
    now = 0
    for _ in range(5000):
        now += chance.choice([0, TICK, TICK, TICK, 9000])
        timestamp = (now + chance.choice([0, 0, -3000, 5000, 1 << 31])) & 0xFFFFFFFF
        buffer.insert(timestamp, bytes(chance.randrange(1700)), now)
        frame = buffer.pull(now, is_quiet=chance.random() < 0.5)
        assert frame.codes is None or len(frame.codes) == TICK
