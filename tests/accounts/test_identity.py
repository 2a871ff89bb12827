"""Basic usernames are split as documented; whatever is wrong, the answer is the same."""

import base64

import pytest

from callwright.accounts.identity import Identity, Unauthorised, parse_basic, parse_identity


def basic(text: str | bytes, scheme: str = "Basic") -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return f"{scheme} {base64.b64encode(raw).decode()}"


USERNAMES = [
    ("1-2-0/bob@example.com", Identity("1-2-0", "bob@example.com", None)),
    ("1-2-0/BOB@Example.com", Identity("1-2-0", "bob@example.com", None)),
    (
        "1-2-0/bob@example.com/MyOutboundService",
        Identity("1-2-0", "bob@example.com", "MyOutboundService"),
    ),
    ("0-0-0/b@c/a/b", Identity("0-0-0", "b@c", "a/b")),
]


@pytest.mark.parametrize(("text", "identity"), USERNAMES)
def test_splits_usernames(text: str, identity: Identity) -> None:
    assert parse_identity(text) == identity


def test_a_password_may_hold_anything() -> None:
    claimed = parse_basic(basic("1-2-0/bob@example.com:p@$$:w0rd é", scheme="bAsIc"))
    assert claimed.password == "p@$$:w0rd é"
    assert "w0rd" not in repr(claimed)


REFUSED = [
    None,
    "",
    "Basic",
    "Basic !!!",
    "Bearer abc",
    basic("no colon"),
    basic("bob@example.com:key"),
    basic("1-2-0/:key"),
    basic("/bob@example.com:key"),
    basic("1-2-0/bob@example.com/:key"),
    basic(b"1-2-0/b\xff:key"),
    basic("1-2-0/bob@example.com:" + "x" * 4000),
]


@pytest.mark.parametrize("header", REFUSED)
def test_refuses_everything_else_with_one_text(header: str | None) -> None:
    with pytest.raises(Unauthorised, match=r"^Missing or wrong credentials$"):
        parse_basic(header)
