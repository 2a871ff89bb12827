"""The way from the far end to us: G.711, a network that loses and delays, our jitter buffer."""

from dataclasses import dataclass

import numpy as np

from callwright.media import g711
from callwright.media.frames import FRAME_SAMPLES, Samples
from callwright.media.jitter_buffer import JitterBuffer


@dataclass(frozen=True, slots=True)
class Line:
    """One call's network."""

    law: g711.Law
    loss: float
    """Share of packets that never come."""
    burst: float
    """Chance that the packet after a lost one is lost too."""
    jitter: float
    """Mean lateness of a packet, in samples."""


def some_line(chance: np.random.Generator) -> Line:
    """Choose a network: most lose nothing, some lose up to one packet in twenty."""
    law = g711.Law.A if chance.random() < 0.6 else g711.Law.MU
    if chance.random() < 0.65:
        return Line(law, 0.0, 0.0, 8.0)
    return Line(law, chance.uniform(0.005, 0.05), chance.uniform(0, 0.5), chance.uniform(16, 120))


def carried(sound: Samples, line: Line, chance: np.random.Generator) -> Samples:
    """Return the frames that a media worker gets of this sound: `int16[ticks, samples]`."""
    codes = g711.encode(sound, line.law)
    packets = [bytes(packet) for packet in codes.reshape(-1, FRAME_SAMPLES)]
    arrivals: dict[int, list[int]] = {}
    lost = False
    for number in range(len(packets)):
        lost = chance.random() < (line.burst if lost else line.loss)
        if not lost:
            late = int(chance.exponential(line.jitter)) // FRAME_SAMPLES if line.jitter else 0
            arrivals.setdefault(number + late, []).append(number)
    buffer = JitterBuffer(g711.SILENCE[line.law])
    frames = np.zeros((len(packets), FRAME_SAMPLES), np.int16)
    is_quiet = True
    for tick, frame in enumerate(frames):
        now = tick * FRAME_SAMPLES
        for number in arrivals.get(tick, ()):
            buffer.insert(number * FRAME_SAMPLES, packets[number], now)
        pulled = buffer.pull(now, is_quiet=is_quiet)
        if pulled.codes is not None:
            linear = g711.decode(np.frombuffer(pulled.codes, np.uint8), line.law)
            frame[:] = linear * pulled.gain
        is_quiet = bool(np.abs(frame).max() < 300)
    return frames
