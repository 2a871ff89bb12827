"""Notes of secondary calls as rows: what both stores write, and read again."""

from collections.abc import Iterable
from typing import Any, Final  # what a row holds is its statement's affair

import msgspec

from callwright.dispatch.ports import SecondaryFact
from callwright.domain.facts import CallAnswered, CallOver, CallPlaced
from callwright.domain.ids import InstanceId

_KINDS: Final[dict[str, type[SecondaryFact]]] = {
    "placed": CallPlaced,
    "answered": CallAnswered,
    "over": CallOver,
}
"""In the order in which they happen to a call."""

_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_ORDER: Final = list(_KINDS.values())
_encode: Final = msgspec.json.Encoder().encode


def note_bindings(instance_id: InstanceId, fact: SecondaryFact) -> dict[str, object]:
    """Return what `record_note` takes."""
    return {
        "instance_id": instance_id,
        "call_id": fact.call_id,
        "kind": _NAMES[type(fact)],
        "fact": _encode(fact),
    }


def noted_facts(rows: Iterable[Iterable[Any]]) -> list[SecondaryFact]:
    """Return the facts of `record_notes` in the order in which they happened."""
    facts = [msgspec.json.decode(fact, type=_KINDS[kind]) for kind, fact in rows]
    return sorted(facts, key=lambda fact: (fact.at, _ORDER.index(type(fact)), fact.call_id))
