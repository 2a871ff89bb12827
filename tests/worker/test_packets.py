"""The packet core's contract, over real sockets on loopback."""

import socket
from collections.abc import Iterator

import numpy as np
import pytest

from callwright.media.g711 import Law
from callwright.protocol.rtp.packet import RtpPacket, parse_packet, print_packet
from callwright.worker.packets_python import MAX_PACKETS_A_TICK, PythonPacketCore
from callwright.worker.ports import (
    Faded,
    MediaStarted,
    NoPortLeft,
    PacketCore,
    PacketEvent,
    Peer,
)
from tests.sim.media import SeededEntropy

CORES = [PythonPacketCore]
PORTS = range(11301, 11311)
SOUND = bytes(range(160))


@pytest.fixture(params=CORES)
def core(request: pytest.FixtureRequest) -> Iterator[PacketCore]:
    made = request.param(host="127.0.0.1", ports=PORTS, entropy=SeededEntropy(1))
    yield made
    made.shut_down(0.0)


@pytest.fixture
def far() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5)  # only ever reached when a packet is missing
        yield opened


def peer(far: socket.socket) -> Peer:
    port = far.getsockname()[1]
    return Peer("127.0.0.1", port, port, Law.MU, 0, 101, sends=True, receives=True)


def sound(number: int, codes: bytes = SOUND) -> bytes:
    return print_packet(RtpPacket(0, number, number * 160, 7, codes))


def test_ports_are_even_and_come_in_turn(core: PacketCore) -> None:
    ports = [core.open(row) for row in range(4)]
    assert all(port % 2 == 0 and port in PORTS and port + 1 in PORTS for port in ports)
    assert len(set(ports)) == 4
    with pytest.raises(NoPortLeft, match="4 are ours"):
        core.open(4)
    core.close(2, 0.0)
    assert core.open(4) == ports[2]


@pytest.mark.parametrize("taken", [11302, 11303])
def test_a_port_of_another_program_is_passed_over(core: PacketCore, taken: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs:
        theirs.bind(("127.0.0.1", taken))
        ports = {core.open(row) for row in range(3)}
        assert 11302 not in ports
        with pytest.raises(NoPortLeft):
            core.open(3)
    assert core.open(3) == 11302


@pytest.mark.parametrize("ports", [range(0), range(41000, 41001), range(41001, 41003)])
def test_a_range_without_a_pair_is_refused(ports: range) -> None:
    with pytest.raises(ValueError, match="no even port"):
        PythonPacketCore(host="127.0.0.1", ports=ports, entropy=SeededEntropy(1))


def test_what_is_sent_arrives_and_what_arrives_is_heard(
    core: PacketCore, far: socket.socket
) -> None:
    port = core.open(0)
    core.connect(0, peer(far), 100.0)
    codes = np.zeros((1, 160), np.uint8)
    events: list[PacketEvent] = []
    for tick in range(6):
        far.sendto(sound(tick), ("127.0.0.1", port))
        events += core.receive(100 + tick * 0.02, codes, [False]).events
        core.send(100 + tick * 0.02, np.frombuffer(SOUND, np.uint8).reshape(1, 160))
        assert parse_packet(far.recv(2048)).payload == SOUND
    assert events == [MediaStarted(0)]
    assert codes[0].tobytes() == SOUND


def test_a_missing_packet_is_reported_as_fading(core: PacketCore, far: socket.socket) -> None:
    port = core.open(0)
    core.connect(0, peer(far), 100.0)
    codes = np.zeros((1, 160), np.uint8)
    faded: list[Faded] = []
    for tick in range(30):
        if tick != 10:
            far.sendto(sound(tick), ("127.0.0.1", port))
        faded += core.receive(100 + tick * 0.02, codes, [True]).faded
    assert [it.row for it in faded] == [0]
    assert 0 < faded[0].gain < 1


def test_garbage_costs_a_counter(core: PacketCore, far: socket.socket) -> None:
    port = core.open(0)
    core.connect(0, peer(far), 100.0)
    codes = np.zeros((1, 160), np.uint8)
    for garbage in (b"", b"INVITE sip:x SIP/2.0", bytes(1500), b"\xff" * 172):
        far.sendto(garbage, ("127.0.0.1", port))
        far.sendto(garbage, ("127.0.0.1", port + 1))
    core.receive(100.0, codes, [False])
    assert core.stray_packets == 8
    assert core.close(0, 100.0).packets_discarded == 8


def test_a_flood_is_read_a_little_at_a_time(core: PacketCore, far: socket.socket) -> None:
    port = core.open(0)
    core.connect(0, peer(far), 100.0)
    codes = np.zeros((1, 160), np.uint8)
    for _ in range(MAX_PACKETS_A_TICK + 10):
        far.sendto(b"flood", ("127.0.0.1", port))
    core.receive(100.0, codes, [False])
    assert core.stray_packets == MAX_PACKETS_A_TICK
    core.receive(100.02, codes, [False])
    assert core.stray_packets == MAX_PACKETS_A_TICK + 10


def test_nobody_listening_is_nobodys_fault(core: PacketCore, far: socket.socket) -> None:
    core.open(0)
    core.connect(0, peer(far)._replace(port=9), 100.0)
    codes = np.zeros((1, 160), np.uint8)
    for tick in range(5):
        core.send(100 + tick * 0.02, codes)
        core.receive(100 + tick * 0.02, codes, [False])
    assert core.close(0, 101.0).packets_sent == 5


def test_a_leg_that_closes_says_goodbye(core: PacketCore, far: socket.socket) -> None:
    core.open(0)
    core.connect(0, peer(far), 100.0)
    core.send(100.0, np.zeros((1, 160), np.uint8))
    far.recv(2048)
    core.close(0, 100.1)
    assert b"\x81\xcb\x00\x01" in far.recv(2048)  # RTCP BYE of one source
