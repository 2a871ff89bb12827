"""Responses as they are written, from whole requests and from wrecks."""

import pytest

from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.message import Request, Response, parse_message
from callwright.protocol.sip.replies import reason_phrase, reply, reply_hop
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.values import HostPort
from tests.sim.stranger import PEER, message
from tests.sim.wire import CALLEE_AT, seeded_tokens

LINK = Link(CALLEE_AT, "test", seeded_tokens("test"), Timers(), Limits())


def request(data: bytes) -> Request:
    parsed = parse_message(data)
    assert isinstance(parsed, Request)
    return parsed


def answered(data: bytes, status: int = 200, to_tag: str = "ours") -> Response:
    parsed = parse_message(reply(request(data), status, LINK, PEER, to_tag=to_tag))
    assert isinstance(parsed, Response)
    return parsed


@pytest.mark.parametrize(
    ("to", "tag", "expected"),
    [
        ("<sip:a@b>", "ours", "<sip:a@b>;tag=ours"),
        ("<sip:a@b>", "", "<sip:a@b>"),
        ("<sip:a@b>;tag=theirs", "ours", "<sip:a@b>;tag=theirs"),
        ('"a', "ours", '"a'),
    ],
)
def test_the_tag_is_added_where_there_is_none(to: str, tag: str, expected: str) -> None:
    data = message().replace(b"<sip:ann@example.com>", to.encode())

    assert answered(data, to_tag=tag).headers.first("To") == expected


def test_what_identifies_the_request_comes_back() -> None:
    response = answered(message(cseq=7, call_id="x"))

    assert response.call_id == "x"
    assert response.cseq == (7, "INVITE")
    assert response.from_.tag == "caller"
    assert response.reason == "OK"


def test_only_the_topmost_via_is_stamped() -> None:
    below = b"SIP/2.0/UDP a.example;rport, SIP/2.0/UDP b.example;rport"
    data = message().replace(b"\r\nMax", b", " + below + b"\r\nVia: " + below + b"\r\nMax", 1)

    first, second = answered(data).headers.all("Via")

    assert first.startswith("SIP/2.0/UDP 198.51.100.7:5080;branch=z9hG4bK1;received=")
    assert first.endswith(below.decode())
    assert second == below.decode()


def test_a_wreck_is_echoed_as_far_as_it_goes() -> None:
    response = answered(b"OPTIONS sip:a@b SIP/2.0\r\nVia: ;;\r\nCSeq: x\r\n\r\n", status=400)

    assert response.headers.all("Via") == [";;"]
    assert response.headers.first("CSeq") == "x"
    assert "From" not in response.headers


def test_a_wreck_is_answered_to_where_it_came_from() -> None:
    wreck = request(b"OPTIONS sip:a@b SIP/2.0\r\nVia: ;;\r\n\r\n")

    assert reply_hop(wreck, PEER) == PEER
    assert reply_hop(request(message().replace(b":5080;rport", b"")), PEER) == HostPort(
        PEER.host, 5060
    )


@pytest.mark.parametrize(
    ("status", "phrase"), [(486, "Busy Here"), (199, "Session Progress"), (699, "Global Failure")]
)
def test_every_status_has_a_phrase(status: int, phrase: str) -> None:
    assert reason_phrase(status) == phrase
