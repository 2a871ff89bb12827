"""One attempt on virtual time: who is called when, who hears whom, how it ends."""

from dataclasses import dataclass, field, replace

import pytest

from callwright.domain.callback import AttemptOutcome, outcome_of
from callwright.domain.causes import FAILED_HERE, cause_of_sip_failure
from callwright.domain.ids import AccountId
from callwright.runner.concurrency import Jobs, beside, pause
from callwright.scheduler.attempt.order import CallbackOrder, Callee, TransferRule
from callwright.scheduler.attempt.run import CallbackRun
from tests.sim.call import FarEnd, ScriptedCall
from tests.sim.clock import VirtualClock
from tests.sim.instance import FakeMedia, KeptFacts
from tests.sim.secondaries import FORBIDDEN, ScriptedSecondaries
from tests.sim.virtual_loop import run_on

ANN = Callee("200", "sip:ann@example.com")
BEN = Callee("+441632960961", "tel:441632960961", is_public=True)
CID = Callee("202", "sip:cid@example.com")
DOT = Callee("203", "sip:dot@example.com")
NOBODY = Callee("999", "")
FORBIDDEN_ONE = Callee("100", FORBIDDEN)

ANSWERS = FarEnd(answers_at=2.0)
NEVER = FarEnd(answers_at=3600.0)
BUSY = FarEnd(answers_at=0.5, refuses=cause_of_sip_failure(486))
REJECTS = FarEnd(answers_at=0.5, refuses=cause_of_sip_failure(603))
FAILS = FarEnd(answers_at=0.5, refuses=cause_of_sip_failure(404))
BREAKS = FarEnd(answers_at=0.5, refuses=FAILED_HERE)

ORDER = CallbackOrder(
    account_id=AccountId(1),
    a_side=(ANN,),
    b_side=BEN,
    a_caller_id="1",
    b_caller_id="2",
    ring_timeout=30.0,
    max_duration=600.0,
)
EITHER_WAY = TransferRule(after_a=CID, after_b=DOT)


@dataclass(slots=True)
class Desk:
    """Notes who answered, and when they talked."""

    clock: VirtualClock
    noted: list[tuple[str, float]] = field(default_factory=list)

    async def joined(self, a_number: str) -> None:
        self.noted.append((a_number, self.clock.seconds))


@dataclass(slots=True)
class Attempt:
    """One attempt and who stands around it. The first of the A side is Ann."""

    a: FarEnd = ANSWERS
    others: dict[Callee, FarEnd] = field(default_factory=dict)
    order: CallbackOrder = ORDER
    ends: tuple[float, AttemptOutcome] | None = None
    """When it is to be ended, and as what."""
    clock: VirtualClock = field(default_factory=VirtualClock)
    took: float = 0.0
    joined_after: float | None = None
    call: ScriptedCall = field(init=False)
    secondaries: ScriptedSecondaries = field(init=False)
    facts: KeptFacts = field(default_factory=KeptFacts)
    media: FakeMedia = field(default_factory=FakeMedia)

    def run(self) -> AttemptOutcome:
        return run_on(self.clock, self._run())

    async def _run(self) -> AttemptOutcome:
        begun_at = self.clock.seconds
        self.call = ScriptedCall(self.clock, self.a)
        far_ends = {callee.destination: far_end for callee, far_end in self.others.items()}
        self.secondaries = ScriptedSecondaries(self.clock, far_ends, free_channels=21)
        desk = Desk(self.clock)
        run = CallbackRun(
            order=self.order,
            call=self.call,
            secondaries=self.secondaries,
            media=self.media,
            desk=desk,
            facts=self.facts,
            clock=self.clock,
        )
        status = await beside(run.run(), self._end(run))
        self.took = self.clock.seconds - begun_at
        self.joined_after = desk.noted[0][1] - begun_at if desk.noted else None
        assert all(call.snapshot().cause for call in (self.call, *self.secondaries.placed.values()))
        return outcome_of(status)

    async def _end(self, run: CallbackRun) -> None:
        if self.ends is not None:
            after, outcome = self.ends
            await pause(after)
            jobs = Jobs()
            run.end(outcome, jobs.start)
            await jobs.done()

    def called(self) -> list[tuple[str, str]]:
        """Whom the attempt called beside its start, and as whom."""
        return [(order.destination, order.caller_id) for order in self.secondaries.orders]

    def did(self, callee: Callee) -> list[str]:
        """What was done on a call."""
        return self.secondaries.placed[callee.destination].did


