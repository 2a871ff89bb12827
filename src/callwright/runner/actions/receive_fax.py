"""`receive_fax`: known, and refused as long as fax is not enabled."""

from typing import NoReturn

from callwright.protocol.pages.errors import FaultCode
from callwright.runner.faults import InstanceFault


def run_receive_fax() -> NoReturn:
    """Say so.

    Raises:
        InstanceFault: always.

    """
    refuse_fax("receive_fax")


def refuse_fax(name: str) -> NoReturn:
    """Refuse one of the two fax actions."""
    raise InstanceFault(FaultCode.INVALID_STATE, f"{name} cannot run: fax is not enabled")
