"""Answers to clients, compressed for whoever takes gzip (section 2.1)."""

import gzip
from dataclasses import replace
from typing import Final

from callwright.api.exchange import Answer, Exchange

_WORTH_PACKING: Final = 1024
"""Bytes; a smaller answer fits one packet as it is."""

_QUICKLY: Final = 5
"""Of gzip's nine levels: half the time of the usual one for a few per cent more bytes."""

_NEVER: Final = frozenset({"q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000"})


def packed(exchange: Exchange, answer: Answer) -> Answer:
    """Compress an answer if that is worth it and the client takes it."""
    if len(answer.body) < _WORTH_PACKING or not _takes_gzip(exchange):
        return answer
    return replace(
        answer,
        body=gzip.compress(answer.body, _QUICKLY, mtime=0),
        headers=(
            *answer.headers,
            (b"content-encoding", b"gzip"),
            (b"vary", b"accept-encoding"),
        ),
    )


def _takes_gzip(exchange: Exchange) -> bool:
    weights = {}
    for coding in (exchange.header(b"accept-encoding") or "").lower().split(","):
        name, _, weight = coding.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    # What is named counts before what a star stands for (RFC 9110 12.5.3).
    weight = weights.get("gzip", weights.get("*", "q=0"))
    return weight not in _NEVER
