"""Session descriptions: what is read, what is passed over, what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.protocol.sdp.description import (
    Attribute,
    Direction,
    MediaDescription,
    Origin,
    RemoteSdpError,
    RtpMap,
    SessionDescription,
    parse_description,
    print_description,
)

# RFC 8866 5, its example, with a telephone's lines added.
EXAMPLE = b"""v=0\r
o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r
s=Call to John Smith\r
i=SDP Offer #1\r
u=http://www.jdoe.example.com/home.html\r
e=Jane Doe <jane@jdoe.example.com>\r
p=+1 617 555-6011\r
c=IN IP4 198.51.100.1\r
t=0 0\r
a=sendonly\r
m=audio 49170/2 RTP/AVP 0 101\r
c=IN IP4 198.51.100.2/127\r
a=rtpmap:101 telephone-event/8000\r
a=fmtp:101 0-15\r
x=unheard of\r
m=video 51372 RTP/AVP 99\r
a=rtpmap:99 h263-1998/90000\r
a=inactive\r
"""


def test_reads_the_example_of_the_rfc() -> None:
    found = parse_description(EXAMPLE)
    audio, video = found.media
    assert found.origin == Origin(3724394400, 3724394405, "198.51.100.1", username="jdoe")
    assert (audio.port, audio.formats) == (49170, ("0", "101"))
    assert audio.rtp_maps == (RtpMap(101, "telephone-event", 8000),)
    assert audio.attribute("fmtp") == "101 0-15"
    assert (found.host_of(audio), found.host_of(video)) == ("198.51.100.2", "198.51.100.1")
    assert found.direction_of(audio) is Direction.SEND_ONLY
    assert found.direction_of(video) is Direction.INACTIVE


@pytest.mark.parametrize("text", [EXAMPLE.replace(b"\r\n", b"\n"), EXAMPLE + b"\r\n"])
def test_tolerates_how_lines_end(text: bytes) -> None:
    assert parse_description(text) == parse_description(EXAMPLE)


VALID = b"v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 4000 RTP/AVP 0\n"


@pytest.mark.parametrize(
    ("was", "becomes", "line_number"),
    [
        (b"v=0", b"v=1", 1),
        (b"v=0\n", b"", 1),
        (b"o=- 1 1 IN IP4 192.0.2.1", b"o=- 1 1", 2),
        (b"o=- 1 1 ", b"o=- one 1 ", 2),
        (b"o=- 1 1 ", b"o=- " + b"9" * 21 + b" 1 ", 2),
        (b"o=", b"z=", 5),
        (b"c=IN IP4 192.0.2.1", b"c=IN IP4", 4),
        (b"c=IN IP4", b"c=ATM NSAP", 4),
        (b"m=audio 4000", b"m=audio 65536", 6),
        (b"m=audio 4000", b"m=audio -1", 6),
        (b"m=audio 4000 RTP/AVP 0", b"m=audio 4000", 6),
        (b"RTP/AVP 0\n", b"RTP/AVP 0\na=rtpmap:0\n", 7),
        (b"RTP/AVP 0\n", b"RTP/AVP 0\na=rtpmap:0 PCMU\n", 7),
        (b"RTP/AVP 0\n", b"RTP/AVP 0\na=rtpmap:128 PCMU/8000\n", 7),
    ],
)
def test_names_the_line_that_it_refuses(was: bytes, becomes: bytes, line_number: int) -> None:
    with pytest.raises(RemoteSdpError) as refused:
        parse_description(VALID.replace(was, becomes, 1))
    assert refused.value.line_number == line_number
    assert f"line {line_number}" in str(refused.value)


@pytest.mark.parametrize("text", [b"", b"\n\n", b"\xff\xfe", b"v=0"])
def test_refuses_what_is_hardly_there(text: bytes) -> None:
    with pytest.raises(RemoteSdpError):
        parse_description(text)


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else(text: bytes) -> None:
    with suppress(RemoteSdpError):
        parse_description(b"v=0\r\n" + text)


WORD = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
HOST = st.sampled_from(["192.0.2.1", "2001:db8::1", "host.example.com"])
MEDIUM = st.builds(
    MediaDescription,
    kind=st.sampled_from(["audio", "video", "image"]),
    port=st.integers(0, 65535),
    transport=st.sampled_from(["RTP/AVP", "RTP/SAVP", "udptl"]),
    formats=st.lists(WORD, min_size=1, max_size=4).map(tuple),
    host=st.none() | HOST,
    attributes=st.lists(
        st.builds(Attribute, WORD.filter(lambda name: name != "rtpmap"), st.just("") | WORD),
        max_size=3,
    ).map(tuple),
    rtp_maps=st.lists(
        st.builds(RtpMap, st.integers(0, 127), WORD, st.integers(1, 96000)), max_size=3
    ).map(tuple),
)
DESCRIPTION = st.builds(
    SessionDescription,
    origin=st.builds(Origin, st.integers(0, 2**63), st.integers(0, 2**63), HOST, username=WORD),
    media=st.lists(MEDIUM, max_size=3).map(tuple),
    host=st.none() | HOST,
    attributes=st.lists(st.builds(Attribute, WORD, WORD), max_size=2)
    .map(tuple)
    .filter(lambda found: all(name != "rtpmap" for name, _ in found)),
)


@given(DESCRIPTION)
def test_what_is_printed_is_read_again(description: SessionDescription) -> None:
    assert parse_description(print_description(description)) == description


@pytest.mark.parametrize("direction", list(Direction))
def test_a_direction_is_what_it_sends_and_receives(direction: Direction) -> None:
    assert Direction.of(sends=direction.sends, receives=direction.receives) is direction
