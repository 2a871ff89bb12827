"""Whether a call may be dialled: prefixes, price cap and caller ID, in this order.

Only telephone numbers are asked about: what the others cost and show is between two computers.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from callwright.accounts.caller_ids import BadCallerId, caller_id
from callwright.accounts.ports import AccountStore
from callwright.domain.account import Account
from callwright.domain.destination import Destination, TelephoneNumber
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import CallConstraints
from callwright.domain.prefixes import longest_prefix
from callwright.engine.call_plan import CannotPlace
from callwright.records.tariff import Tariff

BLOCKED: Final = "Destination is blocked"
TOO_DEAR: Final = "Price cap exceeded"
NOT_VALIDATED: Final = "Caller ID is not validated"


class CallerIds(Protocol):
    """The caller IDs that accounts have proved to be theirs."""

    async def has(self, account_id: AccountId, number: str) -> bool:
        """Whether this is a validated caller ID of the account."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that somebody wants."""

    account_id: AccountId
    caller_id: str
    destination: Destination
    primary_numbers: tuple[str, ...] = ()
    """Of the primary call that this one is made beside: its caller, or whom it called. They may
    be shown too, as a caller who is put through keeps his number."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Everything that a call is checked against before it is dialled."""

    accounts: AccountStore
    caller_ids: CallerIds
    tariff: Tariff

    async def check(self, wish: Wish, constraints: CallConstraints) -> None:
        """Let a call pass.

        Raises:
            CannotPlace: it may not be dialled; the text is the documented reason.

        """
        if not isinstance(wish.destination, TelephoneNumber):
            return
        account = await self.accounts.read(wish.account_id)
        # An account is never taken away while calls of it are there.
        assert account is not None, f"there is no account {wish.account_id}"
        digits = wish.destination.digits
        if is_blocked(digits, account, constraints, self.tariff):
            raise CannotPlace(BLOCKED)
        if is_too_dear(digits, constraints.price_cap, self.tariff):
            raise CannotPlace(TOO_DEAR)
        if account.validates_caller_ids and not await self._may_show(wish):
            raise CannotPlace(NOT_VALIDATED)

    async def _may_show(self, wish: Wish) -> bool:
        try:
            number = caller_id(wish.caller_id)
        except BadCallerId:
            return False
        if number in wish.primary_numbers:
            return True
        return await self.caller_ids.has(wish.account_id, number)


def is_blocked(digits: str, account: Account, constraints: CallConstraints, tariff: Tariff) -> bool:
    """Whether a number must not be called: by the operator's lists, or by the service's.

    What the operator blocks, premium-rate numbers for instance, no service can allow. Of the
    service's own two lists the longest prefix decides; the same one in both is blocked.
    """
    if longest_prefix(digits, frozenset(account.blocked_prefixes)) is not None:
        return True
    if longest_prefix(digits, tariff.blocked) is not None:
        return True
    blocked = longest_prefix(digits, frozenset(constraints.blocked_prefixes))
    allowed = longest_prefix(digits, frozenset(constraints.allowed_prefixes))
    if allowed is None:
        return bool(constraints.allowed_prefixes) or blocked is not None
    return blocked is not None and len(blocked) >= len(allowed)


def is_too_dear(digits: str, price_cap: Decimal | None, tariff: Tariff) -> bool:
    """Whether a minute to a number costs more than a service allows."""
    return price_cap is not None and tariff.price_of_call(digits).a_minute > price_cap
