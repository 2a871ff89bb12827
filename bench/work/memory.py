"""How much memory something takes at most, as Linux counts it."""

import re
from pathlib import Path
from typing import Final

_PROCESS: Final = Path("/proc/self")


class Peak:
    """The most that this process held in memory since this was made."""

    def __init__(self) -> None:
        """Begin to watch: 5 resets the kernel's high-water mark (proc_pid_clear_refs(5))."""
        (_PROCESS / "clear_refs").write_text("5")
        self._before_kb = _status_kb("VmRSS")

    def grown_mb(self) -> float:
        """Return by how many megabytes it was more than at the beginning."""
        return (_status_kb("VmHWM") - self._before_kb) / 1024


def _status_kb(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", (_PROCESS / "status").read_text())
    if found is None:
        raise RuntimeError(f"this system does not tell {name}")
    return int(found[1])
