"""Via, addresses, CSeq and Reason."""

import pytest

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.values import (
    HostPort,
    NameAddr,
    Reason,
    parse_cseq,
    parse_name_addr,
    parse_reasons,
    parse_via,
    q850_cause,
    split_addresses,
)


@pytest.mark.parametrize(
    ("text", "sent_by", "branch", "has_rport"),
    [
        ("SIP/2.0/UDP host;branch=z9hG4bK1", ("host", 5060), "z9hG4bK1", False),
        ("SIP/2.0/UDP HOST:5070;rport", ("host", 5070), "", True),
        ("SIP / 2.0 / TCP  [::1] : 5070 ;rport=9;branch=x", ("[::1]", 5070), "x", True),
        ("sip/2.0/udp 192.0.2.1", ("192.0.2.1", 5060), "", False),
    ],
)
def test_via(text: str, sent_by: tuple[str, int], branch: str, has_rport: bool) -> None:  # noqa: FBT001 - a column of the table
    via = parse_via(text)

    assert (via.sent_by, via.branch, via.has_rport) == (HostPort(*sent_by), branch, has_rport)


@pytest.mark.parametrize(
    "text",
    ["", "SIP/2.0/UDP", "SIP/2.0 host", "SIP/2.0/UDP host:0", "SIP/2.0/UDP host:65536",
     "SIP/2.0/UDP host:123456", "SIP/2.0/UDP host;", "SIP/2.0/UDP ho st", "HTTP/1.1/UDP host"],
)  # fmt: skip
def test_what_is_no_via(text: str) -> None:
    with pytest.raises(RemoteSipError):
        parse_via(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("<sip:a@b>", NameAddr("", "sip:a@b", ())),
        ("sip:a@b;tag=1", NameAddr("", "sip:a@b", (("tag", "1"),))),
        ("<sip:a@b;x>;tag=1", NameAddr("", "sip:a@b;x", (("tag", "1"),))),
        ('"A \\"B\\"" <sip:a@b>', NameAddr('A "B"', "sip:a@b", ())),
        ("A B. C<sip:a@b> ; tag = 1", NameAddr("A B. C", "sip:a@b", (("tag", "1"),))),
        ("tel:+1;tag=1", NameAddr("", "tel:+1", (("tag", "1"),))),
    ],
)
def test_addresses(text: str, address: NameAddr) -> None:
    assert parse_name_addr(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "*", "a@b", "<>", "< sip:a@b>", "<sip:a@b", '"A <sip:a@b>', "A, B <sip:a@b>",
     "sip:a@b?x=y", "sip:a@b,c", "<sip:a@b> junk", "Bj\u00f6rn <sip:a@b>"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(RemoteSipError):
        parse_name_addr(text)


def test_lists_of_addresses_keep_their_order_and_spelling() -> None:
    assert split_addresses(["<sip:a;lr>, <sip:b>", '"C, D" <sip:c>']) == [
        "<sip:a;lr>",
        "<sip:b>",
        '"C, D" <sip:c>',
    ]
    with pytest.raises(RemoteSipError):
        split_addresses(["<sip:a>, "])


@pytest.mark.parametrize(
    ("text", "cseq"),
    [("1 INVITE", (1, "INVITE")), ("0009  x", (9, "x")), ("2147483647 A", (2**31 - 1, "A"))],
)
def test_cseq(text: str, cseq: tuple[int, str]) -> None:
    assert parse_cseq(text) == cseq


@pytest.mark.parametrize(
    "text",
    ["", "1", "INVITE", "-1 A", "2147483648 A", "1 A B", "9" * 5000 + " A", "\u0663 A", "1A"],
)
def test_what_is_no_cseq(text: str) -> None:
    with pytest.raises(RemoteSipError):
        parse_cseq(text)


def test_reasons_are_read_as_far_as_they_can_be() -> None:
    values = ['SIP;cause=200;text="elsewhere", Q.850;cause=17', "nonsense;;", "q.850;cause=x"]

    assert parse_reasons(values) == [
        Reason("SIP", 200, "elsewhere"),
        Reason("Q.850", 17, ""),
        Reason("q.850", None, ""),
    ]
    assert q850_cause(values) == 17
    assert q850_cause([]) is None
