"""The three test servers of call WebSockets have the same manners, seen by a client."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.sim.authority import Authority
from tests.sim.call_socket_libraries import SERVERS
from tests.sim.call_socket_servers import SUB_PROTOCOL, CallSocketServer
from tests.sim.sound import share_of

OFFER = [Subprotocol(one) for one in (SUB_PROTOCOL, "v1.ws.cloud.aculab.com")]
START = [
    json.dumps({"type": "call_start", "from": "442079460999"}),
    json.dumps({"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1}),
]
FRAME = bytes(range(160)) * 2
LONG = 10.0
"""Seconds; a bound, never waited out."""

Story = Callable[[ClientConnection], Awaitable[None]]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module", params=SERVERS, ids=lambda kind: kind.__name__)
def server(request: pytest.FixtureRequest, authority: Authority) -> Iterator[CallSocketServer]:
    with request.param(authority.certificate()) as server:
        yield server


def converse(server: CallSocketServer, authority: Authority, path: str, story: Story) -> None:
    """Connect as the platform does, begin the call, and then do this."""

    async def run() -> None:
        async with (
            asyncio.timeout(LONG),
            connect(
                server.url(path), ssl=authority.trusting(), subprotocols=OFFER, close_timeout=1
            ) as connection,
        ):
            for message in START:
                await connection.send(message)
            await story(connection)

    asyncio.run(run())


def test_an_echo_comes_back(server: CallSocketServer, authority: Authority) -> None:
    async def story(connection: ClientConnection) -> None:
        assert json.loads(await connection.recv()) == {"type": "audio_play_start", "id": "echo"}
        for _ in range(3):
            await connection.send(FRAME)
            assert await connection.recv() == FRAME

    converse(server, authority, "/echo", story)
    call = server.calls[-1]
    call.wait_until_over()
    assert call.path == "/echo"
    assert call.offered == tuple(OFFER)
    assert call.selected == SUB_PROTOCOL
    assert call.kinds() == ["call_start", "audio_start"]
    assert call.wait_for("call_start")["from"] == "442079460999"
    assert call.wait_for_sound(3) == FRAME * 3
    assert call.close_code == 1000


def test_a_tone_is_paced_by_what_is_heard(server: CallSocketServer, authority: Authority) -> None:
    async def story(connection: ClientConnection) -> None:
        assert json.loads(await connection.recv()) == {"type": "audio_play_start", "id": "tone"}
        sound = b"".join([bytes(await connection.recv(decode=False)) for _ in range(10)])
        for _ in range(40):
            await connection.send(FRAME)
            sound += await connection.recv(decode=False)
        assert share_of(memoryview(sound).cast("h").tolist(), 700) > 0.98

    converse(server, authority, "/tone?hertz=700", story)


@pytest.mark.parametrize("after", [0, 2])
def test_a_call_is_hung_up(server: CallSocketServer, authority: Authority, after: int) -> None:
    async def story(connection: ClientConnection) -> None:
        for _ in range(after):
            await connection.send(FRAME)
        assert json.loads(await connection.recv()) == {
            "type": "call_hangup",
            "cause": "BUSY",
            "raw_cause": 17,
        }

    path = f"/hang_up?cause=BUSY&raw_cause=17&after={after}"
    converse(server, authority, path, story)


@pytest.mark.parametrize(
    ("path", "code"), [("/close", 1000), ("/close?code=4001", 4001), ("/vanish", 1006)]
)
def test_a_connection_ends(
    server: CallSocketServer, authority: Authority, path: str, code: int
) -> None:
    async def story(connection: ClientConnection) -> None:
        with pytest.raises(websockets.ConnectionClosed):
            await connection.recv()
        assert connection.close_code == code

    converse(server, authority, path, story)


def test_a_flood_is_as_long_as_asked(server: CallSocketServer, authority: Authority) -> None:
    async def story(connection: ClientConnection) -> None:
        assert json.loads(await connection.recv())["id"] == "flood"
        assert [len(await connection.recv(decode=False)) for _ in range(600)] == [320] * 600

    converse(server, authority, "/flood?frames=600", story)


def test_what_nobody_understands_is_sent(server: CallSocketServer, authority: Authority) -> None:
    async def story(connection: ClientConnection) -> None:
        got = [await connection.recv() for _ in range(8)]
        assert got[0] == "{"
        assert got[-1] == b"odd"
        await connection.send(FRAME)
        assert await connection.recv() == FRAME

    converse(server, authority, "/garbled", story)


def test_a_frame_may_be_too_long(server: CallSocketServer, authority: Authority) -> None:
    async def story(connection: ClientConnection) -> None:
        await connection.recv()
        assert len(await connection.recv(decode=False)) == 1601

    converse(server, authority, "/huge", story)


def test_a_deaf_server_lets_the_client_run_into_its_buffers(
    server: CallSocketServer, authority: Authority
) -> None:
    async def fill(connection: ClientConnection) -> None:
        for _ in range(1024):
            await connection.send(bytes(1 << 16))

    async def story(connection: ClientConnection) -> None:
        # 64 MiB are more than the buffers of both sides hold if nobody reads.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(fill(connection), 1)
        connection.transport.abort()

    converse(server, authority, "/deaf", story)


@pytest.mark.parametrize("code", [302, 404, 486, 500, 503])
def test_a_handshake_is_refused(server: CallSocketServer, authority: Authority, code: int) -> None:
    async def story(_: ClientConnection) -> None:
        raise AssertionError("this must not connect")

    path = f"/status?code={code}"
    with pytest.raises(websockets.InvalidStatus) as refusal:
        converse(server, authority, path, story)
    assert refusal.value.response.status_code == code
    server.wait_for_target(path)


@pytest.mark.parametrize(
    ("path", "problem"),
    [("/broken", websockets.InvalidMessage), ("/stall", TimeoutError)],
)
def test_a_handshake_goes_wrong(
    server: CallSocketServer, authority: Authority, path: str, problem: type[Exception]
) -> None:
    async def run() -> None:
        async with asyncio.timeout(LONG if path == "/broken" else 0.5):
            await connect(server.url(path), ssl=authority.trusting(), proxy=None)

    with pytest.raises(problem):
        asyncio.run(run())
    server.wait_for_target(path)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("fault", ["unknown authority", "wrong name", "expired"])
def test_a_wrong_certificate_is_seen(
    kind: type[CallSocketServer], fault: str, authority: Authority
) -> None:
    certificate = {
        "unknown authority": Authority().certificate(),
        "wrong name": authority.certificate("elsewhere.example.com"),
        "expired": authority.certificate(is_expired=True),
    }[fault]

    async def run(url: str) -> None:
        await connect(url, ssl=authority.trusting(), proxy=None)

    with kind(certificate) as server, pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(run(server.url("/echo")))
    assert server.calls == []


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("known", [(), ("v1.cloud.aculab.com",)])
def test_a_server_may_know_no_sub_protocol_of_the_offer(
    kind: type[CallSocketServer], known: tuple[str, ...]
) -> None:
    async def run(url: str) -> str | None:
        async with connect(url, subprotocols=OFFER, proxy=None) as connection:
            return connection.subprotocol

    with kind(sub_protocols=known) as server:
        assert server.url("/quiet").startswith("ws://")
        assert asyncio.run(run(server.url("/quiet"))) is None
        assert server.wait_for_call().selected is None
