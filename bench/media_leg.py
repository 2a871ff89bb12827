"""What a leg costs: CPU for each leg and tick, against the kernel's own price.

A leg plays a prompt, listens for keys in the sound, and records into a file. The far ends are
plain sockets in a process of their own, so that only the worker's CPU is counted. The floor is one
`sendto` and one `recv` of 172 bytes on loopback, measured in the same run.

    .venv/bin/python bench/media_leg.py --legs 100 200 400 --seconds 4
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import tempfile
from pathlib import Path
from typing import Final

from work.media import Bench, floor_us, late_ticks

from callwright.media.frames import TICK
from callwright.media.pacer import Lateness
from callwright.media.tones import sines
from callwright.media.wav import Encoding, WavWriter
from callwright.worker import rpc

GOAL_US: Final = 25.0
"""On a machine where the floor is 3.0 µs; elsewhere read the ratio."""
WARM_UP: Final = 1.0


def measure(legs: int, seconds: float, folder: Path) -> tuple[float, Lateness, rpc.LegClosed]:
    """CPU microseconds a leg-tick, how late ticks were, and one leg's statistics."""
    bench = Bench()
    prompt = folder / "prompt.wav"
    with prompt.open("wb") as stream:
        writer = WavWriter(stream, Encoding.PCMU)
        writer.write(sines((440.0,), -12.0, 0, 8000 * 20))
        writer.close()
    for leg in range(legs):
        bench.connect(leg)
        bench.loop.execute(rpc.Play(leg, 1, (rpc.PlayFile(str(prompt)),), loops=True))
        path = str(folder / f"{leg}.wav")
        command = rpc.Record(leg, 1, path, "PCMU", 3600.0, 0.0, 0.0, starts_with_sound=False)
        bench.loop.execute(command)
    with bench.talking(WARM_UP + seconds + 1.0):
        bench.run(WARM_UP)
        cost, lateness = bench.run(seconds)
        bench.loop.execute(rpc.CloseLeg(0))
    bench.close()
    closed = next(event for event in bench.events if isinstance(event, rpc.LegClosed))
    return cost / legs * 1e6, lateness, closed


def main() -> None:
    """Print one line for each number of legs."""
    parser = argparse.ArgumentParser(description="CPU of a media leg, a tick of 20 ms.")
    parser.add_argument("--legs", type=int, nargs="+", default=[100, 200, 400])
    parser.add_argument("--seconds", type=float, default=4.0)
    arguments = parser.parse_args()
    print("play + key detection + recording, PCMU, plain Python packet core")
    print(f"{'legs':>5} {'µs a leg-tick':>14} {'floor µs':>9} {'ratio':>6} {'legs a core':>12}"
          f" {'late > 5 ms':>12} {'lost':>5}")  # fmt: skip
    for legs in arguments.legs:
        with tempfile.TemporaryDirectory() as folder:
            floor = floor_us()
            cost, lateness, closed = measure(legs, arguments.seconds, Path(folder))
        print(
            f"{legs:>5} {cost:>14.1f} {floor:>9.2f} {cost / floor:>6.1f} {TICK * 1e6 / cost:>12.0f}"
            f" {late_ticks(lateness):>7} of {lateness.ticks} {closed.packets_lost:>5}"
        )
    print(f"goal: at most {GOAL_US:.0f} µs where the floor is 3.0, a ratio of {GOAL_US / 3.0:.1f}")


if __name__ == "__main__":
    main()
