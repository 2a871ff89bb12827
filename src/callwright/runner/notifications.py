"""Notification pages: told of something beside the flow, and never able to steer it."""

from collections.abc import Awaitable, Callable
from typing import Final

from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.results import ActionResult
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import printable_url
from callwright.runner.page_requests import PageRequests
from callwright.runner.transcript import Transcript

RETRY_PAUSES: Final = (1.0, 5.0, 25.0)
"""Seconds before each further attempt, on a network error or a 5xx (A-14)."""

_SERVER_ERRORS: Final = range(500, 600)


async def notify(
    page: PageAddress,
    result: ActionResult,
    *,
    requests: PageRequests,
    transcript: Transcript,
    pause: Callable[[float], Awaitable[None]],
) -> None:
    """Tell a page, and try again for a while when it does not listen."""
    shown = f"notification {page.method} {printable_url(page.url)}"
    for wait in (*RETRY_PAUSES, None):
        try:
            status = await requests.notify(page, result)
        except InstanceFault as fault:
            problem = fault.text
        else:
            if status not in _SERVER_ERRORS:
                transcript.info(f"{shown}: {status}")
                return
            problem = f"HTTP status {status}"
        if wait is None:
            transcript.error(f"{shown}: {problem}; given up")
            return
        transcript.warning(f"{shown}: {problem}; again in {wait:g} s")
        await pause(wait)
