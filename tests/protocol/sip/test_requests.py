"""What the endpoint says to single requests and responses: RFC 3261 8.2, 9.2, 12.2.2, 14.2, 18."""

import pytest

from callwright.protocol.sip.endpoint import Datagram
from callwright.protocol.sip.events import Acknowledged, Cancelled
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.values import HostPort
from tests.sim.calls import ANSWER, OFFER
from tests.sim.stranger import PEER, Desk, message


@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (message("OPTIONS"), [200]),
        (message("OPTIONS", uri="http://example.com/"), [416]),
        (message("OPTIONS", to_tag="nobody"), [481]),
        (message("REGISTER"), [405]),
        (message("UPDATE"), [405]),
        (message("INFO", to_tag="nobody"), [481]),
        (message("BYE"), [481]),
        (message("BYE", to_tag="nobody"), [481]),
        (message("CANCEL"), [481]),
        (message("INVITE", to_tag="nobody"), [481]),
        (message("ACK"), []),
        (message("ACK", to_tag="nobody"), []),
        (message("INVITE"), [100]),
        (message("INVITE", uri="tel:+4930123456"), [100]),
        (message("INVITE", uri="mailto:ann@example.com"), [416]),
        (message("INVITE", "Require: 100rel"), [420]),
        (message("INVITE", "Proxy-Require: anything"), [100]),
        (message("INVITE", "Content-Type: text/plain", body=b"hello"), [415]),
        (message("INVITE", "Content-Encoding: gzip", body=OFFER), [415]),
        (message("INVITE", "Content-Encoding: identity", body=OFFER), [100]),
        (message("INVITE", "Accept: text/plain", body=OFFER), [406]),
        (message("INVITE", "Accept: text/plain, application/*;q=0.5", body=OFFER), [100]),
        (message("INVITE", "Record-Route: nonsense"), [400]),
        (message("INVITE", "Record-Route: <tel:1>"), [400]),
        (message("INVITE", "Max-Forwards: 5"), [400]),
        (message("INVITE").replace(b"Max-Forwards: 70", b"Max-Forwards: 256"), [400]),
        (message("INVITE").replace(b"Max-Forwards: 70\r\n", b""), [100]),
        (message("INVITE").replace(b"SIP/2.0\r\nVia", b"sip/2.0\r\nVia"), [100]),
        (message("INVITE").replace(b"SIP/2.0\r\nVia", b"SIP/3.0\r\nVia"), [505]),
        (message("INVITE").replace(b"Call-ID: call-1\r\n", b""), [400]),
        (message("INVITE").replace(b"CSeq: 1 ", b"CSeq: 2147483648 "), [400]),
        (message("ACK").replace(b"CSeq: 1 ", b"CSeq: x "), []),
        (message("INVITE").removesuffix(b"\r\n"), [400]),
        (message("INVITE") + b"trailing octets are ignored", [100]),
        (b"\r\n\r\n", []),
        (b"\0\0\0\0", []),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", []),
        (b"INVITE sip:a@b SIP/2.0\r\n\r\n", []),
    ],
)  # fmt: skip
def test_a_stranger_is_told(data: bytes, statuses: list[int]) -> None:
    assert Desk().tell(data) == statuses


def test_options_says_what_we_can() -> None:
    desk = Desk()
    desk.endpoint.receive(Datagram(message("OPTIONS"), PEER), 0.0)

    [response] = desk.responses()
    assert response.headers.first("Allow") == "INVITE, ACK, CANCEL, BYE, OPTIONS"
    assert response.headers.first("Accept") == "application/sdp"
    assert response.headers.first("Supported") == ""
    assert response.to.tag


def test_a_stateless_answer_is_the_same_each_time() -> None:
    """8.2.7: or a proxy would see two callees."""
    desk = Desk()
    tags = set()
    for _ in range(2):
        desk.endpoint.receive(Datagram(message("OPTIONS"), PEER), 0.0)
        tags |= {response.to.tag for response in desk.responses()}

    assert len(tags) == 1
    assert desk.endpoint.transaction_count == 0


@pytest.mark.parametrize(
    ("via", "peer", "to", "stamp"),
    [
        ("198.51.100.7:5080;rport", PEER, PEER, ";received=198.51.100.7;rport=5080"),
        ("198.51.100.7:5080", PEER, PEER, ""),
        ("198.51.100.7", PEER, HostPort("198.51.100.7", 5060), ""),
        ("10.0.0.1:5070", PEER, HostPort("198.51.100.7", 5070), ";received=198.51.100.7"),
        ("10.0.0.1:5070;rport", PEER, PEER, ";received=198.51.100.7;rport=5080"),
        ("host.example.com;received=1.2.3.4", PEER, HostPort("198.51.100.7", 5060),
         ";received=198.51.100.7"),
    ],
)  # fmt: skip
def test_responses_find_their_way_back(via: str, peer: HostPort, to: HostPort, stamp: str) -> None:
    """18.2.1, 18.2.2 and RFC 3581 4."""
    desk = Desk()
    data = message("OPTIONS").replace(b"198.51.100.7:5080;rport", via.encode())

    desk.endpoint.receive(Datagram(data, peer), 0.0)

    [datagram] = desk.endpoint.to_send()
    assert datagram.peer == to
    sent_by = via.split(";", maxsplit=1)[0]
    first = datagram.data.split(b"\r\n")[1].decode()
    assert first == f"Via: SIP/2.0/UDP {sent_by};branch=z9hG4bK1{stamp}"


