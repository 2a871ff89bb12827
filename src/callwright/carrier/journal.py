"""What happened on the carrier, one entry an event: a line of JSON each, for people and tests."""

import json
from dataclasses import dataclass, field

Detail = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of one call."""

    event: str
    """`invited`, `ringing`, `answered`, `said`, `pressed`, `heard`, `key`, `refused`, `failed`,
    `cancelled`, `hung_up` or `sound`; and `voiceless`, once, where nobody can speak."""
    sip_call_id: str
    """The Call-ID that the caller sent; empty for what concerns no call."""
    details: dict[str, Detail] = field(default_factory=dict)


def print_entry(entry: Entry, *, at: float) -> str:
    """Print an entry as one line; `at` is seconds since 1970."""
    head = {"at": round(at, 3), "event": entry.event, "sip_call_id": entry.sip_call_id}
    return json.dumps(head | entry.details, ensure_ascii=False)
