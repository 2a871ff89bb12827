"""The course of an instance, and which URL a page means."""

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.media import PageLink
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import (
    MAX_IDLE_REQUESTS,
    PRIMARY_COURSE,
    SECONDARY_COURSE,
    Course,
    Outcome,
    RedirectGuard,
    Step,
    can_be_interrupted,
    may_see_credentials,
    next_step,
    printable_url,
    resolve,
)

COURSES = (PRIMARY_COURSE, SECONDARY_COURSE)
LEGAL = [
    (course, step, outcome, after)
    for course in COURSES
    for step, arrows in course.items()
    for outcome, after in arrows.items()
]
ILLEGAL = [
    (course, step, outcome)
    for course in COURSES
    for step in Step
    for outcome in Outcome
    if outcome not in course.get(step, {})
]


@pytest.mark.parametrize(("course", "step", "outcome", "after"), LEGAL)
def test_follows_every_arrow(course: Course, step: Step, outcome: Outcome, after: Step) -> None:
    assert next_step(course, step, outcome) is after


@pytest.mark.parametrize(("course", "step", "outcome"), ILLEGAL)
def test_refuses_everything_else(course: Course, step: Step, outcome: Outcome) -> None:
    with pytest.raises(IllegalTransition, match=f"{outcome} while {step}"):
        next_step(course, step, outcome)


def reached_from(course: Course, *begin: Step) -> set[Step]:
    reached = set(begin)
    while further := {step for at in reached for step in course[at].values()} - reached:
        reached |= further
    return reached


@pytest.mark.parametrize("course", COURSES)
def test_a_fault_never_leads_to_the_error_page_twice(course: Course) -> None:
    after_error = reached_from(course, Step.ASK_ERROR_PAGE)
    assert after_error.isdisjoint({Step.ASK_PAGE, Step.RUN_LIST, Step.WAIT_FOR_ANSWER})
    assert [s for s in after_error if Step.ASK_ERROR_PAGE in course[s].values()] == []


@pytest.mark.parametrize("course", COURSES)
def test_every_way_ends(course: Course) -> None:
    assert [step for step in course if Step.OVER not in reached_from(course, step)] == []


@pytest.mark.parametrize("course", COURSES)
def test_every_step_can_be_reached(course: Course) -> None:
    begin = next(step for step in (Step.WAIT_FOR_ANSWER, Step.ASK_PAGE) if step in course)
    assert reached_from(course, begin) == set(course)


def test_what_ends_a_call_cannot_be_interrupted() -> None:
    assert [step for step in PRIMARY_COURSE if not can_be_interrupted(step)] == [
        Step.HANG_UP,
        Step.ASK_FINAL_PAGE,
        Step.OVER,
    ]


BASE = "http://example.com/ivr/first?x=1"
RESOLVED = [
    ("next", "http://example.com/ivr/next"),
    ("./next", "http://example.com/ivr/next"),
    ("../next", "http://example.com/next"),
    ("/next", "http://example.com/next"),
    ("?y=2", "http://example.com/ivr/first?y=2"),
    ("//other/x", "http://other/x"),
    ("https://other/x", "https://other/x"),
]


@pytest.mark.parametrize(("url", "resolved"), RESOLVED)
def test_resolves_a_relative_url(url: str, resolved: str) -> None:
    assert resolve(PageLink(url, "GET"), BASE) == PageAddress(resolved, "GET")


CREDENTIALS = [
    ("http://a/x", "http://a/first", True),
    ("https://a/x", "http://a/first", True),
    ("http://A:8080/x", "http://a/first", True),
    ("http://a/x", "https://a/first", False),
    ("http://b/x", "http://a/first", False),
    ("http://a.b/x", "http://a/first", False),
    ("http://a@b/x", "http://a/first", False),
]


@pytest.mark.parametrize(("url", "first", "may"), CREDENTIALS)
def test_credentials_stay_with_their_host(url: str, first: str, *, may: bool) -> None:
    assert may_see_credentials(url, first) is may


PRINTED = [
    ("http://a:8080/x?y=1", "http://a:8080/x?y=1"),
    ("http://me:secret@a/x", "http://***@a/x"),
    ("relative", "relative"),
]


@pytest.mark.parametrize(("url", "printed"), PRINTED)
def test_prints_a_url_without_its_password(url: str, printed: str) -> None:
    assert printable_url(url) == printed


NO_URLS = ["http://[::1/x", "http://h]/x", "//[x", "http://\u2100.example/"]


@pytest.mark.parametrize("url", NO_URLS)
def test_what_is_no_url_leads_nowhere_and_is_not_shown(url: str) -> None:
    for link, base in ((url, BASE), ("next", url)):
        with pytest.raises(
            InstanceFault, match="was expected to be an http or https URL"
        ) as caught:
            resolve(PageLink(link), base)
        assert caught.value.code is FaultCode.INVALID_RESPONSE
    assert not may_see_credentials(url, url)
    assert printable_url(url) == "an unreadable address"


@pytest.mark.parametrize("port", ["x", "99999", "-1", "\u0663", ""])
def test_a_port_that_is_none_is_for_the_one_who_asks_to_refuse(port: str) -> None:
    url = f"http://h:{port}/x"
    assert resolve(PageLink(url), BASE).url == url
    assert not may_see_credentials(url, BASE)
    assert printable_url(url) == url


def test_the_guard_lets_a_hundred_idle_requests_pass() -> None:
    guard = RedirectGuard()
    for _ in range(MAX_IDLE_REQUESTS):
        guard.note_request()
        guard.note_action(0.01)
    with pytest.raises(InstanceFault) as caught:
        guard.note_request()
    assert caught.value.code is FaultCode.TOO_MANY_REQUESTS


def test_an_action_that_takes_time_starts_the_count_again() -> None:
    guard = RedirectGuard()
    for _ in range(3 * MAX_IDLE_REQUESTS):
        guard.note_request()
        guard.note_action(0.5)
