"""Asks the pages of one instance, one after the other, and keeps its token."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from callwright.domain.cipher import Cipher
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink, PageAnswered
from callwright.domain.instance import RestInstance
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.actions import Action, PageAnswer, wire_name
from callwright.protocol.pages.errors import BadAnswer, FaultCode
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from callwright.protocol.pages.parse import parse_answer
from callwright.protocol.pages.request import (
    CallInfo,
    ErrorResult,
    InstanceInfo,
    print_instance_info,
)
from callwright.protocol.pages.results import ActionResult, Transcribed
from callwright.runner.ciphers import call_cipher
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
    cipher: Cipher | None = None
    """For the recording of the whole call, if the page gave one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What one page is asked with."""

    this_call: CallInfo
    result: ActionResult | None = None
    error: ErrorResult | None = None
    dropped_calls: tuple[CallInfo, ...] | None = None
    """Of the final page of a secondary call."""
    whose: str = ""
    """For the REST log, where it is not the primary call's page."""


class PageRequests:
    """The conversation of one instance with its web application, for all of its calls (A-79)."""

    def __init__(
        self,
        *,
        instance: RestInstance,
        pages: PageFetcher,
        transcript: Transcript,
        facts: FactSink,
        clock: Clock,
    ) -> None:
        """Begin with the token that the service start gave."""
        self._instance = instance
        self._pages = pages
        self._transcript = transcript
        self._facts = facts
        self._clock = clock
        self._token = instance.token

    async def ask(self, kind: PageKind, page: PageAddress, asking: Asking) -> Answered:
        """Ask one page.

        Raises:
            InstanceFault: there is no answer, or none that could be run.

        """
        info = self._info(asking)
        shown = f"page {kind}{asking.whose}"
        self._transcript.info(f"{shown}: {page.method} {printable_url(page.url)}")
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
            self._transcript.warning(f"{shown}: {warning}")
        self._transcript.info(
            f"{shown}: {status}, {len(response.body)} bytes, {response.seconds:.3f} s: "
            + (", ".join(names) or "no actions")
        )
        self._tell(kind, page, status, actions=names[:_TOLD_ACTIONS])
        self._token = answer.token
        return Answered(answer.actions, response.url, call_cipher(answer.call_recording_cipher))

    async def notify(self, page: PageAddress, result: ActionResult) -> int:
        """Tell a notification page of a result once, and return the HTTP status of its answer.

        Raises:
            InstanceFault: there was none.

        """
        info = self._info(None, result)
        if isinstance(result, Transcribed):
            # Published: the token is empty there.
            info = replace(info, token="")
        # Whoever notifies counts the attempts himself.
        response = await self.fetch(page, info, asks_again=False)
        return response.http_status

    async def fetch(
        self, page: PageAddress, info: InstanceInfo, *, asks_again: bool = True
    ) -> PageResponse:
        """Send a document, with the credentials if they are meant for that host."""
        application = self._instance.application
        is_trusted = may_see_credentials(page.url, application.first_page.url)
        try:
            return await self._pages.fetch(
                page,
                body=print_instance_info(info),
                credentials=application.credentials if is_trusted else None,
                asks_again=asks_again,
            )
        except PageUnreachable as fault:
            raise InstanceFault(FaultCode.PAGE_REQUEST_FAILED, str(fault)) from fault

    def _info(self, asking: Asking | None, result: ActionResult | None = None) -> InstanceInfo:
        return InstanceInfo(
            application_instance_id=self._instance.instance_id,
            token=self._token,
            log_filename=self._instance.log_filename,
            api_version=self._instance.application.api_version,
            this_call=None if asking is None else asking.this_call,
            action_result=result if asking is None else asking.result,
            error_result=None if asking is None else asking.error,
            dropped_calls=None if asking is None else asking.dropped_calls,
        )

    def _read(self, page: PageAddress, response: PageResponse) -> PageAnswer:
        if response.http_status not in GOOD_STATUSES:
            raise InstanceFault(
                FaultCode.PAGE_REQUEST_FAILED,
                # Not the response's URL: that of a GET holds the whole document.
                f"{printable_url(page.url)} answered with HTTP status {response.http_status}",
            )
        is_blank = len(response.body) <= MAX_ANSWER_BYTES and not response.body.strip()
        if response.http_status == _NO_CONTENT or is_blank:
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
