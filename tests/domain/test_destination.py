"""The text of `to` as a destination."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.destination import (
    BadDestination,
    ConferenceRoom,
    Destination,
    LocalService,
    SipAddress,
    TelephoneNumber,
    WebRtcClient,
    WebSocketUrl,
    parse_destination,
    printable,
)

GOOD = [
    ("441908273800", TelephoneNumber("441908273800"), "tel:441908273800"),
    ("+441908273800", TelephoneNumber("441908273800"), "tel:441908273800"),
    ("44-1908-273800", TelephoneNumber("441908273800"), "tel:441908273800"),
    ("tel:441908273800", TelephoneNumber("441908273800"), "tel:441908273800"),
    ("tel:+44 1908 273800", TelephoneNumber("441908273800"), "tel:441908273800"),
    ("TEL:441908273800", TelephoneNumber("441908273800"), "tel:441908273800"),
    ("sip:contact@example.com", SipAddress("contact@example.com"), "sip:contact@example.com"),
    ("bob@acompany.com", SipAddress("bob@acompany.com"), "sip:bob@acompany.com"),
    ("sip:bob@a.com:5070", SipAddress("bob@a.com:5070"), "sip:bob@a.com:5070"),
    ("loc:my_inbound_service", LocalService("my_inbound_service"), "loc:my_inbound_service"),
    ("webrtc:clientId", WebRtcClient("clientId"), "webrtc:clientId"),
    (
        "wss://www.example.com/mywsapp",
        WebSocketUrl("wss://www.example.com/mywsapp"),
        "wss://www.example.com/mywsapp",
    ),
    (
        "wss://ann:s3cret@example.com:8443/a?token=s3cret",
        WebSocketUrl("wss://ann:s3cret@example.com:8443/a?token=s3cret"),
        "wss://***@example.com:8443/a?***",
    ),
    ("wss://u:p?x@example.com/", WebSocketUrl("wss://u:p?x@example.com/"), "wss://***"),
    ("wss://", WebSocketUrl("wss://"), "wss://"),
    ("con:MyConferenceRoom", ConferenceRoom("MyConferenceRoom"), "con:MyConferenceRoom"),
]

BAD = [
    "",
    "0441908273800",
    "tel:0441908273800",
    "12345",
    "1234567890123456",
    "44--1908273800",
    "tel:abc",
    "sip:",
    "sip:nobody",
    "sip:a b@c",
    "sip:a@b@c",
    "someone",
    "wss://a b/",
    "wss://a/\0",
    "wss://" + "a" * 2000,
    "con:",
    "con:with space",
    "loc:" + "x" * 65,
    "x" * 10_000,
    "٤٤١٩٠٨٢٧٣٨٠٠",
    "sip:bob@a.com\r\nX-Evil: 1",
]


@pytest.mark.parametrize(("text", "expected", "printed"), GOOD)
def test_reads_what_can_be_called(text: str, expected: Destination, printed: str) -> None:
    destination = parse_destination(text)
    assert destination == expected
    assert str(destination) == printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("441908273800", "441908273800"),
        ("someone", "someone"),
        (" WSS://u:p@example.com/a?b ", "wss://***@example.com/a?***"),
    ],
)
def test_what_somebody_wrote_is_shown_without_secrets(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", BAD)
def test_refuses_what_cannot(text: str) -> None:
    with pytest.raises(BadDestination) as refusal:
        parse_destination(text)
    assert repr(text)[:40].rstrip("'") in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_a_bare_name_is_a_room_where_the_service_calls_conferences() -> None:
    assert parse_destination("myConference", unprefixed_is_conference=True) == ConferenceRoom(
        "myConference"
    )


@given(st.text(max_size=40))
def test_any_text_is_a_destination_or_is_refused(text: str) -> None:
    try:
        destination = parse_destination(text)
    except BadDestination:
        return
    assert parse_destination(str(destination)) == destination
