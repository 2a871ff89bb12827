"""The parameters that start a UAS service: how many instances, and what each is told.

Everything is checked before anything is queued, so a request is accepted whole or not at all.
"""

import re
from collections.abc import Mapping
from typing import Final

from callwright.domain.errors import RemoteFault
from callwright.domain.service_start import MAX_OUTBOUND_PARAMETERS_LENGTH, ServiceStart
from callwright.queue.rest_calls import ListNotAllowed

MAX_INSTANCES: Final = 1000
"""Instances of one request (assumed, as for REST services; no limit is published)."""

WRONG: Final = "0002"
ZERO: Final = "0004"

_COUNT: Final = re.compile(r"[0-9]{1,9}")
_TEXT: Final = re.compile(r"[\x20-\x5d_-\x7b}~]*")
"""Seven-bit ASCII without `^`, `|` and the control characters, as published."""

_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it."""


class BadUasStart(RemoteFault):
    """A parameter is wrong; `code` is the API's four digits for how."""

    def __init__(self, code: str, text: str) -> None:
        """`text` quotes the value and says what was expected."""
        super().__init__(text)
        self.code = code


def parse_uas_starts(
    parameters: Mapping[str, str], *, may_start_lists: bool
) -> tuple[ServiceStart, ...]:
    """Read `count`, `outbound_parameters` and `delimiter`.

    With a delimiter there is an instance for each string, an empty one too, and `count` is
    ignored. `may_start_lists` is the account type's word.

    Raises:
        BadUasStart: a parameter is wrong.
        ListNotAllowed: several instances, or a delimiter, where the account may not.

    """
    text = parameters.get("outbound_parameters")
    if text is not None and not _TEXT.fullmatch(text):
        raise BadUasStart(
            WRONG,
            f"outbound_parameters {_quoted(text)}: seven-bit ASCII without ^, | and control "
            "characters was expected",
        )
    delimiter = parameters.get("delimiter")
    if delimiter is not None:
        _check_delimiter(delimiter, may_start_lists=may_start_lists)
    if delimiter is None or text is None:
        strings = [text or ""] * _count(parameters, may_start_lists=may_start_lists)
    else:
        strings = text.split(delimiter)
    if len(strings) > MAX_INSTANCES:
        raise BadUasStart(
            WRONG,
            f"outbound_parameters has {len(strings)} strings: at most {MAX_INSTANCES} were "
            "expected",
        )
    longest = max(map(len, strings))
    if longest > MAX_OUTBOUND_PARAMETERS_LENGTH:
        raise BadUasStart(
            WRONG,
            f"outbound_parameters has a string of {longest} characters: at most "
            f"{MAX_OUTBOUND_PARAMETERS_LENGTH} were expected",
        )
    return tuple(ServiceStart(to="", outbound_parameters=string) for string in strings)


def _check_delimiter(delimiter: str, *, may_start_lists: bool) -> None:
    # One that may not stand in the strings could never divide them.
    if len(delimiter) != 1 or not _TEXT.fullmatch(delimiter):
        raise BadUasStart(
            WRONG,
            f"delimiter {_quoted(delimiter)}: one character of seven-bit ASCII was expected, "
            "but not ^, | or a control character",
        )
    if not may_start_lists:
        raise ListNotAllowed("A delimiter is for Production and Premium accounts only")


def _count(parameters: Mapping[str, str], *, may_start_lists: bool) -> int:
    text = parameters.get("count", "1")
    if not _COUNT.fullmatch(text):
        raise BadUasStart(WRONG, f"count {_quoted(text)}: a whole number was expected")
    count = int(text)
    if count == 0:
        raise BadUasStart(ZERO, f"count {_quoted(text)}: 1 to {MAX_INSTANCES} was expected")
    if count > MAX_INSTANCES:
        raise BadUasStart(WRONG, f"count {_quoted(text)}: at most {MAX_INSTANCES} was expected")
    if count > 1 and not may_start_lists:
        raise ListNotAllowed("A count above 1 is for Production and Premium accounts only")
    return count


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "...")
