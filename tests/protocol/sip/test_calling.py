"""What the calling side writes, and how it deals with answers from several phones."""

from collections.abc import Sequence

import pytest

from callwright.protocol.sip.endpoint import Datagram, Endpoint, Invitation
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.events import Answered, CallFailed, HungUp, Progress, SipCallId
from callwright.protocol.sip.message import Request, parse_message
from callwright.protocol.sip.uri import SipUri
from callwright.protocol.sip.values import HostPort
from tests.sim.wire import CALLEE_AT, CALLER_AT, new_endpoint


def invitation(
    *,
    target: SipUri | str = "sip:ann@example.com",
    from_uri: str = "sip:bob@example.com",
    to_uri: str = "sip:ann@example.com",
    display_name: str = "",
    ring_timeout: float = 30.0,
    headers: Sequence[tuple[str, str]] = (),
) -> Invitation:
    return Invitation(
        target=target,
        next_hop=CALLEE_AT,
        from_uri=from_uri,
        to_uri=to_uri,
        display_name=display_name,
        body=b"v=0\r\n",
        ring_timeout=ring_timeout,
        headers=headers,
    )


class Caller:
    """An endpoint that calls, and its peer, written by hand."""

    def __init__(self, wanted: Invitation | None = None) -> None:
        self.endpoint: Endpoint = new_endpoint(CALLER_AT)
        self.call: SipCallId = self.endpoint.invite(wanted or invitation(), 0.0)
        [datagram] = self.endpoint.to_send()
        assert datagram.peer == CALLEE_AT
        message = parse_message(datagram.data)
        assert isinstance(message, Request)
        self.invite = message

    def answer(self, status: int, *extra: str, tag: str = "t1", body: bytes = b"") -> list[Request]:
        """Deliver a response; what the caller sends then."""
        fields = [
            f"{name}: {value}" + (f";tag={tag}" if name == "To" and tag else "")
            for name, value in self.invite.headers
            if name in {"Via", "From", "To", "Call-ID", "CSeq"}
        ]
        lines = [f"SIP/2.0 {status} Whatever", *fields, *extra, "", ""]
        data = "\r\n".join(lines).encode() + body
        self.endpoint.receive(Datagram(data, CALLEE_AT), 1.0)
        self.peers = []
        requests = []
        for datagram in self.endpoint.to_send():
            message = parse_message(datagram.data)
            assert isinstance(message, Request)
            requests.append(message)
            self.peers.append(datagram.peer)
        return requests


def test_the_invite_says_who_calls() -> None:
    caller = Caller(
        invitation(
            target=SipUri(host="192.0.2.2", user="ann", port=5070),
            display_name='Bob "the" \\ Caller',
            headers=[("p-asserted-identity", "<tel:+4930123456>"), ("X-Custom", "1")],
        )
    )

    invite = caller.invite
    assert invite.uri_text == "sip:ann@192.0.2.2:5070"
    assert invite.from_.display_name == 'Bob "the" \\ Caller'
    assert invite.from_.uri_text == "sip:bob@example.com"
    assert invite.from_.tag
    assert invite.to.tag == ""
    assert invite.cseq == (1, "INVITE")
    assert invite.via.has_rport
    assert invite.via.branch.startswith("z9hG4bK")
    assert invite.headers.first("P-Asserted-Identity") == "<tel:+4930123456>"
    assert invite.headers.first("X-Custom") == "1"
    assert invite.headers.first("Contact") == "<sip:192.0.2.1:5060>"
    assert invite.headers.first("Content-Length") == "5"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: invitation(target="ann"),
        lambda: invitation(target="sip:ann@example.com\r\nX: y"),
        lambda: invitation(from_uri="http://example.com"),
        lambda: invitation(to_uri="sip:"),
        lambda: invitation(display_name="Bob\r\nX: y"),
        lambda: invitation(headers=[("X-A", "1\r\nX-B: 2")]),
        lambda: invitation(headers=[("X-A", "1\x00")]),
        lambda: invitation(headers=[("X A", "1")]),
        lambda: invitation(headers=[("X-A ", "1")]),
        lambda: invitation(headers=[("v", "SIP/2.0/UDP 1.2.3.4")]),
        lambda: invitation(headers=[("content-length", "7")]),
        lambda: invitation(ring_timeout=0.0),
    ],
)
def test_what_can_not_be_sent_is_our_own_fault(wrong: object) -> None:
    assert callable(wrong)
    endpoint = new_endpoint(CALLER_AT)

    with pytest.raises(LocalSipError):
        endpoint.invite(wrong(), 0.0)
    assert endpoint.to_send() == []
    assert endpoint.call_count == 0


def test_extra_fields_keep_their_spelling() -> None:
    endpoint = new_endpoint(CALLER_AT)

    endpoint.invite(invitation(headers=[("X-AccountInfo", "bob/1")]), 0.0)

    [datagram] = endpoint.to_send()
    assert b"\r\nX-AccountInfo: bob/1\r\n" in datagram.data


