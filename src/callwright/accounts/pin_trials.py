"""The proof that a number is an account's own: a PIN that was shown is keyed on a call to it.

Three calls a day and number with one PIN each: whoever guesses has three chances in a million.
"""

import hmac
from typing import Final

from callwright.accounts.caller_ids import MAX_CALLER_IDS, TooManyCallerIds, caller_id
from callwright.accounts.ports import CallerIdStore, PinTrial, RandomNumbers
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId

PIN_DIGITS: Final = 6

PIN_VALID_FOR: Final = 600.0
"""Seconds: enough to fetch the phone, and for a call that rings long."""

TRIALS_A_DAY: Final = 3
"""Of one account and number, within any 24 hours."""

COUNTED_FOR: Final = 86_400.0
"""Seconds for which a trial counts; it has run out long before, and may be forgotten after."""


class AlreadyValidated(RemoteFault):
    """The account may show the number already; nobody is to be called for it."""


class TooManyTrials(RemoteFault):
    """The number was called for this account as often as it may be."""


class PinTrials:
    """Begins trials and judges what was keyed."""

    def __init__(self, store: CallerIdStore, entropy: RandomNumbers, clock: Clock) -> None:
        """Take where trials are kept, and where PINs come from."""
        self._store = store
        self._entropy = entropy
        self._clock = clock

    async def begin(self, account_id: AccountId, number: str) -> PinTrial:
        """Draw a PIN for a number; an earlier one of the number is good no longer.

        Raises:
            BadCallerId: not a full international number.
            AlreadyValidated: there is nothing to prove.
            TooManyCallerIds: the account could not have it.
            TooManyTrials: see `TRIALS_A_DAY`.

        """
        digits, now = caller_id(number), self._clock.unix_time()
        known = await self._store.of_account(account_id)
        if digits in known:
            raise AlreadyValidated(f"{digits} is a validated caller ID already")
        if len(known) >= MAX_CALLER_IDS:
            raise TooManyCallerIds(
                f"the account has {MAX_CALLER_IDS} caller IDs, which is the most"
            )
        since = UnixTime(now - COUNTED_FOR)
        if await self._store.trials_since(account_id, digits, since) >= TRIALS_A_DAY:
            raise TooManyTrials(
                f"{digits} was called {TRIALS_A_DAY} times within 24 hours, which is the most"
            )
        pin = f"{self._entropy.below(10**PIN_DIGITS):0{PIN_DIGITS}}"
        trial = PinTrial(digits, pin, expires_at=UnixTime(now + PIN_VALID_FOR), began_at=now)
        await self._store.begin_trial(account_id, trial)
        return trial

    async def key(self, account_id: AccountId, number: str, keyed: str) -> bool:
        """Judge what was keyed on the call to a number; the right PIN in time makes it a caller ID.

        Takes as long for a PIN that is nearly right as for any other.
        """
        now = self._clock.unix_time()
        trial = await self._store.trial(account_id, number)
        if trial is None or now >= trial.expires_at:
            return False
        if not hmac.compare_digest(keyed.encode(), trial.pin.encode()):
            return False
        await self._store.add(account_id, number, at=now)
        return True
