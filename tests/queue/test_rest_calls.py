"""What a request asks for is read whole, or refused with a code and a text that quotes it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.domain.service_start import MAX_TOKEN_LENGTH, ServiceStart, SipHeader
from callwright.queue.rest_calls import BadRestCalls, ListNotAllowed, parse_rest_calls

TEL = {"to": "441908283800", "from": "441908283801"}
SIP = {"to": "sip:bob@acompany.com"}


def parse(calls: Any, *, may_start_lists: bool = True) -> tuple[ServiceStart, ...]:
    text = calls if isinstance(calls, str) else json.dumps(calls)
    return parse_rest_calls(text, may_start_lists=may_start_lists)


def test_the_published_example_is_read() -> None:
    text = (
        ' [ { "to" : "441908283800", "from" : "441908283801", "token" : "token1", '
        '"outbound_parameters" : "some user data" }, { "to" : "sip:bob@acompany.com", '
        '"token" : "token2", "extra_sip_headers": [ { "name": "X-AccountInfo", '
        '"value": "bob/123456789" } ] } ]'
    )
    assert parse(text) == (
        ServiceStart("441908283800", "441908283801", "token1", "some user data"),
        ServiceStart(
            "sip:bob@acompany.com",
            token="token2",
            extra_sip_headers=(SipHeader("X-AccountInfo", "bob/123456789"),),
        ),
    )


GOOD: list[tuple[dict[str, Any], ServiceStart]] = [
    (TEL, ServiceStart("441908283800", "441908283801")),
    (SIP, ServiceStart("sip:bob@acompany.com")),
    (SIP | {"from": "bob"}, ServiceStart("sip:bob@acompany.com", "bob")),
    (SIP | {"from": "sip:b@c.d"}, ServiceStart("sip:bob@acompany.com", "sip:b@c.d")),
    (SIP | {"token": ""}, ServiceStart("sip:bob@acompany.com", token="")),
    (
        SIP | {"token": "x" * MAX_TOKEN_LENGTH},
        ServiceStart("sip:bob@acompany.com", token="x" * MAX_TOKEN_LENGTH),
    ),
    (SIP | {"token": None, "from": None, "extra_sip_headers": None}, ServiceStart(SIP["to"])),
    (SIP | {"outbound parameters": "spelt wrong", "more": [1]}, ServiceStart(SIP["to"])),
    ({"to": "wss://example.com/app"}, ServiceStart("wss://example.com/app")),
    ({"to": "loc:my_inbound_service"}, ServiceStart("loc:my_inbound_service")),
    ({"to": " +44-1908-283800 ", "from": "1"}, ServiceStart("+44-1908-283800", "1")),
]


@pytest.mark.parametrize(("call", "start"), GOOD)
def test_one_object_is_one_start(call: dict[str, Any], start: ServiceStart) -> None:
    assert parse(call, may_start_lists=False) == (start,)
    assert parse([call, call]) == (start, start)


def test_an_unprefixed_room_where_the_service_calls_conferences() -> None:
    assert parse_rest_calls(
        '{"to": "Standup"}', may_start_lists=False, unprefixed_is_conference=True
    ) == (ServiceStart("Standup"),)
    with pytest.raises(BadRestCalls, match="'Standup'"):
        parse({"to": "Standup"})


def header(name: Any = "X-A", value: Any = "1") -> dict[str, Any]:
    return SIP | {"extra_sip_headers": [{"name": name, "value": value}]}


BAD: list[tuple[Any, str, str]] = [
    ("", "0002", "rest_calls '' is not JSON"),
    ("{to: 1}", "0002", r"rest_calls '\{to: 1\}' is not JSON"),
    ('{"to": "sip:a@b", "to": "sip:c@d"}', "0002", "the name 'to' appears twice"),
    ('{"to": NaN}', "0002", "NaN is not a JSON number"),
    ("[" * 10_000 + "]" * 10_000, "0002", "nested deeper"),
    ('{"to": "sip:a@b", "token": "\\ud800"}', "0002", "half of a surrogate pair"),
    ("null", "0002", "neither a call object nor a list"),
    ('"441908283800"', "0002", "neither a call object nor a list"),
    ([], "0004", r"rest_calls \[\] is an empty list"),
    ([SIP] * 1001, "0002", "rest_calls has 1001 calls: at most 1000"),
    ([SIP, 5], "0002", r"rest_calls\[1\] 5: a call object was expected"),
    ({}, "0001", r"to is missing in \{\}"),
    ({"from": "441908283801"}, "0001", "to is missing in .*441908283801"),
    ({"to": None}, "0001", "to is missing"),
    ({"to": "  "}, "0001", "to is missing"),
    ([SIP, {}], "0001", r"rest_calls\[1\]\.to is missing"),
    ({"to": 441908283800}, "0002", "to 441908283800 is not a string"),
    ({"to": "0123", "from": "1"}, "0002", "'0123' is not a telephone number"),
    ({"to": "tel:123456789012345678", "from": "1"}, "0002", "'tel:123456789012345678' is not"),
    ({"to": "44--19", "from": "1"}, "0002", "'44--19'"),
    ({"to": "bob"}, "0002", "'bob' is neither"),
    ({"to": "sip:a@b\r\nX: y"}, "0002", "is neither"),
    ({"to": "441908283800"}, "0001", "from is missing.*'441908283800'"),
    ({"to": "tel:441908283800", "from": " "}, "0001", "from is missing"),
    (SIP | {"from": 5}, "0002", "from 5 is not a string"),
    (SIP | {"from": "a b"}, "0002", "from 'a b' is not a caller ID"),
    (SIP | {"from": "a>\r\nX: y"}, "0002", "is not a caller ID"),
    (SIP | {"from": "x" * 257}, "0002", "has 257 characters: at most 256"),
    (SIP | {"token": "x" * 5001}, "0002", "token 'xxx.* has 5001 characters: at most 5000"),
    (SIP | {"token": 17}, "0002", "token 17 is not a string"),
    (SIP | {"outbound_parameters": "x" * 5001}, "0002", "has 5001 characters: at most 5000"),
    (SIP | {"outbound_parameters": {}}, "0002", r"outbound_parameters \{\} is not a string"),
    (SIP | {"extra_sip_headers": "X-A: 1"}, "0002", "a list of headers was expected"),
    (SIP | {"extra_sip_headers": [{"name": "X-A"}]}, "0002", r"extra_sip_headers\[0\]"),
    (SIP | {"extra_sip_headers": [{"name": "X-A", "value": "1"}] * 11}, "0002", "has 11 headers"),
    (header(name="Via"), "0002", "'Via': a SIP header name that starts with X-"),
    (header(name="X-"), "0002", "'X-'"),
    (header(name="X-A:"), "0002", "'X-A:'"),
    (header(name="X-A\r\nVia"), "0002", "starts with X-"),
    (header(value="1\r\nVia: x"), "0002", "has a control character"),
    (header(value="1\x00"), "0002", "has a control character"),
    (header(value=1), "0002", "was expected"),
    (header(value="x" * 1022), "0002", "has 1025 characters: at most 1024"),
]


@pytest.mark.parametrize(("calls", "code", "text"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_told_with_its_code_and_its_value(
    calls: Any, code: str, text: str
) -> None:
    with pytest.raises(BadRestCalls, match=text) as caught:
        parse(calls)
    assert caught.value.code == code
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("calls", [[SIP], [SIP, SIP], [], ["rubbish"]])
def test_an_account_without_lists_may_not_send_any(calls: Any) -> None:
    with pytest.raises(ListNotAllowed, match="Production and Premium"):
        parse(calls, may_start_lists=False)


_VALUE = st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5))
_CALL = st.dictionaries(
    st.sampled_from(["to", "from", "token", "outbound_parameters", "extra_sip_headers", "x"]),
    _VALUE | st.sampled_from(["441908283800", "sip:a@b", "con:Room"]),
)


@settings(max_examples=200, deadline=None)
@given(_CALL | st.lists(_CALL, max_size=3) | st.text(max_size=40))
def test_random_calls_are_read_or_refused_and_nothing_else(calls: Any) -> None:
    try:
        starts = parse(calls)
    except BadRestCalls:
        return
    assert all(start.to for start in starts)
