"""URLs of call WebSockets: taken apart, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.callsocket.target import BadUrl, Target, target_of

GOOD = [
    ("wss://example.com", Target("example.com", 443, "wss://example.com/")),
    ("wss://example.com:443/", Target("example.com", 443, "wss://example.com/")),
    ("WSS://EXAMPLE.com:84/A?b=c", Target("example.com", 84, "wss://example.com:84/A?b=c")),
    ("wss://192.0.2.7/x", Target("192.0.2.7", 443, "wss://192.0.2.7/x")),
    ("wss://[2001:db8::7]:1/x", Target("2001:db8::7", 1, "wss://[2001:db8::7]:1/x")),
    ("wss://ü.example/ü b?q=ö%20",
     Target("xn--tda.example", 443, "wss://xn--tda.example/%C3%BC%20b?q=%C3%B6%20")),
    ("wss://ann:p%40ss@example.com/",
     Target("example.com", 443, "wss://example.com/", {"Authorization": "Basic YW5uOnBAc3M="})),
    ("wss://ann@example.com/",
     Target("example.com", 443, "wss://example.com/", {"Authorization": "Basic YW5uOg=="})),
    ("wss://example.com/a\r\nX: y", Target("example.com", 443, "wss://example.com/aX:%20y")),
]  # fmt: skip

BAD = [
    *("", "example.com", "https://example.com/", "ws://example.com/", "wss:", "wss://"),
    *("wss:///path", "wss://:443/", "wss://example.com:0/", "wss://example.com:65536/"),
    *("wss://example.com:port/", "wss://[::1/", "wss://[example.com]/", "wss://exam ple.com/"),
    *("wss://example.com/#here", "wss://" + "a" * 64 + ".com/", "wss://a..b/"),
    *("wss://\ud800/", "wss://example.com/\ud800", "wss://ann:\ud800@example.com/"),
]


@pytest.mark.parametrize(("url", "target"), GOOD)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_url_is_said_so_without_quoting_it(url: str) -> None:
    with pytest.raises(BadUrl) as raised:
        target_of(url)
    assert "ample" not in str(raised.value)


def test_credentials_are_printed_nowhere() -> None:
    assert "ann" not in f"{target_of('wss://ann:s%40fe@example.com/x')}"
    assert "YW5" not in f"{target_of('wss://ann:s%40fe@example.com/x')}"


@given(st.text(max_size=80).map(lambda rest: f"wss://{rest}"))
def test_any_text_is_a_url_or_is_none(url: str) -> None:
    try:
        target = target_of(url)
    except BadUrl:
        return
    assert target.host.isascii()
    assert target.url.isascii()
    assert not any(character.isspace() for character in target.url)
