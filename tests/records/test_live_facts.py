"""What is remembered, who hears what, and what happens at the bounds."""

from callwright.domain.clock import UnixTime
from callwright.domain.facts import DigitPressed
from callwright.domain.ids import AccountId, CallId, ServiceRef
from callwright.records.live_facts import LiveFact, LiveFacts

ANN, BOB = AccountId(1), AccountId(2)
ONE, TWO = ServiceRef("2e891aea_0.1366641192.1"), ServiceRef("2e891aea_0.1366641192.2")


def pressed(digit: str) -> DigitPressed:
    return DigitPressed(at=UnixTime(0.0), call_id=CallId("c"), digit=digit)


def digits(facts: list[LiveFact] | tuple[LiveFact, ...]) -> str:
    return "".join(live.fact.digit for live in facts if isinstance(live.fact, DigitPressed))


def test_a_follower_hears_only_his_own_reference() -> None:
    board, heard = LiveFacts(), list[LiveFact]()
    board.follow(ANN, heard.append, ref=ONE)

    board.tell_of(ANN, ONE, pressed("1"))
    board.tell_of(ANN, TWO, pressed("2"))
    board.tell_of(BOB, ONE, pressed("3"))

    assert digits(heard) == "1"


def test_a_follower_of_an_account_hears_all_of_it_and_nothing_else() -> None:
    board, heard = LiveFacts(), list[LiveFact]()
    board.follow(ANN, heard.append)

    board.tell_of(ANN, ONE, pressed("1"))
    board.tell_of(ANN, TWO, pressed("2"))
    board.tell_of(BOB, ONE, pressed("3"))

    assert digits(heard) == "12"


def test_a_late_follower_sees_the_beginning() -> None:
    board, heard = LiveFacts(), list[LiveFact]()
    board.tell_of(ANN, ONE, pressed("1"))
    board.tell_of(ANN, ONE, pressed("2"))

    following = board.follow(ANN, heard.append, ref=ONE)
    board.tell_of(ANN, ONE, pressed("3"))

    assert (digits(following.remembered), following.forgotten, digits(heard)) == ("12", 0, "3")


def test_nobody_sees_the_beginning_of_another_account() -> None:
    board = LiveFacts()
    board.tell_of(ANN, ONE, pressed("1"))

    assert board.follow(BOB, lambda _: None, ref=ONE).remembered == ()


def test_a_full_reference_forgets_its_oldest_and_counts_them() -> None:
    board = LiveFacts(facts_per_ref=3)
    for digit in "12345":
        board.tell_of(ANN, ONE, pressed(digit))

    following = board.follow(ANN, lambda _: None, ref=ONE)

    assert (digits(following.remembered), following.forgotten) == ("345", 2)


def test_a_full_memory_forgets_the_reference_that_was_silent_longest() -> None:
    board = LiveFacts(facts_overall=4)
    board.tell_of(ANN, ONE, pressed("1"))
    board.tell_of(ANN, TWO, pressed("2"))
    board.tell_of(ANN, ONE, pressed("3"))
    board.tell_of(ANN, ONE, pressed("4"))
    board.tell_of(ANN, ONE, pressed("5"))

    assert digits(board.follow(ANN, lambda _: None, ref=ONE).remembered) == "1345"
    assert board.follow(ANN, lambda _: None, ref=TWO).remembered == ()


def test_who_stopped_hears_no_more_and_may_stop_twice() -> None:
    board, heard, others = LiveFacts(), list[LiveFact](), list[LiveFact]()
    following = board.follow(ANN, heard.append, ref=ONE)
    board.follow(ANN, others.append, ref=ONE)
    following.stop()
    following.stop()

    board.tell_of(ANN, ONE, pressed("1"))

    assert (digits(heard), digits(others)) == ("", "1")


def test_a_listener_may_stop_while_it_is_told() -> None:
    board, heard = LiveFacts(), list[LiveFact]()

    def once(live_fact: LiveFact) -> None:
        heard.append(live_fact)
        following.stop()

    following = board.follow(ANN, once, ref=ONE)
    board.tell_of(ANN, ONE, pressed("1"))
    board.tell_of(ANN, ONE, pressed("2"))

    assert digits(heard) == "1"
