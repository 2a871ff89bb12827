"""Which messages belong together, and which only look it: RFC 3261 17.1.3 and 17.2.3."""

import pytest

from callwright.protocol.sip.matching import (
    client_key,
    is_for,
    merge_key,
    own_key,
    server_key,
)
from callwright.protocol.sip.message import Request, Response, parse_message
from callwright.protocol.sip.values import HostPort
from tests.sim.stranger import message


def request(data: bytes) -> Request:
    parsed = parse_message(data)
    assert isinstance(parsed, Request)
    return parsed


def old(data: bytes) -> bytes:
    """The same, from somebody who knows RFC 2543 only."""
    return data.replace(b";branch=z9hG4bK1", b"")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (message(), message(), True),
        (message(), message("ACK"), True),
        (message(), message("ACK", to_tag="x"), True),
        (message(), message(branch="2"), False),
        (message(), message("CANCEL"), False),
        (message(), message().replace(b"198.51.100.7:5080;", b"198.51.100.8:5080;"), False),
        (message(), message().replace(b"198.51.100.7:5080;", b"198.51.100.7:5081;"), False),
        (message(), old(message()), False),
        (old(message()), old(message()), True),
        (old(message()), old(message("ACK", to_tag="x")), True),
        (old(message()), old(message(cseq=2)), False),
        (old(message()), old(message(from_tag="other")), False),
        (old(message()), old(message(call_id="other")), False),
        (old(message()), old(message(uri="sip:other@192.0.2.2")), False),
    ],
)
def test_requests_of_one_transaction(one: bytes, other: bytes, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (server_key(request(one)) == server_key(request(other))) is same


def test_a_cancel_finds_its_invite() -> None:
    assert server_key(request(message("CANCEL")), "INVITE") == server_key(request(message()))


def test_a_response_finds_its_request() -> None:
    invite = request(message().replace(b";rport", b""))
    response = Response(200, "OK", invite.headers)

    assert client_key(response) == own_key(invite) == ("z9hG4bK1", "INVITE")


def test_the_same_request_by_two_ways_is_known_by_its_caller() -> None:
    assert merge_key(request(message(branch="1"))) == merge_key(request(message(branch="2")))


@pytest.mark.parametrize(
    ("local", "ours"),
    [
        (HostPort("198.51.100.7", 5080), True),
        (HostPort("198.51.100.7", 5060), False),
        (HostPort("198.51.100.8", 5080), False),
    ],
)
def test_a_response_is_ours_when_its_via_is(local: HostPort, ours: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_for(Response(200, "OK", request(message()).headers), local) is ours
