"""Guaranteed rates of services: together they cannot be more than the account may start."""

from collections.abc import Sequence
from decimal import Decimal

from callwright.domain.account import Account
from callwright.services.configuration import Configuration
from callwright.services.ports import Judge, ServiceKind, StoredService, accept
from callwright.services.sealing import kept_of
from callwright.services.validation import BadConfiguration


def judge_of(account: Account, kind: ServiceKind, name: str, configuration: Configuration) -> Judge:
    """Return what accepts the guarantee of a service `name` beside the account's other services.

    It raises `BadConfiguration` where their sum is above the account's maximum. A service without
    a guarantee fits beside any others, and inbound ones guarantee no starts.
    """
    own = _guarantee(configuration)
    maximum = _exactly(account.limits.maximum_cps)
    if kind is ServiceKind.INBOUND or not own:
        return accept

    def judge(services: Sequence[StoredService]) -> None:
        total = own + sum(_guarantee(kept_of(one)) for one in services if one.name != name)
        if total > maximum:
            text = (
                f"call_constraints.minimum_guaranteed_cps {own} brings the sum of all services to "
                f"{total}, which is greater than the account's maximum of {maximum}."
            )
            raise BadConfiguration([text])

    return judge


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
