"""What the sound of a local call costs: two legs with RTP on loopback, against two legs in a room.

A call with `loc:` has two sides in our own media workers. Its sound goes over RTP as any call's
does; the floor is the same sound between two legs of a room, which need no packets. Both are
measured in the same run, and so is one packet's way through the kernel.

    .venv/bin/python bench/local_call.py --calls 50 --seconds 4
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
from collections.abc import Callable

from work.media import Bench, floor_us, late_ticks

from callwright.media.pacer import Lateness
from callwright.worker import rpc

WARM_UP = 1.0


def over_rtp(bench: Bench, call: int) -> None:
    """Connect the two sides of a call as a local call's are."""
    ports = []
    for leg in (2 * call, 2 * call + 1):
        bench.loop.execute(rpc.OpenLeg(leg))
        opened = bench.events.pop()
        assert isinstance(opened, rpc.LegOpened), opened
        ports.append(opened.rtp_port)
    for leg, port in ((2 * call, ports[1]), (2 * call + 1, ports[0])):
        bench.loop.execute(rpc.ConnectLeg(leg, "127.0.0.1", port, port + 1, "PCMA", 8, 101))


def in_a_room(bench: Bench, call: int) -> None:
    """Put the two sides into a room of their own instead."""
    for leg in (2 * call, 2 * call + 1):
        bench.loop.execute(rpc.OpenRoomLeg(leg, call))


def measure(
    connect: Callable[[Bench, int], None], calls: int, seconds: float
) -> tuple[float, Lateness]:
    """CPU microseconds a call and tick, both sides talking, and how late ticks were."""
    bench = Bench()
    for call in range(calls):
        connect(bench, call)
        for leg in (2 * call, 2 * call + 1):
            tone = rpc.PlayTone((440.0 + leg,), 1000, -10.0)
            bench.loop.execute(rpc.Play(leg, 1, (tone,), loops=True))
    bench.run(WARM_UP)
    cost, lateness = bench.run(seconds)
    bench.close()
    return cost / calls * 1e6, lateness


def main() -> None:
    """Print one line for each way."""
    parser = argparse.ArgumentParser(description="CPU of a local call's sound, a tick of 20 ms.")
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=4.0)
    arguments = parser.parse_args()
    print(f"{arguments.calls} calls, both sides playing, plain Python packet core")
    print(f"one packet through the kernel: {floor_us():.2f} µs")
    costs = {}
    for name, connect in (("RTP on loopback", over_rtp), ("a room of two", in_a_room)):
        cost, lateness = measure(connect, arguments.calls, arguments.seconds)
        costs[name] = cost
        late = f"{late_ticks(lateness)} of {lateness.ticks} ticks late by more than 5 ms"
        print(f"{name:>16}: {cost:6.1f} µs a call and tick, {late}")
    print(f"           ratio: {costs['RTP on loopback'] / costs['a room of two']:6.1f}")


if __name__ == "__main__":
    main()
