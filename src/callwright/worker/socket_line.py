"""An open call WebSocket: picows' frames on one side, the call's session on the other.

What a server sends is understood as it comes, between ticks; what that means for the leg is
collected for the next tick. A server that sends faster than it can be of use is not read from
until then, so that it waits, and nobody else.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from callwright.protocol.callsocket.session import CLOSE_PATIENCE, CallSession, Ended, State
from callwright.protocol.callsocket.ws_frames import Opcode, WsFrame

MAX_UNSENT_FRAMES: Final = 50
"""Frames of sound that wait for the server to read: a second. What comes then is dropped."""

FRAME_WIRE_BYTES: Final = 320 + 8
"""A frame of 20 ms with its header (RFC 6455 5.2); TLS adds some twenty bytes of its own."""

MAX_UNSENT_BYTES: Final = MAX_UNSENT_FRAMES * FRAME_WIRE_BYTES

MAX_UNSENT_MESSAGES_BYTES: Final = 64 * 1024
"""Messages can't be dropped as sound is. Who lets so many wait never reads, and the call ends."""

FRAMES_A_TICK: Final = 64
"""Then the socket is left alone until the next tick: 64 times the speed of sound."""

FLOOD_FRAMES: Final = 1024
"""What one read of the socket may still hold beyond that: more, and the frames are so small that
they can't be sound. The call ends."""

DIGITS_PROTOCOL: Final = "v2.ws."
"""How the names of sub-protocols begin that have `dtmf` messages."""


class SocketLine(WSListener):
    """One call's connection, from the handshake's answer on."""

    def __init__(self, *, caller: str, sub_protocol: str, now: Callable[[], float]) -> None:
        """Begin the call: the server has taken it, and chosen a sub-protocol, or none."""
        super().__init__()
        self.sub_protocol = sub_protocol
        self.session = CallSession(
            caller=caller, takes_digits=sub_protocol.startswith(DIGITS_PROTOCOL), now=now()
        )
        self.frames_sent = 0
        self.frames_received = 0
        self.frames_dropped = 0
        self.is_gone = False
        """Whether nothing is left of the connection."""
        self._now = now
        self._transport: WSTransport | None = None
        self._watching: asyncio.Task[None] | None = None
        self._frames = 0
        """Frames since the last tick."""
        self._is_paused = False
        self._let_go_at: float | None = None
        """When the connection is cut, though something is still on its way."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Greet the server; it may be sent what it likes from now on."""
        self._transport = transport
        self._watching = asyncio.create_task(transport.wait_disconnected())
        self._watching.add_done_callback(look_at)
        self.flush()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a frame."""
        self._frames += 1
        if self._frames > FRAMES_A_TICK:
            self._slow_down(transport)
        extended = bool(frame.rsv1 or frame.rsv2 or frame.rsv3)
        opcode = _OPCODES[cast("int", frame.msg_type)]
        if opcode is Opcode.BINARY:
            self.frames_received += 1
        payload = frame.get_payload_as_bytes()
        self.session.receive(WsFrame(opcode, payload, bool(frame.fin), extended), self._now())
        self.flush()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Nothing is left of the connection."""
        self.is_gone = True
        self._lose(transport)

    def tick(self, now: float) -> None:
        """Read on, and do what is due."""
        session, transport = self.session, self._transport
        assert transport is not None
        self._frames = 0
        if self._is_paused and not self.is_gone:
            self._is_paused = False
            transport.underlying_transport.resume_reading()
        if transport.is_close_frame_sent and session.is_talking:
            self._lose(transport)  # the library has closed it: what came was no WebSocket
        due = session.deadline()
        if due is not None and now >= due:
            session.handle_timer(now)
            self.flush()
        if session.state is State.CLOSED and not self.is_gone:
            self._let_go(transport, now)

    def send_sound(self, sound: bytes, now: float) -> None:
        """Send a frame, if the server has read what came before."""
        transport, session = self._transport, self.session
        if transport is None or not session.is_talking:
            return
        if transport.underlying_transport.get_write_buffer_size() <= MAX_UNSENT_BYTES:
            self.frames_sent += 1
            transport.send(WSMsgType.BINARY, sound)
        else:
            self.frames_dropped += 1
            session.drop_sound(now)
            self.flush()

    def flush(self) -> None:
        """Send what the session has to say."""
        session, transport = self.session, self._transport
        if transport is None or not session.has_to_send:
            return
        waiting = session.to_send()
        unsent = transport.underlying_transport.get_write_buffer_size()
        if unsent > MAX_UNSENT_MESSAGES_BYTES and session.is_talking:
            session.give_up("the server does not read what it is sent", self._now())
            waiting += session.to_send()
        for opcode, payload in waiting:
            if opcode is Opcode.CLOSE:
                code = int.from_bytes(payload, "big")
                transport.send_close(cast("WSCloseCode", code))
            else:
                transport.send(_TYPES[opcode], payload)

    def ended(self) -> list[Ended]:
        """How the call has ended, once."""
        return self.session.events()

    def abort(self) -> None:
        """Let go of the connection at once."""
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def _let_go(self, transport: WSTransport, now: float) -> None:
        if self._let_go_at is None:
            self._let_go_at = now + CLOSE_PATIENCE
            transport.disconnect()
        elif now >= self._let_go_at:
            transport.disconnect(graceful=False)

    def _slow_down(self, transport: WSTransport) -> None:
        if self._frames > FLOOD_FRAMES:
            self.session.give_up(f"more than {FLOOD_FRAMES} frames at once", self._now())
        if not self._is_paused:
            self._is_paused = True
            transport.underlying_transport.pause_reading()

    def _lose(self, transport: WSTransport) -> None:
        """Say why the connection was lost, as far as the library knows."""
        if transport.is_close_frame_sent and transport.close_handshake.sent is not None:
            sent = transport.close_handshake.sent
            self.session.lose(sent.reason, raw_cause=int(cast("int", sent.code)))
        else:
            self.session.lose("the connection ended without a Close frame")


def look_at(task: asyncio.Task[Any]) -> None:  # Any: whatever it returns
    """Keep asyncio from warning of a failure that nobody wants to know of any more."""
    if not task.cancelled():
        task.exception()


_OPCODES: Final = {int(it): it for it in Opcode}
_TYPES: Final = {
    Opcode.TEXT: WSMsgType.TEXT,
    Opcode.BINARY: WSMsgType.BINARY,
    Opcode.PING: WSMsgType.PING,
    Opcode.PONG: WSMsgType.PONG,
}
