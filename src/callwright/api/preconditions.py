"""What a client has already, and what that means for the answer (RFC 9110 13)."""

import re
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from enum import Enum, auto
from typing import Final

from callwright.api.exchange import Exchange
from callwright.domain.clock import UnixTime

_TAG: Final = re.compile(r'((?:W/)?)"([^"]*)"')
"""An entity tag (8.8.3)."""


class Verdict(Enum):
    """What a request with preconditions is answered with."""

    SEND = auto()
    NOT_MODIFIED = auto()
    """304."""
    FAILED = auto()
    """412."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one version of a representation from another."""

    tag: str
    """Without its quotes; a strong one."""
    modified_at: UnixTime

    @property
    def entity_tag(self) -> str:
        """The value of `ETag`."""
        return f'"{self.tag}"'

    @property
    def last_modified(self) -> str:
        """The value of `Last-Modified`: whole seconds."""
        return formatdate(int(self.modified_at), usegmt=True)


def judge(exchange: Exchange, validators: Validators) -> Verdict:
    """Evaluate the preconditions of a GET or HEAD in the order of RFC 9110 13.2.2."""
    if_match = exchange.header(b"if-match")
    unmodified_since = _seconds(exchange.header(b"if-unmodified-since"))
    modified_at = int(validators.modified_at)
    if if_match is not None:
        if not _is_in(if_match, validators.tag, takes_weak=False):
            return Verdict.FAILED
    elif unmodified_since is not None and modified_at > unmodified_since:
        return Verdict.FAILED
    if_none_match = exchange.header(b"if-none-match")
    modified_since = _seconds(exchange.header(b"if-modified-since"))
    if if_none_match is not None:
        is_known = _is_in(if_none_match, validators.tag, takes_weak=True)
    else:
        is_known = modified_since is not None and modified_at <= modified_since
    return Verdict.NOT_MODIFIED if is_known else Verdict.SEND


def may_send_part(exchange: Exchange, validators: Validators) -> bool:
    """Whether what the client has a part of is this version still (`If-Range`, 13.1.5)."""
    condition = exchange.header(b"if-range")
    if condition is None:
        return True
    if '"' in condition:
        return condition.strip() == validators.entity_tag
    return _seconds(condition) == int(validators.modified_at)


def _is_in(listed: str, tag: str, *, takes_weak: bool) -> bool:
    if listed.strip() == "*":
        return True
    return any(opaque == tag and (takes_weak or not weak) for weak, opaque in _TAG.findall(listed))


def _seconds(date: str | None) -> float | None:
    """Read an HTTP date; one that cannot be read is as good as none (13.1.3)."""
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
