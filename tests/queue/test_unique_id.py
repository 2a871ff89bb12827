"""Which requests are the same, and what a request may be named."""

import pytest

from callwright.queue.ports import Once
from callwright.queue.unique_id import BadUniqueId, read_once

CALLS = '[{"to": "sip:bob@example.com", "token": "é", "x": 1}, {"to": "con:Room"}]'
SPELT_OTHERWISE = (
    '[ {"x":1.0,"token":"\\u00e9","to":"sip:bob\\u0040example.com"},\n{"to":"con:Room"} ]'
)


def once(service_name: str = "s", unique_id: str = "job 17", **parameters: str) -> Once:
    known = read_once(
        parameters | {"unique_id": unique_id},
        service_name=service_name,
        json_parameters={"rest_calls", "outbound_parameters"},
    )
    assert known is not None
    return known


SAME: list[tuple[Once, Once]] = [
    (once(rest_calls=CALLS), once(rest_calls=CALLS)),
    (once(rest_calls=CALLS), once(rest_calls=SPELT_OTHERWISE)),
    (once(rest_calls="[]", count="2"), once(count="2", rest_calls="[]")),
    (once(rest_calls='{"x": 1e3}'), once(rest_calls='{"x": 1000}')),
    (once(rest_calls='{"x": -0.0}'), once(rest_calls='{"x": 0}')),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_equal_requests_have_one_fingerprint(first: Once, second: Once) -> None:
    assert first == second


DIFFERENT: list[tuple[Once, Once]] = [
    (once(rest_calls=CALLS), once("t", rest_calls=CALLS)),
    (once(rest_calls=CALLS), once(rest_calls=CALLS, count="1")),
    (once(rest_calls=CALLS), once(rest_calls=CALLS, x="")),
    (once(rest_calls=CALLS), once(outbound_parameters=CALLS)),
    (once(rest_calls='["a", "b"]'), once(rest_calls='["b", "a"]')),
    (once(rest_calls='{"x": 1}'), once(rest_calls='{"x": true}')),
    (once(rest_calls='{"x": 1}'), once(rest_calls='{"x": "1"}')),
    (once(rest_calls='{"x": null}'), once(rest_calls="{}")),
    (once(rest_calls='"text"'), once(rest_calls="text")),
    (once(count='{"x": 1}'), once(count='{"x":1}')),
    (once(count="1", delimiter=","), once(count=",", delimiter="1")),
]


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_requests_have_different_fingerprints(first: Once, second: Once) -> None:
    assert first.fingerprint != second.fingerprint


def test_the_name_is_no_part_of_the_fingerprint() -> None:
    assert once(unique_id="a", x="1").fingerprint == once(unique_id="b", x="1").fingerprint


def test_a_request_without_a_name_is_carried_out_each_time() -> None:
    assert read_once({"rest_calls": CALLS}, service_name="s", json_parameters=()) is None


@pytest.mark.parametrize("unique_id", ["x", " ", "~" * 128, "452f1997-73ac-4b40-aaa9-f5516fe6b119"])
def test_takes_printable_names(unique_id: str) -> None:
    assert once(unique_id=unique_id).unique_id == unique_id


@pytest.mark.parametrize("unique_id", ["", "x" * 129, "é", "a\nb", "a\n", "\0", "\x7f"])
def test_refuses_every_other_name(unique_id: str) -> None:
    with pytest.raises(BadUniqueId, match="1 to 128 printable ASCII") as refused:
        once(unique_id=unique_id)
    assert refused.value.code == "0002"
    assert len(str(refused.value)) < 200
