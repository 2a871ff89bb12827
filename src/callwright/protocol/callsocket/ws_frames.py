"""WebSocket frames as this protocol uses them: whole messages out of fragments, and their limit.

The library below reads and prints headers and masks (RFC 6455 5.2); what frames may follow which
is held here, so that it can be tested with whatever a server may send.
"""

from enum import IntEnum
from typing import Final, NamedTuple

from callwright.protocol.callsocket.causes import RawCause
from callwright.protocol.callsocket.errors import BrokenSocket

MAX_PAYLOAD_BYTES: Final = 1600
"""Of a frame that a server may send, and of the message that its fragments make."""

PROTOCOL_ERROR: Final = 1002
INVALID_TEXT: Final = 1007
TOO_BIG: Final = 1009
"""Close codes: RFC 6455 7.4.1."""


class Opcode(IntEnum):
    """What a frame is: RFC 6455 5.2."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class WsFrame(NamedTuple):
    """One frame, unmasked."""

    opcode: Opcode
    payload: bytes
    is_final: bool = True
    has_extension: bool = False
    """Whether a reserved bit is set; we agree on no extension."""


class CloseReason(NamedTuple):
    """What a Close frame says."""

    code: int
    text: str


class Assembly:
    """Messages out of frames; control frames may stand between fragments (RFC 6455 5.4)."""

    def __init__(self) -> None:
        self._opcode: Opcode | None = None
        self._parts = bytearray()

    def take(self, frame: WsFrame) -> tuple[Opcode, bytes] | None:
        """Take a frame; a whole message's kind and payload, or None while it goes on.

        Raises:
            BrokenSocket: such a frame may not come now, or is too big.

        """
        opcode, payload, is_final, has_extension = frame
        if has_extension:
            raise BrokenSocket("a reserved bit is set", close_code=PROTOCOL_ERROR)
        if opcode >= Opcode.CLOSE:
            return opcode, payload
        if len(payload) + len(self._parts) > MAX_PAYLOAD_BYTES:
            raise BrokenSocket(
                f"more than {MAX_PAYLOAD_BYTES} bytes in one message", close_code=TOO_BIG
            )
        if (opcode is Opcode.CONTINUATION) is (self._opcode is None):
            raise BrokenSocket(
                f"a {opcode.name} frame where none may be", close_code=PROTOCOL_ERROR
            )
        if is_final and self._opcode is None:
            return opcode, payload
        return self._continue(opcode, payload, is_final=is_final)

    def _continue(
        self, opcode: Opcode, payload: bytes, *, is_final: bool
    ) -> tuple[Opcode, bytes] | None:
        kind = self._opcode or opcode
        self._parts += payload
        self._opcode = None if is_final else kind
        if not is_final:
            return None
        whole, self._parts = bytes(self._parts), bytearray()
        return kind, whole


def close_reason(payload: bytes) -> CloseReason:
    """Read a Close frame's payload (RFC 6455 5.5.1); without a code it counts as 1005.

    Raises:
        BrokenSocket: half a code, one that may not be sent, or a text that is no UTF-8.

    """
    if not payload:
        return CloseReason(RawCause.NO_CLOSE_CODE, "")
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not _may_be_sent(code):
        raise BrokenSocket(f"Close with code {code}", close_code=PROTOCOL_ERROR)
    try:
        return CloseReason(code, payload[2:].decode())
    except UnicodeDecodeError:
        raise BrokenSocket("Close with text that is no UTF-8", close_code=INVALID_TEXT) from None


def _may_be_sent(code: int) -> bool:
    """Whether it is registered for frames (RFC 6455 7.4.1 and its registry) or free to use."""
    return code in _REGISTERED or code in range(3000, 5000)


_REGISTERED: Final = frozenset({*range(1000, 1004), *range(1007, 1015)})
