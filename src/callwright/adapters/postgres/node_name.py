"""The name of a node: kept in its data folder, and locked by its one server."""

from pathlib import Path
from typing import Final

from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.folders import sync_folder
from callwright.adapters.node_boot import NODE_BYTES
from callwright.adapters.sqlite.lock import ServerLock

_HEX_DIGITS: Final = 2 * NODE_BYTES


class NodeName:
    """The file `node`, with the lock `node.lock` beside it.

    Whoever has the lock knows that every earlier start of the node is dead, and need not wait for
    its lease to run out.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock and read the name; it is drawn when there is none.

        Raises:
            DatabaseInUse: another server has this data folder.

        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = ServerLock(path)
        text = path.read_text("ascii").strip() if path.exists() else ""
        if len(text) != _HEX_DIGITS:
            text = SystemEntropy().token(NODE_BYTES).hex()
            path.write_text(f"{text}\n", "ascii")
            sync_folder(path.parent)
        self.node_hex = text

    def release(self) -> None:
        """Let go of the lock."""
        self._lock.release()
