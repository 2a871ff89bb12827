"""What an INVITE says of who calls whom; whatever a stranger writes there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.call_parties import CallParties
from callwright.domain.records import CallDirection
from callwright.engine.invitation import MAX_ADDRESS_LENGTH, Arrival, Called, read_invitation
from callwright.protocol.sip.events import Invited, SipCallId
from callwright.protocol.sip.message import Request, parse_message
from callwright.protocol.sip.values import HostPort


def arrival(
    uri: str = "sip:desk@192.0.2.1",
    *,
    caller: str = "<sip:441632960961@192.0.2.2>",
    to: str = "<sip:desk@192.0.2.1>",
    extra: bytes = b"",
) -> Arrival:
    lines = [
        f"INVITE {uri} SIP/2.0".encode(),
        b"Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1",
        f"From: {caller};tag=a".encode(),
        f"To: {to}".encode(),
        b"Call-ID: 1",
        b"CSeq: 1 INVITE",
        b"Content-Length: 0",
    ]
    request = parse_message(b"\r\n".join(lines) + b"\r\n" + extra + b"\r\n")
    assert isinstance(request, Request)
    return read_invitation(Invited(SipCallId("1"), request, HostPort("192.0.2.2", 5060)))


@pytest.mark.parametrize(
    ("uri", "called", "printed"),
    [
        ("sip:desk@192.0.2.1", Called("desk", False), "sip:desk@192.0.2.1"),
        ("sip:441908273800@192.0.2.1", Called("441908273800", True), "441908273800"),
        ("sip:+441908273800@192.0.2.1;user=phone", Called("441908273800", True), "441908273800"),
        ("sip:+44-1908-273800@192.0.2.1", Called("441908273800", True), "441908273800"),
        ("sip:+441908;npdi=yes@192.0.2.1", Called("441908", True), "441908"),
        ("tel:+44-1908-273800", Called("441908273800", True), "441908273800"),
        ("sip:192.0.2.1", Called("", False), "sip:192.0.2.1"),
        ("tel:*100#", Called("", False), "*100#"),
    ],
)
def test_a_number_is_told_from_a_name(uri: str, called: Called, printed: str) -> None:
    read = arrival(uri)
    assert (read.called, read.call_to) == (called, printed)


@pytest.mark.parametrize(
    ("caller", "call_from", "originating"),
    [
        ("<sip:+441632960961@192.0.2.2>", "441632960961", "441632960961"),
        ('"Bob" <sip:bob@192.0.2.2>', "sip:bob@192.0.2.2", "bob@192.0.2.2"),
        ("<sip:anonymous@anonymous.invalid>", "sip:anonymous@anonymous.invalid", None),
        ("<mailto:bob@192.0.2.2>", "mailto:bob@192.0.2.2", None),
    ],
)
def test_who_calls_is_told_as_he_says(caller: str, call_from: str, originating: str | None) -> None:
    read = arrival(caller=caller)
    assert read.call_from == call_from
    if originating is not None:
        assert read.originating_address == originating


def test_records_print_the_prefix_of_what_was_called() -> None:
    assert arrival("sip:441908273800@192.0.2.1").destination_address == "tel:441908273800"
    assert arrival().destination_address == "sip:desk@192.0.2.1"


def test_the_target_is_what_the_caller_dialled() -> None:
    assert arrival(to="<sip:441908273801@example.com>").call_target == "441908273801"


@pytest.mark.parametrize(
    ("extra", "divert"),
    [
        (b"", ""),
        (b"Diversion: <sip:+441908273802@a.example>;reason=no-answer\r\n", "441908273802"),
        (
            b"Diversion: <sip:441908273803@a.example>, <sip:441908273802@a.example>\r\n",
            "441908273802",
        ),
        (
            b"Diversion: <sip:441908273803@a.example>\r\nDiversion: <sip:bob@a.example>\r\n",
            "sip:bob@a.example",
        ),
        (
            b"History-Info: <sip:441908273802@a.example>;index=1, <sip:desk@b.example>\r\n",
            "441908273802",
        ),
        (b"History-Info: <sip:desk@b.example>;index=1\r\n", ""),
        (b"Diversion: <<<\r\n", ""),
        (
            b"Diversion: <<<\r\nHistory-Info: <sip:1908@a.example>, <sip:2@b.example>\r\n",
            "1908",
        ),
    ],
)
def test_who_was_called_first_is_told_of_a_diverted_call(extra: bytes, divert: str) -> None:
    assert arrival(extra=extra).divert == divert


@pytest.mark.parametrize(
    ("value", "level"), [(b"A", "A"), (b" b ", "B"), (b"C", "C"), (b"D", ""), (b"", "")]
)
def test_attestation_is_one_of_three_levels(value: bytes, level: str) -> None:
    extra = b"P-Attestation-Indicator: " + value + b"\r\n"
    assert arrival(extra=extra).attestation == level


def test_headers_are_reported_in_the_services_spelling() -> None:
    extra = b"x-account: 7\r\nX-Account: 8\r\nX-Other: 9\r\nUser-Agent: t\xff\r\n"
    parties = arrival(extra=extra).parties(["X-ACCOUNT", "user-agent", "X-Absent"])
    assert parties == CallParties(
        CallDirection.IN,
        "441632960961",
        "sip:desk@192.0.2.1",
        "sip:desk@192.0.2.1",
        "",
        "",
        (("X-ACCOUNT", "7"), ("X-ACCOUNT", "8"), ("user-agent", "t\ufffd")),
    )


@given(st.binary(max_size=400))
def test_nothing_that_a_stranger_writes_breaks_the_reading(junk: bytes) -> None:
    line = junk.replace(b"\r", b"").replace(b"\n", b"")
    extra = b"Diversion: " + line + b"\r\nHistory-Info: " + line + b"\r\n"
    read = arrival(extra=extra + b"P-Attestation-Indicator: " + line + b"\r\n")
    assert len(read.divert) <= MAX_ADDRESS_LENGTH
    read.divert.encode()
