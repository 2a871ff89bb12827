"""The call on which a PIN is keyed: what is said, what counts, and how many there may be."""

import asyncio
from dataclasses import dataclass, field

import pytest
import structlog

from callwright.accounts.caller_ids import BadCallerId
from callwright.accounts.pin_trials import TooManyTrials
from callwright.accounts.ports import PinTrial
from callwright.dispatch.caller_id_call import (
    CONFIRMED,
    MAX_AT_ONCE,
    PROMPT,
    WRONG,
    CallerIdCalls,
    NumberIsBlocked,
    TooManyValidations,
    ValidationUnderWay,
)
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.causes import FAILED_HERE
from callwright.domain.ids import AccountId
from callwright.engine.capacity import Channels
from tests.sim.call import FarEnd
from tests.sim.memory_stores import MemoryCallerIdStore
from tests.sim.pin_line import PIN, PinLine, keys

NUMBER = "441908273801"
ASKS, THANKS, REGRETS = (f"play /speech/{text}.wav" for text in (PROMPT, CONFIRMED, WRONG))


def account(number: int = 1) -> Account:
    limits = CallLimits(1, 1.0)
    return Account(
        AccountId(number),
        f"{number}@example.com",
        AccountType.PREMIUM,
        limits,
        validates_caller_ids=True,
        blocked_prefixes=("44871",),
    )


BOB = account()


@dataclass
class World(PinLine):
    """One node with its caller IDs."""

    caller_id: str = ""
    store: MemoryCallerIdStore = field(default_factory=MemoryCallerIdStore)
    validations: CallerIdCalls = field(init=False)

    def __post_init__(self) -> None:
        self.validations = self.calls(self.store, caller_id=self.caller_id)

    def begin(self, number: str = NUMBER, owner: Account = BOB) -> PinTrial:
        return asyncio.run(self.validations.begin(owner, number))

    def run(self) -> None:
        asyncio.run(self.finish())

    @property
    def caller_ids(self) -> list[str]:
        return asyncio.run(self.store.of_account(BOB.account_id))


def test_the_call_goes_to_the_number_and_shows_us() -> None:
    world = World(FarEnd(keys=keys(PIN, at=4.0)))
    trial = world.begin(f"+{NUMBER}")
    assert (trial.number, trial.pin) == (NUMBER, PIN)
    assert world.validations.under_way(BOB.account_id) == [NUMBER]
    world.run()
    [plan] = world.plans
    assert plan.target == f"sip:{NUMBER}@192.0.2.2:5060;user=phone"
    assert plan.from_uri == "sip:callwright@sip-0-0-0.example.net"
    assert world.validations.under_way(BOB.account_id) == []


def test_the_call_shows_what_the_installation_names() -> None:
    world = World(caller_id="441908273999")
    world.begin()
    world.run()
    assert world.plans[0].originating_address == "441908273999@sip-0-0-0.example.net"


def test_the_call_counts_in_the_trunks_starts_a_second() -> None:
    world = World()
    begun_at = world.clock.now()
    world.begin()
    world.run()
    assert world.window.free_at() > begun_at


def test_the_call_has_a_channel_of_the_trunk_until_it_is_over() -> None:
    world = World(channels=Channels(limit=1))
    world.begin()
    assert world.channels.free() == 0
    with pytest.raises(TooManyValidations, match="as many calls are in progress as the trunk"):
        world.begin(owner=account(2))
    assert world.validations.under_way(AccountId(2)) == []
    world.run()
    assert world.channels.free() == 1


