"""Values in the place of variables: where, how often, and what is wrong."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.ids import AccountId
from callwright.scheduler.requests.client_variables import refers, replaced
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.values import ClientVariable

VALUES: Final = {
    "BOSS": "+37120000001",
    "EMPTY": "",
    "again": "$cv(BOSS)",
    "desk": "@200",
    "ext": "4410",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$cv(BOSS)", "+37120000001"),
        ("call $cv(BOSS), or $cv(BOSS)!", "call +37120000001, or +37120000001!"),
        ("$cv(ext)$cv(EMPTY)$cv(ext)", "44104410"),
        ("$cv(EMPTY)", ""),
        ("$cv(again)", "$cv(BOSS)"),
        ("$$cv(BOSS)", "$+37120000001"),
        ("$cv(BOSS", "$cv(BOSS"),
        ("$cv BOSS)", "$cv BOSS)"),
        ("$CV(BOSS)", "$CV(BOSS)"),
        ("cv(BOSS)", "cv(BOSS)"),
        ("$cv($cv(ext))", "$cv(4410)"),
        ("@{BOSS}", "@{BOSS}"),
        ("", ""),
    ],
)
def test_a_text(text: str, expected: str) -> None:
    assert replaced({"name": text}, VALUES, most=100) == {"name": expected}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("@{ext}", "4410"),
        ("@{desk}", "@200"),
        ("@$cv(ext)", "@4410"),
        ("$cv(desk)", "@200"),
        (" @{ext}", " @{ext}"),
        ("@{ext}@{ext}", "@{ext}@{ext}"),
        (4410, 4410),
    ],
)
def test_an_extension_id(value: object, expected: object) -> None:
    body = {"tasks": [{"extension_id": value}]}
    assert replaced(body, VALUES, most=100) == {"tasks": [{"extension_id": expected}]}
    assert replaced({"extension_id": value}, VALUES, most=100) == {"extension_id": expected}


def test_texts_are_replaced_at_any_depth_and_nothing_else_is() -> None:
    body: dict[str, Any] = {
        "src_num": ["205", "$cv(BOSS)"],
        "callback_params": {"$cv(BOSS)": {"deeper": [["$cv(ext)"]]}},
        "try_count": 3,
        "flag": True,
        "nothing": None,
    }
    assert replaced(body, VALUES, most=100) == body | {
        "src_num": ["205", "+37120000001"],
        "callback_params": {"$cv(BOSS)": {"deeper": [["4410"]]}},
    }


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"dst_num": "$cv(nobody)"}, ["dst_num"]),
        ({"dst_num": "$cv()"}, ["dst_num"]),
        ({"dst_num": "$cv(a b)"}, ["dst_num"]),
        ({"src_num": ["$cv(x)$cv(y)", "$cv(BOSS)"]}, ["src_num[0]", "src_num[0]"]),
        ({"tasks": [{"extension_id": "@{nobody}"}]}, ["tasks[0].extension_id"]),
        ({"tasks": [{}, {"variables": {"a": "$cv(x)"}}]}, ["tasks[1].variables.a"]),
    ],
)
def test_an_unknown_variable_is_named_with_its_place(
    body: dict[str, object], paths: list[str]
) -> None:
    with pytest.raises(BadRequest) as caught:
        replaced(body, VALUES, most=100)
    assert [fault.path for fault in caught.value.faults] == paths
    assert caught.value.status == "variable_not_found"
    assert "the client has no such variable" in caught.value.faults[0].message


def test_values_make_a_request_no_longer_than_it_may_be() -> None:
    values = {"long": "x" * 10}
    body: dict[str, object] = {"a": "$cv(long)", "b": ["$cv(long)", "$cv(long)", "$cv(long)"]}
    with pytest.raises(BadRequest) as caught:
        replaced(body, values, most=20)
    assert [fault.path for fault in caught.value.faults] == ["b[1]"]
    assert replaced(body, values, most=40) == {"a": "x" * 10, "b": ["x" * 10] * 3}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"a": "$cv(x)"}, True),
        ({"a": ["", {"b": "x $cv(x)"}]}, True),
        ({"extension_id": "@{x}"}, True),
        ({"$cv(x)": 7, "a": "@200", "b": [None, "cv(x)"]}, False),
    ],
)
def test_most_bodies_refer_to_none(body: object, expected: bool) -> None:  # noqa: FBT001  a column
    assert refers(body) is expected


def test_a_value_is_not_in_a_log() -> None:
    assert "secret" not in repr(ClientVariable(AccountId(1), "A", "secret"))


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="$cv(){}@BOSe x", max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=12), JSON, max_size=4))
def test_any_body_is_taken_or_refused(body: dict[str, object]) -> None:
    try:
        taken = replaced(body, VALUES, most=1000)
    except BadRequest:
        assert refers(body)
        return
    assert taken.keys() == body.keys()
    assert refers(body) or taken == body
