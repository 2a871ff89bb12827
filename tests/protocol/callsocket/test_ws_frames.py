"""Messages out of fragments, their limit, and what Close frames say."""

import pytest

from callwright.protocol.callsocket.errors import BrokenSocket
from callwright.protocol.callsocket.ws_frames import (
    MAX_PAYLOAD_BYTES,
    Assembly,
    Opcode,
    WsFrame,
    close_reason,
)

CONTINUATION, TEXT, BINARY = Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY
CLOSE, PING, PONG = Opcode.CLOSE, Opcode.PING, Opcode.PONG
FULL = bytes(MAX_PAYLOAD_BYTES)

WHOLE: list[tuple[list[WsFrame], list[tuple[Opcode, bytes]]]] = [
    ([WsFrame(TEXT, b"{}")], [(TEXT, b"{}")]),
    ([WsFrame(BINARY, b"")], [(BINARY, b"")]),
    ([WsFrame(BINARY, FULL)] * 2, [(BINARY, FULL)] * 2),
    (
        [WsFrame(TEXT, b"a", is_final=False), WsFrame(CONTINUATION, b"b")],
        [(TEXT, b"ab")],
    ),
    (
        [
            WsFrame(BINARY, FULL[:800], is_final=False),
            WsFrame(CONTINUATION, b"", is_final=False),
            WsFrame(PING, b"p"),
            WsFrame(CONTINUATION, FULL[800:]),
            WsFrame(TEXT, b"x"),
        ],
        [(PING, b"p"), (BINARY, FULL), (TEXT, b"x")],
    ),
    (
        [WsFrame(TEXT, b"", is_final=False), WsFrame(CLOSE, b""), WsFrame(PONG, b"")],
        [(CLOSE, b""), (PONG, b"")],
    ),
]


@pytest.mark.parametrize(("frames", "messages"), WHOLE)
def test_messages_are_whole(frames: list[WsFrame], messages: list[tuple[Opcode, bytes]]) -> None:
    assembly = Assembly()
    assert [it for frame in frames if (it := assembly.take(frame)) is not None] == messages


BROKEN: list[tuple[list[WsFrame], int]] = [
    ([WsFrame(TEXT, FULL + b"x")], 1009),
    ([WsFrame(BINARY, FULL + b"x")], 1009),
    ([WsFrame(BINARY, FULL, is_final=False), WsFrame(CONTINUATION, b"x", is_final=False)], 1009),
    ([WsFrame(TEXT, FULL, is_final=False), WsFrame(CONTINUATION, b"x")], 1009),
    ([WsFrame(CONTINUATION, b"x")], 1002),
    ([WsFrame(TEXT, b"x"), WsFrame(CONTINUATION, b"x")], 1002),
    ([WsFrame(TEXT, b"x", is_final=False), WsFrame(TEXT, b"x")], 1002),
    ([WsFrame(TEXT, b"x", is_final=False), WsFrame(BINARY, b"x")], 1002),
    *(([WsFrame(opcode, b"", has_extension=True)], 1002) for opcode in Opcode),
]


@pytest.mark.parametrize(("frames", "code"), BROKEN)
def test_what_no_websocket_may_send_breaks_it(frames: list[WsFrame], code: int) -> None:
    assembly = Assembly()
    for frame in frames[:-1]:
        assembly.take(frame)
    with pytest.raises(BrokenSocket) as caught:
        assembly.take(frames[-1])
    assert caught.value.close_code == code


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", (1005, "")),
        (b"\x03\xe8", (1000, "")),
        (b"\x03\xe9going", (1001, "going")),
        (b"\x03\xf6" + "ü".encode(), (1014, "ü")),
        (b"\x0b\xb8", (3000, "")),
        (b"\x13\x87", (4999, "")),
    ],
)
def test_a_close_frame_has_a_code_and_a_text(payload: bytes, reason: tuple[int, str]) -> None:
    assert close_reason(payload) == reason


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
def test_codes_that_may_not_be_sent_break_it(code: int) -> None:
    with pytest.raises(BrokenSocket) as caught:
        close_reason(code.to_bytes(2, "big"))
    assert caught.value.close_code == 1002


@pytest.mark.parametrize(("payload", "code"), [(b"\x03", 1002), (b"\x03\xe8\xff", 1007)])
def test_half_a_code_and_text_that_is_none_break_it(payload: bytes, code: int) -> None:
    with pytest.raises(BrokenSocket) as caught:
        close_reason(payload)
    assert caught.value.close_code == code
