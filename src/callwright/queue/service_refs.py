"""The parameter `service_refs`: references joined by `/`."""

from typing import Final

from callwright.domain.errors import RemoteFault
from callwright.domain.ids import ServiceRef

MAX_REFS: Final = 500
"""References in one request (assumed; no limit is published)."""


class BadServiceRefs(RemoteFault):
    """There are none, or too many; `code` is the API's four digits for it."""

    def __init__(self, code: str, text: str) -> None:
        """`text` says what was expected."""
        super().__init__(text)
        self.code = code


def parse_service_refs(text: str | None) -> tuple[ServiceRef, ...]:
    """Split the parameter; each reference once, in order of first appearance.

    References are opaque: one of a wrong form is an unknown one, not an error.

    Raises:
        BadServiceRefs: code 0001 if there is none, 0002 if there are more than `MAX_REFS`.

    """
    refs = dict.fromkeys(ServiceRef(one) for one in (text or "").split("/") if one)
    if not refs:
        raise BadServiceRefs("0001", "service_refs is missing: service references were expected")
    if len(refs) > MAX_REFS:
        raise BadServiceRefs(
            "0002", f"service_refs has {len(refs)} references: at most {MAX_REFS} were expected"
        )
    return tuple(refs)
