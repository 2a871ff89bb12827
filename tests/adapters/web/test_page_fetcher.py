"""Pages over real HTTP on loopback: what is sent, followed, tried again and given up."""

import asyncio
import json
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from callwright import __version__
from callwright.adapters.web.page_fetcher import FetchTimes, PageFetchers
from callwright.domain.outbound_service import PageAddress, PageCredentials
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from callwright.runner.ports import PageFetcher, PageResponse, PageUnreachable
from tests.sim.page_server import Answer, Closes, NeverAnswers, PageServer, Reaction

T = TypeVar("T")

BODY = json.dumps({"token": "a+b&c=d %20 #ä\U0001f600"}, ensure_ascii=False).encode()
IVR = PageCredentials("ivr", "ö:pen")


def run(story: Callable[[PageFetchers], Awaitable[T]], times: FetchTimes | None = None) -> T:
    """Run a story with fetchers whose pause before the second attempt is none."""

    async def whole() -> T:
        fetchers = PageFetchers(times=times, pause=no_pause)
        try:
            return await story(fetchers)
        finally:
            await fetchers.close()

    async def no_pause(seconds: float) -> None:
        assert seconds == 1.0

    return asyncio.run(whole())


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def fetch(
    page: PageAddress, credentials: PageCredentials | None = None, times: FetchTimes | None = None
) -> PageResponse:
    async def story(fetchers: PageFetchers) -> PageResponse:
        fetcher: PageFetcher = fetchers.new()
        try:
            return await fetcher.fetch(page, body=BODY, credentials=credentials)
        finally:
            await fetcher.close()

    return run(story, times)


def test_a_post_carries_the_document() -> None:
    with PageServer() as server:
        server.page("/first", Answer(b"{}"))
        response = fetch(PageAddress(server.url("/first?a=1")))

    [asked] = server.asked
    assert (asked.method, asked.body, dict(asked.query)) == ("POST", BODY, {"a": "1"})
    assert asked.headers["Content-Type"] == "application/json; charset=utf-8"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["User-Agent"] == f"Callwright/{__version__}"
    assert "Authorization" not in asked.headers
    assert (response.http_status, response.body) == (200, b"{}")
    assert response.url == server.url("/first?a=1")
    assert response.seconds > 0


def test_a_get_carries_it_in_the_query() -> None:
    with PageServer() as server:
        server.page("/first", Answer())
        fetch(PageAddress(server.url("/first?a=%2B1"), "GET"))

    [asked] = server.asked
    assert (asked.method, asked.body) == ("GET", b"")
    assert dict(asked.query) == {"a": "+1", "instance_info": BODY.decode()}
    assert "Content-Type" not in asked.headers


def test_credentials_are_sent_with_the_first_request() -> None:
    with PageServer() as server:
        server.page("/first", Answer())
        fetch(PageAddress(server.url("/first")), IVR)

    assert [asked.login for asked in server.asked] == [("ivr", "ö:pen")]


def test_a_name_in_the_url_wins() -> None:
    with PageServer() as server:
        server.page("/first", Answer())
        fetch(PageAddress(f"http://me:pw@127.0.0.1:{server.port}/first"), IVR)

    assert [asked.login for asked in server.asked] == [("me", "pw")]


@pytest.mark.parametrize("status", [204, 400, 404, 500, 503, 304])
def test_any_status_is_an_answer(status: int) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=status))
        assert fetch(PageAddress(server.url("/first"))).http_status == status

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (302, "GET", "GET"),
        (307, "GET", "GET"),
    ],
)
def test_redirects_follow_the_protocols_rules(status: int, method: str, then: str) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=status, headers={"Location": "moved?b=2"}))
        server.page("/moved", Answer(b"here"))
        response = fetch(PageAddress(server.url("/first?a=1"), method), IVR)

    moved = server.asked[-1]
    assert (moved.method, moved.path, moved.query["b"]) == (then, "/moved", "2")
    assert moved.info == json.loads(BODY)
    assert moved.login == ("ivr", "ö:pen")
    assert response.body == b"here"
    assert response.url.startswith(server.url("/moved?b=2"))


