"""The call on which a PIN is keyed, so that an account may show the number that was called.

Calls of this kind stand outside the queue: no start, no application, no record. An account has one
of them at a time, a node `MAX_AT_ONCE`; they take channels of the trunk, and their INVITEs count in
its starts a second.
"""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from callwright.accounts.caller_ids import caller_id
from callwright.accounts.pin_trials import PIN_DIGITS, PinTrials
from callwright.accounts.ports import PinTrial
from callwright.dispatch.checks import is_blocked
from callwright.dispatch.invocation import Calls, DialSettings
from callwright.domain.account import Account
from callwright.domain.call_control import CallControl, CallIsOver, MediaFault, SoundFile
from callwright.domain.clock import Clock
from callwright.domain.destination import TelephoneNumber
from callwright.domain.errors import RemoteFault
from callwright.domain.facts import Fact
from callwright.domain.ids import AccountId, IdMint
from callwright.domain.outbound_service import CallConstraints
from callwright.domain.service_start import ServiceStart
from callwright.engine.call_plan import CallerLimits, CallOrder, CallPlan, plan_trunk_call
from callwright.engine.capacity import Gate
from callwright.protocol.pages.inputs import DigitRules
from callwright.records.tariff import Tariff
from callwright.runner.actions.collecting import Saying, drive
from callwright.runner.collector import Collector
from callwright.runner.ports import Speech, SpeechFault

log: Final = structlog.get_logger()

PROMPT: Final = (
    "To confirm this number for Callwright, please enter the six digits that you were shown."
)
CONFIRMED: Final = "Thank you. The number is confirmed."
WRONG: Final = "That was not the right number."
VOICE: Final = "English UK Female"

SIP_USER: Final = "callwright"
"""Who calls, on an installation that names no caller ID for these calls."""

MAX_AT_ONCE: Final = 10
"""On a node: people validate numbers by hand, and the trunk is there for other calls."""

LIMITS: Final = CallerLimits(ring_timeout=40.0, max_duration=75.0)
"""The prompt takes six seconds and is said three times at most, with `RULES` between. All of it
ends within the two minutes that somebody at a terminal waits."""

RULES: Final = DigitRules(
    digit_count=PIN_DIGITS,
    end_digit="",
    valid_digits="0123456789",
    help_digit="",
    timeout=15.0,
    inter_digit_timeout=None,
    initial_timeout=None,
)
REPETITIONS: Final = 1
"""Of the prompt after silence, and again after a key that is no digit."""


class NumberIsBlocked(RemoteFault):
    """The operator lets nobody call the number, or not this account."""


class ValidationUnderWay(RemoteFault):
    """The account has a call of this kind already."""


class TooManyValidations(RemoteFault):
    """The node has as many calls of this kind as it may, or the trunk of any kind; try later."""


