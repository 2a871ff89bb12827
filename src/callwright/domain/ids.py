"""Names of things: minted here, opaque everywhere else.

| Thing | Form | Example |
|---|---|---|
| service reference | `<8 hex>_<shard>.<boot epoch>.<counter>` | `2e891aea_0.1366641192.77832` |
| instance id | `<16 hex>.<counter>` | `049136ca36e44662.200476` |
| call id | `<16 hex>.<counter>.<number>` | `049136ca36e44662.209560.914358273` |

The hex part of an instance id is drawn anew at each start of a node, so that a counter that
begins again at 1 never names two things.
"""

from dataclasses import dataclass, field
from typing import Final, NewType

AccountId = NewType("AccountId", int)
ServiceId = NewType("ServiceId", int)
ServiceRef = NewType("ServiceRef", str)
InstanceId = NewType("InstanceId", str)
CallId = NewType("CallId", str)

_NODE_DIGITS: Final = 8
_BOOT_DIGITS: Final = 16
_CALL_NUMBERS: Final = 1_000_000_000


@dataclass(slots=True)
class IdMint:
    """Mints the names of one run of one node.

    `node_hex` names the node (8 hex digits), `boot_hex` this start of it (16), `boot_epoch` is
    when it started in whole seconds and grows with every start of the node.
    """

    node_hex: str
    boot_hex: str
    boot_epoch: int
    shard: int = 0
    _references: int = field(default=0, init=False)
    _instances: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse parts that would not print as the documented forms."""
        if len(self.node_hex) != _NODE_DIGITS or len(self.boot_hex) != _BOOT_DIGITS:
            raise ValueError(
                f"{self.node_hex!r} and {self.boot_hex!r}: 8 and 16 hex digits expected"
            )

    def service_refs(self, count: int) -> list[ServiceRef]:
        """Mint references with consecutive counters, as one request's answer shows them."""
        first = self._references + 1
        self._references += count
        prefix = f"{self.node_hex}_{self.shard}.{self.boot_epoch}"
        return refs_from(ServiceRef(f"{prefix}.{first}"), count)

    def instance_id(self) -> InstanceId:
        """Mint the id of one run of a customer's application."""
        self._instances += 1
        return InstanceId(f"{self.boot_hex}.{self._instances}")

    def call_id(self, number: int) -> CallId:
        """Mint the id of a call; of `number`, random and not negative, nine digits are used."""
        self._instances += 1
        return CallId(f"{self.boot_hex}.{self._instances}.{number % _CALL_NUMBERS}")


def refs_from(first: ServiceRef, count: int) -> list[ServiceRef]:
    """Return a request's references by the first of them: their counters are consecutive."""
    prefix, _, counter = first.rpartition(".")
    begin = int(counter)
    return [ServiceRef(f"{prefix}.{n}") for n in range(begin, begin + count)]
