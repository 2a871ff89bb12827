"""The secrets that clients' events are signed with."""

import asyncio
import base64
from typing import Final

import pytest

from callwright.accounts.registry import UnknownAccount
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.ids import AccountId
from callwright.scheduler.webhooks.secrets import WebhookSecrets
from callwright.services.ports import BrokenSeal
from tests.sim.keys import CountingBytes, PlainKeys
from tests.sim.memory_outbox import MemoryWebhookSecrets
from tests.sim.memory_stores import MemoryAccountStore

BOB: Final = "bob@example.com"


class Desk:
    """One account and its secrets."""

    def __init__(self) -> None:
        self.store = MemoryWebhookSecrets()
        accounts = MemoryAccountStore()
        self.secrets = WebhookSecrets(accounts, self.store, PlainKeys(), CountingBytes().token)
        made = asyncio.run(
            accounts.create(
                BOB,
                account_type=AccountType.PRODUCTION,
                limits=CallLimits(channels=1, maximum_cps=1.0),
                key_hash=b"k" * 32,
            )
        )
        assert made is not None
        self.bob = made.account_id

    def new(self, *, keeps_old: bool = False) -> bytes:
        """Make a secret and return the key that a receiver reads out of it."""
        printed = asyncio.run(self.secrets.new(BOB, keeps_old=keeps_old))
        head, _, encoded = printed.partition("_")
        assert head == "whsec"
        return base64.b64decode(encoded)

    def keys(self) -> list[bytes]:
        return asyncio.run(self.secrets.keys(self.bob))


def test_without_a_secret_nothing_is_signed() -> None:
    assert Desk().keys() == []


def test_a_new_secret_takes_the_place_of_the_old() -> None:
    desk = Desk()
    first = desk.new()
    assert desk.keys() == [first]
    assert len(first) == 32
    second = desk.new()
    assert desk.keys() == [second] != [first]


def test_the_newest_old_one_signs_too_while_receivers_change() -> None:
    desk = Desk()
    desk.new()
    second = desk.new(keeps_old=True)
    third = desk.new(keeps_old=True)
    assert desk.keys() == [third, second]


def test_the_old_one_can_be_dropped() -> None:
    desk = Desk()
    assert asyncio.run(desk.secrets.drop_old(BOB)) is False
    desk.new()
    second = desk.new(keeps_old=True)
    assert asyncio.run(desk.secrets.drop_old(BOB)) is True
    assert desk.keys() == [second]


def test_a_secret_is_kept_sealed_for_its_account_alone() -> None:
    desk = Desk()
    key = desk.new()
    (sealed,) = desk.store.sealed.values()
    assert base64.b64encode(key).decode() not in sealed
    eve = AccountId(desk.bob + 1)
    desk.store.sealed[eve] = sealed
    with pytest.raises(BrokenSeal):
        asyncio.run(desk.secrets.keys(eve))


def test_a_secret_that_is_taken_away_signs_no_more() -> None:
    desk = Desk()
    desk.new()
    asyncio.run(desk.secrets.remove(BOB))
    assert desk.keys() == []


def test_nobody_else_has_a_secret() -> None:
    desk = Desk()
    secrets = desk.secrets
    for work in (secrets.new("x@y.z"), secrets.drop_old("x@y.z"), secrets.remove("x@y.z")):
        with pytest.raises(UnknownAccount, match=r"x@y\.z"):
            asyncio.run(work)
