"""Every document either becomes plain finite data or one `BadAnswer` that says what is wrong."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.pages.errors import BadAnswer, FaultCode
from callwright.protocol.pages.json_text import (
    MAX_ANSWER_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    Json,
    read_json,
)

REFUSED = [
    (b"", "the response is not JSON: expecting value, line 1 column 1"),
    (b"<html>", "the response is not JSON: expecting value, line 1 column 1"),
    (b'{"a": 1,}', "the response is not JSON: "),
    (b'{"a": 1} x', "the response is not JSON: extra data, line 1 column 10"),
    (b'{"a": "\xff"}', "byte 7 of the response is not UTF-8"),
    ('{"a": 1}'.encode("utf-16"), "byte 0 of the response is not UTF-8"),
    (b'{"a": [{"b": NaN}]}', "a[0].b is nan: a finite number was expected"),
    (b'{"a": -Infinity}', "a is -inf: a finite number was expected"),
    (b'{"a": 1e999}', "a is inf: a finite number was expected"),
    (b"[1e999]", "[0] is inf: a finite number was expected"),
    (b"NaN", "the response is nan: a finite number was expected"),
    (b'{"a": {"b": 1, "c": 2, "b": 1}}', "a.b is given twice"),
    (b'{"a b": 1, "a b": 1}', "'a b' is given twice"),
    (rb'{"a": "\ud800"}', "a holds half of a surrogate pair, which is no character"),
    (rb'{"\udfff": 1}', "the response holds half of a surrogate pair, which is no character"),
    (b"1" * 5000, "the response has a number of too many digits"),
    (b" " * (MAX_ANSWER_BYTES + 1), "the response has more than 1048576 bytes"),
    (b"[" * (MAX_DEPTH + 1), "the response is nested deeper than 64 levels"),
    (b"[" + b"1," * MAX_VALUES + b"1]", "the response has more than 10000 values"),
    (b'{"a":' * 100_000, "the response is nested deeper than 64 levels"),
]


@pytest.mark.parametrize(("body", "text"), REFUSED, ids=[text for _, text in REFUSED])
def test_refuses(body: bytes, text: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        read_json(body)
    assert caught.value.text.startswith(text)
    assert caught.value.code is FaultCode.INVALID_RESPONSE


READ: list[tuple[bytes, Json]] = [
    (b'\xef\xbb\xbf{"a": null}', {"a": None}),
    ('{"a": "Straße \U0001f600"}'.encode(), {"a": "Straße \U0001f600"}),
    (rb'{"a": "\ud83d\ude00"}', {"a": "\U0001f600"}),
    (rb'{"a": "[[[[\"{{{{"}', {"a": '[[[["{{{{'}),
    (b'["' + b"," * 20_000 + b'"]', ["," * 20_000]),
    (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)),
]


@pytest.mark.parametrize(("body", "document"), READ)
def test_reads(body: bytes, document: Json) -> None:
    assert read_json(body) == document


def test_a_string_without_an_end_is_passed_over_once() -> None:
    # A pattern that tried again from each quote would take an hour for this.
    with pytest.raises(BadAnswer, match="not JSON"):
        read_json(b'["' + rb"\"" * 250_000)


@given(st.binary(max_size=200))
def test_random_bytes_never_raise_anything_else(body: bytes) -> None:
    try:
        document = read_json(body)
    except BadAnswer:
        return
    assert not isinstance(document, float) or math.isfinite(document)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_agrees_with_json_on_whatever_it_reads(document: object) -> None:
    body = json.dumps(document).encode()
    try:
        read = read_json(body)
    except BadAnswer as error:
        refused = error.text
    else:
        refused = ""
        assert read == json.loads(body)
    assert not refused or "finite" in refused or "surrogate" in refused
