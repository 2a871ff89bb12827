"""Audio negotiation with session descriptions: RFC 3264.

We talk G.711 in frames of 20 ms and key presses as telephone events (RFC 4733), over plain RTP.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from callwright.protocol.sdp.description import (
    MAX_PORT,
    Attribute,
    Direction,
    MediaDescription,
    Origin,
    RtpMap,
    SdpError,
    SessionDescription,
    parse_description,
    print_description,
)


class NegotiationFailed(SdpError):
    """Offer and answer have nothing in common; the message quotes both."""


@dataclass(frozen=True, slots=True)
class RtpCodec:
    """A way to code sound and its number on the wire. PCMU is 0 and PCMA 8 (RFC 3551 6)."""

    name: str
    payload_type: int
    clock_rate_hz: int = 8000


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What both sides agreed on, from our point of view."""

    remote_host: str
    remote_port: int
    remote_rtcp_port: int
    codec: RtpCodec
    """With the payload type that the far end wants to receive."""
    telephone_event: int | None
    """Payload type of RFC 4733 events, or None: keys travel as tones."""
    ptime_ms: int
    """Sound in one packet, as the far end would like to receive it."""
    sends: bool
    """Whether we send: False while the far end holds us."""
    receives: bool
    """Whether the far end sends."""


DEFAULT_PTIME_MS: Final = 20
"""What RFC 3551 4.5 recommends for G.711, and what everybody sends."""

TELEPHONE_EVENT_DIGITS: Final = "0-15"
"""The sixteen keys of RFC 4733 table 3; flash and tones have no meaning for us."""

_TELEPHONE_EVENT: Final = "telephone-event"
_STATIC: Final = {"0": RtpMap(0, "PCMU", 8000), "8": RtpMap(8, "PCMA", 8000)}
_AUDIO_TRANSPORT: Final = "RTP/AVP"


def make_offer(
    *,
    host: str,
    port: int,
    codecs: Sequence[RtpCodec],
    telephone_event: int | None = 101,
    session_id: int,
    session_version: int = 1,
    ptime_ms: int = DEFAULT_PTIME_MS,
) -> bytes:
    """Offer one audio stream both ways, the preferred codec first."""
    medium = _audio(port, codecs, telephone_event, ptime_ms, Direction.SEND_RECEIVE)
    origin = Origin(session_id, session_version, host)
    return print_description(SessionDescription(origin, (medium,), host=host))


def read_answer(offer: bytes, answer: bytes) -> Negotiated:
    """What the far end made of our offer.

    Raises:
        RemoteSdpError: the answer can't be read.
        NegotiationFailed: it refuses the audio, or takes nothing that was offered.

    """
    ours, theirs = parse_description(offer), parse_description(answer)
    offered = next(medium for medium in ours.media if medium.kind == "audio")
    answered = next((medium for medium in theirs.media if _is_usable(medium)), None)
    if answered is None:
        raise _failed("the answer has no audio", ours, theirs)
    offered_names = {_key(found) for found in _codecs(offered)}
    common = [found for found in _codecs(answered) if _key(found) in offered_names]
    return _negotiated(theirs, answered, common, ours, ours.direction_of(offered))


def make_answer(
    offer: bytes,
    *,
    host: str,
    port: int,
    supported: Sequence[RtpCodec],
    session_id: int,
    session_version: int = 1,
) -> tuple[bytes, Negotiated]:
    """Answer the far end's offer, also that of a re-INVITE or a hold.

    The first audio line that we can serve is taken, in the far end's order of preference; every
    other line is refused with port 0 (RFC 3264 6). The direction is mirrored.

    Raises:
        RemoteSdpError: the offer can't be read.
        NegotiationFailed: nothing in it is ours; answer 488.

    """
    theirs = parse_description(offer)
    ours = SessionDescription(
        Origin(session_id, session_version, host),
        (_audio(port, supported, None, DEFAULT_PTIME_MS, Direction.SEND_RECEIVE),),
        host=host,
    )
    names = {(codec.name.upper(), codec.clock_rate_hz) for codec in supported}
    names.add((_TELEPHONE_EVENT.upper(), 8000))
    for index, medium in enumerate(theirs.media):
        common = [found for found in _codecs(medium) if _key(found) in names]
        if not _is_usable(medium) or not _sound(common):
            continue
        outcome = _negotiated(theirs, medium, common, ours, Direction.SEND_RECEIVE)
        theirs_way = theirs.direction_of(medium)
        # A c= of 0.0.0.0 is an old hold; the attribute alone is mirrored (RFC 3264 8.4).
        ours_way = Direction.of(sends=theirs_way.receives, receives=theirs_way.sends)
        accepted = _audio(
            port, [outcome.codec], outcome.telephone_event, outcome.ptime_ms, ours_way
        )
        media = tuple(
            accepted if place == index else _refused(other)
            for place, other in enumerate(theirs.media)
        )
        return print_description(replace(ours, media=media)), outcome
    raise _failed("nothing in the offer is supported", theirs, ours)


