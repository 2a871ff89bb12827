"""`send_fax`: known, and refused as long as fax is not enabled."""

from typing import NoReturn

from callwright.runner.actions.receive_fax import refuse_fax


def run_send_fax() -> NoReturn:
    """Say so.

    Raises:
        InstanceFault: always.

    """
    refuse_fax("send_fax")
