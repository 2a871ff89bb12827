"""The telephone numbers that accounts own: calls to them come in on services of those names.

The operator writes them down, as his carrier gave them to him.
"""

from typing import Final

from callwright.accounts.ports import AccountStore, NumberStore
from callwright.accounts.registry import account_named
from callwright.domain.clock import Clock
from callwright.domain.destination import BadDestination, TelephoneNumber, parse_destination
from callwright.domain.errors import RemoteFault

MAX_NUMBERS: Final = 10_000
"""Of one account: a number block of the largest usual size."""


class BadNumber(RemoteFault):
    """The text is no telephone number that calls could come in on."""


class NumberTaken(RemoteFault):
    """Another account owns the number."""


class TooManyNumbers(RemoteFault):
    """The account has as many as it may."""


class UnknownNumber(RemoteFault):
    """The account does not own the number."""


class Numbers:
    """Who owns which telephone numbers."""

    def __init__(self, accounts: AccountStore, store: NumberStore, clock: Clock) -> None:
        """Take where accounts and their numbers are kept."""
        self._accounts = accounts
        self._store = store
        self._clock = clock

    async def add(self, username: str, number: str) -> str:
        """Make a number an account's own; return it as it is kept and as its service is named.

        The account may show it as a caller ID from now on.

        Raises:
            UnknownAccount: there is none of that username.
            BadNumber: not a full international number.
            NumberTaken: it is another account's.
            TooManyNumbers: see `MAX_NUMBERS`.

        """
        account, digits = await account_named(self._accounts, username), _digits(number)
        known = await self._store.of_account(account.account_id)
        if len(known) >= MAX_NUMBERS and digits not in known:
            raise TooManyNumbers(f"{username} has {MAX_NUMBERS} numbers, which is the most")
        if not await self._store.add(account.account_id, digits, at=self._clock.unix_time()):
            raise NumberTaken(f"{digits} is a number of another account: remove it there first")
        return digits

    async def remove(self, username: str, number: str) -> str:
        """Take a number from an account; return it as it was kept.

        A service of that name stays, and gets no calls any more.

        Raises:
            UnknownAccount: there is none of that username.
            BadNumber: not a full international number.
            UnknownNumber: the account does not own it.

        """
        account, digits = await account_named(self._accounts, username), _digits(number)
        if not await self._store.remove(account.account_id, digits):
            raise UnknownNumber(f"{digits} is no number of {username}")
        return digits

    async def of_account(self, username: str) -> list[str]:
        """Return an account's numbers in order.

        Raises:
            UnknownAccount: there is none of that username.

        """
        account = await account_named(self._accounts, username)
        return await self._store.of_account(account.account_id)


def _digits(text: str) -> str:
    try:
        number = parse_destination(text)
    except BadDestination as fault:
        raise BadNumber(str(fault)) from fault
    if not isinstance(number, TelephoneNumber):
        raise BadNumber(f"{text!r} is not a telephone number")
    return number.digits
