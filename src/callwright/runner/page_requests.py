"""Asks the pages of one instance, one after the other, and keeps its token."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.call_control import CallControl, CallSnapshot
from callwright.domain.causes import CallCause
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink, PageAnswered
from callwright.domain.instance import RestInstance
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.actions import Action, PageAnswer, wire_name
from callwright.protocol.pages.errors import BadAnswer, FaultCode
from callwright.protocol.pages.parse import parse_answer
from callwright.protocol.pages.request import (
    CallInfo,
    ErrorResult,
    InstanceInfo,
    print_instance_info,
)
from callwright.protocol.pages.results import ActionResult
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import may_see_credentials, printable_url
from callwright.runner.ports import PageFetcher, PageResponse, PageUnreachable
from callwright.runner.transcript import Transcript

GOOD_STATUSES: Final = range(200, 300)
"""A-16."""

_NO_CONTENT: Final = 204

_TOLD_ACTIONS: Final = 100
"""Names in one fact: more than a person watching would read."""


class PageKind(StrEnum):
    """What a page is to the instance; the words of `PageAnswered`."""

    FIRST = "first"
    NEXT = "next"
    ERROR = "error"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Answered:
    """A good answer, and what its relative URLs are relative to."""

    actions: tuple[Action, ...]
    base_url: str


class PageRequests:
    """The conversation of one instance with its web application."""

    def __init__(
        self,
        *,
        instance: RestInstance,
        call: CallControl,
        pages: PageFetcher,
        transcript: Transcript,
        facts: FactSink,
        clock: Clock,
    ) -> None:
        """Begin with the token that the service start gave."""
        self._instance = instance
        self._call = call
        self._pages = pages
        self._transcript = transcript
        self._facts = facts
        self._clock = clock
        self._token = instance.start.token

    async def ask(
        self,
        kind: PageKind,
        page: PageAddress,
        *,
        result: ActionResult | None = None,
        error: ErrorResult | None = None,
        has_failed: bool = False,
    ) -> Answered:
        """Ask one page.

        `has_failed` says that an error ended the instance: the call that we hung up for it
        counts as failed (A-20).

        Raises:
            InstanceFault: there is no answer, or none that could be run.

        """
        this_call = call_info(self._instance, self._call.snapshot(), has_failed=has_failed)
        info = self._info(this_call, result, error)
        self._transcript.info(f"page {kind}: {page.method} {printable_url(page.url)}")
        status: int | None = None
        try:
            response = await self.fetch(page, info)
            status = response.http_status
            answer = self._read(page, response)
        except InstanceFault as fault:
            self._tell(kind, page, status, problem=fault.text)
            raise
        names = tuple(wire_name(action) for action in answer.actions)
        for warning in answer.warnings:
            self._transcript.warning(f"page {kind}: {warning}")
        self._transcript.info(
            f"page {kind}: {status}, {len(response.body)} bytes, {response.seconds:.3f} s: "
            + (", ".join(names) or "no actions")
        )
        self._tell(kind, page, status, actions=names[:_TOLD_ACTIONS])
        self._token = answer.token
        return Answered(answer.actions, response.url)

    async def notify(self, page: PageAddress, result: ActionResult) -> int:
        """Tell a notification page of a result, and return the HTTP status of its answer.

        Raises:
            InstanceFault: there was none.

        """
        response = await self.fetch(page, self._info(None, result, None))
        return response.http_status

    async def fetch(self, page: PageAddress, info: InstanceInfo) -> PageResponse:
        """Send a document, with the credentials if they are meant for that host."""
        application = self._instance.application
        is_trusted = may_see_credentials(page.url, application.first_page.url)
        try:
            return await self._pages.fetch(
                page,
                body=print_instance_info(info),
                credentials=application.credentials if is_trusted else None,
            )
        except PageUnreachable as fault:
            raise InstanceFault(FaultCode.PAGE_REQUEST_FAILED, str(fault)) from fault

    def _info(
        self, this_call: CallInfo | None, result: ActionResult | None, error: ErrorResult | None
    ) -> InstanceInfo:
        return InstanceInfo(
            application_instance_id=self._instance.instance_id,
            token=self._token,
            log_filename=self._instance.log_filename,
            api_version=self._instance.application.api_version,
            this_call=this_call,
            action_result=result,
            error_result=error,
        )

    def _read(self, page: PageAddress, response: PageResponse) -> PageAnswer:
        if response.http_status not in GOOD_STATUSES:
            raise InstanceFault(
                FaultCode.PAGE_REQUEST_FAILED,
                # Not the response's URL: that of a GET holds the whole document.
                f"{printable_url(page.url)} answered with HTTP status {response.http_status}",
            )
        if response.http_status == _NO_CONTENT or not response.body.strip():
            # An empty answer is an empty list, and leaves the token as it was.
            return PageAnswer((), self._token, None)
        try:
            return parse_answer(response.body, api_version=self._instance.application.api_version)
        except BadAnswer as error:
            raise InstanceFault(error.code, error.text, action=error.action) from error

    def _tell(
        self,
        kind: PageKind,
        page: PageAddress,
        http_status: int | None,
        *,
        actions: tuple[str, ...] = (),
        problem: str = "",
    ) -> None:
        at = self._clock.unix_time()
        self._facts.tell(
            PageAnswered(at, kind, printable_url(page.url), http_status, actions, problem)
        )


def call_info(instance: RestInstance, call: CallSnapshot, *, has_failed: bool) -> CallInfo:
    """Describe the call as pages are told of it: numbers without their prefix."""
    cause = None if call.cause is None else call.cause.call_cause
    if has_failed and cause is CallCause.COMPLETED:
        cause = CallCause.FAILED
    return CallInfo(
        call_id=call.call_id,
        call_from=instance.start.caller_id,
        call_to=instance.destination_address.removeprefix("tel:"),
        call_state=call.state,
        duration=call.duration,
        application_parameters=instance.application.application_parameters,
        outbound_parameters=instance.start.outbound_parameters,
        call_cause=cause,
        call_raw_cause=None if call.cause is None else str(call.cause.raw_cause),
    )
