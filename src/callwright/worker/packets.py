"""The packet core in use."""

from callwright.worker.packets_python import PythonPacketCore as DefaultPacketCore

__all__ = ["DefaultPacketCore"]