def with_a(*callees: Callee, one_by_one: bool = False) -> CallbackOrder:
    return replace(ORDER, a_side=(ANN, *callees), rings_one_by_one=one_by_one)


def with_rule(rule: TransferRule) -> CallbackOrder:
    return replace(ORDER, transfers=rule)


LEAVES_AT_5 = FarEnd(answers_at=1.0, hangs_up_at=5.0)
LEAVES_AT_20 = FarEnd(answers_at=1.0, hangs_up_at=20.0)


@pytest.mark.parametrize(
    ("attempt", "outcome", "took"),
    [
        (Attempt(BUSY), AttemptOutcome.A_BUSY, 0.5),
        (Attempt(REJECTS), AttemptOutcome.A_REJECTED, 0.5),
        (Attempt(FAILS), AttemptOutcome.A_FAILED, 0.5),
        (Attempt(BREAKS), AttemptOutcome.A_FAILED, 0.5),
        (Attempt(NEVER), AttemptOutcome.A_NO_ANSWER, 30.0),
        (Attempt(others={BEN: BUSY}), AttemptOutcome.B_BUSY, 2.5),
        (Attempt(others={BEN: REJECTS}), AttemptOutcome.B_REJECTED, 2.5),
        (Attempt(others={BEN: FAILS}), AttemptOutcome.B_FAILED, 2.5),
        (Attempt(others={BEN: NEVER}), AttemptOutcome.B_NO_ANSWER, 32.0),
        (Attempt(order=replace(ORDER, b_side=NOBODY)), AttemptOutcome.B_FAILED, 2.0),
        (Attempt(order=replace(ORDER, b_side=FORBIDDEN_ONE)), AttemptOutcome.B_FAILED, 2.0),
        (Attempt(LEAVES_AT_5, {BEN: NEVER}), AttemptOutcome.A_HANGUP, 5.0),
        (Attempt(LEAVES_AT_5, {BEN: FarEnd(answers_at=1.0)}), AttemptOutcome.JOINED, 5.0),
        (Attempt(others={BEN: LEAVES_AT_5}), AttemptOutcome.JOINED, 7.0),
        (Attempt(others={BEN: FarEnd()}), AttemptOutcome.JOINED, 604.0),
        (Attempt(NEVER, order=with_a(CID, DOT)), AttemptOutcome.JOINED, 604.0),
        (Attempt(BUSY, {CID: FAILS, DOT: REJECTS}, with_a(CID, DOT)), AttemptOutcome.A_BUSY, 0.5),
        (
            Attempt(BUSY, {CID: FAILS, DOT: REJECTS}, with_a(CID, DOT, one_by_one=True)),
            AttemptOutcome.A_BUSY,
            1.5,
        ),
    ],
)
def test_an_attempt_says_how_it_ended(
    attempt: Attempt, outcome: AttemptOutcome, took: float
) -> None:
    assert attempt.run() is outcome
    assert attempt.took == pytest.approx(took, abs=0.1)
    assert (attempt.joined_after is not None) == (outcome is AttemptOutcome.JOINED)


