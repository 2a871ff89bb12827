"""A media worker as its own process, at the end of a real socket."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from callwright.worker import rpc
from callwright.worker.__main__ import port_range

PATIENCE = 20
"""Seconds; only ever reached when something hangs."""


class Control:
    """The control process's end."""

    def __init__(self) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        with theirs:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "callwright.worker",
                    "--fd", str(theirs.fileno()),
                    "--rtp-host", "127.0.0.1",
                    "--rtp-ports", "11400-11419",
                ],
                pass_fds=[theirs.fileno()],
                stderr=subprocess.PIPE,
            )  # fmt: skip
        self._frames = rpc.Frames()
        self._events: list[rpc.Event] = []

    def tell(self, command: rpc.Command) -> None:
        self.socket.sendall(rpc.encode(command))

    def next_event(self) -> rpc.Event:
        """The next event that is no tick report."""
        while True:
            while not self._events:
                data = self.socket.recv(65536)
                assert data, "the worker closed the socket"
                self._events += [rpc.decode_event(it) for it in self._frames.feed(data)]
            event = self._events.pop(0)
            if not isinstance(event, rpc.TickReport):
                return event


@pytest.fixture
def control() -> Iterator[Control]:
    made = Control()
    yield made
    made.socket.close()
    made.process.kill()
    made.process.communicate()


def test_it_serves_until_the_socket_closes(control: Control) -> None:
    assert control.next_event() == rpc.Ready(control.process.pid)
    control.tell(rpc.OpenLeg(1))
    opened = control.next_event()
    assert isinstance(opened, rpc.LegOpened)
    assert 11400 <= opened.rtp_port <= 11418
    control.tell(rpc.CloseLeg(2))
    assert control.next_event() == rpc.CommandFailed(2, "CloseLeg", "there is no such leg")
    control.socket.close()
    assert control.process.wait(PATIENCE) == 0


def test_ctrl_c_does_not_end_it(control: Control) -> None:
    assert isinstance(control.next_event(), rpc.Ready)
    control.process.send_signal(signal.SIGINT)
    control.tell(rpc.OpenLeg(1))
    assert isinstance(control.next_event(), rpc.LegOpened)


def test_it_ends_when_the_framing_is_broken(control: Control) -> None:
    assert isinstance(control.next_event(), rpc.Ready)
    control.socket.sendall(b"\xff\xff\xff\xff")
    assert control.process.wait(PATIENCE) != 0
    assert control.process.stderr is not None
    assert b"FrameError" in control.process.stderr.read()


@pytest.mark.parametrize(
    ("text", "ports"), [("16384-32767", range(16384, 32768)), ("1-65535", range(1, 65536))]
)
def test_a_port_range_holds_both_ends(text: str, ports: range) -> None:
    assert port_range(text) == ports


@pytest.mark.parametrize("text", ["", "5000", "5000-4000", "0-10", "1-65536", "a-b"])
def test_a_port_range_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        port_range(text)
