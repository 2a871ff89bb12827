"""JSON is read as RFC 8259 wants it for interchange, or refused with a text that says why."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.protocol.strict_json import MAX_DEPTH, BadJson, read_json

GOOD = [
    ("{}", {}),
    (b'{"a": [1, 2.5, null, true, "\xc3\xa9"]}', {"a": [1, 2.5, None, True, "é"]}),
    ('"\\ud83d\\ude00"', "\U0001f600"),
    ("-0", 0),
    ("9" * 40, int("9" * 40)),
    ("[" * MAX_DEPTH + "]" * MAX_DEPTH, json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)),
]
BAD = [
    ("", "Expecting value at line 1 column 1"),
    ("{'to': 1}", "Expecting property name"),
    ("{} {}", "Extra data"),
    ('{"a": 1, "b": 2, "a": 3}', "the name 'a' appears twice"),
    ("[NaN]", "NaN is not a JSON number"),
    ("[-Infinity]", "-Infinity is not a JSON number"),
    ("1e999", "1e999 is out of range"),
    ("9" * 41, "more than 40 digits"),
    ("9" * 10_000, "more than 40 digits"),
    ('["\\ud83d"]', "half of a surrogate pair"),
    ('{"\\ude00": 1}', "half of a surrogate pair"),
    ('"\ud83d"', "not UTF-8"),
    (b'"\xff"', "not UTF-8"),
    (b"\xef\xbb\xbf{}", "begins with a byte order mark"),
    ('"a\nb"', "Invalid control character"),
    ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "deeper than 64"),
    ("[" * 10_000 + "]" * 10_000, "deeper than 64"),
    ('{"a":' * 10_000 + "1" + "}" * 10_000, "deeper than 64"),
]


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_reads(text: str | bytes, value: object) -> None:
    assert read_json(text) == value


@pytest.mark.parametrize(("text", "why"), BAD, ids=range(len(BAD)))
def test_refuses(text: str | bytes, why: str) -> None:
    with pytest.raises(BadJson, match=why):
        read_json(text)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.text('[]{}":,\\udNa1e-', max_size=60)))
def test_random_text_is_read_or_refused_and_nothing_else(text: str | bytes) -> None:
    try:
        value = read_json(text)
    except BadJson:
        return
    assert read_json(json.dumps(value)) == value