@pytest.mark.parametrize(
    ("far_end", "did", "is_validated"),
    [
        (FarEnd(keys=keys(PIN, at=4.0)), [ASKS, THANKS], True),
        # The prompt need not be heard to its end.
        (FarEnd(keys=keys(PIN, at=2.5)), [ASKS, THANKS], True),
        (FarEnd(keys=keys("000043", at=4.0)), [ASKS, REGRETS], False),
        # Once more after silence, which throws half a PIN away.
        (FarEnd(keys=keys("0000", at=4.0)), [ASKS, ASKS, REGRETS], False),
        (FarEnd(keys=keys("99", at=4.0) + keys(PIN, at=20.0)), [ASKS, ASKS, THANKS], True),
        # Once more after a key that is no digit.
        (FarEnd(keys=keys(f"*{PIN}", at=4.0)), [ASKS, ASKS, THANKS], True),
        (FarEnd(keys=keys(f"**{PIN}", at=4.0)), [ASKS, ASKS, REGRETS], False),
        (FarEnd(), [ASKS, ASKS, REGRETS], False),
    ],
)
def test_the_right_pin_on_the_call_makes_a_caller_id(
    far_end: FarEnd, did: list[str], *, is_validated: bool
) -> None:
    world = World(far_end)
    world.begin()
    world.run()
    assert world.placed[0].did == [*did, "hang up"]
    assert world.caller_ids == ([NUMBER] if is_validated else [])


@pytest.mark.parametrize(
    ("far_end", "is_validated"),
    [
        (FarEnd(refuses=FAILED_HERE), False),
        (FarEnd(hangs_up_at=2.5), False),
        (FarEnd(keys=keys("0000", at=4.0), hangs_up_at=6.0), False),
        # Whoever has keyed it need not hear our thanks.
        (FarEnd(keys=keys(PIN, at=4.0), hangs_up_at=6.6), True),
    ],
)
def test_a_call_that_ends_early_keeps_what_was_keyed(
    far_end: FarEnd, *, is_validated: bool
) -> None:
    world = World(far_end)
    world.begin()
    world.run()
    assert world.caller_ids == ([NUMBER] if is_validated else [])
    assert world.validations.under_way(BOB.account_id) == []


def test_a_trunk_without_an_address_validates_nothing() -> None:
    world = World(reaches_trunk=False)
    world.begin()
    world.run()
    assert (world.caller_ids, world.validations.under_way(BOB.account_id)) == ([], [])


@pytest.mark.parametrize(
    ("far_end", "event"),
    [
        (FarEnd(keys=keys(PIN, at=4.0)), "caller_id.validated"),
        (FarEnd(refuses=FAILED_HERE), "caller_id.not_validated"),
    ],
)
def test_the_log_is_told_how_it_ended_and_of_whom_nothing(far_end: FarEnd, event: str) -> None:
    world = World(far_end)
    world.begin()
    with structlog.testing.capture_logs() as lines:
        world.run()
    assert lines == [{"event": event, "log_level": "info"}]


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("sip:bob@example.com", BadCallerId),
        ("01908273801", BadCallerId),
        ("44901234567", NumberIsBlocked),
        ("44871234567", NumberIsBlocked),
    ],
)
def test_a_number_that_must_not_be_called_is_not(number: str, fault: type[Exception]) -> None:
    world = World()
    with pytest.raises(fault):
        world.begin(number)
    assert (world.begun, world.validations.under_way(BOB.account_id)) == ([], [])


def test_an_account_has_one_call_at_a_time() -> None:
    world = World()
    world.begin()
    with pytest.raises(ValidationUnderWay, match=NUMBER):
        world.begin("441908273802")
    world.run()
    world.begin("441908273802")
    world.give_up()


def test_a_node_has_a_bounded_number_of_calls() -> None:
    world = World()
    for number in range(MAX_AT_ONCE):
        world.begin(owner=account(number + 1))
    with pytest.raises(TooManyValidations, match=f"{MAX_AT_ONCE} numbers"):
        world.begin(owner=account(99))
    world.run()
    world.begin(owner=account(99))
    world.give_up()


def test_a_trial_that_is_refused_leaves_the_account_free() -> None:
    world = World()
    for _ in range(3):
        world.begin()
        world.run()
    with pytest.raises(TooManyTrials):
        world.begin()
    assert world.validations.under_way(BOB.account_id) == []
    assert world.channels.in_use == 0
