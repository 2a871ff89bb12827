"""Instances on calls that came in as rows: what both stores write, and read again."""

from collections.abc import Iterable
from typing import Any, Final  # what a row holds is its statement's affair

import msgspec

from callwright.dispatch.ports import Beginning, InboundIntent, InterruptedInbound
from callwright.domain.ids import AccountId, ServiceRef

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Beginning).decode


def intent_bindings(intent: InboundIntent, *, node_epoch: int) -> dict[str, object]:
    """Return what `inbound_begin` takes; the instance is that of the boot `node_epoch`."""
    return {
        "instance_id": intent.instance_id,
        "account_id": intent.account_id,
        "ref": intent.ref,
        "held_by": node_epoch,
        "beginning": _encode(intent.beginning),
    }


def interrupted_of(rows: Iterable[Iterable[Any]]) -> list[InterruptedInbound]:
    """Read the rows of `inbound_settle`, oldest first."""
    found = []
    for _, account_id, ref, beginning, answered_at in rows:
        intent = InboundIntent(AccountId(account_id), ServiceRef(ref), _decode(beginning))
        found.append(InterruptedInbound(intent, answered_at))
    return sorted(found, key=lambda one: one.intent.beginning.started.at)
