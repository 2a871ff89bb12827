"""Every message of the protocol: fields, defaults, limits, and what is said about wrong ones."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callwright.protocol.callsocket import messages
from callwright.protocol.callsocket.causes import Cause, Origin
from callwright.protocol.callsocket.errors import BadMessage
from callwright.protocol.callsocket.messages import (
    MAX_INITIAL_BUFFER_MS,
    MAX_RAW_CAUSE,
    Format,
    Hangup,
    PlayAbort,
    PlayEnd,
    PlayStart,
    Request,
    parse_request,
)

CAUSES = [
    "NORMAL",
    "BUSY",
    "NO_ANSWER",
    "NUMBER_UNOBTAINABLE",
    "NUMBER_CHANGED",
    "OUT_OF_ORDER",
    "TIMESLOT_BARRED",
    "CALL_REJECTED",
    "CHANNEL_BUSY",
    "NO_CHANNELS",
    "CONGESTION",
    "FAILED",
]

SENT: list[tuple[str, dict[str, object]]] = [
    (messages.call_start("442079460999"), {"type": "call_start", "from": "442079460999"}),
    (
        messages.audio_start(),
        {"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1},
    ),
    (messages.audio_end(), {"type": "audio_end"}),
    (
        messages.call_end(Origin.SERVER, Cause.BUSY, 17),
        {"type": "call_end", "origin": "server", "cause": "BUSY", "raw_cause": 17},
    ),
    (
        messages.call_end(Origin.CLIENT, "OTHER(99)", 0),
        {"type": "call_end", "origin": "client", "cause": "OTHER(99)", "raw_cause": 0},
    ),
    (messages.audio_play_finished("x"), {"type": "audio_play_finished", "id": "x"}),
    (messages.audio_play_finished(""), {"type": "audio_play_finished", "id": ""}),
    (messages.error('no "type"\n'), {"type": "error", "reason": 'no "type"\n'}),
    (messages.audio_overflow_warning(), {"type": "audio_overflow_warning"}),
    (messages.dtmf("#"), {"type": "dtmf", "digit": "#"}),
]


@pytest.mark.parametrize(("text", "members"), SENT)
def test_what_we_send_has_exactly_these_members(text: str, members: dict[str, object]) -> None:
    assert json.loads(text) == members


START = '{"type":"audio_play_start"'

UNDERSTOOD: list[tuple[str, Request]] = [
    (START + "}", PlayStart("", Format.PCM_16, 8000, 1, 0, 100)),
    ('{"type":"audio_start"}', PlayStart()),
    ('{"id":"a","type":"audio_start"}', PlayStart("a")),
    (START + ',"id":"grüße \\u0000"}', PlayStart("grüße \0")),
    *((f'{START},"format":"{it}"}}', PlayStart(format=it)) for it in Format),
    (START + ',"sample_rate":8000}', PlayStart()),
    (START + ',"channels":1,"channel":0}', PlayStart()),
    (START + ',"channels":1,"channel":1}', PlayStart(channel=1)),
    *((f'{START},"channels":2,"channel":{it}}}', PlayStart("", Format.PCM_16, 8000, 2, it))
      for it in (0, 1, 2)),
    *((f'{START},"format":"alaw","channels":2,"channel":{it}}}',
       PlayStart("", Format.A_LAW, 8000, 2, it)) for it in (1, 2)),
    (START + ',"initial_buffer_ms":0}', PlayStart(initial_buffer_ms=0)),
    (START + ',"initial_buffer_ms":50000}', PlayStart(initial_buffer_ms=MAX_INITIAL_BUFFER_MS)),
    (START + ',"later":{"editions":[1]}}', PlayStart()),
    ('{"type":"audio_play_end"}', PlayEnd()),
    ('{"type":"audio_play_end","id":"a"}', PlayEnd()),
    ('{"type":"audio_play_abort"}', PlayAbort()),
    ('{"type":"call_hangup"}', Hangup(Cause.NORMAL, 0)),
    *((f'{{"type":"call_hangup","cause":"{it}"}}', Hangup(Cause(it), 0)) for it in CAUSES),
    ('{"type":"call_hangup","raw_cause":16}', Hangup(Cause.NORMAL, 16)),
    ('{"type":"call_hangup","raw_cause":-1}', Hangup(Cause.NORMAL, -1)),
    (f'{{"type":"call_hangup","raw_cause":{MAX_RAW_CAUSE}}}', Hangup(raw_cause=MAX_RAW_CAUSE)),
    (' {"type" : "audio_play_end"}\n', PlayEnd()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "request_"), UNDERSTOOD)
def test_a_message_is_understood(text: str, request_: Request) -> None:
    assert parse_request(text.encode()) == request_


MISUNDERSTOOD = [
    ("", "not JSON"),
    ("{", "not JSON"),
    ("audio", "not JSON"),
    ('{"type":"audio_play_end"} x', "Extra data"),
    ('{"type":NaN}', "NaN is not a JSON number"),
    ('{"type":"audio_play_end","type":"call_hangup"}', "'type' appears twice"),
    ('{"type":"audio_play_start","id":"\\ud800"}', "surrogate"),
    ("[" * 700 + "]" * 700, "nested deeper"),
    ('{"a":' * 200 + "1" + "}" * 200, "nested deeper"),
    ("1e999", "out of range"),
    ("9" * 1500, "digits"),
    ("[]", "[]; expected a JSON object"),
    ('"audio_play_end"', '"audio_play_end"; expected a JSON object'),
    ("null", "null; expected a JSON object"),
    ("{}", "type is null; expected one of audio_play_start"),
    ('{"type":null}', "type is null"),
    ('{"type":7}', "type is 7"),
    ('{"type":["call_hangup"]}', 'type is ["call_hangup"]'),
    ('{"type":"audio_play_begin"}', 'type is "audio_play_begin"'),
    ('{"type":"Call_hangup"}', 'type is "Call_hangup"'),
    ('{"type":"audio_play_finished"}', 'type is "audio_play_finished"'),
    (START + ',"id":5}', "id is 5; expected a text"),
    (START + ',"id":null}', "id is null; expected a text"),
    (START + ',"format":"16bit_pcm"}', 'format is "16bit_pcm"; expected one of 16bit_PCM, alaw'),
    (START + ',"format":16}', "format is 16"),
    (START + ',"format":["alaw"]}', 'format is ["alaw"]'),
    (START + ',"sample_rate":16000}', "sample_rate is 16000; expected 8000"),
    (START + ',"sample_rate":"8000"}', 'sample_rate is "8000"; expected 8000'),
    (START + ',"sample_rate":8000.0}', "sample_rate is 8000.0; expected 8000"),
    (START + ',"channels":0}', "channels is 0; expected 1 to 2"),
    (START + ',"channels":3}', "channels is 3; expected 1 to 2"),
    (START + ',"channels":true}', "channels is true; expected 1 to 2"),
    (START + ',"channels":2,"channel":3}', "channel is 3; expected 0 to 2"),
    (START + ',"channel":-1}', "channel is -1; expected 0 to 2"),
    (START + ',"channel":2}', "channel is 2 of mono sound; expected 0 or 1"),
    *((f'{START},"format":"{it}","channels":2}}', f"channel is 0 of two in {it}")
      for it in Format if it is not Format.PCM_16),
    (START + ',"initial_buffer_ms":-1}', "initial_buffer_ms is -1; expected 0 to 50000"),
    (START + ',"initial_buffer_ms":50001}', "initial_buffer_ms is 50001; expected 0 to 50000"),
    (START + ',"initial_buffer_ms":1e2}', "initial_buffer_ms is 100.0"),
    (START + ',"initial_buffer_ms":null}', "initial_buffer_ms is null"),
    ('{"type":"call_hangup","cause":"OTHER(7)"}', 'cause is "OTHER(7)"; expected one of NORMAL'),
    ('{"type":"call_hangup","cause":null}', "cause is null"),
    ('{"type":"call_hangup","raw_cause":"16"}', 'raw_cause is "16"'),
    ('{"type":"call_hangup","raw_cause":16.5}', "raw_cause is 16.5"),
    ('{"type":"call_hangup","raw_cause":2147483648}', "raw_cause is 2147483648"),
    ('{"type":"call_hangup","raw_cause":false}', "raw_cause is false"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), MISUNDERSTOOD)
def test_what_is_wrong_is_quoted_and_what_was_expected_said(text: str, reason: str) -> None:
    with pytest.raises(BadMessage) as caught:
        parse_request(text.encode())
    assert reason in str(caught.value)
    assert len(messages.error(str(caught.value))) < 600


def test_every_cause_of_the_protocol_is_known() -> None:
    assert [*Cause] == CAUSES


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text('a"\\\0é😀', max_size=9)
NAMES = [
    "type",
    "format",
    "sample_rate",
    "channels",
    "channel",
    "initial_buffer_ms",
    "id",
    "cause",
    "raw_cause",
]
KINDS = st.sampled_from(
    ["audio_play_start", "audio_start", "audio_play_end", "audio_play_abort", "call_hangup"]
)


def understood(text: bytes) -> Request | None:
    """The request, or None where it is refused in some words, not many."""
    try:
        return parse_request(text)
    except BadMessage as problem:
        return None if 0 < len(str(problem)) < 500 else pytest.fail(str(problem))


@given(st.dictionaries(st.sampled_from(NAMES), SCALARS | KINDS | st.lists(SCALARS)))
def test_any_object_is_understood_or_refused_in_words(members: dict[str, object]) -> None:
    text = json.dumps(members).encode()
    request = understood(text)
    if isinstance(request, PlayStart):
        assert request.channel <= request.channels
        assert request.sample_bytes in {1, 2, 4}


@given(st.binary(max_size=1600))
@example(b"\xff")
@example(b"\xef\xbb\xbf{}")
def test_any_bytes_are_refused_in_words(text: bytes) -> None:
    understood(text)
