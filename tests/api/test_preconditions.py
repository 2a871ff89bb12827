"""Preconditions: RFC 9110 13.2.2 as a table."""

import pytest
from starlette.types import Message

from callwright.api.exchange import Exchange
from callwright.api.preconditions import Validators, Verdict, judge, may_send_part
from callwright.domain.clock import UnixTime

AT = UnixTime(1_771_000_000.75)
SAME, EARLIER, LATER = (
    "Fri, 13 Feb 2026 16:26:40 GMT",
    "Fri, 13 Feb 2026 16:26:39 GMT",
    "Fri, 13 Feb 2026 16:26:41 GMT",
)
NOW = Validators("a-1", AT)

SEND, KNOWN, FAILED = Verdict.SEND, Verdict.NOT_MODIFIED, Verdict.FAILED


def asked(**headers: str) -> Exchange:
    async def receive() -> Message:
        raise AssertionError

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Exchange({"headers": raw}, receive, UnixTime(0.0))


def test_validators_are_printed() -> None:
    assert (NOW.entity_tag, NOW.last_modified) == ('"a-1"', SAME)


JUDGED = [
    ({}, SEND),
    ({"if_none_match": '"a-1"'}, KNOWN),
    ({"if_none_match": 'W/"a-1"'}, KNOWN),
    ({"if_none_match": '"x", "a-1"'}, KNOWN),
    ({"if_none_match": "*"}, KNOWN),
    ({"if_none_match": '"x"'}, SEND),
    ({"if_none_match": "a-1"}, SEND),
    ({"if_none_match": '"x"', "if_modified_since": SAME}, SEND),
    ({"if_modified_since": SAME}, KNOWN),
    ({"if_modified_since": LATER}, KNOWN),
    ({"if_modified_since": EARLIER}, SEND),
    ({"if_modified_since": "yesterday"}, SEND),
    ({"if_modified_since": "Fri, 13 Feb 99999999999 16:26:40 GMT"}, SEND),
    ({"if_match": '"a-1"'}, SEND),
    ({"if_match": "*"}, SEND),
    ({"if_match": 'W/"a-1"'}, FAILED),
    ({"if_match": '"x"'}, FAILED),
    ({"if_match": '"a-1"', "if_none_match": '"a-1"'}, KNOWN),
    ({"if_match": '"a-1"', "if_unmodified_since": EARLIER}, SEND),
    ({"if_unmodified_since": EARLIER}, FAILED),
    ({"if_unmodified_since": SAME}, SEND),
    ({"if_unmodified_since": "never"}, SEND),
]


@pytest.mark.parametrize(("headers", "verdict"), JUDGED)
def test_preconditions_are_judged_in_order(headers: dict[str, str], verdict: Verdict) -> None:
    assert judge(asked(**headers), NOW) is verdict


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({}, True),
        ({"if_range": '"a-1"'}, True),
        ({"if_range": 'W/"a-1"'}, False),
        ({"if_range": '"x"'}, False),
        ({"if_range": SAME}, True),
        ({"if_range": LATER}, False),
        ({"if_range": "nonsense"}, False),
    ],
)
def test_a_part_is_sent_of_the_same_version_alone(headers: dict[str, str], *, may: bool) -> None:
    assert may_send_part(asked(**headers), NOW) is may
