"""What every `CallerIdStore` does."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.accounts.ports import PinTrial
from callwright.domain.clock import UnixTime
from tests.contracts.stores import NOW, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]
NUMBER, OTHER = "441908273801", "441908273800"


def trial(pin: str, began: float, number: str = NUMBER) -> PinTrial:
    return PinTrial(number, pin, UnixTime(NOW + began + 600), UnixTime(NOW + began))


def test_a_caller_id_is_the_accounts_that_validated_it(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    assert run(stores.caller_ids.has(bob.account_id, NUMBER)) is False
    run(stores.caller_ids.add(bob.account_id, NUMBER, at=NOW))
    assert run(stores.caller_ids.has(bob.account_id, NUMBER)) is True
    assert run(stores.caller_ids.has(ann.account_id, NUMBER)) is False
    assert run(stores.caller_ids.has(bob.account_id, OTHER)) is False


def test_caller_ids_are_told_in_order_and_each_once(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    for number in (NUMBER, OTHER, NUMBER):
        run(stores.caller_ids.add(account.account_id, number, at=NOW))
    assert run(stores.caller_ids.of_account(account.account_id)) == [OTHER, NUMBER]


def test_a_caller_id_is_removed_once(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    run(stores.caller_ids.add(account.account_id, NUMBER, at=NOW))
    assert run(stores.caller_ids.remove(account.account_id, NUMBER)) is True
    assert run(stores.caller_ids.remove(account.account_id, NUMBER)) is False
    assert run(stores.caller_ids.of_account(account.account_id)) == []


def test_the_latest_trial_of_a_number_counts(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    assert run(stores.caller_ids.trial(account.account_id, NUMBER)) is None
    for one in (trial("111111", 0), trial("222222", 0), trial("333333", 5, OTHER)):
        run(stores.caller_ids.begin_trial(account.account_id, one))
    assert run(stores.caller_ids.trial(account.account_id, NUMBER)) == trial("222222", 0)
    assert run(stores.caller_ids.trial(account.account_id, OTHER)) == trial("333333", 5, OTHER)


def test_trials_are_counted_by_account_number_and_time(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    for began in (0, 10, 20):
        run(stores.caller_ids.begin_trial(bob.account_id, trial("111111", began)))
    run(stores.caller_ids.begin_trial(bob.account_id, trial("111111", 20, OTHER)))
    run(stores.caller_ids.begin_trial(ann.account_id, trial("111111", 20)))

    def since(seconds: float) -> int:
        asked = stores.caller_ids.trials_since(bob.account_id, NUMBER, UnixTime(NOW + seconds))
        return int(run(asked))

    assert [since(seconds) for seconds in (-1, 0, 1, 20, 21)] == [3, 3, 2, 1, 0]


def test_the_oldest_trials_are_forgotten_first(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    for one in (trial("333333", 20), trial("111111", 0), trial("222222", 10, OTHER)):
        run(stores.caller_ids.begin_trial(account.account_id, one))

    def left() -> list[int]:
        since = UnixTime(NOW - 1)
        return [
            run(stores.caller_ids.trials_since(account.account_id, number, since))
            for number in (NUMBER, OTHER)
        ]

    def forget(limit: int) -> int:
        before = UnixTime(NOW + 20)
        return int(run(stores.caller_ids.forget_trials(began_before=before, limit=limit)))

    assert (forget(1), left()) == (1, [1, 1])
    assert (forget(9), left()) == (1, [1, 0])
    assert (forget(9), left()) == (0, [1, 0])
