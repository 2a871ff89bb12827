"""Parameters in all their spellings, and everything that can be wrong with them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from callwright.api.envelope import HttpFault
from callwright.api.exchange import MAX_BODY, Exchange
from callwright.api.wire import calls_of, collapse_slashes, parameters_of, required
from callwright.domain.clock import UnixTime

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=xyz"


def exchange(
    method: str = "GET", query: bytes = b"", body: bytes = b"", content_type: str = ""
) -> Exchange:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode())] if content_type else []
    scope: dict[str, Any] = {
        "method": method,
        "path": "/",
        "query_string": query,
        "headers": headers,
    }
    return Exchange(scope, receive, UnixTime(0.0))


def read(*args: Any, **parts: Any) -> dict[str, str]:
    return asyncio.run(parameters_of(exchange(*args, **parts)))


def part(name: str, value: str) -> bytes:
    return f'--xyz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


READ: list[tuple[dict[str, Any], Mapping[str, str]]] = [
    ({}, {}),
    ({"query": b"a=1&b=%C3%A9&c="}, {"a": "1", "b": "é", "c": ""}),
    ({"query": "a=é".encode()}, {"a": "é"}),
    ({"query": b"a=x+y%2Bz"}, {"a": "x y+z"}),
    ({"query": b"a=1;b=2"}, {"a": "1;b=2"}),
    ({"query": b"&a=1&&b&"}, {"a": "1", "b": ""}),
    ({"query": b"a=100%&b=%zz&c==="}, {"a": "100%", "b": "%zz", "c": "=="}),
    ({"method": "POST", "query": b"a=1"}, {"a": "1"}),
    ({"method": "POST", "body": b"a=1", "content_type": FORM}, {"a": "1"}),
    ({"method": "POST", "body": b"a=1"}, {"a": "1"}),
    (
        {"method": "POST", "query": b"a=query&b=2", "body": b"a=form", "content_type": FORM},
        {"a": "form", "b": "2"},
    ),
    (
        {
            "method": "POST",
            "query": b"a=query",
            "body": part("a", "form") + part("b", "é=&") + b"--xyz--\r\n",
            "content_type": MULTIPART,
        },
        {"a": "form", "b": "é=&"},
    ),
    ({"method": "GET", "query": b"a=1", "body": b"a=2", "content_type": FORM}, {"a": "1"}),
    (
        {"method": "POST", "body": b"a=1", "content_type": FORM.upper() + "; charset=utf-8"},
        {"a": "1"},
    ),
]


@pytest.mark.parametrize(("parts", "parameters"), READ)
def test_parameters_are_read_wherever_they_stand(
    parts: dict[str, Any], parameters: Mapping[str, str]
) -> None:
    assert read(**parts) == parameters


@given(text=st.text(st.sampled_from("=%+&0aFgG é\r\n\0"), max_size=40).map(str.encode))
def test_escapes_are_read_as_everybody_reads_them(text: bytes) -> None:
    value = text.replace(b"&", b"%26")
    with suppress(HttpFault):
        assert read(query=b"a=" + value)["a"] == unquote_plus(value.decode(), errors="strict")


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"query": b"a=1&a=2"}, 400, "0003", "'a' appears more than once"),
    ({"query": b"a=%FF"}, 400, "0002", "not UTF-8"),
    ({"query": b"a=\xff"}, 400, "0002", "not UTF-8"),
    ({"query": b"&".join(b"p%d=1" % n for n in range(101))}, 400, "0002", "more than 100"),
    ({"method": "POST", "body": b"a=1&a=2", "content_type": FORM}, 400, "0003", "'a'"),
    ({"method": "POST", "body": b"{}", "content_type": "application/json"}, 415, "", "json"),
    ({"method": "POST", "body": b"x", "content_type": "multipart/form-data"}, 400, "0002", "form"),
    ({"method": "POST", "body": b"rubbish", "content_type": MULTIPART}, 400, "0002", "form"),
    (
        {
            "method": "POST",
            "body": b'--xyz\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
            b"x\r\n--xyz--\r\n",
            "content_type": MULTIPART,
        },
        400,
        "0002",
        "form",
    ),
    ({"method": "POST", "body": b"a" * (MAX_BODY + 1)}, 413, "", "1048576"),
]


@pytest.mark.parametrize(("parts", "status", "code", "text"), REFUSED)
def test_what_cannot_be_read_is_refused_by_name(
    parts: dict[str, Any], status: int, code: str, text: str
) -> None:
    with pytest.raises(HttpFault) as refusal:
        read(**parts)

    assert (refusal.value.status, refusal.value.code) == (status, code)
    assert text in refusal.value.text


@given(
    body=st.binary(max_size=200),
    query=st.binary(max_size=60),
    content_type=st.sampled_from([FORM, MULTIPART, "", "multipart/form-data; boundary=", "\xff/"]),
)
def test_no_bytes_do_more_harm_than_a_refusal(body: bytes, query: bytes, content_type: str) -> None:
    with suppress(HttpFault):
        read(method="POST", body=body, query=query, content_type=content_type)


@pytest.mark.parametrize(
    ("parameters", "calls"),
    [
        ({"rest_calls": "a"}, "a"),
        ({"outbound_parameters": "b"}, "b"),
        ({"rest_calls": "a", "outbound_parameters": "b"}, "a"),
    ],
)
def test_the_legacy_alias_gives_way(parameters: dict[str, str], calls: str) -> None:
    assert calls_of(parameters) == calls


@pytest.mark.parametrize("parameters", [{}, {"to": "1"}])
def test_without_calls_the_missing_parameter_is_named(parameters: dict[str, str]) -> None:
    with pytest.raises(HttpFault, match="rest_calls is missing") as refusal:
        calls_of(parameters)

    assert refusal.value.code == "0001"


@pytest.mark.parametrize("parameters", [{}, {"id": ""}])
def test_a_required_parameter_is_named_when_missing(parameters: dict[str, str]) -> None:
    with pytest.raises(HttpFault, match="id is missing"):
        required(parameters, "id")


@pytest.mark.parametrize(
    ("path", "collapsed"), [("/a/b", "/a/b"), ("//a", "/a"), ("/a///b//c", "/a/b/c")]
)
def test_doubled_slashes_collapse(path: str, collapsed: str) -> None:
    assert collapse_slashes(path) == collapsed
