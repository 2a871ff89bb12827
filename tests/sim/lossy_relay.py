"""A wire that loses datagrams, between a far end and everybody else, on loopback.

It stands before the far end, which names it in its Contact, so that all of a call goes through.
Every run with the same seed loses the same datagrams by number, whatever their content.
"""

import selectors
import socket
import threading
from random import Random
from types import TracebackType
from typing import Self

from tests.sim.ports import LOOPBACK

Address = tuple[str, int]


class LossyRelay:
    """Relays between one far end and one caller, whoever spoke to it last."""

    def __init__(self, *, loss_percent: int, seed: int) -> None:
        self._random = Random(seed)
        self._loss = loss_percent / 100
        self._near = _loopback_socket()
        self._far = _loopback_socket()
        self._wake, self._stop = socket.socketpair()
        self._thread = threading.Thread(target=self._run)
        self._caller: Address | None = None
        self.far_end: Address | None = None
        """Where the far end listens; set it before the first call."""
        self.port = int(self._near.getsockname()[1])
        """Where callers call."""
        self.lost = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.close()
        self._thread.join()
        for opened in (self._near, self._far, self._wake):
            opened.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as waiting:
            for opened in (self._near, self._far, self._wake):
                waiting.register(opened, selectors.EVENT_READ)
            while True:
                for key, _ in waiting.select():
                    if key.fileobj is self._wake:
                        return
                    self._relay(key.fileobj is self._near)

    def _relay(self, is_from_caller: bool) -> None:  # noqa: FBT001 - the two ways of a wire
        source, target = (self._near, self._far) if is_from_caller else (self._far, self._near)
        data, sender = source.recvfrom(65_535)
        if is_from_caller:
            self._caller = sender
        towards = self.far_end if is_from_caller else self._caller
        if self._random.random() < self._loss:
            self.lost += 1
        elif towards is not None:
            target.sendto(data, towards)


def _loopback_socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((LOOPBACK, 0))
    return opened
