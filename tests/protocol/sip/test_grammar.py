"""Tokens, lists, parameters and quotes."""

import pytest

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import (
    MAX_LIST_ITEMS,
    Parameters,
    has_controls,
    is_token,
    parameter,
    parse_parameters,
    quote,
    readable,
    split_list,
    split_tokens,
    unquote,
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("INVITE", True), ("a-.!%*_+`'~0", True), ("", False), ("a b", False), ("a:b", False),
     ("é", False), ('"a"', False)],
)  # fmt: skip
def test_tokens(text: str, answer: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_token(text) is answer


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("a", ["a"]),
        (" a , b ", ["a", "b"]),
        ('"a,b" <sip:x>, c', ['"a,b" <sip:x>', "c"]),
        ("<sip:a,b>;x=y,<c>", ["<sip:a,b>;x=y", "<c>"]),
        ('"a\\",b", c', ['"a\\",b"', "c"]),
        ("a,,b", ["a", "", "b"]),
        ("", [""]),
    ],
)
def test_lists(value: str, items: list[str]) -> None:
    assert split_list(value) == items


@pytest.mark.parametrize("value", ['a,"b', "a,<b", ',"', '"a\\",'])
def test_lists_that_never_close(value: str) -> None:
    with pytest.raises(RemoteSipError, match="unbalanced"):
        split_list(value)


def test_lists_that_are_endless() -> None:
    assert len(split_list("a," * (MAX_LIST_ITEMS - 1) + "a")) == MAX_LIST_ITEMS
    with pytest.raises(RemoteSipError, match="more than 256 items"):
        split_list("a," * MAX_LIST_ITEMS + "a")


def test_lists_of_tokens_drop_parameters_and_gaps() -> None:
    assert split_tokens(["a;q=0.1, b", "", "c ,"]) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("", ()),
        (";a", (("a", None),)),
        (' ; A = b ;c="d;e"', (("a", "b"), ("c", "d;e"))),
        (";a=[::1]", (("a", "[::1]"),)),
        (';a="\\"x\\\\"', (("a", '"x\\'),)),
    ],
)  # fmt: skip
def test_parameters(text: str, parameters: Parameters) -> None:
    assert parse_parameters(text, 0) == parameters


@pytest.mark.parametrize("text", [";", "a", ";a=", ";a=b c", ";;a", ';a="b', ";=b", ";a b"])
def test_what_is_no_parameter(text: str) -> None:
    with pytest.raises(RemoteSipError, match="is no parameter"):
        parse_parameters(text, 0)


def test_the_first_parameter_of_a_name_counts() -> None:
    parameters = (("a", "1"), ("a", "2"), ("b", None))

    assert [parameter(parameters, name) for name in "abc"] == ["1", "", None]


@pytest.mark.parametrize("text", ["", "plain", 'a "b" c', "back\\slash", '\\"'])
def test_quotes_come_off_as_they_went_on(text: str) -> None:
    assert unquote(quote(text)) == text


def test_text_from_the_wire_is_made_readable() -> None:
    assert readable("но\udcff\x00\r") == "но\ufffd\ufffd\ufffd"
    assert [has_controls(text) for text in ("a\tb", "a\rb", "a\nb", "\x7f", "é")] == [
        False,
        True,
        True,
        True,
        False,
    ]
