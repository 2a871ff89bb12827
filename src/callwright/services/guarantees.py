"""Guaranteed rates of services: together they cannot be more than the account may start."""

from decimal import Decimal

from callwright.domain.account import Account
from callwright.services.configuration import Configuration
from callwright.services.ports import ServiceKind, ServiceStore
from callwright.services.sealing import kept_of
from callwright.services.validation import BadConfiguration


async def check_guarantees(
    store: ServiceStore, account: Account, name: str, configuration: Configuration
) -> None:
    """Accept the guarantee of a service `name` beside those of the account's other services.

    Raises:
        BadConfiguration: the sum is above the account's maximum.

    """
    own = _guarantee(configuration)
    if not own:
        return
    others = await store.of_account(account.account_id, kind=ServiceKind.OUTBOUND)
    total = own + sum(_guarantee(kept_of(other)) for other in others if other.name != name)
    maximum = _exactly(account.limits.maximum_cps)
    if total > maximum:
        text = (
            f"call_constraints.minimum_guaranteed_cps {own} brings the sum of all services to "
            f"{total}, which is greater than the account's maximum of {maximum}."
        )
        raise BadConfiguration([text])


def _guarantee(configuration: Configuration) -> Decimal:
    """Return the guaranteed starts a second; 0 if there are none."""
    match configuration:
        case {"call_constraints": {"minimum_guaranteed_cps": int() | float() as guarantee}}:
            return _exactly(guarantee)
        case _:
            return Decimal(0)


def _exactly(number: float) -> Decimal:
    """Take a number as it is written: 0.1 and 0.2 are 0.3 together, not a little more."""
    return Decimal(repr(number))
