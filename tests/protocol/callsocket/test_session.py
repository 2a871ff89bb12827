"""A call on a WebSocket from beginning to end, in virtual time and without any socket."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.callsocket.causes import Cause, Origin
from callwright.protocol.callsocket.messages import PlayStart
from callwright.protocol.callsocket.session import (
    CLOSE_PATIENCE,
    PING_INTERVAL,
    PONG_PATIENCE,
    TRANSITIONS,
    CallSession,
    Ended,
    Happening,
    State,
)
from callwright.protocol.callsocket.ws_frames import Opcode, WsFrame

NOW = 1000.0
CLOSE_1000 = (Opcode.CLOSE, b"\x03\xe8")


class Line:
    """A session that has begun, and what it says."""

    def __init__(self, *, takes_digits: bool = False) -> None:
        self.session = CallSession(caller="ann", takes_digits=takes_digits, now=NOW)
        self.greeting = self.said()

    def text(self, text: str, now: float = NOW) -> None:
        self.session.receive(WsFrame(Opcode.TEXT, text.encode()), now)

    def sound(self, *frames: bytes) -> None:
        for frame in frames:
            self.session.receive(WsFrame(Opcode.BINARY, frame), NOW)

    def said(self) -> list[object]:
        """What is to be sent: messages as objects, other frames as they are."""
        return [
            json.loads(payload) if opcode is Opcode.TEXT else (opcode, payload)
            for opcode, payload in self.session.to_send()
        ]

    def heard(self) -> bytes:
        return b"".join(piece.sound for piece in self.session.take_sound(160))


def goodbye(origin: str, cause: str, raw_cause: int) -> list[object]:
    return [
        {"type": "audio_end"},
        {"type": "call_end", "origin": origin, "cause": cause, "raw_cause": raw_cause},
    ]


def finished(*plays: str) -> list[object]:
    return [{"type": "audio_play_finished", "id": play} for play in plays]


def test_a_call_begins_with_its_caller_and_the_format() -> None:
    line = Line()
    assert line.greeting == [
        {"type": "call_start", "from": "ann"},
        {"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1},
    ]
    assert line.session.is_talking
    assert line.session.is_silent


def test_the_printed_conversation_goes_as_printed() -> None:
    line = Line()
    line.text('{"type":"audio_play_start","id":"greeting"}')
    line.sound(*[bytes([it]) * 320 for it in range(6)])
    line.text('{"type":"audio_play_end"}')
    assert [line.heard()[:1] for _ in range(5)] == [bytes([it]) for it in range(5)]
    assert line.said() == []
    assert line.heard() == b"\x05" * 320
    assert line.said() == finished("greeting")
    line.text('{"type":"call_hangup","cause":"NORMAL","raw_cause":16}')
    assert line.said() == [*goodbye("server", "NORMAL", 16), CLOSE_1000]
    assert line.session.events() == [Ended(Origin.SERVER, Cause.NORMAL, 16)]
    assert line.session.state is State.CLOSING


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no JSON", "not JSON"),
        ('{"type":"audio_play_end"}', "the end of a play outside of a play"),
        ('{"type":"audio_play_start","channels":9}', "channels is 9"),
        ('{"type":"call_hangup","cause":"TIRED"}', 'cause is "TIRED"'),
    ],
)
def test_a_mistake_is_answered_and_the_call_goes_on(text: str, reason: str) -> None:
    line = Line()
    line.text(text)
    (answer,) = line.said()
    assert isinstance(answer, dict)
    assert answer["type"] == "error"
    assert reason in answer["reason"]
    assert line.session.is_talking
    assert line.session.events() == []


def test_sound_that_cannot_be_played_is_answered_and_dropped() -> None:
    line = Line()
    line.sound(bytes(320))
    line.text('{"type":"audio_play_start","initial_buffer_ms":0}')
    line.sound(bytes(3), b"\1\1")
    answers = [it["reason"] for it in line.said() if isinstance(it, dict)]
    assert answers == [
        "sound outside of a play; expected audio_play_start first",
        "a frame of 3 bytes; expected a multiple of 2",
    ]
    assert line.heard() == b"\1\1"


def test_abort_is_answered_at_once_for_each_play() -> None:
    line = Line()
    for play in "ab":
        line.text(f'{{"type":"audio_play_start","id":"{play}"}}')
        line.sound(bytes(1600))
        line.text('{"type":"audio_play_end"}')
    line.text('{"type":"audio_play_abort"}')
    assert line.said() == finished("a", "b")
    assert line.heard() == b""
    line.text('{"type":"audio_play_start","id":"c","initial_buffer_ms":0}')
    line.sound(b"\1\1")
    assert line.heard() == b"\1\1"


def end_by_us(line: Line) -> None:
    line.session.hang_up("NORMAL", 0, NOW)


def end_by_hangup(line: Line) -> None:
    line.text('{"type":"call_hangup"}')


def end_by_frame(payload: bytes, opcode: Opcode) -> Callable[[Line], None]:
    return lambda line: line.session.receive(WsFrame(opcode, payload), NOW)


ENDINGS: list[tuple[Callable[[Line], None], Ended, int]] = [
    (end_by_us, Ended(Origin.CLIENT, "NORMAL", 0), 1000),
    (lambda line: line.session.hang_up("OTHER(9)", 9, NOW), Ended(Origin.CLIENT, "OTHER(9)", 9),
     1000),
    (end_by_hangup, Ended(Origin.SERVER, Cause.NORMAL, 0), 1000),
    (lambda line: line.text('{"type":"call_hangup","cause":"CONGESTION","raw_cause":42}'),
     Ended(Origin.SERVER, Cause.CONGESTION, 42), 1000),
    (lambda line: line.session.give_up("too much", NOW),
     Ended(Origin.ERROR, Cause.FAILED, 900, "too much"), 1008),
    (end_by_frame(bytes(1601), Opcode.BINARY),
     Ended(Origin.ERROR, Cause.FAILED, 1009, "more than 1600 bytes in one message"), 1009),
    (end_by_frame(bytes(1601), Opcode.TEXT),
     Ended(Origin.ERROR, Cause.FAILED, 1009, "more than 1600 bytes in one message"), 1009),
    (end_by_frame(b"\xff", Opcode.TEXT),
     Ended(Origin.ERROR, Cause.FAILED, 1007, "a text that is no UTF-8"), 1007),
    (end_by_frame(b"", Opcode.CONTINUATION),
     Ended(Origin.ERROR, Cause.FAILED, 1002, "a CONTINUATION frame where none may be"), 1002),
    (end_by_frame(b"\0\1", Opcode.CLOSE),
     Ended(Origin.ERROR, Cause.FAILED, 1002, "Close with code 1"), 1002),
]  # fmt: skip


@pytest.mark.parametrize(("end", "ended", "code"), ENDINGS)
def test_every_end_is_told_once_to_both_sides(
    end: Callable[[Line], None], ended: Ended, code: int
) -> None:
    line = Line()
    line.text('{"type":"audio_play_start","id":"p"}')
    line.text('{"type":"audio_play_end"}')
    line.text('{"type":"audio_play_start","id":"q"}')
    end(line)
    assert line.said() == [
        *finished("p", "q"),
        *goodbye(ended.origin, ended.cause, ended.raw_cause),
        (Opcode.CLOSE, code.to_bytes(2, "big")),
    ]
    assert line.session.events() == [ended]
    for again, _, _ in ENDINGS:
        again(line)
    line.session.press("1")
    line.session.drop_sound(NOW + 9)
    assert line.said() == []
    assert line.session.events() == []
    assert line.heard() == b""


@pytest.mark.parametrize(
    ("payload", "cause", "raw_cause", "answer"),
    [
        (b"\x03\xe8", Cause.NORMAL, 1000, b"\x03\xe8"),
        (b"\x03\xe9", Cause.NORMAL, 1001, b"\x03\xe9"),
        (b"\x03\xf3oops", Cause.FAILED, 1011, b"\x03\xf3"),
        (b"\x0f\xa0", Cause.FAILED, 4000, b"\x0f\xa0"),
        (b"", Cause.NORMAL, 1005, b"\x03\xe8"),
    ],
)
def test_a_close_frame_ends_the_call_with_its_code(
    payload: bytes, cause: Cause, raw_cause: int, answer: bytes
) -> None:
    line = Line()
    line.text('{"type":"audio_play_start","id":"p"}')
    line.session.receive(WsFrame(Opcode.CLOSE, payload), NOW)
    assert line.said() == [(Opcode.CLOSE, answer)]
    assert line.session.events() == [Ended(Origin.SERVER, cause, raw_cause, payload[2:].decode())]
    assert line.session.state is State.CLOSED
    assert line.session.deadline() is None


@pytest.mark.parametrize(
    ("raw_cause", "cause"), [(1006, Cause.FAILED), (1009, Cause.FAILED), (1002, Cause.FAILED)]
)
def test_a_lost_connection_is_an_error(raw_cause: int, cause: Cause) -> None:
    line = Line()
    line.session.lose("gone", raw_cause=raw_cause)
    assert line.said() == []
    assert line.session.events() == [Ended(Origin.ERROR, cause, raw_cause, "gone")]
    assert line.session.state is State.CLOSED


def test_pings_are_answered_with_what_they_carry() -> None:
    line = Line()
    line.session.receive(WsFrame(Opcode.PING, b"are you there"), NOW)
    assert line.said() == [(Opcode.PONG, b"are you there")]


def test_a_ping_goes_out_every_30_seconds_and_any_pong_will_do() -> None:
    line = Line()
    for round_ in (1, 2, 3):
        due = NOW + round_ * PING_INTERVAL
        assert line.session.deadline() == due
        line.session.handle_timer(due - 0.001)
        assert line.said() == []
        line.session.handle_timer(due)
        assert line.said() == [(Opcode.PING, b"")]
        assert line.session.deadline() == due + PONG_PATIENCE
        line.session.receive(WsFrame(Opcode.PONG, b"whichever"), due + PONG_PATIENCE - 0.01)


def test_no_pong_for_10_seconds_ends_the_call() -> None:
    line = Line()
    line.session.handle_timer(NOW + PING_INTERVAL)
    line.said()
    line.session.handle_timer(NOW + PING_INTERVAL + PONG_PATIENCE - 0.001)
    assert line.session.is_talking
    line.session.handle_timer(NOW + PING_INTERVAL + PONG_PATIENCE)
    assert line.said() == [*goodbye("error", "FAILED", 900), (Opcode.CLOSE, b"\x03\xe9")]
    assert line.session.events() == [Ended(Origin.ERROR, Cause.FAILED, 900, "no Pong within 10 s")]


def test_a_server_has_2_seconds_to_answer_our_close() -> None:
    line = Line()
    end_by_us(line)
    assert line.session.deadline() == NOW + CLOSE_PATIENCE
    line.session.handle_timer(NOW + CLOSE_PATIENCE)
    assert line.session.state is State.CLOSED
    assert line.session.events() == [Ended(Origin.CLIENT, "NORMAL", 0)]


def test_the_warning_of_an_overflow_comes_once_a_second_at_most() -> None:
    line = Line()
    for tick in range(101):
        line.session.drop_sound(NOW + tick * 0.02)
    assert line.said() == [{"type": "audio_overflow_warning"}] * 3


def test_keys_are_messages() -> None:
    line = Line(takes_digits=True)
    for key in "5#":
        line.session.press(key)
    assert line.session.takes_digits
    assert line.said() == [{"type": "dtmf", "digit": "5"}, {"type": "dtmf", "digit": "#"}]


BRINGS: dict[Happening, Callable[[Line], None]] = {
    Happening.END: end_by_us,
    Happening.CLOSE: end_by_frame(b"", Opcode.CLOSE),
    Happening.LOSS: lambda line: line.session.lose("gone"),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("happening", Happening)
def test_every_happening_in_every_state_does_what_the_table_says(
    state: State, happening: Happening
) -> None:
    line = Line()
    line.session.state = state
    BRINGS[happening](line)
    assert line.session.state is TRANSITIONS[state].get(happening, state)
    assert len(line.session.events()) == (1 if state is State.TALKING else 0)


TEXTS = st.sampled_from(
    [
        '{"type":"audio_play_start","id":"x"}',
        '{"type":"audio_start","format":"alaw","initial_buffer_ms":0}',
        '{"type":"audio_play_start","channels":2,"initial_buffer_ms":20}',
        '{"type":"audio_play_end"}',
        '{"type":"audio_play_abort"}',
        "[]",
    ]
).map(lambda it: WsFrame(Opcode.TEXT, it.encode()))
HANGUP = st.just(WsFrame(Opcode.TEXT, b'{"type":"call_hangup","raw_cause":3}'))
SOUND = st.builds(WsFrame, st.just(Opcode.BINARY), st.binary(max_size=700))
ANYTHING = st.builds(
    WsFrame, st.sampled_from(Opcode), st.binary(max_size=1700), st.booleans(), st.booleans()
)
STEPS = st.lists(st.one_of(TEXTS, TEXTS, SOUND, SOUND, ANYTHING, HANGUP, st.floats(0, 30)),
                 max_size=60)  # fmt: skip


@given(STEPS)
def test_whatever_comes_every_play_finishes_and_the_call_ends_once(
    steps: list[WsFrame | float],
) -> None:
    line, now, said = Line(), NOW, list[object]()
    for step in steps:
        if isinstance(step, float):
            now += step
            line.session.handle_timer(now)
            assert sum(len(it.sound) // it.play.sample_bytes
                       for it in line.session.take_sound(160)) <= 160  # fmt: skip
        else:
            line.session.receive(step, now)
        said += line.said()
    line.session.hang_up("NORMAL", 0, now)
    line.session.lose("gone")
    said += line.said()
    assert len(line.session.events()) == 1
    assert line.session.state is State.CLOSED
    kinds = [it["type"] for it in said if isinstance(it, dict)]
    assert kinds.count("call_end") <= 1
    if "call_end" in kinds:
        assert kinds[-2:] == ["audio_end", "call_end"]
    closes = [it for it in said if isinstance(it, tuple) and it[0] is Opcode.CLOSE]
    assert len(closes) == 1
    assert said[-1] == closes[0]


def test_sound_of_several_plays_comes_with_each_ones_format() -> None:
    line = Line()
    line.text('{"type":"audio_play_start","format":"alaw","initial_buffer_ms":0}')
    line.sound(b"\xd5" * 100)
    line.text('{"type":"audio_play_end"}')
    line.text('{"type":"audio_play_start","channels":2,"channel":2,"initial_buffer_ms":0}')
    line.sound(bytes(400))
    first, second = line.session.take_sound(160)
    assert (len(first.sound), len(second.sound)) == (100, 240)
    assert second.play == PlayStart(channels=2, channel=2, initial_buffer_ms=0)