def _audio(
    port: int,
    codecs: Sequence[RtpCodec],
    telephone_event: int | None,
    ptime_ms: int,
    direction: Direction,
) -> MediaDescription:
    maps = [RtpMap(codec.payload_type, codec.name, codec.clock_rate_hz) for codec in codecs]
    attributes = [Attribute("ptime", str(ptime_ms)), Attribute(direction.value)]
    if telephone_event is not None:
        maps.append(RtpMap(telephone_event, _TELEPHONE_EVENT, 8000))
        attributes.insert(0, Attribute("fmtp", f"{telephone_event} {TELEPHONE_EVENT_DIGITS}"))
    return MediaDescription(
        kind="audio",
        port=port,
        transport=_AUDIO_TRANSPORT,
        formats=tuple(str(found.payload_type) for found in maps),
        rtp_maps=tuple(maps),
        attributes=tuple(attributes),
    )


def _is_usable(medium: MediaDescription) -> bool:
    return medium.kind == "audio" and medium.port != 0 and medium.transport == _AUDIO_TRANSPORT


def _codecs(medium: MediaDescription) -> list[RtpMap]:
    """What the line's formats mean, in its order; static types need no rtpmap (RFC 3551 6)."""
    maps = {str(found.payload_type): found for found in medium.rtp_maps}
    known = _STATIC | maps
    return [known[name] for name in medium.formats if name in known]


def _key(found: RtpMap) -> tuple[str, int]:
    return found.encoding.upper(), found.clock_rate_hz


def _is_telephone_event(found: RtpMap) -> bool:
    return found.encoding.lower() == _TELEPHONE_EVENT


def _sound(common: Sequence[RtpMap]) -> list[RtpMap]:
    return [found for found in common if not _is_telephone_event(found)]


def _negotiated(
    theirs: SessionDescription,
    medium: MediaDescription,
    common: Sequence[RtpMap],
    ours: SessionDescription,
    our_direction: Direction,
) -> Negotiated:
    sound = _sound(common)
    if not sound:
        raise _failed("no codec in common", ours, theirs)
    host = theirs.host_of(medium)
    address = _address(host)
    if host is None or address is None:
        raise _failed(f"{host!r} is no IP address to send to", ours, theirs)
    codec = sound[0]
    events = [found.payload_type for found in common if _is_telephone_event(found)]
    direction = theirs.direction_of(medium)
    return Negotiated(
        remote_host=host,
        remote_port=medium.port,
        remote_rtcp_port=_rtcp_port(medium),
        codec=RtpCodec(codec.encoding.upper(), codec.payload_type, codec.clock_rate_hz),
        telephone_event=events[0] if events else None,
        ptime_ms=_ptime_ms(medium),
        # RFC 3264 8.4: 0.0.0.0 was the hold of RFC 2543; nothing may be sent there.
        sends=our_direction.sends and direction.receives and not address.is_unspecified,
        receives=our_direction.receives and direction.sends,
    )


def _address(host: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host or "")
    except ValueError:
        return None


def _rtcp_port(medium: MediaDescription) -> int:
    """Where reports go: RFC 3605's attribute, else the next port (RFC 3550 11)."""
    words = (medium.attribute("rtcp") or "").split()
    port = _small_number(words[0]) if words else 0
    return port if 0 < port <= MAX_PORT else min(medium.port + 1, MAX_PORT)


def _ptime_ms(medium: MediaDescription) -> int:
    """A wish, never a condition (RFC 8866 6.4): what can't be read is the default."""
    ptime_ms = _small_number((medium.attribute("ptime") or "").strip())
    return ptime_ms if 0 < ptime_ms <= _LONGEST_PTIME_MS else DEFAULT_PTIME_MS


def _small_number(text: str) -> int:
    """The text as a number of at most five digits, or 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("65535") else 0


_LONGEST_PTIME_MS: Final = 200
"""RFC 3551 4.2: receivers should accept packets of up to 200 ms."""


def _refused(medium: MediaDescription) -> MediaDescription:
    return MediaDescription(medium.kind, 0, medium.transport, medium.formats)


def _failed(
    problem: str, offer: SessionDescription, answer: SessionDescription
) -> NegotiationFailed:
    return NegotiationFailed(f"{problem}: offered {_quote(offer)}, answered {_quote(answer)}")


def _quote(description: SessionDescription) -> str:
    lines = [
        f"{medium.kind} {medium.port} {medium.transport} "
        + " ".join(_named(medium, name) for name in medium.formats)
        for medium in description.media
    ]
    return "[" + "; ".join(lines) + "]"


def _named(medium: MediaDescription, name: str) -> str:
    known = {str(found.payload_type): found.encoding for found in _codecs(medium)}
    return f"{name}={known[name]}" if name in known else name
