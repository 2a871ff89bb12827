"""Offer and answer: who talks what to whom, as RFC 3264 says."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.protocol.sdp.description import RemoteSdpError
from callwright.protocol.sdp.offer_answer import (
    Negotiated,
    NegotiationFailed,
    RtpCodec,
    make_answer,
    make_offer,
    read_answer,
)

PCMU, PCMA = RtpCodec("PCMU", 0), RtpCodec("PCMA", 8)
OFFER = make_offer(host="192.0.2.1", port=4000, codecs=[PCMA, PCMU], session_id=7)


def description(*lines: str, host: str = "192.0.2.9") -> bytes:
    head = ("v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0")
    return "\r\n".join((*head, *lines, "")).encode()


def test_the_offer_says_what_we_take_and_what_we_prefer() -> None:
    assert OFFER.decode().splitlines() == [
        "v=0",
        "o=- 7 1 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "m=audio 4000 RTP/AVP 8 0 101",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-15",
        "a=ptime:20",
        "a=sendrecv",
    ]


def test_an_offer_over_ipv6_says_so() -> None:
    offer = make_offer(
        host="2001:db8::1", port=4000, codecs=[PCMU], telephone_event=None, session_id=1
    )
    assert b"c=IN IP6 2001:db8::1" in offer
    assert b"telephone-event" not in offer


AGREED = Negotiated(
    remote_host="192.0.2.9",
    remote_port=5000,
    remote_rtcp_port=5001,
    codec=PCMU,
    telephone_event=101,
    ptime_ms=20,
    sends=True,
    receives=True,
)


def agreed(**changes: Any) -> Negotiated:
    return replace(AGREED, **changes)


EVENT = "a=rtpmap:101 telephone-event/8000"
ANSWERS = [
    (("m=audio 5000 RTP/AVP 0 101", EVENT), agreed()),
    (("m=audio 5000 RTP/AVP 0",), agreed(telephone_event=None)),
    (("m=audio 5000 RTP/AVP 8 0",), agreed(codec=PCMA, telephone_event=None)),
    (("m=audio 5000 RTP/AVP 18 0",), agreed(telephone_event=None)),
    (
        ("m=audio 5000 RTP/AVP 0 96", "a=rtpmap:96 TELEPHONE-EVENT/8000"),
        agreed(telephone_event=96),
    ),
    (
        ("m=audio 5000 RTP/AVP 0 96", "a=rtpmap:96 telephone-event/16000"),
        agreed(telephone_event=None),
    ),
    (
        ("m=audio 5000 RTP/AVP 97", "a=rtpmap:97 pcmu/8000"),
        agreed(codec=RtpCodec("PCMU", 97), telephone_event=None),
    ),
    (("m=audio 5000 RTP/AVP 0 101", EVENT, "a=ptime:30"), agreed(ptime_ms=30)),
    (("m=audio 5000 RTP/AVP 0 101", EVENT, "a=ptime:zero"), agreed()),
    (("m=audio 5000 RTP/AVP 0 101", EVENT, "a=rtcp:5009"), agreed(remote_rtcp_port=5009)),
    (("m=audio 5000 RTP/AVP 0 101", EVENT, "a=rtcp:" + "9" * 5000), agreed()),
    (("m=audio 5000 RTP/AVP 0 101", EVENT, "a=sendonly"), agreed(sends=False)),
    (("m=audio 5000 RTP/AVP 0 101", EVENT, "a=recvonly"), agreed(receives=False)),
    (("a=inactive", "m=audio 5000 RTP/AVP 0 101", EVENT), agreed(sends=False, receives=False)),
    (
        ("m=audio 5000 RTP/AVP 0 101", EVENT, "c=IN IP4 192.0.2.77"),
        agreed(remote_host="192.0.2.77"),
    ),
    (
        ("m=audio 5000 RTP/AVP 0 101", EVENT, "c=IN IP4 0.0.0.0"),
        agreed(remote_host="0.0.0.0", sends=False),  # noqa: S104 - the hold of RFC 2543
    ),
    (("m=video 0 RTP/AVP 99", "m=audio 5000 RTP/AVP 0 101", EVENT), agreed()),
]


@pytest.mark.parametrize(("lines", "expected"), ANSWERS)
def test_reads_an_answer(lines: tuple[str, ...], expected: Negotiated) -> None:
    assert read_answer(OFFER, description(*lines)) == expected


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("m=audio 0 RTP/AVP 0",), "no audio"),
        ((), "no audio"),
        (("m=audio 5000 RTP/SAVP 0",), "no audio"),
        (("m=audio 5000 RTP/AVP 18",), "no codec in common"),
        (("m=audio 5000 RTP/AVP 101", EVENT), "no codec in common"),
        (("m=audio 5000 RTP/AVP 0", "c=IN IP4 host.example.com"), "no IP address"),
    ],
)
def test_a_failure_quotes_what_was_offered_and_what_came(
    lines: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(NegotiationFailed, match=problem) as failed:
        read_answer(OFFER, description(*lines))
    assert "offered [audio 4000 RTP/AVP 8=PCMA 0=PCMU 101=telephone-event]" in str(failed.value)


def test_an_unreadable_answer_is_not_a_failed_negotiation() -> None:
    with pytest.raises(RemoteSdpError):
        read_answer(OFFER, b"hello")


def answered(*lines: str) -> tuple[list[str], Negotiated]:
    answer, outcome = make_answer(
        description(*lines), host="192.0.2.1", port=4000, supported=[PCMU, PCMA], session_id=3
    )
    text = answer.decode().splitlines()
    return text[text.index("t=0 0") + 1 :], outcome


def test_answers_with_the_far_ends_first_choice() -> None:
    lines, outcome = answered("m=audio 5000 RTP/AVP 18 8 0 96", "a=rtpmap:96 telephone-event/8000")
    assert lines == [
        "m=audio 4000 RTP/AVP 8 96",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:96 telephone-event/8000",
        "a=fmtp:96 0-15",
        "a=ptime:20",
        "a=sendrecv",
    ]
    assert outcome == agreed(codec=PCMA, telephone_event=96)


@pytest.mark.parametrize(
    ("theirs", "ours", "sends", "receives"),
    [
        ("sendrecv", "sendrecv", True, True),
        ("sendonly", "recvonly", False, True),
        ("recvonly", "sendonly", True, False),
        ("inactive", "inactive", False, False),
    ],
)
def test_a_hold_is_mirrored(theirs: str, ours: str, *, sends: bool, receives: bool) -> None:
    lines, outcome = answered("m=audio 5000 RTP/AVP 0", f"a={theirs}")
    assert lines[-1] == f"a={ours}"
    assert (outcome.sends, outcome.receives) == (sends, receives)


def test_an_old_hold_stops_us_from_sending() -> None:
    _, outcome = answered("m=audio 5000 RTP/AVP 0", "c=IN IP4 0.0.0.0")
    assert (outcome.sends, outcome.receives) == (False, True)


def test_every_other_line_is_refused_in_its_place() -> None:
    lines, _ = answered(
        "m=video 5002 RTP/AVP 99",
        "m=audio 5004 RTP/SAVP 0",
        "m=audio 5000 RTP/AVP 0",
        "m=audio 5006 RTP/AVP 0",
    )
    assert [line for line in lines if line.startswith("m=")] == [
        "m=video 0 RTP/AVP 99",
        "m=audio 0 RTP/SAVP 0",
        "m=audio 4000 RTP/AVP 0",
        "m=audio 0 RTP/AVP 0",
    ]


@pytest.mark.parametrize("line", ["m=audio 5000 RTP/AVP 18", "m=video 5000 RTP/AVP 0"])
def test_an_offer_with_nothing_for_us_is_refused(line: str) -> None:
    with pytest.raises(NegotiationFailed, match="nothing in the offer"):
        answered(line)


def test_our_own_offer_and_answer_agree() -> None:
    answer, far = make_answer(
        OFFER, host="192.0.2.9", port=5000, supported=[PCMU, PCMA], session_id=3
    )
    near = read_answer(OFFER, answer)
    assert near == agreed(codec=PCMA)
    assert far.codec == PCMA
    assert (far.remote_host, far.remote_port) == ("192.0.2.1", 4000)