def test_100_is_not_reported() -> None:
    caller = Caller()

    caller.answer(100, tag="")
    caller.answer(180)

    assert caller.endpoint.events() == [Progress(caller.call, 180, "Whatever", b"")]


def test_an_answer_that_comes_again_is_acknowledged_again() -> None:
    caller = Caller()

    [first] = caller.answer(200, body=b"v=0\r\n")
    [second] = caller.answer(200, body=b"v=0\r\n")

    assert caller.endpoint.events() == [Answered(caller.call, b"v=0\r\n")]
    assert first.via.branch == second.via.branch
    assert first.cseq == (1, "ACK")
    assert first.via.branch != caller.invite.via.branch


def test_the_answer_of_another_phone_is_acknowledged_and_hung_up() -> None:
    """13.2.2.4."""
    caller = Caller()
    caller.answer(200, "Contact: <sip:one@192.0.2.31>")

    ack, bye = caller.answer(200, "Contact: <sip:two@192.0.2.32>", tag="t2")
    [again] = caller.answer(200, "Contact: <sip:two@192.0.2.32>", tag="t2")

    assert (ack.method, bye.method, again.method) == ("ACK", "BYE", "ACK")
    assert bye.uri_text == "sip:two@192.0.2.32"
    assert bye.to.tag == "t2"
    assert len(caller.endpoint.events()) == 1


def test_too_many_phones_are_left_alone() -> None:
    caller = Caller()
    sent = [len(caller.answer(200, tag=f"t{number}")) for number in range(20)]

    assert sent == [1] + [2] * 15 + [0] * 4


@pytest.mark.parametrize(
    ("fields", "uri", "routes", "peer"),
    [
        ([], "sip:ann@example.com", [], CALLEE_AT),
        (["Contact: <sip:ann@192.0.2.9:5070>"], "sip:ann@192.0.2.9:5070", [],
         HostPort("192.0.2.9", 5070)),
        (["Contact: <sip:ann@pbx.example.com>"], "sip:ann@pbx.example.com", [], CALLEE_AT),
        (["Contact: <sip:ann@pbx.example.com;maddr=192.0.2.8>"],
         "sip:ann@pbx.example.com;maddr=192.0.2.8", [], HostPort("192.0.2.8", 5060)),
        (["Contact: <sip:ann@192.0.2.9?Subject=x>"], "sip:ann@192.0.2.9", [],
         HostPort("192.0.2.9", 5060)),
        (["Contact: nonsense"], "sip:ann@example.com", [], CALLEE_AT),
        (["Contact: <sip:ann@192.0.2.9>", "Record-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.62;lr>"],
         "sip:ann@192.0.2.9", ["<sip:192.0.2.62;lr>", "<sip:192.0.2.61;lr>"],
         HostPort("192.0.2.62", 5060)),
        (["Contact: <sip:ann@192.0.2.9>", "Record-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.62>"],
         "sip:192.0.2.62", ["<sip:192.0.2.61;lr>", "<sip:ann@192.0.2.9>"],
         HostPort("192.0.2.62", 5060)),
    ],
    ids=["no Contact", "address", "name", "maddr", "headers in it", "nonsense", "loose", "strict"],
)  # fmt: skip
def test_the_ack_goes_where_12_2_1_1_says(
    fields: list[str], uri: str, routes: list[str], peer: HostPort
) -> None:
    caller = Caller()

    [ack] = caller.answer(200, *fields)

    assert ack.uri_text == uri
    assert ack.headers.all("Route") == routes
    assert caller.peers == [peer]


def test_a_failure_says_its_q850_cause() -> None:
    caller = Caller()

    caller.answer(503, 'Reason: Q.850;cause=34;text="No circuit"')

    assert caller.endpoint.events() == [CallFailed(caller.call, 503, "Whatever", q850=34)]


@pytest.mark.parametrize("tag", ["t1", "stranger"])
def test_a_bye_before_the_answer_is_believed_from_an_early_dialog_only(tag: str) -> None:
    """All its 200s were lost, and it stopped waiting for our ACK: 13.3.1.4."""
    caller = Caller()
    caller.answer(180)
    caller.endpoint.events()
    invite = caller.invite
    lines = [
        "BYE sip:192.0.2.1 SIP/2.0",
        "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKb",
        f"From: <sip:ann@example.com>;tag={tag}",
        f"To: {invite.headers.first('From')}",
        f"Call-ID: {invite.call_id}",
        "CSeq: 1 BYE",
        "",
        "",
    ]

    caller.endpoint.receive(Datagram("\r\n".join(lines).encode(), CALLEE_AT), 2.0)

    is_known = tag == "t1"
    [response] = caller.endpoint.to_send()
    assert response.data.startswith(b"SIP/2.0 200" if is_known else b"SIP/2.0 481")
    assert caller.endpoint.events() == ([HungUp(caller.call, None, "")] if is_known else [])
    assert caller.endpoint.call_count == (not is_known)


def test_a_route_that_can_not_be_read_costs_the_response() -> None:
    caller = Caller()

    assert caller.answer(200, "Record-Route: <tel:1>") == []
    assert caller.endpoint.counters.malformed == 1
    assert caller.endpoint.events() == []
