"""What happened on the carrier, one entry an event: a line of JSON each, for people and tests."""

import json
from dataclasses import dataclass, field

Detail = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of one call."""

    event: str
    """One of those in docs/carrier.md."""
    sip_call_id: str
    """The Call-ID of the call; empty for what concerns none."""
    details: dict[str, Detail] = field(default_factory=dict)


class Journal:
    """Keeps entries until they are taken."""

    def __init__(self) -> None:
        """Begin without any."""
        self._entries: list[Entry] = []

    def tell(self, sip_call_id: str, event: str, **details: Detail) -> None:
        """Add an entry."""
        self._entries.append(Entry(event, sip_call_id, details))

    def take(self) -> list[Entry]:
        """Take the entries, once."""
        entries, self._entries = self._entries, []
        return entries


def print_entry(entry: Entry, *, at: float) -> str:
    """Print an entry as one line; `at` is seconds since 1970."""
    head = {"at": round(at, 3), "event": entry.event, "sip_call_id": entry.sip_call_id}
    return json.dumps(head | entry.details, ensure_ascii=False)
