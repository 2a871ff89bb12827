"""When an event is tried again: the table of section 10.3."""

import pytest

from callwright.scheduler.webhooks.plan import Verdict, pause_after, verdict


@pytest.mark.parametrize(
    ("http_status", "judged"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (299, Verdict.TAKEN),
        (100, Verdict.FAILED),
        (199, Verdict.FAILED),
        (300, Verdict.FAILED),
        (302, Verdict.FAILED),
        (308, Verdict.FAILED),
        (404, Verdict.FAILED),
        (409, Verdict.FAILED),
        (410, Verdict.GONE),
        (411, Verdict.FAILED),
        (500, Verdict.FAILED),
        (None, Verdict.FAILED),
    ],
)
def test_an_answer_is_judged_by_its_status(http_status: int | None, judged: Verdict) -> None:
    assert verdict(http_status) is judged


PLAN = [10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, None]


def test_the_plan_is_the_published_one() -> None:
    pauses = [pause_after(Verdict.FAILED, tries_before=n) for n in range(len(PLAN))]
    assert pauses == PLAN


@pytest.mark.parametrize("judged", [Verdict.TAKEN, Verdict.GONE])
@pytest.mark.parametrize("tries", range(len(PLAN)))
def test_what_was_taken_or_is_gone_is_not_tried_again(judged: Verdict, tries: int) -> None:
    assert pause_after(judged, tries_before=tries) is None


def test_more_tries_than_the_plan_has_end_too() -> None:
    assert pause_after(Verdict.FAILED, tries_before=len(PLAN) + 5) is None
