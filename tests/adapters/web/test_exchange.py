"""Servers that are down, slow, cut off, endless or talk garbage: told apart, and bounded."""

import gzip
import socket
import ssl
import tracemalloc
import zlib
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.exchange import FetchTimes
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from callwright.runner.ports import PageUnreachable
from tests.adapters.web.fetching import IVR, Names, fetch, fetch_all, with_fetchers
from tests.sim.page_server import (
    Answer,
    Closes,
    Endless,
    NeverAnswers,
    PageServer,
    Reaction,
    Stalls,
)

MIB = 1 << 20
OK = b"HTTP/1.1 200 OK\r\n"
TEN = b"Content-Length: 10\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
SHORT = FetchTimes(total=0.3)

SILENT = "it closed the connection without an answer"
BROKEN_OFF = "the answer broke off"
NOT_HTTP = "what it answered is not HTTP"


def test_a_request_without_any_answer_is_sent_once_more() -> None:
    with PageServer() as server:
        server.page("/first", Closes(), Answer(b"well"))
        assert fetch(PageAddress(server.url("/first"))).body == b"well"

    assert server.paths() == ["/first", "/first"]
    assert server.asked[0].body == server.asked[1].body


def test_a_request_is_given_up_when_nothing_comes_twice() -> None:
    with PageServer() as server:
        server.page("/first", Closes())
        with pytest.raises(PageUnreachable, match=f"/first could not be asked: {SILENT}$"):
            fetch(PageAddress(server.url("/first")))

    assert len(server.asked) == 2


def test_who_asks_again_himself_is_told_at_once() -> None:
    with PageServer() as server:
        server.page("/first", Closes(), Answer(b"well"))
        with pytest.raises(PageUnreachable, match=f"/first could not be asked: {SILENT}$"):
            fetch_all([PageAddress(server.url("/first"))], asks_again=False)

    assert len(server.asked) == 1


NO_RESPONSE: list[tuple[str, Reaction, str]] = [
    ("begins a status line", Closes(b"HTTP/1.1 2"), BROKEN_OFF),
    ("begins a header", Closes(OK + b"Conte"), BROKEN_OFF),
    ("is cut before its body", Closes(OK + TEN + b"\r\n"), BROKEN_OFF),
    ("is cut in its body", Closes(OK + TEN + b"\r\nhalf"), BROKEN_OFF),
    ("is cut in a chunk", Closes(OK + CHUNKED + b"\r\n9\r\nhal"), BROKEN_OFF),
    ("has no last chunk", Closes(OK + CHUNKED + b"\r\n2\r\n{}\r\n"), BROKEN_OFF),
    ("has a chunk of no size", Closes(OK + CHUNKED + b"\r\nzz\r\n{}\r\n"), NOT_HTTP),
    ("speaks SSH", Closes(b"SSH-2.0-OpenSSH_9.2\r\n"), NOT_HTTP),
    ("is bare HTML", Closes(b"<html>hello</html>"), NOT_HTTP),
    ("is binary", Closes(bytes(64)), NOT_HTTP),
    ("has two lengths", Closes(OK + TEN + b"Content-Length: 3\r\n\r\n{} "), NOT_HTTP),
    ("has a length and chunks", Closes(OK + TEN + CHUNKED + b"\r\n0\r\n\r\n"), NOT_HTTP),
    ("has less than no length", Closes(OK + b"Content-Length: -2\r\n\r\n{}"), NOT_HTTP),
    ("has a boundless length", Closes(OK + TEN[:-2] + b"9" * 30 + b"\r\n\r\n"), NOT_HTTP),
    ("has a huge header", Closes(OK + b"X: " + b"x" * 20_000 + b"\r\n\r\n"), NOT_HTTP),
    ("has 2000 headers", Closes(OK + b"X: x\r\n" * 2000 + b"\r\n"), NOT_HTTP),
    ("never ends its headers", Endless(OK, b"X: x\r\n" * 100), NOT_HTTP),
    ("never ends one header", Endless(OK + b"X: ", b"x" * 1000), NOT_HTTP),
    ("is no gzip", Answer(b"hello", headers={"Content-Encoding": "gzip"}), BROKEN_OFF),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reaction", "reason"),
    [row[1:] for row in NO_RESPONSE],
    ids=[row[0].replace(" ", "_") for row in NO_RESPONSE],
)
def test_what_is_no_whole_response_is_none_and_not_asked_again(
    reaction: Reaction, reason: str
) -> None:
    with PageServer() as server:
        server.page("/first", reaction)
        with pytest.raises(PageUnreachable, match=f"/first could not be asked: {reason}$"):
            fetch(PageAddress(server.url("/first")))

    assert len(server.asked) == 1


