"""Strangers at our ports: torture messages and garbage cost a counter and nothing else."""

import re
import socket
from pathlib import Path
from random import Random

import pytest

from tests.sim.installation import Installation
from tests.sim.page_server import PageServer, actions

pytestmark = pytest.mark.journey

TORTURE = sorted((Path(__file__).parent.parent / "vectors" / "rfc4475").glob("*.dat"))
CALL = {"to": "443069990102", "from": "441908273801"}


def sip_counter(cloud: Installation, kind: str) -> float:
    metrics = cloud.request("GET", "/metrics").body.decode()
    found = re.search(rf'callwright_sip_messages_total{{kind="{kind}"}} (\S+)', metrics)
    assert found is not None, metrics
    return float(found[1])


def test_calls_are_placed_after_torture_and_garbage(tmp_path: Path) -> None:
    random = Random(3261)
    with PageServer() as pages, Installation(tmp_path / "data") as cloud:
        pages.page("/first", actions({"sleep": {"seconds": 0.1}}))
        account = cloud.create_account("bob@example.com")
        account.write_service("reminder", first_page=pages.url("/first"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.settimeout(10)
            for message in TORTURE:
                stranger.sendto(message.read_bytes(), cloud.sip)
            for size in range(0, 1400, 20):
                stranger.sendto(random.randbytes(size), cloud.sip)
            # The answer to this comes after everything before it was taken.
            stranger.sendto(_options(stranger.getsockname()), cloud.sip)
            while b"the-last-question" not in stranger.recv(65_535):
                pass
        assert sip_counter(cloud, "malformed") > 50
        [ref] = account.start("reminder", CALL)
        account.follow(ref)
        assert account.status(ref)[ref]["status"] == "completed 0"
        assert "exception" not in cloud.log()


def test_garbage_on_the_rtp_port_does_not_disturb_its_call(tmp_path: Path) -> None:
    random = Random(3550)
    with PageServer() as pages, Installation(tmp_path / "data") as cloud:
        number = {"next_page": {"url": "keys"}, "digit_count": 4}
        pages.page(
            "/first",
            actions(
                {"play": {"play_list": [{"digits_to_play": "1234567890"}]}}, {"get_number": number}
            ),
        )
        pages.page("/keys", actions())
        account = cloud.create_account("bob@example.com")
        account.write_service("survey", first_page=pages.url("/first"))
        [ref] = account.start("survey", CALL | {"to": "443069990100"})
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for event in account.watch(ref):
                if event["event"] == "action_started":
                    for port in range(16_384, 16_484):
                        stranger.sendto(random.randbytes(172), ("127.0.0.1", port))
                        stranger.sendto(b"\x80\x00" + random.randbytes(170), ("127.0.0.1", port))
        assert pages.wait_for("/keys").info["action_result"]["result"]["entered_number"] == "4711"
        assert "exception" not in cloud.log()


def _options(source: tuple[str, int]) -> bytes:
    host, port = source
    return (
        "OPTIONS sip:anybody@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKlast\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:stranger@example.com>;tag=1\r\n"
        "To: <sip:anybody@127.0.0.1>\r\n"
        "Call-ID: the-last-question\r\n"
        "CSeq: 1 OPTIONS\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()
