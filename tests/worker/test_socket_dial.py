"""From a URL to an open WebSocket: every step's failure, provoked, and its raw cause."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from callwright.worker import rpc
from callwright.worker.socket_dial import report_all_but_connections
from tests.sim.authority import Authority
from tests.sim.raw_socket_server import Peer, serving
from tests.sim.socket_worker import SocketWorker, tell

Behaviour = Callable[[Peer], Awaitable[None]]
Context = Callable[[Authority], ssl.SSLContext | None]


async def silence(peer: Peer) -> None:
    await peer.reader.read()


async def hang_up(_peer: Peer) -> None:
    return


def answer(text: bytes) -> Behaviour:
    async def behave(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        peer.writer.write(text)
        await peer.reader.read()

    return behave


async def endless_headers(peer: Peer) -> None:
    peer.writer.write(b"HTTP/1.1 101 Switching Protocols\r\n")
    while True:
        peer.writer.write(b"X-Padding: " + b"x" * 1000 + b"\r\n")
        await peer.writer.drain()


UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

ANSWERS: list[tuple[Behaviour, int, str]] = [
    (answer(b"HTTP/1.1 404 Not Found\r\n\r\n"), 404, "FAILED"),
    (answer(b"HTTP/1.1 404\r\n\r\n"), 404, "FAILED"),
    (answer(b"HTTP/1.0 500 Oh\r\nContent-Length: 2\r\n\r\nno"), 500, "FAILED"),
    (answer(b"HTTP/1.1 200 OK\r\n\r\n"), 200, "FAILED"),
    (answer(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n"), 401, "FAILED"),
    (answer(b"HTTP/1.1 302 There\r\nLocation: wss://127.0.0.1:1/\r\n\r\n"), 302, "FAILED"),
    (answer(b"HTTP/1.1 486 Busy\r\n\r\n"), 486, "BUSY"),
    (answer(b"HTTP/1.1 503 Later\r\n\r\n"), 503, "CONGESTION"),
    (answer(b"HTTP/1.1 599 Unheard of\r\n\r\n"), 599, "FAILED"),
    (answer(b"HTTP/1.1 418 \xff\xfe\r\nX\r\n\r\n"), 418, "FAILED"),
    (answer(b"HTTP/1.1 600 Too high\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(b"HTTP/1.1 42 Short\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(b"HTTP/1.1 abc\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(b"SIP/2.0 200 OK\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(b"\x00\x01\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(b"\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(UPGRADE + b"\r\n"), 905, "OUT_OF_ORDER"),
    (answer(UPGRADE + b"Sec-WebSocket-Accept: guess\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(UPGRADE + b"Content-Length: many\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (answer(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), 905, "OUT_OF_ORDER"),
    (hang_up, 905, "OUT_OF_ORDER"),
    (endless_headers, 905, "OUT_OF_ORDER"),
]


@pytest.mark.parametrize(("behaviour", "raw_cause", "cause"), ANSWERS)
def test_an_answer_that_is_no_websocket(
    authority: Authority,
    trust_file: Path,
    behaviour: Behaviour,
    raw_cause: int,
    cause: str,
) -> None:
    async def story(worker: SocketWorker) -> None:
        async with serving(behaviour, authority.certificate().server_context()) as port:
            worker.call(1, f"wss://localhost:{port}/")
            assert await worker.ended(1) == ("error", cause, raw_cause)
            assert worker.of(rpc.SocketConnected, 1) == []

    tell(trust_file, story)


async def no_tls(peer: Peer) -> None:
    peer.writer.write(b"220 mail.example.com ESMTP\r\n")
    await peer.reader.read()


TLS: list[tuple[str, Context, Behaviour]] = [
    ("a stranger's certificate", lambda _: Authority().certificate().server_context(), silence),
    ("another name", lambda it: it.certificate("example.com").server_context(), silence),
    ("expired", lambda it: it.certificate(is_expired=True).server_context(), silence),
    ("no TLS at all", lambda _: None, no_tls),
    ("hangs up", lambda _: None, hang_up),
]  # fmt: skip


@pytest.mark.parametrize(
    ("context", "behaviour"), [it[1:] for it in TLS], ids=[it[0] for it in TLS]
)
def test_tls_that_cannot_be_trusted_is_904(
    authority: Authority,
    trust_file: Path,
    context: Context,
    behaviour: Behaviour,
) -> None:
    async def story(worker: SocketWorker) -> None:
        async with serving(behaviour, context(authority)) as port:
            worker.call(1, f"wss://localhost:{port}/")
            assert await worker.ended(1) == ("error", "OUT_OF_ORDER", 904)

    tell(trust_file, story)


def test_the_log_hears_nothing_of_servers_that_hang_up(
    trust_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(worker: SocketWorker) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(report_all_but_connections)
        async with serving(hang_up, None) as port:
            worker.call(1, f"wss://localhost:{port}/")
            await worker.ended(1)
        loop.call_exception_handler({"message": "what else goes wrong"})

    tell(trust_file, story)
    assert [it.message for it in caplog.records] == ["what else goes wrong"]


def test_old_tls_is_904(authority: Authority, trust_file: Path) -> None:
    context = authority.certificate().server_context()
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")

    async def story(worker: SocketWorker) -> None:
        async with serving(silence, context) as port:
            worker.call(1, f"wss://localhost:{port}/")
            assert await worker.ended(1) == ("error", "OUT_OF_ORDER", 904)

    tell(trust_file, story)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_trust_file_that_is_none_is_904_and_named(
    trust_file: Path, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "mine.pem"
    if content is not None:
        path.write_text(content)

    async def story(worker: SocketWorker) -> None:
        worker.call(1, "wss://localhost:9/", trust_file=str(path))
        assert await worker.ended(1) == ("error", "OUT_OF_ORDER", 904)
        assert str(path) in worker.of(rpc.SocketEnded, 1)[0].problem

    tell(trust_file, story)


def test_the_systems_certificates_do_not_know_ours(authority: Authority, trust_file: Path) -> None:
    async def story(worker: SocketWorker) -> None:
        async with serving(silence, authority.certificate().server_context()) as port:
            worker.call(1, f"wss://localhost:{port}/", trust_file="")
            assert await worker.ended(1) == ("error", "OUT_OF_ORDER", 904)

    tell(trust_file, story)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "voice.example.com", ""])
def test_where_nobody_listens_is_903(trust_file: Path, address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def story(worker: SocketWorker) -> None:
        worker.call(1, f"wss://localhost:{port}/", address=address)
        assert await worker.ended(1) == ("error", "OUT_OF_ORDER", 903)

    tell(trust_file, story)


@pytest.mark.parametrize("url", ["wss://[::1/", "http://localhost/"])
def test_a_bad_url_ends_the_leg_with_901(trust_file: Path, url: str) -> None:
    async def story(worker: SocketWorker) -> None:
        worker.call(1, url)
        assert await worker.ended(1) == ("error", "NUMBER_UNOBTAINABLE", 901)

    tell(trust_file, story)


def test_a_server_that_takes_no_connections_is_903_when_its_time_is_over(
    trust_file: Path,
) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        place = full.getsockname()
        # The kernel accepts one more than it was told, and then answers nobody.
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(place)

        async def story(worker: SocketWorker) -> None:
            worker.call(1, f"wss://localhost:{place[1]}/", handshake_timeout=0.1)
            assert await worker.ended(1) == ("error", "OUT_OF_ORDER", 903)

        tell(trust_file, story)
        for one in waiting:
            one.close()


@pytest.mark.parametrize(("has_tls", "raw_cause"), [(False, 904), (True, 905)])
def test_a_server_that_says_nothing_is_given_up_when_its_time_is_over(
    authority: Authority, trust_file: Path, *, has_tls: bool, raw_cause: int
) -> None:
    context = authority.certificate().server_context() if has_tls else None

    async def story(worker: SocketWorker) -> None:
        async with serving(silence, context) as port:
            worker.call(1, f"wss://localhost:{port}/", handshake_timeout=0.3)
            assert await worker.ended(1) == ("error", "OUT_OF_ORDER", raw_cause)

    tell(trust_file, story)


@pytest.mark.parametrize("has_tls", [True, False])
def test_a_call_that_we_end_while_it_is_dialled_ends_at_once(
    authority: Authority, trust_file: Path, *, has_tls: bool
) -> None:
    gone = asyncio.Event()

    async def behave(peer: Peer) -> None:
        try:
            await peer.reader.read()
        finally:
            gone.set()

    context = authority.certificate().server_context() if has_tls else None

    async def story(worker: SocketWorker) -> None:
        async with serving(behave, context) as port:
            worker.call(1, f"wss://localhost:{port}/")
            await worker.ticks(5)
            worker.loop.execute(rpc.EndSocket(1))
            assert worker.of(rpc.SocketEnded, 1) == [rpc.SocketEnded(1, "client", "NORMAL", 0)]
            worker.loop.execute(rpc.CloseLeg(1))
            assert len(worker.of(rpc.LegClosed, 1)) == 1
            if not has_tls:
                await gone.wait()
            await worker.ticks(3)
            assert len(worker.of(rpc.SocketEnded, 1)) == 1

    tell(trust_file, story)


def test_the_request_names_the_host_and_offers_the_sub_protocols_in_order(
    authority: Authority, trust_file: Path
) -> None:
    asked: list[str] = []

    async def behave(peer: Peer) -> None:
        asked.append((await peer.reader.readuntil(b"\r\n\r\n")).decode())
        peer.writer.write(b"HTTP/1.1 404 No\r\n\r\n")

    async def story(worker: SocketWorker) -> None:
        async with serving(behave, authority.certificate().server_context()) as port:
            worker.call(1, f"wss://a:b@localhost:{port}/x?y=z", offered=("v2.ws.a", "v1.b"))
            worker.call(2, f"wss://127.0.0.1:{port}/", offered=())
            await worker.ended(1)
            await worker.ended(2)
        first, second = sorted(asked)[::-1]
        assert first.startswith("GET /x?y=z HTTP/1.1\r\n")
        assert f"\r\nHost: localhost:{port}\r\n" in first
        assert "\r\nSec-WebSocket-Protocol: v2.ws.a, v1.b\r\n" in first
        assert "\r\nAuthorization: Basic YTpi\r\n" in first
        assert "Sec-WebSocket-Protocol" not in second
        assert "Authorization" not in second

    tell(trust_file, story)