class Beside(Protocol):
    """The dispatcher, as far as calls go that are no starts."""

    def begin_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run this; whoever stops the dispatcher waits for it."""
        ...

    def trunk_gate(self) -> Gate:
        """Return where an INVITE leaves that counts for the trunk alone."""
        ...

    def take_trunk_channel(self) -> bool:
        """Take a channel of the trunk for a call that is no start; False if none is free."""
        ...

    def free_trunk_channel(self) -> None:
        """Give that channel back."""
        ...


@dataclass(slots=True)
class CallerIdCalls:
    """Places the calls and judges the keys that are pressed on them."""

    trials: PinTrials
    calls: Calls
    speech: Speech
    beside: Beside
    mint: IdMint
    clock: Clock
    random_number: Callable[[], int]
    dial: DialSettings
    tariff: Tariff
    caller_id: str = ""
    """What the calls show; empty: `SIP_USER`."""
    _under_way: dict[AccountId, str] = field(default_factory=dict, init=False)

    async def begin(self, account: Account, number: str) -> PinTrial:
        """Call a number and return at once with the PIN that is to be keyed there.

        Whether the account may show only validated caller IDs does not matter here: this call
        shows the installation's. What may not be called at all may not be called for this either.

        Raises:
            BadCallerId: not a full international number.
            NumberIsBlocked: by the account's rules or the tariff.
            ValidationUnderWay: one at a time.
            TooManyValidations: see `MAX_AT_ONCE`; or the trunk has no free channel.
            AlreadyValidated, TooManyCallerIds, TooManyTrials: as `PinTrials.begin` says.

        """
        digits = caller_id(number)
        if is_blocked(digits, account, CallConstraints(), self.tariff):
            raise NumberIsBlocked(f"{digits} must not be called: its prefix is blocked")
        self._reserve(account.account_id, digits)
        try:
            trial = await self.trials.begin(account.account_id, digits)
        except BaseException:
            self._release(account.account_id)
            raise
        self.beside.begin_beside(self._run(account.account_id, digits), "caller ID call")
        return trial

    def under_way(self, account_id: AccountId) -> list[str]:
        """Return the numbers that are being called for an account: one or none."""
        number = self._under_way.get(account_id)
        return [] if number is None else [number]

    def _reserve(self, account_id: AccountId, digits: str) -> None:
        if account_id in self._under_way:
            raise ValidationUnderWay(f"{self._under_way[account_id]} is being called for a PIN now")
        if len(self._under_way) >= MAX_AT_ONCE:
            raise TooManyValidations(f"{MAX_AT_ONCE} numbers are being called for PINs now")
        if not self.beside.take_trunk_channel():
            raise TooManyValidations("as many calls are in progress as the trunk takes")
        self._under_way[account_id] = digits

    def _release(self, account_id: AccountId) -> None:
        del self._under_way[account_id]
        self.beside.free_trunk_channel()

    async def _run(self, account_id: AccountId, digits: str) -> None:
        try:
            is_validated = await self._call(account_id, digits)
        finally:
            self._release(account_id)
        if is_validated:
            log.info("caller_id.validated")
        else:
            log.info("caller_id.not_validated")

    async def _call(self, account_id: AccountId, digits: str) -> bool:
        gate = self.beside.trunk_gate()
        try:
            call = await self.calls.place(self._plan(account_id, digits), _NO_RECORDS, gate)
        except OSError:
            # The trunk's name has no address; every other call says so louder.
            return False
        try:
            return await self._converse(call, account_id, digits)
        finally:
            await call.hang_up()

    async def _converse(self, call: CallControl, account_id: AccountId, digits: str) -> bool:
        try:
            await call.answered()
            keyed = await self._collect(call)
        except _CUT_SHORT:
            return False
        is_right = await self.trials.key(account_id, digits, keyed)
        with suppress(*_CUT_SHORT):
            await self._say(call, CONFIRMED if is_right else WRONG)
        return is_right

    async def _collect(self, call: CallControl) -> str:
        """Ask for the PIN; empty when none was keyed."""
        collector = Collector(
            RULES,
            has_prompt=True,
            timeout_messages=REPETITIONS,
            invalid_messages=REPETITIONS,
            accepts_nothing=False,
        )

        async def say(_: Saying) -> None:
            await self._say(call, PROMPT)

        return await drive(collector, call, self.clock, say) or ""

    async def _say(self, call: CallControl, text: str) -> None:
        spoken = await self.speech.say(text, voice=VOICE)
        await call.play([SoundFile(spoken.path)], barge_in_on_digit=True)

    def _plan(self, account_id: AccountId, digits: str) -> CallPlan:
        callee = TelephoneNumber(digits)
        order = CallOrder(
            call_id=self.mint.call_id(self.random_number()),
            account_id=account_id,
            service_name=SIP_USER,
            start=ServiceStart(to=digits, caller_id=self.caller_id),
            destination=callee,
            limits=LIMITS,
        )
        return plan_trunk_call(
            order, callee, trunk=self.dial.trunk, sip_domain=self.dial.sip_domain
        )


class _NoRecords:
    """A `FactSink` of a call that nobody is charged for or shown."""

    def tell(self, fact: Fact) -> None:
        """Forget it."""


_NO_RECORDS: Final = _NoRecords()

_CUT_SHORT: Final = (CallIsOver, MediaFault, SpeechFault)
"""What ends the conversation: they hung up, we are stopping, or the voice is gone."""
