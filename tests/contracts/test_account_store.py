"""What every `AccountStore` does."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.account import Account, AccountType, CallLimits, Features
from callwright.domain.ids import AccountId
from tests.contracts.stores import LIMITS, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]
HASH, OTHER_HASH = b"\x00\xff" * 16, b"\x01" * 32


def create(stores: Stores, username: str) -> Coroutine[Any, Any, Account | None]:
    return stores.accounts.create(
        username, account_type=AccountType.PREMIUM, limits=LIMITS, key_hash=HASH
    )


def test_an_account_is_found_as_it_was_created(stores: Stores, run: Run) -> None:
    made = run(create(stores, "Bob@example.com"))
    assert made == Account(made.account_id, "Bob@example.com", AccountType.PREMIUM, LIMITS)
    assert run(stores.accounts.read(made.account_id)) == made
    assert run(stores.accounts.find("Bob@example.com")) == made
    assert run(stores.accounts.key_hashes(made.account_id)) == [HASH]


@pytest.mark.parametrize("spelling", ["bob@example.com", "BOB@EXAMPLE.COM", "Bob@Example.com"])
def test_usernames_are_compared_without_regard_to_case(
    stores: Stores, run: Run, spelling: str
) -> None:
    made = run(create(stores, "Bob@example.com"))
    assert run(stores.accounts.find(spelling)) == made
    assert run(create(stores, spelling)) is None
    assert run(stores.accounts.everyone()) == [made]


def test_case_is_ignored_in_every_script(stores: Stores, run: Run) -> None:
    made = run(create(stores, "ÅSA@example.com"))
    assert run(stores.accounts.find("åsa@example.com")) == made


def test_a_new_key_is_the_only_one(stores: Stores, run: Run) -> None:
    made = run(create(stores, "bob@example.com"))
    run(stores.accounts.replace_key(made.account_id, key_hash=OTHER_HASH))
    assert run(stores.accounts.key_hashes(made.account_id)) == [OTHER_HASH]


def test_limits_change(stores: Stores, run: Run) -> None:
    made = run(create(stores, "bob@example.com"))
    run(stores.accounts.change_limits(made.account_id, CallLimits(channels=3, maximum_cps=0.5)))
    changed = run(stores.accounts.read(made.account_id))
    assert changed.limits == CallLimits(channels=3, maximum_cps=0.5)


def test_a_new_account_guarantees_what_it_was_given(stores: Stores, run: Run) -> None:
    limits = CallLimits(channels=3, maximum_cps=2.5, guaranteed_cps=0.25)
    made = run(
        stores.accounts.create(
            "bob@example.com", account_type=AccountType.PREMIUM, limits=limits, key_hash=HASH
        )
    )
    assert run(stores.accounts.read(made.account_id)).limits == limits
    changed = CallLimits(channels=3, maximum_cps=2.5, guaranteed_cps=1.5)
    run(stores.accounts.change_limits(made.account_id, changed))
    assert run(stores.accounts.find("bob@example.com")).limits == changed


def test_rules_change(stores: Stores, run: Run) -> None:
    bob, ann = run(create(stores, "bob@example.com")), run(create(stores, "ann@example.com"))
    assert (bob.validates_caller_ids, bob.blocked_prefixes) == (True, ())
    run(
        stores.accounts.change_rules(
            bob.account_id, validates_caller_ids=False, blocked_prefixes=["4490", "1900"]
        )
    )
    changed = replace(bob, validates_caller_ids=False, blocked_prefixes=("4490", "1900"))
    assert run(stores.accounts.read(bob.account_id)) == changed
    assert run(stores.accounts.find("bob@example.com")) == changed
    assert run(stores.accounts.everyone()) == [ann, changed]


@pytest.mark.parametrize(
    "features", [Features(g729=True), Features(fax=True), Features(reserved_conferences=True)]
)
def test_features_change(stores: Stores, run: Run, features: Features) -> None:
    bob = run(create(stores, "bob@example.com"))
    assert bob.features == Features(g729=False, fax=False)
    run(stores.accounts.change_features(bob.account_id, features))
    changed = replace(bob, features=features)
    assert run(stores.accounts.read(bob.account_id)) == changed
    assert run(stores.accounts.find("bob@example.com")) == changed
    assert run(stores.accounts.everyone()) == [changed]
    run(stores.accounts.change_features(bob.account_id, Features()))
    assert run(stores.accounts.read(bob.account_id)) == bob


def test_everyone_is_told_by_username(stores: Stores, run: Run) -> None:
    for username in ("b@example.com", "C@example.com", "a@example.com"):
        run(create(stores, username))
    names = [account.username for account in run(stores.accounts.everyone())]
    assert names == ["a@example.com", "b@example.com", "C@example.com"]


def test_nobody_else_is_known(stores: Stores, run: Run) -> None:
    run(create(stores, "bob@example.com"))
    assert run(stores.accounts.read(AccountId(999))) is None
    assert run(stores.accounts.find("ann@example.com")) is None
    assert run(stores.accounts.key_hashes(AccountId(999))) == []
