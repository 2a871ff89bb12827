"""The schemas that configurations are validated against: what an account may say, by kind.

One source for validation, defaults, documentation and console.
"""

from dataclasses import dataclass
from typing import Final, cast

from callwright.domain.account import Account
from callwright.services.inbound_schema import INBOUND_SCHEMA
from callwright.services.options import JsonObject
from callwright.services.outbound_schema import OUTBOUND_SCHEMA
from callwright.services.ports import ServiceKind

MAX_EXTRA_CHANNELS: Final = 3
"""Of one application instance (published)."""


SCHEMAS: Final = {
    ServiceKind.OUTBOUND: OUTBOUND_SCHEMA,
    ServiceKind.INBOUND: INBOUND_SCHEMA,
}
"""What any account may say at most."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an account's settings let its configurations say."""

    maximum_cps: float
    """Starts a second of one service, and of the guarantees of all services together."""
    extra_channels: int = MAX_EXTRA_CHANNELS
    g729: bool = False
    """On request only (published)."""
    fax: bool = False
    """On request too (assumed)."""


def allowance_of(account: Account) -> Allowance:
    """Say what an account's configurations may say."""
    return Allowance(
        maximum_cps=account.limits.maximum_cps,
        g729=account.features.g729,
        fax=account.features.fax,
    )


def schema_for(kind: ServiceKind, allowance: Allowance) -> JsonObject:
    """Return the schema for services of a kind in an account with this allowance."""
    schema = SCHEMAS[kind]
    options = cast("dict[str, JsonObject]", schema["properties"])
    definitions = cast("dict[str, JsonObject]", schema["definitions"])
    edited = {
        "extra_channels": options["extra_channels"] | {"maximum": allowance.extra_channels},
        "g729": _switch(options["g729"], is_allowed=allowance.g729),
        "fax": _fax(options["fax"], is_allowed=allowance.fax),
    }
    return schema | {
        # In the order of the options: complete configurations are printed in it.
        "properties": {name: edited.get(name, option) for name, option in options.items()},
        "definitions": definitions
        | {"cps": definitions["cps"] | {"maximum": allowance.maximum_cps}},
    }


def _switch(option: JsonObject, *, is_allowed: bool) -> JsonObject:
    return option if is_allowed else option | {"const": False}


def _fax(option: JsonObject, *, is_allowed: bool) -> JsonObject:
    members = cast("dict[str, JsonObject]", option["properties"])
    switches = {name: _switch(members[name], is_allowed=is_allowed) for name in ("send", "receive")}
    return option | {"properties": members | switches}
