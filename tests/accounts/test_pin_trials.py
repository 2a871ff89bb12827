"""Who may be called for a PIN, and which keys prove anything."""

import asyncio
from dataclasses import dataclass, field

import pytest

from callwright.accounts import pin_trials
from callwright.accounts.caller_ids import BadCallerId, TooManyCallerIds
from callwright.accounts.pin_trials import AlreadyValidated, PinTrials, TooManyTrials
from callwright.accounts.ports import PinTrial
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from tests.sim.clock import VirtualClock
from tests.sim.memory_stores import MemoryCallerIdStore

BOB, ANN = AccountId(1), AccountId(2)
NUMBER, OTHER = "441908273801", "441908273800"
DAY = 86_400.0


@dataclass
class Drawn:
    """`RandomNumbers` that are known before; each is drawn once."""

    numbers: list[int]

    def below(self, limit: int) -> int:
        assert limit == 1_000_000
        return self.numbers.pop(0)


@dataclass
class World:
    """Trials with the PINs 000042, 000043 and so on."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    store: MemoryCallerIdStore = field(default_factory=MemoryCallerIdStore)
    trials: PinTrials = field(init=False)

    def __post_init__(self) -> None:
        self.trials = PinTrials(self.store, Drawn(list(range(42, 99))), self.clock)

    def begin(self, number: str = NUMBER, account: AccountId = BOB) -> PinTrial:
        return asyncio.run(self.trials.begin(account, number))

    def key(self, keyed: str, number: str = NUMBER, account: AccountId = BOB) -> bool:
        return asyncio.run(self.trials.key(account, number, keyed))

    def caller_ids(self, account: AccountId = BOB) -> list[str]:
        return asyncio.run(self.store.of_account(account))


@pytest.fixture
def world() -> World:
    return World()


def test_a_trial_has_six_digits_and_ten_minutes(world: World) -> None:
    now = world.clock.unix_time()
    assert world.begin(f"+{NUMBER}") == PinTrial(NUMBER, "000042", UnixTime(now + 600.0), now)


@pytest.mark.parametrize(
    ("keyed", "after", "is_right"),
    [
        ("000042", 0.0, True),
        ("000042", 599.9, True),
        ("000042", 600.0, False),
        ("000043", 0.0, False),
        ("42", 0.0, False),
        ("00042", 0.0, False),
        ("0000420", 0.0, False),
        ("", 0.0, False),
        ("٠٠٠٠٤٢", 0.0, False),
    ],
)
def test_the_right_pin_in_time_makes_a_caller_id(
    world: World, keyed: str, after: float, *, is_right: bool
) -> None:
    world.begin()
    world.clock.advance(after)
    assert world.key(keyed) is is_right
    assert world.caller_ids() == ([NUMBER] if is_right else [])


def test_a_pin_is_good_for_its_number_and_account_alone(world: World) -> None:
    world.begin()
    assert world.key("000042", OTHER) is False
    assert world.key("000042", account=ANN) is False
    assert world.caller_ids(ANN) == []


def test_the_latest_pin_counts(world: World) -> None:
    assert [world.begin().pin, world.begin().pin] == ["000042", "000043"]
    assert world.key("000042") is False
    assert world.key("000043") is True


def test_a_number_is_called_three_times_within_any_day(world: World) -> None:
    for _ in range(3):
        world.begin()
        world.clock.advance(3600.0)
    with pytest.raises(TooManyTrials, match=f"{NUMBER} was called 3 times"):
        world.begin()
    world.begin(OTHER)
    world.begin(account=ANN)
    world.clock.advance(DAY - 3 * 3600.0 + 1.0)
    world.begin()
    with pytest.raises(TooManyTrials):
        world.begin()


def test_what_is_validated_is_not_called_again(world: World) -> None:
    world.begin()
    world.key("000042")
    with pytest.raises(AlreadyValidated, match=NUMBER):
        world.begin()


def test_nobody_is_called_for_a_list_that_is_full(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pin_trials, "MAX_CALLER_IDS", 1)
    world.begin()
    world.key("000042")
    with pytest.raises(TooManyCallerIds, match="1 caller IDs"):
        world.begin(OTHER)


@pytest.mark.parametrize("number", ["", "01908273801", "sip:bob@example.com", "bob"])
def test_what_no_telephone_shows_is_refused(world: World, number: str) -> None:
    with pytest.raises(BadCallerId):
        world.begin(number)
