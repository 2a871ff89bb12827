"""A trunk on loopback that knows who is where: calls go to the phone that has the user's name.

Only what goes to the trunk passes it: INVITE, CANCEL and the ACK of a refusal. A phone answers
straight to whoever the Via names, or, as SIPp does, to where the request came from, which hands the
answer on; the rest of the call goes by the Contacts. SIPp sends its own BYE here too: that is
handed on to the Contact in its Request-URI. An unknown user gets no answer at all.
"""

import re
import selectors
import socket
import threading
from types import TracebackType
from typing import Final, Self

from tests.sim.ports import LOOPBACK


class NameSwitch:
    """Hands requests on by the user of their Request-URI."""

    def __init__(self) -> None:
        """Take a port; entering the context begins to hand on."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._wake, self._stop = socket.socketpair()
        self._thread = threading.Thread(target=self._run)
        self.phones: dict[str, int] = {}
        """The port of each user's phone."""
        self._callers: dict[bytes, tuple[str, int]] = {}
        self.port = int(self._socket.getsockname()[1])

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
        self._socket.close()
        self._wake.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._socket, selectors.EVENT_READ)
            waiting.register(self._wake, selectors.EVENT_READ)
            while True:
                for key, _ in waiting.select():
                    if key.fileobj is self._wake:
                        return
                    self._hand_on(*self._socket.recvfrom(65_535))

    def _hand_on(self, data: bytes, source: tuple[str, int]) -> None:
        call = _CALL_ID.search(data)
        call_id = call[1] if call else b""
        if data.startswith(b"SIP/2.0 "):
            self._socket.sendto(data, self._callers[call_id])
            return
        towards = _CONTACT.match(data)
        if towards is not None and int(towards[1]) != self.port:
            self._socket.sendto(data, (LOOPBACK, int(towards[1])))
            return
        self._callers[call_id] = source
        found = _USER.match(data)
        port = self.phones.get(found[1].decode()) if found else None
        if port is not None:
            # Without rport the answer goes to the Via's own address, not back to us.
            self._socket.sendto(_RPORT.sub(b"", data, count=1), (LOOPBACK, port))


_USER: Final = re.compile(rb"[A-Z]+ (?:sip|tel):\+?([^@;> ]+)")
_CONTACT: Final = re.compile(rb"(?:BYE|ACK) sip:(?:[^@ ]*@)?127\.0\.0\.1:(\d+)")
_CALL_ID: Final = re.compile(rb"^(?:Call-ID|i)\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_RPORT: Final = re.compile(rb";rport(?=[;\r])")