def test_credentials_do_not_follow_to_another_host() -> None:
    with PageServer() as server:
        elsewhere = server.url("/there").replace("127.0.0.1", "localhost")
        server.page("/first", Answer(status=307, headers={"Location": elsewhere}))
        server.page("/there", Answer(status=307, headers={"Location": server.url("/back")}))
        server.page("/back", Answer())
        fetch(PageAddress(server.url("/first")), IVR)

    assert [asked.login for asked in server.asked] == [("ivr", "ö:pen"), None, ("ivr", "ö:pen")]


def test_five_redirects_are_followed_and_no_more() -> None:
    with PageServer() as server:
        for n in range(7):
            server.page(f"/{n}", Answer(status=307, headers={"Location": f"/{n + 1}"}))
        server.page("/7", Answer(b"end"))

        assert fetch(PageAddress(server.url("/2"))).body == b"end"
        with pytest.raises(PageUnreachable, match=r"/1 redirected more than 5 times$"):
            fetch(PageAddress(server.url("/1")))


@pytest.mark.parametrize("location", ["ftp://example.com/", "http://[", "http://"])
def test_a_redirect_to_nowhere_is_no_response(location: str) -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=302, headers={"Location": location}))
        with pytest.raises(PageUnreachable):
            fetch(PageAddress(server.url("/first")))


def test_a_request_without_any_answer_is_sent_once_more() -> None:
    with PageServer() as server:
        server.page("/first", Closes(), Answer(b"well"))
        assert fetch(PageAddress(server.url("/first"))).body == b"well"

    assert server.paths() == ["/first", "/first"]


NO_RESPONSE: list[tuple[Reaction, str, int]] = [
    (Closes(), "it closed the connection without an answer", 2),
    (Closes(b"SSH-2.0-OpenSSH_9.2\r\n"), "what it answered is not HTTP", 1),
    (Closes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), "the answer broke off", 1),
]


@pytest.mark.parametrize(("reaction", "reason", "times"), NO_RESPONSE)
def test_garbage_is_no_response(reaction: Reaction, reason: str, times: int) -> None:
    with PageServer() as server:
        server.page("/first", reaction)
        with pytest.raises(PageUnreachable, match=f"/first could not be asked: {reason}$"):
            fetch(PageAddress(server.url("/first")))

    assert len(server.asked) == times


def test_a_slow_page_is_given_up() -> None:
    with PageServer() as server:
        server.page("/first", NeverAnswers())
        with pytest.raises(PageUnreachable, match=r"/first did not answer within 0\.2 s$"):
            fetch(PageAddress(server.url("/first")), times=FetchTimes(total=0.2))

    assert len(server.asked) == 1


def test_a_server_that_is_down_is_named_without_its_password() -> None:
    with PageServer() as server:
        port = server.port
    with pytest.raises(PageUnreachable) as caught:
        fetch(PageAddress(f"http://me:secret@127.0.0.1:{port}/first"))

    assert str(caught.value) == (
        f"http://***@127.0.0.1:{port}/first could not be asked: connection refused"
    )


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


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    with PageServer(tls=self_signed(tmp_path)) as server:
        server.page("/first", Answer())
        with pytest.raises(PageUnreachable, match="its TLS certificate is not good"):
            fetch(PageAddress(server.url("/first")))

    assert server.asked == []


@pytest.mark.parametrize("size", [MAX_ANSWER_BYTES, MAX_ANSWER_BYTES + 1, 3 * MAX_ANSWER_BYTES])
def test_a_body_is_read_to_one_byte_above_the_limit(size: int) -> None:
    with PageServer() as server:
        server.page("/first", Answer(b"x" * size))
        response = fetch(PageAddress(server.url("/first")))

    assert len(response.body) == min(size, MAX_ANSWER_BYTES + 1)


def test_cookies_belong_to_one_instance() -> None:
    async def story(fetchers: PageFetchers) -> None:
        ann, bob = fetchers.new(), fetchers.new()
        for fetcher in (ann, ann, bob):
            await fetcher.fetch(PageAddress(server.url("/first")), body=BODY, credentials=None)
        await ann.close()
        await bob.close()

    with PageServer() as server:
        server.page("/first", Answer(headers={"Set-Cookie": "session=ann"}))
        run(story)

    assert [asked.headers.get("Cookie") for asked in server.asked] == [None, "session=ann", None]
