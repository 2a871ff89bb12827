"""Messages between processes of ours, as frames on a stream socket.

A frame is four bytes of length (big endian), then a MessagePack array that starts with the
message's name.
"""

from typing import Final, TypeVar

import msgspec

_Message = TypeVar("_Message")

_LENGTH_BYTES: Final = 4
_ENCODER: Final = msgspec.msgpack.Encoder()

MAX_FRAME_BYTES: Final = 1 << 20
"""The longest frame either side accepts: far above any real message, so that a length that is
wrong is seen at once and not after a gigabyte."""


class FrameError(Exception):
    """The other process broke the framing: a bug or a foreign peer; the socket must be closed."""


class Frames:
    """Messages out of a byte stream: feed bytes, take whole frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take what the socket gave; return the frames that are complete now.

        Raises:
            FrameError: a frame announces more than `MAX_FRAME_BYTES`.

        """
        self._pending += data
        frames: list[bytes] = []
        start = 0
        while len(self._pending) - start >= _LENGTH_BYTES:
            length = int.from_bytes(self._pending[start : start + _LENGTH_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes; at most {MAX_FRAME_BYTES} expected")
            end = start + _LENGTH_BYTES + length
            if len(self._pending) < end:
                break
            frames.append(bytes(self._pending[start + _LENGTH_BYTES : end]))
            start = end
        del self._pending[:start]
        return frames


def framed(message: msgspec.Struct) -> bytes:
    """Put a message into one frame, length first."""
    body = _ENCODER.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


def unframed(
    frame: bytes, messages: "msgspec.msgpack.Decoder[_Message]", *, expected: str
) -> _Message:
    """Read a frame's body as one of these messages; `expected` names them for people.

    Raises:
        FrameError: it is none.

    """
    try:
        return messages.decode(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise FrameError(f"not {expected}: {problem}") from problem
