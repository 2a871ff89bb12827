"""Posting events to web servers on loopback."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Final

import pytest

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.receivers import HttpReceivers
from callwright.domain.extension_event import TellMethod
from callwright.scheduler.webhooks.message import Message
from callwright.scheduler.webhooks.ports import NoAnswer
from tests.sim.page_server import Answer, Closes, Endless, NeverAnswers, PageServer, Stalls

LOOPBACK: Final = AddressGuard([ip_network("127.0.0.0/8")])
HEADERS: Final = {"Content-Type": "application/json; charset=utf-8", "webhook-id": "evt_1"}


def post(
    *urls: str,
    guard: AddressGuard = LOOPBACK,
    method: TellMethod = TellMethod.POST,
    body: bytes = b'{"a": 1}',
    limit: float = 10.0,
) -> Sequence[int]:
    async def story() -> list[int]:
        receivers = HttpReceivers(guard, time_limit=limit)
        try:
            return [await receivers.send(Message(method, url, body, HEADERS)) for url in urls]
        finally:
            await receivers.close()

    return asyncio.run(story())


def test_the_body_and_the_headers_arrive_as_they_are() -> None:
    with PageServer() as server:
        server.page("/hook", Answer(b"thanks", status=202))
        assert post(server.url("/hook?a=1"), body="☎".encode()) == [202]
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("POST", "/hook?a=1", "☎".encode())
    assert {name: asked.headers[name] for name in HEADERS} == HEADERS
    assert asked.headers["User-Agent"].startswith("Callwright/")


def test_a_get_has_its_query_and_no_body() -> None:
    with PageServer() as server:
        server.page("/hook", Answer())
        url = server.url("/hook?a=1&EventType=dial-in&CallerIDName=Ann+%26+Ben%2B%E2%98%8E")
        assert post(url, method=TellMethod.GET, body=b"") == [200]
    (asked,) = server.asked
    assert (asked.method, asked.body) == ("GET", b"")
    assert asked.query == {"a": "1", "EventType": "dial-in", "CallerIDName": "Ann & Ben+☎"}


@pytest.mark.parametrize("status", [200, 404, 410, 500, 301, 302, 307, 308])
def test_each_status_is_told_and_redirects_are_not_followed(status: int) -> None:
    with PageServer() as server:
        server.page("/hook", Answer(status=status, headers={"Location": "/elsewhere"}))
        assert post(server.url("/hook")) == [status]
    assert server.paths() == ["/hook"]


@pytest.mark.parametrize(
    "reaction",
    [
        Endless(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", b"x" * 65536),
        Stalls(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
    ],
)
def test_a_body_without_an_end_is_an_answer_all_the_same(reaction: Endless | Stalls) -> None:
    with PageServer() as server:
        server.page("/hook", reaction, Answer())
        assert post(server.url("/hook"), server.url("/hook")) == [200, 200]
    first, second = server.asked
    assert first.connection != second.connection


def test_connections_are_kept_and_cookies_are_not() -> None:
    with PageServer() as server:
        server.page("/hook", Answer(b"ok", headers={"Set-Cookie": "a=b"}))
        post(server.url("/hook"), server.url("/hook"))
    first, second = server.asked
    assert first.connection == second.connection
    assert "Cookie" not in second.headers


def test_a_name_in_the_url_is_sent_as_basic_login() -> None:
    with PageServer() as server:
        server.page("/hook", Answer())
        post(server.url("/hook").replace("http://", "http://crm:s3cret@"))
    assert server.asked[0].login == ("crm", "s3cret")


def test_an_answer_that_does_not_come_is_waited_for_so_long() -> None:
    with PageServer() as server:
        server.page("/hook", NeverAnswers())
        with pytest.raises(NoAnswer, match=r"^no answer within 0\.05 s$"):
            post(server.url("/hook"), limit=0.05)


def test_a_request_is_sent_once() -> None:
    with PageServer() as server:
        server.page("/hook", Closes())
        with pytest.raises(NoAnswer, match="closed the connection"):
            post(server.url("/hook"))
    assert server.paths() == ["/hook"]


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "mailto:a@b.c", "http://", "http://[", "http://h:x/", "nothing"]
)
def test_what_is_no_url_is_no_answer(url: str) -> None:
    with pytest.raises(NoAnswer):
        post(url)


def test_the_operators_own_network_is_not_asked() -> None:
    with PageServer() as server:
        with pytest.raises(NoAnswer, match="a loopback address") as refused:
            post(server.url("/hook/s3cret"), guard=AddressGuard())
        assert server.asked == []
    assert "s3cret" not in str(refused.value)
