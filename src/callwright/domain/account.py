"""An account: who owns services, calls, files and records, and how much of each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.ids import AccountId


class AccountType(StrEnum):
    """What kind of customer; decides defaults and whether one request may start several calls."""

    DEVELOPER = "developer"
    PRODUCTION = "production"
    PREMIUM = "premium"

    @property
    def may_start_lists(self) -> bool:
        """Whether one `service_start` may carry a list of calls."""
        return self is not AccountType.DEVELOPER


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How much an account may call at once."""

    channels: int
    """Primary calls at the same time."""
    maximum_cps: float
    """Service starts a second, at most."""
    guaranteed_cps: float = 0.0
    """Service starts a second, at least, over two minutes, while the queue has enough."""


DEFAULT_LIMITS: Final = {
    AccountType.DEVELOPER: CallLimits(channels=10, maximum_cps=1.0),
    AccountType.PRODUCTION: CallLimits(channels=200, maximum_cps=5.0),
    AccountType.PREMIUM: CallLimits(channels=1000, maximum_cps=20.0),
}
"""Assumed: the published documents give only "one a second for new accounts"."""


@dataclass(frozen=True, slots=True)
class Features:
    """What an account has on request only (published); it may not ask for the rest."""

    g729: bool = False
    """The G.729 codec."""
    fax: bool = False
    """Sending and receiving faxes."""
    reserved_conferences: bool = False
    """Conferences that are booked in advance, for more than 40 people."""


NO_FEATURES: Final = Features()


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this installation; its username is an e-mail address."""

    account_id: AccountId
    username: str
    account_type: AccountType
    limits: CallLimits
    validates_caller_ids: bool = True
    """Whether a caller ID towards a telephone number must be one of the account's own."""
    blocked_prefixes: tuple[str, ...] = ()
    """Leading digits of numbers that this account never calls, set by the operator."""
    features: Features = NO_FEATURES
