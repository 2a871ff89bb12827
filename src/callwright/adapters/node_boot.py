"""What names are minted from: one start of one node."""

from dataclasses import dataclass
from typing import Final

NODE_BYTES: Final = 4
BOOT_BYTES: Final = 8
"""Of the hex parts of references and of instance ids."""


@dataclass(frozen=True, slots=True)
class NodeBoot:
    """One start of this node."""

    node_hex: str
    boot_hex: str
    boot_epoch: int
    """Whole seconds; larger than at every earlier start, whatever the clock says."""
