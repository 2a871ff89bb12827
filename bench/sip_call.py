"""What a whole outbound call costs the calling endpoint in CPU, against a floor.

The call is INVITE, 100, 180, 200, ACK, BYE, 200 between two endpoints in memory; only the caller's
share is counted. The floor is what the kernel alone takes to send and receive as many datagrams of
the same size over loopback. Read the ratio: both were measured in the same run.

    .venv/bin/python bench/sip_call.py --calls 3000
"""

import argparse
import gc
import secrets
import socket
import statistics
import time
from collections.abc import Callable

from callwright.protocol.sip.endpoint import Datagram, Endpoint, HostPort, Invitation
from callwright.protocol.sip.events import Answered, Invited

CALLER_AT = HostPort("127.0.0.1", 5080)
CALLEE_AT = HostPort("127.0.0.1", 5090)
OFFER = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 16384 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
)
DATAGRAMS = 7
ROUNDS = 5


class Meter:
    """Adds up the CPU seconds of what is called through it, less its own."""

    def __init__(self) -> None:
        self.spent = 0.0
        started = time.process_time()
        for _ in range(10_000):
            time.process_time()
        self._own = (time.process_time() - started) / 10_000

    def run(self, work: Callable[[], None]) -> None:
        started = time.process_time()
        work()
        self.spent += time.process_time() - started - self._own


class Caller:
    """The endpoint under test, driven as the engine drives it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.meter = Meter()
        self.out: list[Datagram] = []
        self.now = 0.0

    def place(self) -> None:
        invitation = Invitation(
            target="sip:+4930123456@127.0.0.1:5090",
            next_hop=CALLEE_AT,
            from_uri="sip:+4930999999@callwright.example",
            to_uri="sip:+4930123456@callwright.example",
            body=OFFER,
            ring_timeout=60.0,
        )
        self.endpoint.invite(invitation, self.now)
        self.out = self.endpoint.to_send()
        self.endpoint.deadline()

    def receive(self, data: bytes) -> None:
        self.endpoint.receive(Datagram(data, CALLEE_AT), self.now)
        self.out = self.endpoint.to_send()
        for event in self.endpoint.events():
            if isinstance(event, Answered):
                self.endpoint.hang_up(event.call, self.now)
                self.out += self.endpoint.to_send()
        self.endpoint.deadline()

    def tick(self) -> None:
        self.endpoint.handle_timer(self.now)


def new_endpoint(at: HostPort) -> Endpoint:
    return Endpoint(local=at, user_agent="Callwright", tokens=lambda: secrets.token_hex(10))


def calls(count: int) -> tuple[float, int]:
    """CPU seconds of the caller for `count` calls, and the size of all its datagrams."""
    caller, callee = Caller(new_endpoint(CALLER_AT)), new_endpoint(CALLEE_AT)
    size_bytes = 0
    for number in range(count):
        caller.now = number * 0.01  # 100 calls a second: transactions of the last 32 s are there
        caller.meter.run(caller.tick)
        callee.handle_timer(caller.now)
        caller.meter.run(caller.place)
        while caller.out:
            for datagram in caller.out:
                size_bytes += len(datagram.data)
                callee.receive(Datagram(datagram.data, CALLER_AT), caller.now)
            caller.out = []
            for event in callee.events():
                if isinstance(event, Invited):
                    callee.ring(event.call, caller.now)
                    callee.accept(event.call, OFFER, caller.now)
            for datagram in callee.to_send():
                size_bytes += len(datagram.data)
                out = caller.out
                data = datagram.data
                caller.meter.run(lambda data=data: caller.receive(data))  # type: ignore[misc]  # bound now
                caller.out = out + caller.out
    assert caller.endpoint.call_count == 0, "a call is still up"
    assert caller.endpoint.counters.malformed == caller.endpoint.counters.stray == 0
    return caller.meter.spent, size_bytes


def kernel(count: int, size_bytes: int) -> float:
    """CPU seconds for `count` times seven datagrams, sent and received by the kernel alone."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
    ):
        receiver.bind(("127.0.0.1", 0))
        address, payload = receiver.getsockname(), bytes(size_bytes)
        started = time.process_time()
        for _ in range(count * DATAGRAMS):
            sender.sendto(payload, address)
            receiver.recv(65_535)
        return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=3000, help="calls a round (default 3000)")
    count = parser.parse_args().calls
    calls(count // 10 + 1)
    gc.freeze()
    ours, floors = [], []
    for _ in range(ROUNDS):
        spent, size_bytes = calls(count)
        ours.append(spent / count * 1e6)
        floors.append(kernel(count, size_bytes // (count * DATAGRAMS)) / count * 1e6)
    ratios = [own / floor for own, floor in zip(ours, floors, strict=True)]
    print(f"{ROUNDS} rounds of {count} calls, µs of CPU a call     median      min      max")
    for name, values in (("calling endpoint", ours), ("kernel, 7 datagrams", floors)):
        print(f"{name:<45}{statistics.median(values):8.1f} {min(values):8.1f} {max(values):8.1f}")
    print(f"{'ratio':<45}{statistics.median(ratios):8.2f} {min(ratios):8.2f} {max(ratios):8.2f}")


if __name__ == "__main__":
    main()