def test_a_hears_a_ringing_tone_until_b_answers() -> None:
    attempt = Attempt(others={BEN: LEAVES_AT_5})
    assert attempt.run() is AttemptOutcome.JOINED
    assert attempt.call.did == ["loop", "join secondary.1", "hang up"]
    assert attempt.joined_after == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("a", "b", "rule", "called"),
    [
        (LEAVES_AT_5, LEAVES_AT_20, EITHER_WAY, [CID]),
        (LEAVES_AT_20, LEAVES_AT_5, EITHER_WAY, [DOT]),
        (LEAVES_AT_5, LEAVES_AT_20, TransferRule(after_b=DOT), []),
        (LEAVES_AT_20, LEAVES_AT_5, TransferRule(after_a=CID), []),
        (LEAVES_AT_5, LEAVES_AT_20, TransferRule(after_a=NOBODY), []),
        (LEAVES_AT_5, LEAVES_AT_20, replace(EITHER_WAY, allows_public=False), []),
        (LEAVES_AT_20, LEAVES_AT_5, replace(EITHER_WAY, allows_public=False), []),
        # Both at the same moment: nobody is left to be connected.
        (FarEnd(answers_at=1.0, hangs_up_at=6.0), LEAVES_AT_5, EITHER_WAY, []),
    ],
)
def test_who_stays_is_connected_with_the_number_for_that(
    a: FarEnd, b: FarEnd, rule: TransferRule, called: list[Callee]
) -> None:
    attempt = Attempt(a, {BEN: b}, with_rule(rule))
    assert attempt.run() is AttemptOutcome.JOINED
    of_b, *rest = attempt.called()
    assert of_b == (BEN.destination, "2")
    assert rest == [(callee.destination, "2") for callee in called]


@pytest.mark.parametrize(
    ("gone", "stays", "to", "is_let"),
    [(ANN, CID, DOT, True), (BEN, CID, DOT, False), (CID, BEN, DOT, False), (ANN, CID, BEN, False)],
)
def test_a_public_number_anywhere_forbids_the_transfer_that_may_have_none(
    gone: Callee, stays: Callee, to: Callee, *, is_let: bool
) -> None:
    rule = TransferRule(after_a=to, after_b=None, allows_public=False)
    assert (rule.after(gone, stays, is_a_gone=True) == to) is is_let
    assert rule.after(gone, stays, is_a_gone=False) is None
    assert replace(rule, allows_public=True).after(gone, stays, is_a_gone=True) == to


@pytest.mark.parametrize(
    ("to", "outlasts"),
    [
        # Answers a second later and leaves four seconds after that.
        (LEAVES_AT_5, 5.0),
        (BUSY, 0.5),
        (NEVER, 30.0),
        # B has had enough of the ringing tone.
        (FarEnd(answers_at=25.0), 16.0),
    ],
)
def test_a_transfer_lasts_as_long_as_both_stay(to: FarEnd, outlasts: float) -> None:
    # B is called at 1 and leaves at 21, or never when nobody answers for it.
    b = LEAVES_AT_20 if to.answers_at == 25.0 else FarEnd(answers_at=1.0)
    attempt = Attempt(LEAVES_AT_5, {BEN: b, CID: to}, with_rule(TransferRule(after_a=CID)))
    assert attempt.run() is AttemptOutcome.JOINED
    assert attempt.took == pytest.approx(5.0 + outlasts, abs=0.1)
    answers = to is LEAVES_AT_5
    joined = ["join secondary.2"] if answers else []
    hung_up = ["hang up"] if b is not LEAVES_AT_20 else []
    assert attempt.did(BEN) == ["loop", *joined, *hung_up]


def test_the_longest_duration_is_that_of_the_transfer_too() -> None:
    order = replace(with_rule(TransferRule(after_a=CID)), max_duration=10.0)
    attempt = Attempt(LEAVES_AT_5, {BEN: FarEnd(answers_at=1.0), CID: FarEnd()}, order)
    assert attempt.run() is AttemptOutcome.JOINED
    assert attempt.joined_after is not None
    assert attempt.took == pytest.approx(attempt.joined_after + 10.0)


