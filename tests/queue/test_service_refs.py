"""References are split at slashes, each once, within a bound."""

import pytest

from callwright.queue.service_refs import MAX_REFS, BadServiceRefs, parse_service_refs

REF = "2e891aea_0.1366641192.77832"


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        (REF, [REF]),
        (f"{REF}/b/{REF}/a", [REF, "b", "a"]),
        (f"/{REF}//b/", [REF, "b"]),
        ("/".join(str(n) for n in range(MAX_REFS)), [str(n) for n in range(MAX_REFS)]),
    ],
)
def test_splits(text: str, refs: list[str]) -> None:
    assert list(parse_service_refs(text)) == refs


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "0001"),
        ("", "0001"),
        ("//", "0001"),
        ("/".join(str(n) for n in range(MAX_REFS + 1)), "0002"),
    ],
)
def test_refuses(text: str | None, code: str) -> None:
    with pytest.raises(BadServiceRefs, match="service_refs") as caught:
        parse_service_refs(text)
    assert caught.value.code == code
