"""The caller IDs that an account may show to telephone numbers.

The operator writes them down, or the account validates them; its own numbers are among them. An
account that validates its caller IDs shows no others.
"""

from typing import Final

from callwright.accounts.ports import AccountStore, CallerIdStore
from callwright.accounts.registry import account_named
from callwright.domain.clock import Clock
from callwright.domain.destination import BadDestination, TelephoneNumber, parse_destination
from callwright.domain.errors import RemoteFault

MAX_CALLER_IDS: Final = 10_000
"""Of one account: a number block of the largest usual size."""


class BadCallerId(RemoteFault):
    """The text is no number that could be shown."""


class TooManyCallerIds(RemoteFault):
    """The account has as many as it may."""


class UnknownCallerId(RemoteFault):
    """The account has no such caller ID."""


class OwnNumber(RemoteFault):
    """The number is the account's own, and therefore a caller ID of it."""


class CallerIds:
    """The lists of validated caller IDs."""

    def __init__(self, accounts: AccountStore, store: CallerIdStore, clock: Clock) -> None:
        """Take where accounts and their caller IDs are kept."""
        self._accounts = accounts
        self._store = store
        self._clock = clock

    async def add(self, username: str, number: str) -> str:
        """Let an account show a number; return it as it is kept.

        Raises:
            UnknownAccount: there is none of that username.
            BadCallerId: not a full international number.
            TooManyCallerIds: see `MAX_CALLER_IDS`.

        """
        account, digits = await account_named(self._accounts, username), caller_id(number)
        known = await self._store.of_account(account.account_id)
        if len(known) >= MAX_CALLER_IDS and digits not in known:
            raise TooManyCallerIds(f"{username} has {MAX_CALLER_IDS} caller IDs, which is the most")
        await self._store.add(account.account_id, digits, at=self._clock.unix_time())
        return digits

    async def remove(self, username: str, number: str) -> str:
        """Let an account show a number no longer; return it as it was kept.

        Raises:
            UnknownAccount: there is none of that username.
            BadCallerId: not a full international number.
            UnknownCallerId: the account does not have it.
            OwnNumber: it stays a caller ID as long as the account owns the number.

        """
        account, digits = await account_named(self._accounts, username), caller_id(number)
        was_validated = await self._store.remove(account.account_id, digits)
        if await self._store.has(account.account_id, digits):
            raise OwnNumber(f"{digits} is a number of {username}, who may show it as a caller ID")
        if not was_validated:
            raise UnknownCallerId(f"{digits} is no caller ID of {username}")
        return digits

    async def of_account(self, username: str) -> list[str]:
        """Return an account's caller IDs in order.

        Raises:
            UnknownAccount: there is none of that username.

        """
        account = await account_named(self._accounts, username)
        return await self._store.of_account(account.account_id)


def caller_id(text: str) -> str:
    """Read a caller ID that can be shown to telephone numbers: digits, as they are kept.

    Raises:
        BadCallerId: not a full international number.

    """
    try:
        number = parse_destination(text)
    except BadDestination as fault:
        raise BadCallerId(str(fault)) from fault
    if not isinstance(number, TelephoneNumber):
        raise BadCallerId(f"{text!r} is not a telephone number")
    return number.digits
