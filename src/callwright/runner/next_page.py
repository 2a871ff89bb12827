"""Which page is next: first, next, final or error page, and what comes when there is none.

The course of a call's flow is a table over its steps; sections 1.3 to 1.8 of the page protocol in
one place. Whoever walks it performs a step, says what came of it and looks up the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin, urlsplit

from callwright.domain.outbound_service import PageAddress
from callwright.domain.transitions import follow
from callwright.protocol.pages.errors import FaultCode, quoted
from callwright.protocol.pages.media import PageLink
from callwright.runner.faults import InstanceFault

MAX_IDLE_REQUESTS: Final = 100
"""Page requests without an action in between that takes time (A-53)."""

TIME_THAT_COUNTS: Final = 0.1
"""Seconds. What ends sooner took no time for whoever is on the phone, and a web application
that answers in a millisecond could go on like that for ever."""

UNREADABLE: Final = "an unreadable address"
"""What logs say instead of a URL that is none."""


class Step(StrEnum):
    """What a call's flow is busy with."""

    WAIT_FOR_ANSWER = "wait for the answer"
    CLASSIFY = "find out what answered"
    ASK_PAGE = "ask the first or a next page"
    RUN_LIST = "run its actions"
    JOIN = "join it to the primary call"
    ASK_ERROR_PAGE = "ask the error page"
    RUN_APOLOGY = "run the error page's actions"
    ASK_APOLOGY_PAGE = "ask a next page of those"
    HANG_UP = "hang up"
    ASK_FINAL_PAGE = "ask the final page"
    OVER = "over"


class Outcome(StrEnum):
    """What came of a step."""

    DONE = "done"
    WANTS_PAGE = "wants a page"
    WANTS_END = "wants the call to end"
    CALL_ENDED = "call ended"
    FAULT = "fault"
    INTERRUPTED = "interrupted"
    """From outside, for good."""
    REDIRECTED = "redirected"
    """From outside, to another page."""


Course = Mapping[Step, Mapping[Outcome, Step]]

_ENDING: Final[Course] = {
    # From here on a fault asks no error page again.
    Step.ASK_ERROR_PAGE: {
        Outcome.DONE: Step.RUN_APOLOGY,
        Outcome.FAULT: Step.HANG_UP,
    },
    Step.RUN_APOLOGY: {
        Outcome.DONE: Step.HANG_UP,
        Outcome.WANTS_PAGE: Step.ASK_APOLOGY_PAGE,
        Outcome.WANTS_END: Step.HANG_UP,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.HANG_UP,
    },
    Step.ASK_APOLOGY_PAGE: {
        Outcome.DONE: Step.RUN_APOLOGY,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.HANG_UP,
    },
    Step.HANG_UP: {
        Outcome.DONE: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_FINAL_PAGE,
    },
    Step.ASK_FINAL_PAGE: {
        Outcome.DONE: Step.OVER,
        Outcome.FAULT: Step.OVER,
    },
    Step.OVER: {},
}
"""How every call's flow ends. A call that ends in the middle of a list asks no next page (A-05)."""

_INTERRUPTS: Final[Mapping[Step, Mapping[Outcome, Step]]] = {
    # Nobody is there to talk to yet: the page that was given is asked after the answer.
    Step.WAIT_FOR_ANSWER: {
        Outcome.INTERRUPTED: Step.HANG_UP,
        Outcome.REDIRECTED: Step.WAIT_FOR_ANSWER,
    },
    Step.CLASSIFY: {Outcome.INTERRUPTED: Step.HANG_UP, Outcome.REDIRECTED: Step.ASK_PAGE},
    Step.ASK_PAGE: {Outcome.INTERRUPTED: Step.HANG_UP, Outcome.REDIRECTED: Step.ASK_PAGE},
    Step.RUN_LIST: {Outcome.INTERRUPTED: Step.HANG_UP, Outcome.REDIRECTED: Step.ASK_PAGE},
    Step.ASK_ERROR_PAGE: {
        Outcome.INTERRUPTED: Step.HANG_UP,
        Outcome.REDIRECTED: Step.ASK_APOLOGY_PAGE,
    },
    Step.RUN_APOLOGY: {
        Outcome.INTERRUPTED: Step.HANG_UP,
        Outcome.REDIRECTED: Step.ASK_APOLOGY_PAGE,
    },
    Step.ASK_APOLOGY_PAGE: {
        Outcome.INTERRUPTED: Step.HANG_UP,
        Outcome.REDIRECTED: Step.ASK_APOLOGY_PAGE,
    },
}
"""What an interrupt from outside does (A-73); a call that is being ended has no row."""

