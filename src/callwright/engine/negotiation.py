"""One leg's half of offer and answer (RFC 3264): who listens where, and how sound is coded."""

from dataclasses import dataclass
from typing import Final

from callwright.protocol.sdp.offer_answer import (
    Negotiated,
    RtpCodec,
    make_answer,
    make_offer,
    read_answer,
)

CODECS: Final = (RtpCodec("PCMA", 8), RtpCodec("PCMU", 0))
"""What we offer, in this order: A-law is what most of the world's trunks carry."""

_DISCARD_PORT: Final = 9
"""Stands for the port in an answer that is only tried (RFC 863)."""


def check_offer(offer: bytes) -> None:
    """Accept a caller's offer that we can serve, before anything is done about it.

    Raises:
        SdpError: it can't be read, or there is nothing in it for us; answer 488.

    """
    make_answer(offer, host="0.0.0.0", port=_DISCARD_PORT, supported=CODECS, session_id=0)  # noqa: S104 - never sent


@dataclass(slots=True)
class Negotiation:
    """Makes and reads the descriptions of one leg; each new one has the next version."""

    host: str
    """Where we listen."""
    session_id: int
    port: int = 0
    """Known as soon as the media worker has opened the leg."""
    _version: int = 0
    _offer: bytes = b""

    def offer(self) -> bytes:
        """Offer one audio stream."""
        self._version += 1
        self._offer = make_offer(
            host=self.host,
            port=self.port,
            codecs=CODECS,
            session_id=self.session_id,
            session_version=self._version,
        )
        return self._offer

    def take_answer(self, answer: bytes) -> Negotiated:
        """Return what the far end made of our latest offer; raises `SdpError`."""
        return read_answer(self._offer, answer)

    def answer(self, offer: bytes) -> tuple[bytes, Negotiated]:
        """Answer the far end's offer; raises `SdpError`."""
        self._version += 1
        return make_answer(
            offer,
            host=self.host,
            port=self.port,
            supported=CODECS,
            session_id=self.session_id,
            session_version=self._version,
        )
