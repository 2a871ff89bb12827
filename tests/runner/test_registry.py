"""Which instances can be interrupted, by whom, and how long the others are remembered."""

from dataclasses import dataclass, field

import pytest

from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.outbound_service import PageAddress
from callwright.runner.registry import (
    MAX_REMEMBERED,
    REMEMBERED,
    Interruption,
    InterruptResult,
    RunningInstances,
)
from tests.sim.clock import VirtualClock

ANN, BOB = AccountId(1), AccountId(2)
HERS = InstanceId("7f31c2a90be4d816.1")
PAGE = PageAddress("http://app.example.com/other")


@dataclass
class Desk:
    clock: VirtualClock = field(default_factory=VirtualClock)
    redirects: list[PageAddress | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.registry = RunningInstances(self.clock)
        self.registry.begin(ANN, HERS, self._interrupt)

    def _interrupt(self, redirect: PageAddress | None) -> Interruption:
        self.redirects.append(redirect)
        return Interruption(InterruptResult.INTERRUPTED, "sleep")

    def ask(self, account_id: AccountId = ANN, instance_id: InstanceId = HERS) -> str:
        return self.registry.interrupt(account_id, instance_id, PAGE).result


def test_a_running_instance_is_interrupted() -> None:
    desk = Desk()

    assert desk.registry.interrupt(ANN, HERS, PAGE) == Interruption(
        InterruptResult.INTERRUPTED, "sleep"
    )
    assert desk.redirects == [PAGE]


def test_that_of_somebody_else_does_not_exist() -> None:
    desk = Desk()

    assert desk.ask(BOB) == "no such application"
    assert desk.redirects == []
    desk.registry.end(HERS)
    assert desk.ask(BOB) == "no such application"


def test_one_that_nobody_knows_does_not_exist() -> None:
    assert Desk().ask(instance_id=InstanceId("0000000000000000.1")) == "no such application"


@pytest.mark.parametrize(
    ("seconds", "result"),
    [
        (0.0, "application already completed"),
        (REMEMBERED, "application already completed"),
        (REMEMBERED + 1, "no such application"),
    ],
)
def test_one_that_has_ended_is_known_for_an_hour(seconds: float, result: str) -> None:
    desk = Desk()
    desk.registry.end(HERS)
    desk.clock.advance(seconds)

    assert desk.ask() == result
    assert desk.redirects == []


def test_so_many_are_known_and_no_more() -> None:
    desk = Desk()
    desk.registry.end(HERS)
    for number in range(MAX_REMEMBERED):
        instance_id = InstanceId(f"0.{number}")
        desk.registry.begin(ANN, instance_id, desk._interrupt)
        assert desk.ask() == "application already completed" or number == MAX_REMEMBERED - 1
        desk.registry.end(instance_id)

    assert desk.ask() == "no such application"
    assert desk.ask(instance_id=InstanceId("0.0")) == "application already completed"