_WITHOUT_INTERRUPTS: Final[Course] = {
    **_ENDING,
    Step.WAIT_FOR_ANSWER: {
        Outcome.DONE: Step.CLASSIFY,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_ERROR_PAGE,
    },
    Step.CLASSIFY: {
        Outcome.DONE: Step.ASK_PAGE,
        Outcome.WANTS_END: Step.HANG_UP,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_ERROR_PAGE,
    },
    Step.ASK_PAGE: {
        Outcome.DONE: Step.RUN_LIST,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_ERROR_PAGE,
    },
    Step.RUN_LIST: {
        Outcome.DONE: Step.HANG_UP,
        Outcome.WANTS_PAGE: Step.ASK_PAGE,
        Outcome.WANTS_END: Step.HANG_UP,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_ERROR_PAGE,
    },
}

PRIMARY_COURSE: Final[Course] = {
    step: {**arrows, **_INTERRUPTS.get(step, {})} for step, arrows in _WITHOUT_INTERRUPTS.items()
}
"""Of the call that an instance began with. An inbound one begins at its first page."""

SECONDARY_COURSE: Final[Course] = {
    **_ENDING,
    Step.ASK_PAGE: {
        Outcome.DONE: Step.RUN_LIST,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_ERROR_PAGE,
    },
    Step.RUN_LIST: {
        Outcome.DONE: Step.JOIN,
        Outcome.WANTS_PAGE: Step.ASK_PAGE,
        Outcome.WANTS_END: Step.HANG_UP,
        Outcome.CALL_ENDED: Step.ASK_FINAL_PAGE,
        Outcome.FAULT: Step.ASK_ERROR_PAGE,
    },
    Step.JOIN: {
        Outcome.DONE: Step.HANG_UP,
    },
}
"""Of a call that `connect` made, once it is answered; one without a first page begins at `JOIN`."""


def next_step(course: Course, step: Step, outcome: Outcome) -> Step:
    """Follow one arrow of a table.

    Raises:
        IllegalTransition: the table has no such arrow.

    """
    return follow(course, step, outcome)


def can_be_interrupted(step: Step) -> bool:
    """Say whether an interrupt from outside still changes anything."""
    return Outcome.INTERRUPTED in PRIMARY_COURSE[step]


def resolve(link: PageLink, base_url: str) -> PageAddress:
    """Find what a link means in an answer that came from `base_url`: RFC 3986 5.2 (A-09).

    Raises:
        InstanceFault: together they are no URL; whoever reads an answer refuses most of those.

    """
    try:
        return PageAddress(urljoin(base_url, link.url), link.method)
    except ValueError:
        # Not the base, which holds the whole document where the page was asked with GET.
        raise InstanceFault(
            FaultCode.INVALID_RESPONSE,
            f"{quoted(link.url)} was expected to be an http or https URL, or one relative to its "
            "page's",
        ) from None


def may_see_credentials(url: str, first_page_url: str) -> bool:
    """Whether credentials go to this URL.

    They go to the first page's host alone (A-10), and never in clear when that page is asked
    over TLS. Nor do they go to what is no URL.
    """
    try:
        asked, first = urlsplit(url), urlsplit(first_page_url)
    except ValueError:
        return False
    is_downgrade = first.scheme == "https" and asked.scheme != "https"
    return asked.hostname == first.hostname and not is_downgrade


def printable_url(url: str) -> str:
    """Print a URL for a log: a user name and password in it are left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        # Where a name ends cannot be told here, so nothing of it is shown.
        return UNREADABLE
    _, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"***@{host}").geturl() if at else url


@dataclass(slots=True)
class RedirectGuard:
    """Ends an instance that only ever goes from page to page."""

    _requests: int = 0

    def note_request(self) -> None:
        """Count one page request.

        Raises:
            InstanceFault: it is one too many.

        """
        self._requests += 1
        if self._requests > MAX_IDLE_REQUESTS:
            raise InstanceFault(
                FaultCode.TOO_MANY_REQUESTS,
                f"more than {MAX_IDLE_REQUESTS} pages were asked without an action between them "
                "that takes time",
            )

    def note_action(self, seconds: float) -> None:
        """Take note of an action and how long it lasted."""
        if seconds >= TIME_THAT_COUNTS:
            self._requests = 0
