"""What extensions are told of an attempt's calls: who, of what, in which order, come what may."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from structlog.testing import capture_logs

from callwright.scheduler.attempt.order import TransferRule
from tests.sim.call import FarEnd
from tests.sim.memory_outbox import MemoryOutbox
from tests.sim.told_attempt import (
    BARE,
    BUSY,
    CID,
    DESK,
    DOT,
    FORBIDDEN_ONE,
    GONE,
    LEAVES_AT_5,
    NEVER,
    NOBODY,
    ORDER,
    OTHER,
    PUBLIC,
    REJECTS,
    TALKS,
    B,
    C,
    Story,
    telephone,
)


@pytest.mark.parametrize(
    ("story", "told"),
    [
        pytest.param(
            Story(others={PUBLIC: FarEnd(answers_at=1.0, hangs_up_at=4.0)}),
            [
                f"200 dial-out {B} CALLING",
                f"200 answer {B} ANSWER",
                f"200 hangup {B} ANSWER bridged 3",
            ],
            id="it calls itself, then B: nothing of the first call",
        ),
        pytest.param(Story(BUSY), [], id="it calls itself, and is busy"),
        pytest.param(
            Story(others={PUBLIC: BUSY}),
            [f"200 dial-out {B} CALLING", f"200 hangup {B} BUSY 0"],
            id="B is busy",
        ),
        pytest.param(
            Story(others={PUBLIC: NEVER}),
            [f"200 dial-out {B} CALLING", f"200 hangup {B} NOANSWER 0"],
            id="B does not answer",
        ),
        pytest.param(
            Story(others={PUBLIC: REJECTS}),
            [f"200 dial-out {B} CALLING", f"200 hangup {B} BUSY 0"],
            id="B refuses",
        ),
        pytest.param(
            Story(LEAVES_AT_5, {PUBLIC: NEVER}),
            [f"200 dial-out {B} CALLING", f"200 hangup {B} CANCEL 0"],
            id="A leaves while B rings",
        ),
        pytest.param(
            Story(order=replace(ORDER, b_side=FORBIDDEN_ONE)),
            ["200 dial-out 100 CALLING", "200 hangup 100 CONGESTION 0"],
            id="B must not be called",
        ),
        pytest.param(
            Story(order=replace(ORDER, b_side=NOBODY)),
            ["200 dial-out 999 CALLING", "200 hangup 999 CONGESTION 0"],
            id="B is nobody",
        ),
        pytest.param(
            Story(order=replace(ORDER, b_side=telephone(BARE))),
            [
                "200 dial-out 204 CALLING",
                "204 dial-in 204 CALLING",
                "200 hangup 204 CHANUNAVAIL 0",
                "204 hangup 204 CHANUNAVAIL 0",
            ],
            id="B is an extension without a telephone",
        ),
        pytest.param(
            Story(others={telephone(CID): GONE}, order=replace(ORDER, b_side=telephone(CID))),
            [
                "200 dial-out 202 CALLING",
                "202 dial-in 202 CALLING",
                "200 hangup 202 CHANUNAVAIL 0",
                "202 hangup 202 CHANUNAVAIL 0",
            ],
            id="B is an extension whose telephone is not there",
        ),
        pytest.param(
            Story(
                FarEnd(answers_at=1.0),
                {PUBLIC: FarEnd(answers_at=1.0, hangs_up_at=3.0)},
                replace(ORDER, a_side=(telephone(CID),)),
            ),
            [
                "200 dial-out 202 CALLING",
                "202 dial-in 202 CALLING",
                "200 answer 202 ANSWER",
                "202 answer 202 ANSWER",
                f"200 dial-out {B} CALLING",
                f"200 answer {B} ANSWER",
                f"200 hangup {B} ANSWER bridged 2",
                "200 hangup 202 ANSWER bridged 3",
                "202 hangup 202 ANSWER bridged 3",
            ],
            id="it connects others",
        ),
        pytest.param(
            Story(
                FarEnd(answers_at=1.0),
                {telephone(DESK): FarEnd(answers_at=1.0, hangs_up_at=2.0)},
                replace(ORDER, a_side=(OTHER,), b_side=telephone(DESK)),
            ),
            [
                f"200 dial-out {C} CALLING",
                f"200 answer {C} ANSWER",
                "200 dial-in 200 CALLING",
                "200 answer 200 ANSWER",
                "200 hangup 200 ANSWER bridged 1",
                f"200 hangup {C} ANSWER bridged 2",
            ],
            id="it is B itself",
        ),
        pytest.param(
            Story(
                FarEnd(answers_at=5.0),
                {
                    telephone(CID): FarEnd(answers_at=2.0),
                    telephone(DOT): NEVER,
                    PUBLIC: FarEnd(answers_at=1.0, hangs_up_at=2.0),
                },
                replace(ORDER, a_side=(telephone(DESK), telephone(CID), telephone(DOT))),
            ),
            [
                "200 dial-out 202 CALLING",
                "202 dial-in 202 CALLING",
                "200 dial-out 203 CALLING",
                "203 dial-in 203 CALLING",
                "200 answer 202 ANSWER",
                "202 answer 202 ANSWER",
                "200 hangup 203 CANCEL 0",
                "203 hangup 203 CANCEL 0",
                f"200 dial-out {B} CALLING",
                f"200 answer {B} ANSWER",
                f"200 hangup {B} ANSWER bridged 1",
                "200 hangup 202 ANSWER bridged 2",
                "202 hangup 202 ANSWER bridged 2",
            ],
            id="several ring together and the losers have their own hangup",
        ),
        pytest.param(
            Story(
                LEAVES_AT_5,
                {
                    PUBLIC: FarEnd(answers_at=1.0, hangs_up_at=20.0),
                    telephone(CID): FarEnd(answers_at=1.0, hangs_up_at=3.0),
                },
                replace(ORDER, transfers=TransferRule(after_a=telephone(CID))),
            ),
            [
                f"200 dial-out {B} CALLING",
                f"200 answer {B} ANSWER",
                "200 dial-out 202 CALLING",
                "202 dial-in 202 CALLING",
                "200 answer 202 ANSWER",
                "202 answer 202 ANSWER",
                "200 hangup 202 ANSWER bridged 2",
                "202 hangup 202 ANSWER bridged 2",
                f"200 hangup {B} ANSWER bridged 6",
            ],
            id="who stays is transferred",
        ),
        pytest.param(
            Story(others={PUBLIC: NEVER}, cancelled_after=4.0),
            [f"200 dial-out {B} CALLING", f"200 hangup {B} CANCEL 0"],
            id="ended by force",
        ),
    ],
)
def test_what_is_told(story: Story, told: list[str]) -> None:
    assert story.tell().lines() == told
    assert story.outbox.last_words == {}
    assert story.wakes >= bool(told)


@pytest.mark.parametrize(
    ("after", "told", "last_word"),
    [
        (2.5, [f"200 dial-out {B} CALLING"], {"CallStatus": "CONGESTION", "Bridged": "no"}),
        (
            4.0,
            [f"200 dial-out {B} CALLING", f"200 answer {B} ANSWER"],
            {"CallStatus": "ANSWER", "Bridged": "yes"},
        ),
    ],
)
def test_a_hangup_is_written_for_the_case_that_the_process_dies(
    after: float, told: list[str], last_word: dict[str, str]
) -> None:
    story = Story(others={PUBLIC: FarEnd(answers_at=1.0)}, dies_after=after).tell()
    kept, last_words = story.seen
    assert story.lines()[: len(kept)] == told
    (event,) = last_words.values()
    form = dict(parse_qsl(event.body.decode()))
    assert (form["EventType"], form["CalledNumber"]) == ("hangup", B)
    assert {name: form[name] for name in last_word} == last_word
    assert "Duration" not in form, "nobody knows it"


def test_a_store_that_is_away_for_a_while_loses_nothing_and_keeps_no_call_waiting() -> None:
    expected = Story(others={PUBLIC: TALKS}).tell()
    with capture_logs() as logs:
        story = Story(others={PUBLIC: TALKS}, outbox=MemoryOutbox(fails=2)).tell()
    assert story.forms == expected.forms
    assert story.outbox.last_words == {}
    assert [log["event"] for log in logs] == ["callback.events_not_written"] * 2


def test_a_store_that_stays_away_costs_the_events_alone() -> None:
    with capture_logs():
        story = Story(others={PUBLIC: TALKS}, outbox=MemoryOutbox(fails=1000)).tell()
    assert story.forms == []
