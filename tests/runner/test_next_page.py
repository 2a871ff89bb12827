"""The course of an instance, and which URL a page means."""

import pytest

from callwright.domain.errors import IllegalTransition
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.actions import PageLink
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import (
    COURSE,
    MAX_IDLE_REQUESTS,
    Outcome,
    RedirectGuard,
    Step,
    may_see_credentials,
    next_step,
    printable_url,
    resolve,
)

LEGAL = [(step, outcome, after) for step in Step for outcome, after in COURSE[step].items()]
ILLEGAL = [(step, outcome) for step in Step for outcome in Outcome if outcome not in COURSE[step]]


@pytest.mark.parametrize(("step", "outcome", "after"), LEGAL)
def test_follows_every_arrow(step: Step, outcome: Outcome, after: Step) -> None:
    assert next_step(step, outcome) is after


@pytest.mark.parametrize(("step", "outcome"), ILLEGAL)
def test_refuses_everything_else(step: Step, outcome: Outcome) -> None:
    with pytest.raises(IllegalTransition, match=f"{outcome} while to {step}"):
        next_step(step, outcome)


def test_a_fault_never_leads_to_the_error_page_twice() -> None:
    after_error = {Step.ASK_ERROR_PAGE}
    while True:
        further = {step for at in after_error for step in COURSE[at].values()} | after_error
        if further == after_error:
            break
        after_error = further
    assert after_error.isdisjoint({Step.ASK_PAGE, Step.RUN_LIST, Step.WAIT_FOR_ANSWER})
    assert [s for s in after_error if Step.ASK_ERROR_PAGE in COURSE[s].values()] == []


def test_every_way_ends() -> None:
    ends = {Step.OVER}
    while True:
        further = {step for step in Step if ends & set(COURSE[step].values())} | ends
        if further == ends:
            break
        ends = further
    assert ends == set(Step)


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
