"""Keys on their way to servers and from them: messages where the sub-protocol has them."""

from pathlib import Path

import numpy as np
import pytest

from callwright.media.tones import key_burst, sines
from callwright.worker import rpc
from tests.sim.authority import Authority
from tests.sim.call_socket_libraries import WebsocketsServer
from tests.sim.call_socket_servers import CallSocketServer, SeenCall
from tests.sim.raw_socket_server import BINARY, Peer, meet
from tests.sim.socket_worker import OFFERED, SocketWorker, tell

V2, V1 = OFFERED[0], OFFERED[2]


async def seen(worker: SocketWorker, server: CallSocketServer, number: int = 1) -> SeenCall:
    await worker.until(lambda: len(server.calls) >= number)
    return server.calls[number - 1]


@pytest.mark.parametrize(
    ("protocols", "chosen", "are_messages"),
    [([V2], V2, True), ([V1], V1, False), ([], "", False), (["v2.ws.unheard.of"], "", False)],
)
def test_keys_that_are_played_are_messages_or_tones(
    authority: Authority,
    trust_file: Path,
    protocols: list[str],
    chosen: str,
    *,
    are_messages: bool,
) -> None:
    async def story(worker: SocketWorker) -> None:
        connected = await worker.connect(1, server.url("/quiet"))
        assert connected.sub_protocol == chosen
        worker.loop.execute(rpc.Play(1, 2, (rpc.PlayDigits("4#"),)))
        await worker.told(rpc.PlayEnded, 1)
        call = await seen(worker, server)
        worker.loop.execute(rpc.EndSocket(1))
        await worker.until(lambda: call.is_over)
        digits = [it["digit"] for it in call.messages if it["type"] == "dtmf"]
        assert digits == (["4", "#"] if are_messages else [])
        assert any(call.sound) is not are_messages

    with WebsocketsServer(authority.certificate(), sub_protocols=protocols) as server:
        tell(trust_file, story)


def test_keys_in_a_servers_sound_are_heard(authority: Authority, trust_file: Path) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.say(type="audio_play_start")
        for key in "1D":
            tone = sines(key_burst(key, 100).frequencies_hz, -10.0, 0, 800)
            for part in (tone, np.zeros(800, np.int16)):
                peer.send(BINARY, part.tobytes())
        await peer.read_to_the_end()

    async def story(worker: SocketWorker) -> None:
        await worker.told(rpc.DigitReceived, 1, times=2)
        digits = worker.of(rpc.DigitReceived, 1)
        assert [(it.digit, it.in_band) for it in digits] == [("1", True), ("D", True)]

    meet(authority, trust_file, behave, story)


def telephone(worker: SocketWorker, *, telephone_event: int | None) -> None:
    """Connect legs 2 and 3 over RTP, 3 being the telephone, and bridge 2 with the server."""
    ports = {}
    for leg in (2, 3):
        worker.loop.execute(rpc.OpenLeg(leg))
        ports[leg] = worker.of(rpc.LegOpened, leg)[0].rtp_port
    for leg, other in ((2, 3), (3, 2)):
        port = ports[other]
        worker.loop.execute(
            rpc.ConnectLeg(leg, "127.0.0.1", port, port + 1, "PCMA", 8, telephone_event)
        )
    worker.loop.execute(rpc.Bridge(1, 2))


@pytest.mark.parametrize("telephone_event", [101, None])
@pytest.mark.parametrize(("protocol", "are_messages"), [(V2, True), (V1, False)])
def test_a_telephones_keys_reach_the_server_once(
    authority: Authority,
    trust_file: Path,
    protocol: str,
    telephone_event: int | None,
    *,
    are_messages: bool,
) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/quiet"))
        call = await seen(worker, server)
        telephone(worker, telephone_event=telephone_event)
        worker.loop.execute(rpc.Play(3, 1, (rpc.PlayDigits("15", 160, 160),)))
        await worker.told(rpc.PlayEnded, 3)
        await worker.told(rpc.DigitReceived, 2, times=2)
        await worker.ticks(30)
        worker.loop.execute(rpc.EndSocket(1))
        await worker.until(lambda: call.is_over)
        digits = [it["digit"] for it in call.messages if it["type"] == "dtmf"]
        assert digits == (["1", "5"] if are_messages else [])
        loud = abs(np.frombuffer(bytes(call.sound), np.int16).astype(int)) > 1000
        # What comes before a tone is recognised passes: less than 60 ms a key.
        assert loud.sum() / 8 < 2 * 60 if are_messages else loud.sum() / 8 > 2 * 60

    with WebsocketsServer(authority.certificate(), sub_protocols=[protocol]) as server:
        tell(trust_file, story)
