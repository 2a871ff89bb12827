"""SIP and tel URIs, read and written."""

import pytest

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.uri import SipUri, TelUri, Uri, parse_uri


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip:example.com", SipUri("example.com")),
        ("sip:ann@example.com", SipUri("example.com", "ann")),
        ("sips:ann:secret@example.com:5061", SipUri("example.com", "ann", 5061, "sips", "secret")),
        ("sip:ann:@example.com", SipUri("example.com", "ann", password="")),
        ("sip:+1-212;ext=5@gw;user=phone;lr",
         SipUri("gw", "+1-212;ext=5", parameters=(("user", "phone"), ("lr", None)))),
        ("sip:ann@[2001:db8::1]:5060", SipUri("[2001:db8::1]", "ann", 5060)),
        ("sip:a?b=c@example.com", SipUri("example.com", "a?b=c")),
        ("sip:b.example?Subject=x&Priority=y", SipUri("b.example", headers="Subject=x&Priority=y")),
        ("sip:%61nn@example.com;p=%41", SipUri("example.com", "%61nn", parameters=(("p", "%41"),))),
        ("tel:+49-30-1234;phone-context=x", TelUri("+49-30-1234", (("phone-context", "x"),))),
    ],
)  # fmt: skip
def test_is_read_and_written_alike(text: str, uri: Uri) -> None:
    assert parse_uri(text) == uri
    assert str(uri) == text


@pytest.mark.parametrize("text", ["SIP:example.com", "Tel:+1"])
def test_the_scheme_has_no_case(text: str) -> None:
    assert str(parse_uri(text)) == text.lower()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("sip:", 400),
        ("sip:@example.com", 400),
        ("sip:ann@", 400),
        ("sip:a b@example.com", 400),
        ("sip:a%4@example.com", 400),
        ("sip:a%zz@example.com", 400),
        ("sip:ann@example.com:", 400),
        ("sip:ann@example.com:65536", 400),
        ("sip:ann@example.com:999999", 400),
        ("sip:ann@example.com;", 400),
        ("sip:ann@example.com?", 400),
        ("sip:ann@ex\u00e4mple.com", 400),
        ("sip:a\r\n@example.com", 400),
        ("<sip:ann@example.com>", 400),
        ("tel:", 400),
        ("ann", 400),
        ("http://example.com/", 416),
        ("urn:service:sos", 416),
        ("1x:y", 400),
    ],
)
def test_is_refused(text: str, status: int) -> None:
    with pytest.raises(RemoteSipError) as caught:
        parse_uri(text)
    assert caught.value.status == status


def test_parameters_are_found_by_name() -> None:
    uri = parse_uri("sip:example.com;LR;maddr=192.0.2.1")

    assert isinstance(uri, SipUri)
    assert [uri.parameter(name) for name in ("lr", "maddr", "ttl")] == ["", "192.0.2.1", None]
