"""Actions that the protocol has and this release does not run."""

from typing import NoReturn

from callwright.protocol.pages.actions import Unsupported
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.faults import InstanceFault


def run_unsupported(action: Unsupported) -> NoReturn:
    """Say so.

    The published codes have none for this. `invalid_state` comes nearest: the action is known,
    and cannot be run here.

    Raises:
        InstanceFault: always.

    """
    raise InstanceFault(
        FaultCode.INVALID_STATE, f"this release does not run the action {action.name}"
    )
