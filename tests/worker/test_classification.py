"""What answered a leg, told from what its far end plays; stepped by hand over loopback."""

import pytest

from callwright.worker import rpc
from tests.sim.media import Pair

PAUSE = rpc.PlayTone((), 60_000)


def words(seconds: float) -> tuple[rpc.PlayTone, ...]:
    """Something like speech: syllables of two tones, each higher or lower than the last."""
    syllables: list[rpc.PlayTone] = []
    for number in range(round(seconds / 0.2)):
        tones = (260.0 + 40.0 * (number % 4), 700.0 + 170.0 * (number % 3))
        levels = ((-24.0, 40), (-16.0, 60), (-20.0, 40), (-40.0, 60))
        syllables += [rpc.PlayTone(tones, duration_ms, level) for level, duration_ms in levels]
    return tuple(syllables)


BEEP = rpc.PlayTone((1000.0,), 400, -15.0)
CED = rpc.PlayTone((2100.0,), 3000, -12.0)
CNG = rpc.PlayTone((1100.0,), 500, -12.0)

ANSWERS: list[tuple[str, tuple[rpc.PlayTone, ...]]] = [
    ("human", (rpc.PlayTone((), 300), *words(0.6), PAUSE)),
    ("answering_machine", (rpc.PlayTone((), 300), *words(6.0), PAUSE)),
    ("fax_machine", (rpc.PlayTone((), 300), CED, PAUSE)),
    ("fax_machine", (rpc.PlayTone((), 300), CNG, PAUSE)),
    ("unknown", (PAUSE,)),
]


def answered(
    pair: Pair, items: tuple[rpc.PlayTone, ...], *, timeout_ms: int = 5000
) -> rpc.FarEndClassified:
    pair.connect()
    pair.far.loop.execute(rpc.Play(2, 1, items))
    pair.near.loop.execute(rpc.Classify(1, "network_connect", timeout_ms))
    pair.run(timeout_ms / 1000 + 0.1)
    (event,) = pair.near.of(rpc.FarEndClassified)
    return event


@pytest.mark.parametrize(("far_end_type", "items"), ANSWERS)
def test_it_is_told_what_answered(
    pair: Pair, far_end_type: str, items: tuple[rpc.PlayTone, ...]
) -> None:
    found = answered(pair, items)
    assert found.far_end_type == far_end_type
    assert 0 < found.decided_after <= 5.0
    assert found.reasons
    assert found.timeline[0][0] == 0.0
    assert found.timeline[-1][1] == pytest.approx(found.decided_after, abs=0.03)


def test_it_is_told_in_time_and_no_later(pair: Pair) -> None:
    found = answered(pair, (PAUSE,), timeout_ms=1000)
    assert (found.far_end_type, found.decided_after) == ("unknown", 1.0)


@pytest.mark.parametrize(
    ("ending", "ended_by", "after"),
    [
        ((BEEP, PAUSE), "beep", 0.3 + 6.0 + 0.4 + 1.0),
        ((PAUSE,), "silence", 0.3 + 6.0 + 4.0),
    ],
)
def test_a_machine_is_listened_to_until_it_is_ready(
    pair: Pair, ending: tuple[rpc.PlayTone, ...], ended_by: str, after: float
) -> None:
    found = answered(pair, (rpc.PlayTone((), 300), *words(6.0), *ending))
    assert found.far_end_type == "answering_machine"
    pair.run(8.0)
    (ready,) = pair.near.of(rpc.GreetingEnded)
    assert ready.ended_by == ended_by
    assert ready.after == pytest.approx(after, abs=0.3)


def test_a_machine_that_never_stops_is_given_up(pair: Pair) -> None:
    found = answered(pair, words(30.0))
    pair.run(12.0)
    (ready,) = pair.near.of(rpc.GreetingEnded)
    assert ready.ended_by == "timeout"
    assert ready.after == pytest.approx(found.decided_after + 10.0, abs=0.05)


def test_nothing_is_waited_for_behind_a_human(pair: Pair) -> None:
    answered(pair, (rpc.PlayTone((), 300), *words(0.6), PAUSE))
    pair.run(12.0)
    assert not pair.near.of(rpc.GreetingEnded)


def test_legs_are_classified_each_by_itself(pair: Pair) -> None:
    for leg, (_, items) in enumerate(ANSWERS, 1):
        pair.line(leg, leg + 10)
        pair.far.loop.execute(rpc.Play(leg + 10, 1, items))
        pair.near.loop.execute(rpc.Classify(leg, "network_connect", 5000))
        pair.run(0.06)
    pair.run(5.2)
    found = {it.leg: it.far_end_type for it in pair.near.of(rpc.FarEndClassified)}
    assert found == {leg: far_end_type for leg, (far_end_type, _) in enumerate(ANSWERS, 1)}


def test_a_leg_that_closes_is_classified_no_further(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Classify(1, "network_connect", 1000))
    pair.run(0.1)
    pair.near.loop.execute(rpc.CloseLeg(1))
    pair.run(2.0)
    assert not pair.near.of(rpc.FarEndClassified)


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (rpc.Classify(1, "default", 5000), "mode 'default'; expected network_connect or answer"),
        (rpc.Classify(1, "network_connect", 0), "0 ms; expected 1 to 5000"),
        (rpc.Classify(1, "network_connect", 5001), "5001 ms"),
    ],
)
def test_a_classification_that_makes_no_sense_is_refused(
    pair: Pair, command: rpc.Classify, problem: str
) -> None:
    pair.connect()
    pair.near.loop.execute(command)
    (failed,) = pair.near.of(rpc.CommandFailed)
    assert failed.command == "Classify"
    assert problem in failed.problem


def test_a_second_classification_is_refused_while_the_first_goes_on(pair: Pair) -> None:
    pair.connect()
    for _ in range(2):
        pair.near.loop.execute(rpc.Classify(1, "network_connect", 500))
    assert len(pair.near.of(rpc.CommandFailed)) == 1
    pair.run(1.0)
    assert len(pair.near.of(rpc.FarEndClassified)) == 1
    pair.near.loop.execute(rpc.Classify(1, "network_connect", 500))
    assert len(pair.near.of(rpc.CommandFailed)) == 1
