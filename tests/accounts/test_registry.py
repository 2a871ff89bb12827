"""Accounts are made with a key that is seen once, and changed within limits."""

import asyncio
import re

import pytest

from callwright.accounts.credentials import api_access_key_hash
from callwright.accounts.registry import (
    AccountRegistry,
    BadLimits,
    BadPrefix,
    BadUsername,
    UnknownAccount,
    UsernameTaken,
)
from callwright.domain.account import DEFAULT_LIMITS, AccountType, CallLimits, Features
from callwright.domain.ids import AccountId
from tests.sim.keys import CountingBytes, PlainKeys
from tests.sim.memory_stores import MemoryAccountStore

KEYS = PlainKeys()


@pytest.fixture
def store() -> MemoryAccountStore:
    return MemoryAccountStore()


@pytest.fixture
def registry(store: MemoryAccountStore) -> AccountRegistry:
    return AccountRegistry(store, KEYS, CountingBytes())


@pytest.mark.parametrize("account_type", AccountType)
def test_an_account_gets_the_limits_of_its_type(
    registry: AccountRegistry, account_type: AccountType
) -> None:
    made = asyncio.run(registry.create("bob@example.com", account_type=account_type))
    assert made.account.account_type is account_type
    assert made.account.limits == DEFAULT_LIMITS[account_type]


def test_the_key_is_told_once_and_kept_as_a_hash(
    registry: AccountRegistry, store: MemoryAccountStore
) -> None:
    made = asyncio.run(registry.create("bob@example.com"))
    assert re.fullmatch(r"[A-Za-z0-9_\-]{22}", made.api_access_key)
    assert made.api_access_key not in repr(made)
    kept = asyncio.run(store.key_hashes(made.account.account_id))
    assert kept == [api_access_key_hash(KEYS, made.api_access_key)]


def test_a_new_key_replaces_the_old_one(
    registry: AccountRegistry, store: MemoryAccountStore
) -> None:
    made = asyncio.run(registry.create("bob@example.com"))
    key = asyncio.run(registry.new_key(made.account.account_id))
    assert key != made.api_access_key
    kept = asyncio.run(store.key_hashes(made.account.account_id))
    assert kept == [api_access_key_hash(KEYS, key)]


def test_limits_are_changed(registry: AccountRegistry) -> None:
    made = asyncio.run(registry.create("bob@example.com"))
    limits = CallLimits(channels=3, maximum_cps=0.5)
    asyncio.run(registry.change_limits(made.account.account_id, limits))
    assert asyncio.run(registry.find("bob@example.com")).limits == limits
    assert [one.limits for one in asyncio.run(registry.everyone())] == [limits]


@pytest.mark.parametrize("validates", [False, True])
def test_a_new_account_shows_any_caller_id_unless_it_is_told_otherwise(
    registry: AccountRegistry, *, validates: bool
) -> None:
    made = asyncio.run(registry.create("bob@example.com", validates_caller_ids=validates))
    assert made.account.validates_caller_ids is validates
    assert asyncio.run(registry.find("bob@example.com")) == made.account


def test_rules_are_changed(registry: AccountRegistry) -> None:
    made = asyncio.run(registry.create("bob@example.com"))
    asyncio.run(
        registry.change_rules(
            made.account.account_id,
            validates_caller_ids=True,
            blocked_prefixes={"4490", "1900"},
        )
    )
    found = asyncio.run(registry.find("bob@example.com"))
    assert (found.validates_caller_ids, found.blocked_prefixes) == (True, ("1900", "4490"))


def test_features_are_off_until_they_are_asked_for(registry: AccountRegistry) -> None:
    plain = asyncio.run(registry.create("bob@example.com"))
    entitled = asyncio.run(registry.create("ann@example.com", features=Features(g729=True)))
    assert (plain.account.features, entitled.account.features) == (Features(), Features(g729=True))
    assert asyncio.run(registry.find("ann@example.com")) == entitled.account
    asyncio.run(registry.change_features(plain.account.account_id, Features(fax=True)))
    assert asyncio.run(registry.find("bob@example.com")).features == Features(fax=True)


@pytest.mark.parametrize("prefix", ["", "0190", "+44", "44-19", "1" * 16, "４４"])  # noqa: RUF001
def test_prefixes_that_no_number_begins_with_are_refused(
    registry: AccountRegistry, prefix: str
) -> None:
    made = asyncio.run(registry.create("bob@example.com"))
    with pytest.raises(BadPrefix, match="is no prefix"):
        asyncio.run(
            registry.change_rules(
                made.account.account_id, validates_caller_ids=True, blocked_prefixes=[prefix]
            )
        )


@pytest.mark.parametrize(
    "username",
    ["", "bob", "@", "bob@", "a b@c", "bob@a/b", "bob:x@a", "a@b@c", "a@b\n", "x" * 250 + "@b.cd"],
)
def test_usernames_that_could_never_sign_in_are_refused(
    registry: AccountRegistry, username: str
) -> None:
    with pytest.raises(BadUsername, match="is not a username"):
        asyncio.run(registry.create(username))


def test_a_username_is_taken_whatever_its_case(registry: AccountRegistry) -> None:
    asyncio.run(registry.create("bob@example.com"))
    with pytest.raises(UsernameTaken, match=r"BOB@example\.com"):
        asyncio.run(registry.create("BOB@example.com"))


@pytest.mark.parametrize(
    "limits",
    [
        CallLimits(channels=0, maximum_cps=1.0),
        CallLimits(channels=1, maximum_cps=0.0),
        CallLimits(channels=1, maximum_cps=float("nan")),
        CallLimits(channels=1, maximum_cps=float("inf")),
        CallLimits(channels=1, maximum_cps=1.0, guaranteed_cps=-1.0),
        CallLimits(channels=1, maximum_cps=1.0, guaranteed_cps=1.1),
        CallLimits(channels=1, maximum_cps=1.0, guaranteed_cps=float("nan")),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    registry: AccountRegistry, limits: CallLimits
) -> None:
    with pytest.raises(BadLimits, match="was expected"):
        asyncio.run(registry.create("bob@example.com", limits=limits))


def test_unknown_accounts_are_told(registry: AccountRegistry) -> None:
    limits = CallLimits(channels=1, maximum_cps=1.0)
    for ask in (
        registry.find("ann@example.com"),
        registry.new_key(AccountId(9)),
        registry.change_limits(AccountId(9), limits),
        registry.change_rules(AccountId(9), validates_caller_ids=True, blocked_prefixes=()),
    ):
        with pytest.raises(UnknownAccount):
            asyncio.run(ask)
