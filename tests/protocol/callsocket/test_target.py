"""URLs of call WebSockets: taken apart, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.callsocket.target import BadUrl, Target, target_of


@pytest.mark.parametrize(
    ("url", "host", "port", "printed"),
    [
        ("wss://www.example.com/mywsapp", "www.example.com", 443, "wss://www.example.com/mywsapp"),
        ("wss://www.example.com", "www.example.com", 443, "wss://www.example.com/"),
        ("WSS://Example.com:8443/a?b=c", "example.com", 8443, "wss://example.com:8443/a?b=c"),
        ("wss://[2001:db8::1]/x", "2001:db8::1", 443, "wss://[2001:db8::1]/x"),
        ("wss://192.0.2.7:1/x", "192.0.2.7", 1, "wss://192.0.2.7:1/x"),
        ("wss://bücher.example/ü ?ü", "xn--bcher-kva.example", 443,
         "wss://xn--bcher-kva.example/%C3%BC%20?%C3%BC"),
    ],
)  # fmt: skip
def test_takes_a_url_apart(url: str, host: str, port: int, printed: str) -> None:
    assert target_of(url) == Target(host, port, printed)


def test_credentials_become_a_header_and_are_printed_nowhere() -> None:
    target = target_of("wss://ann:s%40fe@example.com/x")
    assert target.headers == {"Authorization": "Basic YW5uOnNAZmU="}
    assert "ann" not in f"{target}"
    assert target.url == "wss://example.com/x"


@pytest.mark.parametrize(
    "url",
    [
        *("", "wss:", "wss://", "wss:///path", "ws://example.com/", "https://example.com/"),
        *("wss://example.com:0/", "wss://example.com:65536/", "wss://example.com:x/"),
        *("wss://a b/", "wss://\ud800/", "wss://example.com/\ud800", "wss://[::1/"),
        *("wss://a..b/", "wss://example.com/#part", "wss://" + "a" * 70 + ".com/"),
    ],
)
def test_what_is_no_url_is_said_so_without_quoting_it(url: str) -> None:
    with pytest.raises(BadUrl) as raised:
        target_of(url)
    assert "example" not in str(raised.value)


@given(st.text(max_size=80).map(lambda rest: f"wss://{rest}"))
def test_any_text_is_a_url_or_is_none(url: str) -> None:
    try:
        target = target_of(url)
    except BadUrl:
        return
    assert target.host.isascii()
    assert target.url.isascii()
    assert not any(character.isspace() for character in target.url)
