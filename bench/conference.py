"""What conferences cost: CPU for each participant and tick, against the kernel's own price.

A participant is a call and its leg in a room, bridged, as `connect_to_conference` makes them: it
hears all others, keys are listened for on both. The far ends are plain sockets in a process of
their own. The floor is one `sendto` and one `recv` of 172 bytes on loopback in the same run.

    .venv/bin/python bench/conference.py --rooms 10 40 --participants 200 --seconds 4
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
from typing import Final

from work.media import Bench, floor_us, late_ticks

from callwright.media.frames import TICK
from callwright.media.pacer import Lateness
from callwright.worker import rpc

WARM_UP: Final = 1.0
SOLO: Final = 1
"""Rooms of one: what the calls cost when nobody is mixed."""


def measure(size: int, participants: int, seconds: float) -> tuple[float, Lateness]:
    """CPU microseconds a participant and tick in rooms of that size, and how late ticks were."""
    bench = Bench()
    for leg in range(participants):
        bench.connect(leg)
        beside = participants + leg
        bench.loop.execute(rpc.OpenRoomLeg(beside, leg // size))
        bench.loop.execute(rpc.Bridge(leg, beside))
    with bench.talking(WARM_UP + seconds + 1.0):
        bench.run(WARM_UP)
        cost, lateness = bench.run(seconds)
    bench.close()
    return cost / participants * 1e6, lateness


def main() -> None:
    """Print one line for each size of room."""
    parser = argparse.ArgumentParser(description="CPU of a conference, a tick of 20 ms.")
    parser.add_argument("--rooms", type=int, nargs="+", default=[SOLO, 10, 40], metavar="SIZE")
    parser.add_argument("--participants", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=4.0)
    arguments = parser.parse_args()
    print(f"{arguments.participants} participants, PCMU, plain Python packet core")
    print(f"{'room of':>8} {'µs a participant':>17} {'floor µs':>9} {'ratio':>6}"
          f" {'participants a core':>20} {'late > 5 ms':>12}")  # fmt: skip
    for size in arguments.rooms:
        floor = floor_us()
        cost, lateness = measure(size, arguments.participants, arguments.seconds)
        print(
            f"{size:>8} {cost:>17.1f} {floor:>9.2f} {cost / floor:>6.1f}"
            f" {TICK * 1e6 / cost:>20.0f} {late_ticks(lateness):>7} of {lateness.ticks}"
        )


if __name__ == "__main__":
    main()