class TestInvites:
    """Outside any dialog."""

    def test_a_repeated_invite_gets_its_last_response(self) -> None:
        desk = Desk()

        assert desk.tell(message()) == [100]
        assert desk.tell(message()) == [100]
        assert len(desk.endpoint.events()) == 1

    def test_the_same_invite_by_another_way_is_merged(self) -> None:
        desk = Desk()

        assert desk.tell(message(branch="1")) == [100]
        assert desk.tell(message(branch="2")) == [482]

    def test_a_call_id_used_twice_makes_two_calls(self) -> None:
        desk = Desk()
        desk.tell(message(branch="1"))
        desk.tell(message(branch="2", from_tag="other"))

        calls = [event.call for event in desk.endpoint.events()]
        assert len(set(calls)) == 2
        assert calls[0] == "call-1"

    def test_cancel_ends_it(self) -> None:
        desk = Desk()
        desk.tell(message())

        assert desk.tell(message("CANCEL")) == [200, 487]
        assert desk.tell(message("CANCEL")) == [200]
        assert desk.tell(message("ACK", to_tag="x")) == []
        assert isinstance(desk.endpoint.events()[-1], Cancelled)
        assert desk.endpoint.call_count == 0

    def test_cancel_after_the_answer_changes_nothing(self) -> None:
        desk = Desk()
        desk.established()

        assert desk.tell(message("CANCEL")) == [200]
        assert desk.endpoint.events() == []

    def test_bye_on_the_early_dialog_ends_it_too(self) -> None:
        """15.1.2: the INVITE is answered 487."""
        desk = Desk()
        desk.tell(message())
        [event] = desk.endpoint.events()
        desk.endpoint.ring(event.call, 0.0)
        [ringing] = desk.responses()

        assert desk.tell(message("BYE", to_tag=ringing.to.tag, branch="2", cseq=2)) == [487, 200]
        assert desk.endpoint.events() == [Cancelled(event.call)]

    def test_a_caller_without_a_branch_is_matched_as_rfc_2543_did(self) -> None:
        desk = Desk()
        old = {b";rport;branch=z9hG4bK1": b""}

        def told(data: bytes) -> list[int]:
            for wanted, given in old.items():
                data = data.replace(wanted, given)
            return desk.tell(data)

        assert told(message()) == [100]
        assert told(message()) == [100]
        [event] = desk.endpoint.events()
        desk.endpoint.accept(event.call, ANSWER, 0.0)
        [answer] = desk.responses()
        assert told(message("ACK", to_tag=answer.to.tag)) == []
        assert desk.endpoint.events() == [Acknowledged(event.call)]

    def test_an_answer_to_our_offer_comes_in_the_ack(self) -> None:
        desk = Desk()
        desk.tell(message())
        [event] = desk.endpoint.events()
        desk.endpoint.accept(event.call, OFFER, 0.0)
        [response] = desk.responses()

        desk.tell(message("ACK", to_tag=response.to.tag, branch="ack", body=ANSWER))

        assert desk.endpoint.events() == [Acknowledged(event.call, ANSWER)]

    @pytest.mark.parametrize(
        "limits", [Limits(server_transactions=3), Limits(server_bytes=400)], ids=["count", "bytes"]
    )
    def test_a_flood_is_refused_and_leaves_nothing_behind(self, limits: Limits) -> None:
        desk = Desk(limits)
        told = [
            desk.tell(message(branch=f"f{number}", call_id=f"flood-{number}"))
            for number in range(100)
        ]

        assert told == [[100]] * 3 + [[503]] * 97
        assert desk.endpoint.transaction_count == 3
        assert desk.endpoint.counters.refused == 97

        for event in desk.endpoint.events():
            desk.endpoint.reject(event.call, 486, 0.0)
        desk.endpoint.to_send()
        while (deadline := desk.endpoint.deadline()) is not None:
            desk.endpoint.handle_timer(deadline)
        assert desk.endpoint.transaction_count == 0
        desk.endpoint.to_send()
        assert desk.tell(message(branch="later", call_id="later")) == [100]


@pytest.mark.parametrize(
    ("via", "counted"),
    [
        ("192.0.2.2:5060;branch=z9hG4bKnobody", "stray"),
        ("192.0.2.99:5060;branch=z9hG4bKnobody", "stray"),
        ("192.0.2.2:5060;branch=z9hG4bK1, SIP/2.0/UDP 192.0.2.3", "malformed"),
        (";;", "malformed"),
    ],
)
def test_responses_that_are_not_for_us_are_counted(via: str, counted: str) -> None:
    """8.1.3.3, 18.1.2."""
    desk = Desk()
    data = message().split(b"\r\n", 2)[2].replace(b"Max-Forwards: 70\r\n", b"")
    start = f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {via}\r\n".encode()

    assert desk.tell(start + data) == []
    assert getattr(desk.endpoint.counters, counted) == 1
    assert desk.endpoint.events() == []
