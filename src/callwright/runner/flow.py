"""Pages and lists of one call: what the primary call and a secondary one have in common."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from callwright.domain.call_control import CallIsOver
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.actions import DeleteFile, wire_name
from callwright.protocol.pages.request import CallInfo, ErrorResult
from callwright.protocol.pages.results import ActionResult
from callwright.runner.actions.delete_file import run_delete_file
from callwright.runner.call_info import call_info
from callwright.runner.concurrency import either
from callwright.runner.context import ActionContext, AskPage, EndCall, GoOn
from callwright.runner.faults import InstanceFault
from callwright.runner.interpreter import run_list
from callwright.runner.next_page import Outcome, Step, resolve
from callwright.runner.page_requests import Answered, Asking, PageKind

Performer = Callable[[], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class FlowPages:
    """Where a call's flow begins and what it falls back on."""

    first: PageAddress | None
    """None: there are no actions of its own."""
    error: PageAddress | None
    final: PageAddress | None


@dataclass(frozen=True, slots=True)
class _NextPage:
    kind: PageKind
    page: PageAddress
    result: ActionResult | None = None


class Flow:
    """Performs the steps of a course; the one who walks it says in which order."""

    def __init__(
        self,
        pages: FlowPages,
        context: ActionContext,
        performers: Mapping[Step, Performer] | None = None,
        *,
        tells_faults: bool = True,
    ) -> None:
        """`performers` are the steps that not every flow has.

        Without `tells_faults` the first fault stays with the flow, for somebody else to tell.
        """
        self._pages = pages
        self._context = context
        self._tells_faults = tells_faults
        self._next = None if pages.first is None else _NextPage(PageKind.FIRST, pages.first)
        self._is_opening = True
        """No page has answered yet, and none has failed: the next answer brings the cipher."""
        self._answer = Answered((), context.base_url)
        self.fault: InstanceFault | None = None
        self.dropped_calls: Callable[[], tuple[CallInfo, ...]] | None = None
        """Set by the one who has any: for the final page, as they are when it is asked."""
        self._performers: dict[Step, Performer] = {
            Step.ASK_PAGE: self.ask_page,
            Step.ASK_APOLOGY_PAGE: self.ask_page,
            Step.RUN_LIST: self._run_list,
            Step.RUN_APOLOGY: self._run_list,
            Step.ASK_ERROR_PAGE: self._ask_error_page,
            Step.HANG_UP: self._hang_up,
            Step.ASK_FINAL_PAGE: self._ask_final_page,
            **(performers or {}),
        }

    async def outcome(self, step: Step) -> Outcome:
        """Perform a step; what goes wrong in it is told and becomes an outcome."""
        try:
            return await self._performers[step]()
        except CallIsOver as over:
            self._context.transcript.info(f"the call{self._context.whose} is over: {over.cause}")
            return Outcome.CALL_ENDED
        except InstanceFault as fault:
            self._take(fault)
        except Exception as bug:  # noqa: BLE001 - one call's bug must not reach the others
            self._take(self._context.desk.reports.bug(bug))
        return Outcome.FAULT

    def go_to(self, page: PageAddress, result: ActionResult | None) -> None:
        """Ask this page next, whatever the list says."""
        self._next = _NextPage(PageKind.NEXT, page, result)

    async def ask_page(self) -> Outcome:
        """Ask the page that is next.

        Raises:
            CallIsOver: nobody is there any more who could be talked to.
            InstanceFault: it has no good answer.

        """
        cause = self._context.call.snapshot().cause
        if cause is not None:
            raise CallIsOver(cause)
        if self._next is None:
            return Outcome.DONE
        self._context.guard.note_request()
        this_call = call_info(self._context.call, self._context.notes)
        asking = Asking(this_call, self._next.result, whose=self._context.whose)
        self._keep(await self._answer_of(self._next, asking))
        if self._is_opening:
            # The first page, or the one that an interrupt put in its place.
            self._is_opening = False
            self._context.whole_call.learn(self._answer.cipher)
        return Outcome.DONE

    async def _answer_of(self, next_page: _NextPage, asking: Asking) -> Answered:
        """Ask a page for as long as there is a call that its answer could matter to."""
        answer, cause = await either(
            self._context.desk.requests.ask(next_page.kind, next_page.page, asking),
            self._context.call.over(),
        )
        if answer is not None:
            return answer
        assert cause is not None, "one of the two has ended"
        raise CallIsOver(cause)

    async def _run_list(self) -> Outcome:
        outcome = await run_list(self._answer.actions, self._context)
        match outcome:
            case GoOn():
                return Outcome.DONE
            case EndCall():
                return Outcome.WANTS_END
            case AskPage():
                self.go_to(resolve(outcome.link, self._answer.base_url), outcome.result)
                return Outcome.WANTS_PAGE
            case _:
                assert_never(outcome)

    async def _ask_error_page(self) -> Outcome:
        self._is_opening = False
        page, fault = self._pages.error, self.fault
        if page is None or fault is None:
            self._keep(Answered((), self._context.base_url))
            return Outcome.DONE
        error = ErrorResult(fault.action, fault.text, fault.code)
        self._keep(await self._ask_quietly(PageKind.ERROR, page, error))
        return Outcome.DONE

    async def _hang_up(self) -> Outcome:
        with suppress(CallIsOver):
            await self._context.call.hang_up()
        return Outcome.DONE

    async def _ask_final_page(self) -> Outcome:
        self._context.whole_call.end()
        page = self._pages.final
        if page is None:
            return Outcome.DONE
        self._keep(await self._ask_quietly(PageKind.FINAL, page))
        for action in self._answer.actions:
            # Only what needs no call is run.
            if isinstance(action, DeleteFile):
                run_delete_file(action, self._context)
            else:
                name = wire_name(action)
                self._context.transcript.warning(
                    f"action {name} of the final page{self._context.whose} is skipped"
                )
        return Outcome.DONE

    async def _ask_quietly(
        self, kind: PageKind, page: PageAddress, error: ErrorResult | None = None
    ) -> Answered:
        """Ask a page whose own faults have no further consequence than a line in the log."""
        dropped = self.dropped_calls() if self.dropped_calls and kind is PageKind.FINAL else None
        this_call = call_info(self._context.call, self._context.notes)
        whose = self._context.whose
        asking = Asking(this_call, error=error, dropped_calls=dropped, whose=whose)
        try:
            return await self._context.desk.requests.ask(kind, page, asking)
        except InstanceFault as fault:
            self._context.transcript.error(f"page {kind}{whose}: {fault.code}: {fault.text}")
            return Answered((), page.url)

    def _keep(self, answer: Answered) -> None:
        self._answer = answer
        self._context.base_url = answer.base_url

    def _take(self, fault: InstanceFault) -> None:
        if self.fault is None:
            self.fault = fault
        self._context.notes.has_failed = True
        if self._tells_faults:
            self._context.desk.reports.report(fault)
