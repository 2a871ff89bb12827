"""Every message, both ways: what is read, what is printed, what is refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.callsocket import (
    CAUSES,
    BadPlatformMessage,
    Digit,
    Ended,
    Origin,
    Overflow,
    PlayFinished,
    Problem,
    SoundFormat,
)
from callwright.callsocket.messages import (
    CallStart,
    Message,
    SoundEnd,
    SoundStart,
    hang_up,
    play_abort,
    play_end,
    play_start,
    read_message,
)
from callwright.callsocket.sound import Encoding
from callwright.protocol.callsocket import messages as platform
from callwright.protocol.callsocket.causes import Cause

AUDIO = {"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1}
END = {"type": "call_end", "origin": "server", "cause": "NORMAL", "raw_cause": 16}

GOOD: tuple[tuple[dict[str, object], Message | None], ...] = (
    ({"type": "call_start", "from": "442079460999"}, CallStart("442079460999")),
    ({"type": "call_start", "from": "sip:a@b.example", "to": "x"}, CallStart("sip:a@b.example")),
    (AUDIO, SoundStart(SoundFormat())),
    (AUDIO | {"format": "alaw", "channels": 2}, SoundStart(SoundFormat(Encoding.A_LAW, 2))),
    ({"type": "audio_end"}, SoundEnd()),
    ({"type": "dtmf", "digit": "5"}, Digit("5")),
    ({"type": "audio_play_finished", "id": ""}, PlayFinished("")),
    ({"type": "audio_overflow_warning"}, Overflow()),
    ({"type": "error", "reason": "no"}, Problem("no")),
    (END, Ended(Origin.SERVER, "NORMAL", 16)),
    (END | {"origin": "error", "cause": "OTHER(7)"}, Ended(Origin.ERROR, "OTHER(7)", 16)),
    ({"type": "of_tomorrow", "from": 7}, None),
)  # fmt: skip


@pytest.mark.parametrize(("members", "message"), GOOD)
def test_a_message_is_read(members: dict[str, object], message: Message | None) -> None:
    assert read_message(json.dumps(members)) == message


BAD: tuple[tuple[str, str], ...] = (
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[" * 100_000, "nested too deeply|not JSON"),
    ("[]", "not a JSON object"),
    ("{}", "type is None"),
    ('{"type": 7}', "type is 7"),
    ('{"type": "call_start"}', "from is None"),
    ('{"type": "call_start", "from": 44}', "from is 44"),
    (json.dumps(AUDIO | {"format": "mp3"}), "format is 'mp3'"),
    (json.dumps(AUDIO | {"format": ["alaw"]}), "format is"),
    (json.dumps(AUDIO | {"sample_rate": 16000}), "16000 samples a second"),
    (json.dumps(AUDIO | {"channels": 3}), "in 3 channels"),
    (json.dumps(AUDIO | {"channels": []}), "channels"),
    ('{"type": "dtmf"}', "digit is None"),
    ('{"type": "audio_play_finished"}', "id is None"),
    ('{"type": "error"}', "reason is None"),
    (json.dumps(END | {"origin": "nobody"}), "origin is 'nobody'"),
    (json.dumps(END | {"raw_cause": "16"}), "raw_cause is '16'"),
    (json.dumps(END | {"raw_cause": True}), "raw_cause is True"),
)


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_a_message_is_refused(text: str, problem: str) -> None:
    with pytest.raises(BadPlatformMessage, match=problem):
        read_message(text)


@given(st.text() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    with suppress(BadPlatformMessage):
        read_message(text)


def test_a_refusal_is_short_however_long_the_message_is() -> None:
    with pytest.raises(BadPlatformMessage) as refusal:
        read_message("[" + "7," * 10_000)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("text", "request_read"),
    [
        (play_start("a", SoundFormat()), platform.PlayStart("a")),
        (
            play_start("b", SoundFormat(Encoding.A_LAW, 2), channel=2, initial_buffer_ms=0),
            platform.PlayStart("b", platform.Format.A_LAW, 8000, 2, 2, 0),
        ),
        (play_end(), platform.PlayEnd()),
        (play_abort(), platform.PlayAbort()),
        (hang_up(), platform.Hangup()),
        *((hang_up(cause, 17), platform.Hangup(Cause(cause), 17)) for cause in CAUSES),
    ],
)
def test_what_is_printed_the_platform_reads(text: str, request_read: platform.Request) -> None:
    assert platform.parse_request(text.encode()) == request_read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (platform.call_start("44"), CallStart("44")),
        (platform.audio_start(), SoundStart(SoundFormat())),
        (platform.audio_end(), SoundEnd()),
        (platform.dtmf("#"), Digit("#")),
        (platform.audio_play_finished("é"), PlayFinished("é")),
        (platform.audio_overflow_warning(), Overflow()),
        (platform.error("no"), Problem("no")),
        (platform.call_end("client", "BUSY", 0), Ended(Origin.CLIENT, "BUSY", 0)),
    ],
)
def test_what_the_platform_prints_is_read(text: str, message: Message) -> None:
    assert read_message(text) == message


def test_there_are_the_causes_of_the_platform() -> None:
    assert list(CAUSES) == list(Cause)


def test_a_cause_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="cause is 'BORED': one of NORMAL, BUSY"):
        hang_up("BORED")