SLOW: list[tuple[str, Reaction]] = [
    ("never answers", NeverAnswers()),
    ("stalls in its headers", Stalls(OK + b"Conte")),
    ("stalls before its body", Stalls(OK + TEN + b"\r\n")),
    ("stalls in its body", Stalls(OK + TEN + b"\r\nhalf")),
    ("stalls in a chunk", Stalls(OK + CHUNKED + b"\r\n9\r\nhal")),
    ("goes on announcing", Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n")),
]


@pytest.mark.parametrize(
    "reaction", [row[1] for row in SLOW], ids=[row[0].replace(" ", "_") for row in SLOW]
)
def test_a_slow_page_is_given_up(reaction: Reaction) -> None:
    with PageServer() as server:
        server.page("/first", reaction)
        with pytest.raises(PageUnreachable, match=r"/first did not answer within 0\.3 s$"):
            fetch(PageAddress(server.url("/first")), times=SHORT)

    assert len(server.asked) == 1


def test_the_time_counts_all_redirects_together() -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=307, headers={"Location": "/next"}))
        server.page("/next", NeverAnswers())
        with pytest.raises(PageUnreachable, match=r"/first did not answer within 0\.3 s$"):
            fetch(PageAddress(server.url("/first")), times=SHORT)


def test_a_host_that_takes_no_connection_is_given_up_sooner() -> None:
    with ExitStack() as held:
        full = held.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # Linux queues one more than it is told; after those it drops what knocks.
        for _ in range(3):
            knocking = held.enter_context(socket.socket())
            knocking.setblocking(False)
            knocking.connect_ex(full.getsockname())
        page = PageAddress(f"http://127.0.0.1:{full.getsockname()[1]}/first")
        with pytest.raises(PageUnreachable, match=r"could not be asked: no connection in time$"):
            fetch(page, times=FetchTimes(connect=0.1))


def test_a_server_that_is_down_is_named_without_its_password() -> None:
    with PageServer() as server:
        port = server.port
    with pytest.raises(PageUnreachable) as caught:
        fetch(PageAddress(f"http://me:secret@127.0.0.1:{port}/first"))

    assert str(caught.value) == (
        f"http://***@127.0.0.1:{port}/first could not be asked: connection refused"
    )


def test_a_name_that_is_not_known_is_looked_up_once_more() -> None:
    names = Names([[]])
    with pytest.raises(PageUnreachable, match=r"could not be asked: its name is not known$"):
        fetch_all([PageAddress("http://no.example/first")], names=names)
    assert names.asked == ["no.example", "no.example"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/first",
        "http:///first",
        "http://127.0.0.1:99999/first",
        "http://127.0.0.1:x/first",
        "http://[::1/first",
        "http://[::1]@/first",
        "http://" + "a" * 70 + ".example/first",
        "nonsense",
    ],
)
def test_what_is_no_url_is_not_asked(url: str) -> None:
    with pytest.raises(PageUnreachable, match=r"is no URL that can be asked$"):
        fetch(PageAddress(url))


BOMB = gzip.compress(bytes(64 * MIB), 9)


@pytest.mark.parametrize(
    "reaction",
    [
        Answer(BOMB, headers={"Content-Encoding": "gzip"}),
        Answer(zlib.compress(bytes(64 * MIB), 9), headers={"Content-Encoding": "deflate"}),
        Endless(OK + b"\r\n", b" " * 1000),
        Endless(OK + CHUNKED + b"\r\n", b"200\r\n" + b" " * 512 + b"\r\n"),
        Endless(OK + b"Content-Length: 99999999999\r\n\r\n", b" " * 1000),
    ],
    ids=["gzip bomb", "deflate bomb", "endless", "endless chunks", "a large promise"],
)
def test_no_more_is_read_or_inflated_than_one_byte_above_the_limit(reaction: Reaction) -> None:
    with PageServer() as server:
        server.page("/first", reaction)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            response = fetch(PageAddress(server.url("/first")))
            peak = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()

    assert len(response.body) == MAX_ANSWER_BYTES + 1
    # The body, once more while it is copied, and pieces of it; the server is in here too.
    assert peak < 16 * MIB


def test_a_server_that_compresses_though_asked_not_to_is_understood() -> None:
    answer = Answer(gzip.compress(b'{"actions": []}'), headers={"Content-Encoding": "gzip"})
    with PageServer() as server:
        server.page("/first", answer)
        assert fetch(PageAddress(server.url("/first"))).body == b'{"actions": []}'

    assert server.asked[0].headers["Accept-Encoding"] == "identity"


TLS = ssl.create_default_context()


@given(
    st.lists(
        st.builds(
            "{}{}{}".format,
            st.sampled_from(["http://", "https://", "http:", "//", ""]),
            st.text(
                st.sampled_from("a.:@[]/%?#\\ \0\n\t0é⅓\u2488\udcff") | st.characters(), max_size=12
            ),
            st.sampled_from(["", "/first", ":80", ":99999/", "?a=%zz"]),
        ),
        max_size=10,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_text_is_asked_or_refused_and_breaks_nothing(urls: list[str]) -> None:
    names = Names([[]])

    async def story(fetchers: PageFetchers) -> None:
        fetcher = fetchers.new()
        for url in urls:
            for method in ("GET", "POST"):
                with pytest.raises(PageUnreachable):
                    await fetcher.fetch(PageAddress(url, method), body=b"{}", credentials=IVR)
        await fetcher.close()

    with_fetchers(story, guard=AddressGuard(), names=names, tls=TLS)
