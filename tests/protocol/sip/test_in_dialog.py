"""Requests inside a call: RFC 3261 12.2.2, 14.2 and 15.1.2."""

import pytest

from callwright.protocol.sip.endpoint import Datagram
from callwright.protocol.sip.events import HungUp, Reinvited
from callwright.protocol.sip.values import HostPort
from tests.sim.calls import ANSWER, OFFER
from tests.sim.stranger import PEER, Desk, message


class TestInsideACall:
    """12.2.2, 14.2 and 15.1.2."""

    @pytest.mark.parametrize(
        ("method", "status"),
        [("OPTIONS", 200), ("UPDATE", 405), ("INFO", 405), ("REFER", 405), ("BYE", 200)],
    )
    def test_a_request_is_answered_once_and_again(self, method: str, status: int) -> None:
        desk = Desk()
        data = message(method, to_tag=desk.established(), branch="2", cseq=2)

        assert desk.tell(data) == [status]
        assert desk.tell(data) == [status]
        assert desk.endpoint.counters.repeated == 1

    def test_bye_is_reported_with_its_reason(self) -> None:
        desk = Desk()
        tag = desk.established()
        reason = 'SIP;cause=200, Q.850;cause=31;text="bad \x01 text"'

        desk.tell(message("BYE", f"Reason: {reason}", to_tag=tag, branch="2", cseq=2))

        [event] = desk.endpoint.events()
        assert isinstance(event, HungUp)
        assert event.q850 == 31
        assert event.reason == reason.replace("\x01", "\ufffd")

    def test_a_strangers_tag_is_no_part_of_the_call(self) -> None:
        desk = Desk()
        tag = desk.established()

        data = message("BYE", to_tag=tag, from_tag="stranger", branch="2", cseq=2)

        assert desk.tell(data) == [481]
        assert desk.endpoint.call_count == 1

    def test_a_number_out_of_order_is_refused(self) -> None:
        desk = Desk()
        tag = desk.established()

        assert desk.tell(message("OPTIONS", to_tag=tag, branch="2", cseq=5)) == [200]
        assert desk.tell(message("BYE", to_tag=tag, branch="3", cseq=4)) == [500]
        assert desk.endpoint.call_count == 1

    def test_a_reinvite_is_answered_until_its_ack(self) -> None:
        desk = Desk()
        tag = desk.established()

        assert desk.tell(message(to_tag=tag, branch="2", cseq=2, body=OFFER)) == []
        [event] = desk.endpoint.events()
        assert event == Reinvited(event.call, OFFER)
        desk.endpoint.answer_reinvite(event.call, ANSWER, 0.0)
        [answer] = desk.responses()
        assert (answer.sip_status, answer.body) == (200, ANSWER)
        assert desk.tell(message(to_tag=tag, branch="3", cseq=3, body=OFFER)) == [491]

        desk.endpoint.handle_timer(0.5)
        assert [item.sip_status for item in desk.responses()] == [200, 491]
        desk.tell(message("ACK", to_tag=tag, branch="a3", cseq=2))
        desk.tell(message("ACK", to_tag=tag, branch="3", cseq=3))
        desk.endpoint.handle_timer(5.0)
        assert desk.responses() == []
        assert desk.endpoint.events() == []

    def test_a_second_reinvite_before_the_answer_must_wait(self) -> None:
        desk = Desk()
        tag = desk.established()
        desk.tell(message(to_tag=tag, branch="2", cseq=2, body=OFFER))

        desk.endpoint.receive(
            Datagram(message(to_tag=tag, branch="3", cseq=3, body=OFFER), PEER), 0.0
        )

        [response] = desk.responses()
        assert response.sip_status == 500
        assert 0 <= int(response.headers.first("Retry-After") or "") <= 10

    def test_a_reinvite_can_be_refused_cancelled_or_cut_short(self) -> None:
        desk = Desk()
        tag = desk.established()

        desk.tell(message(to_tag=tag, branch="2", cseq=2, body=OFFER))
        [event] = desk.endpoint.events()
        desk.endpoint.reject_reinvite(event.call, 488, 0.0)
        assert [item.sip_status for item in desk.responses()] == [488]

        desk.tell(message(to_tag=tag, branch="3", cseq=3, body=OFFER))
        assert desk.tell(message("CANCEL", to_tag=tag, branch="3", cseq=3)) == [200, 487]
        desk.endpoint.answer_reinvite(event.call, ANSWER, 0.0)
        assert desk.responses() == []

        desk.tell(message(to_tag=tag, branch="4", cseq=4, body=OFFER))
        assert desk.tell(message("BYE", to_tag=tag, branch="5", cseq=5)) == [487, 200]
        assert desk.endpoint.call_count == 0

    def test_an_offer_that_can_not_be_read_is_refused_inside_a_call_too(self) -> None:
        desk = Desk()
        tag = desk.established()

        data = message(
            "INVITE", "Content-Type: text/plain", to_tag=tag, branch="2", cseq=2, body=b"hello"
        )

        assert desk.tell(data) == [415]
        assert desk.endpoint.events() == []

    def test_a_reinvite_may_move_the_caller(self) -> None:
        """12.2.2: the next request goes where its Contact says."""
        desk = Desk()
        tag = desk.established()
        data = message(to_tag=tag, branch="2", cseq=2, body=OFFER).replace(
            b"Contact: <sip:bob@198.51.100.7:5080>", b"Contact: <sip:bob@203.0.113.9:5099>"
        )
        desk.tell(data)
        [event] = desk.endpoint.events()
        desk.endpoint.answer_reinvite(event.call, ANSWER, 0.0)
        desk.tell(message("ACK", to_tag=tag, branch="a", cseq=2))

        desk.endpoint.hang_up(event.call, 0.0)

        [bye] = desk.endpoint.to_send()
        assert bye.data.startswith(b"BYE sip:bob@203.0.113.9:5099 SIP/2.0\r\n")
        assert bye.peer == HostPort("203.0.113.9", 5099)

    def test_requests_follow_the_recorded_route(self) -> None:
        desk = Desk()
        desk.established("Record-Route: <sip:192.0.2.61;lr>, <sip:192.0.2.62:5070;lr>")
        call = next(iter(desk.endpoint._calls))

        desk.endpoint.hang_up(call, 0.0)

        [bye] = desk.endpoint.to_send()
        assert bye.peer == HostPort("192.0.2.61", 5060)
        lines = bye.data.decode().split("\r\n")
        assert lines[0] == "BYE sip:bob@198.51.100.7:5080 SIP/2.0"
        assert [line for line in lines if line.startswith("Route")] == [
            "Route: <sip:192.0.2.61;lr>",
            "Route: <sip:192.0.2.62:5070;lr>",
        ]