def test_nobody_is_transferred_when_the_time_is_up() -> None:
    order = replace(with_rule(EITHER_WAY), max_duration=5.0)
    attempt = Attempt(FarEnd(answers_at=1.0), {BEN: FarEnd(answers_at=1.0)}, order)
    assert attempt.run() is AttemptOutcome.JOINED
    assert len(attempt.called()) == 1


@pytest.mark.parametrize("wanted", [AttemptOutcome.CANCELLED, AttemptOutcome.INTERRUPTED])
@pytest.mark.parametrize(
    ("after", "calls", "is_joined"),
    [(0.0, 2, False), (1.0, 2, False), (2.5, 3, False), (5.0, 3, True)],
)
def test_an_attempt_is_ended_at_once_whatever_it_was_doing(
    wanted: AttemptOutcome, after: float, calls: int, *, is_joined: bool
) -> None:
    order = replace(with_a(CID, DOT), transfers=EITHER_WAY)
    others = {CID: NEVER, DOT: NEVER, BEN: FarEnd()}
    attempt = Attempt(others=others, order=order, ends=(after, wanted))
    assert attempt.run() is (AttemptOutcome.JOINED if is_joined else wanted)
    assert attempt.took == pytest.approx(after, abs=0.1)
    assert len(attempt.called()) == calls


def test_an_attempt_that_is_ended_calls_no_further_number() -> None:
    order = with_a(CID, DOT, one_by_one=True)
    attempt = Attempt(NEVER, {CID: NEVER}, order, ends=(31.0, AttemptOutcome.INTERRUPTED))
    assert attempt.run() is AttemptOutcome.INTERRUPTED
    assert attempt.called() == [(CID.destination, "1")]
    assert attempt.took == pytest.approx(31.0, abs=0.1)


@pytest.mark.parametrize("name", ["prompts/welcome.wav", "sounds/7.wav"])
def test_a_sound_that_is_missing_costs_the_announcement_alone(name: str) -> None:
    order = replace(ORDER, announcement=name, b_announcement=name)
    attempt = Attempt(others={BEN: LEAVES_AT_5}, order=order)
    assert attempt.run() is AttemptOutcome.JOINED
    played = ["play /media/1/prompts/welcome.wav"] if name.startswith("prompts") else []
    assert [one for one in attempt.call.did if one.startswith("play")] == played * 2
    assert [one for one in attempt.did(BEN) if one.startswith("play")] == played


@pytest.mark.parametrize(
    ("b", "did"),
    [(LEAVES_AT_5, ["record whole call /media/1/x.wav"]), (BUSY, [])],
)
def test_a_conversation_is_recorded_on_the_call_to_b(b: FarEnd, did: list[str]) -> None:
    attempt = Attempt(others={BEN: b}, order=replace(ORDER, recording="x.wav"))
    attempt.run()
    assert [one for one in attempt.did(BEN) if one.startswith("record")] == did
    assert not [one for one in attempt.call.did if one.startswith("record")]


def test_nobody_is_recorded_without_a_wish() -> None:
    attempt = Attempt(others={BEN: LEAVES_AT_5})
    attempt.run()
    assert not [one for one in attempt.did(BEN) if one.startswith("record")]


def test_a_recording_that_cannot_be_made_costs_itself_alone() -> None:
    attempt = Attempt(others={BEN: LEAVES_AT_5}, order=replace(ORDER, recording="full.wav"))
    attempt.media.is_full = True
    assert attempt.run() is AttemptOutcome.JOINED
    assert not [one for one in attempt.did(BEN) if one.startswith("record")]


def test_twenty_one_numbers_that_are_busy_are_called_once_each() -> None:
    extended = [Callee(str(n), f"sip:{n}@example.com") for n in range(300, 320)]
    attempt = Attempt(BUSY, dict.fromkeys(extended, BUSY), with_a(*extended))
    assert attempt.run() is AttemptOutcome.A_BUSY
    assert [to for to, _ in attempt.called()] == [callee.destination for callee in extended]
