"""Datagrams into messages and back."""

import pytest

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.headers import Headers, canonical_name
from callwright.protocol.sip.message import Request, Response, parse_message

PLAIN = (
    b"INVITE sip:ann@example.com SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    b"X-Thing: \xff\r\n"
    b"Content-Length: 3\r\n"
    b"\r\n"
    b"abc"
)


@pytest.mark.parametrize("data", [PLAIN, b"\r\n\r\n" + PLAIN])
def test_a_message_survives_reading_and_writing(data: bytes) -> None:
    message = parse_message(data)

    assert isinstance(message, Request)
    headers = Headers(field for field in message.headers if field[0] != "Content-Length")
    assert Request(message.method, message.uri_text, headers, message.body).encode() == PLAIN


def test_a_response_survives_too() -> None:
    headers = Headers([("Via", "SIP/2.0/UDP h"), ("Via", "SIP/2.0/UDP i")])

    message = parse_message(Response(183, "Schön", headers, b"x").encode())

    assert isinstance(message, Response)
    assert (message.sip_status, message.reason, message.body) == (183, "Schön", b"x")
    assert message.headers.all("Via") == ["SIP/2.0/UDP h", "SIP/2.0/UDP i"]
    assert message.is_provisional
    assert not message.is_success


@pytest.mark.parametrize(
    ("tail", "body"),
    [
        (b"Content-Length: 3\r\n\r\nabcdef", b"abc"),
        (b"l: 0\r\n\r\nabc", b""),
        (b"\r\nabc", b"abc"),
        (b"Content-Length: 9\r\n\r\nabc", b"abc"),
    ],
)
def test_the_body_ends_where_content_length_says(tail: bytes, body: bytes) -> None:
    assert parse_message(b"OPTIONS sip:a@b SIP/2.0\r\n" + tail).body == body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"OPTIONS sip:a@b\r\n\r\n",
        b"OPTIONS sip:a@b HTTP/1.1\r\n\r\n",
        b"OP TIONS\r\n\r\n",
        b" OPTIONS sip:a@b SIP/2.0\r\n\r\n",
        b"SIP/2.0 99 Low\r\n\r\n",
        b"SIP/2.0 700 High\r\n\r\n",
        b"SIP/2.0 2000 Long\r\n\r\n",
        b"SIP/3.0 200 OK\r\n\r\n",
        b"OPTIONS sip:a@b SIP/2.0\r\nTo: a\nX: b\r\n\r\n",
        b"OPTIONS sip:a@b SIP/2.0\r\nTo: a\rX: b\r\n\r\n",
        b"OPTIONS sip:a@b SIP/2.0\nTo: a\n\n",
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    with pytest.raises(RemoteSipError):
        parse_message(data)


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("via", "Via"), ("VIA", "Via"), ("v", "Via"), ("V", "Via"), ("call-id", "Call-ID"),
     ("I", "Call-ID"), ("cseq ", "CSeq"), ("x-my-THING", "X-My-Thing"), ("www-authenticate",
     "WWW-Authenticate"), ("a b", None), ("", None), (" Via", None), ("V\u00eda", None)],
)  # fmt: skip
def test_header_names_have_one_spelling(spelling: str, name: str | None) -> None:
    assert canonical_name(spelling) == name


def test_header_lines_that_are_none_are_ignored() -> None:
    """8.2.2."""
    message = parse_message(b"OPTIONS sip:a@b SIP/2.0\r\nno colon\r\nb@d: x\r\nTo: a\r\n b\r\n\r\n")

    assert list(message.headers) == [("To", "a b")]


def test_headers_compare_by_content() -> None:
    assert Headers([("To", "a")]) == Headers([("To", "a")])
    assert Headers([("To", "a")]) != Headers([("To", "b")])
    assert "To" in Headers([("To", "a")])
    with pytest.raises(TypeError, match="no key"):
        hash(Headers())
