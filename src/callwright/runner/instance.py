"""One application instance: pages say what to do, actions do it, the next page is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, assert_never

import structlog

from callwright.domain.call_control import CallControl, CallIsOver
from callwright.domain.clock import Clock
from callwright.domain.errors import IllegalTransition
from callwright.domain.facts import ErrorReported, FactSink, InstanceStopped
from callwright.domain.instance import RestInstance
from callwright.domain.invocation import ExitStatus
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.actions import PageLink, wire_name
from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.request import ErrorResult
from callwright.protocol.pages.results import ActionResult
from callwright.runner.context import ActionContext
from callwright.runner.faults import InstanceFault
from callwright.runner.interpreter import run_list
from callwright.runner.next_page import Outcome, RedirectGuard, Step, next_step, resolve
from callwright.runner.notifications import notify
from callwright.runner.page_requests import Answered, PageKind, PageRequests
from callwright.runner.ports import MediaStore, PageFetcher, RestLogs, Speech
from callwright.runner.transcript import Transcript

NOTIFICATION_PATIENCE: Final = 40.0
"""Seconds that notifications have after the final page: all pauses between their attempts, and
some. Whoever does not listen that long is not told."""

_log = structlog.get_logger()


class InstanceRun:
    """Runs one instance on one call, from waiting for the answer to the final page."""

    def __init__(
        self,
        *,
        instance: RestInstance,
        call: CallControl,
        pages: PageFetcher,
        speech: Speech,
        media: MediaStore,
        logs: RestLogs,
        facts: FactSink,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take what the instance needs; `finish` closes `pages`.

        `pause` waits between the attempts to tell a notification page.
        """
        self._instance = instance
        self._call = call
        self._pages = pages
        self._facts = facts
        self._clock = clock
        self._pause = pause
        self._transcript = Transcript(
            logs, account_id=instance.account_id, filename=instance.log_filename, clock=clock
        )
        self._requests = PageRequests(
            instance=instance,
            call=call,
            pages=pages,
            transcript=self._transcript,
            facts=facts,
            clock=clock,
        )
        self._context = ActionContext(
            instance=instance,
            call=call,
            speech=speech,
            media=media,
            transcript=self._transcript,
            facts=facts,
            clock=clock,
            notify=self._notify,
        )
        self._guard = RedirectGuard()
        self._kind = PageKind.FIRST
        self._page = instance.application.first_page
        self._result: ActionResult | None = None
        self._answer = Answered((), self._page.url)
        self._fault: InstanceFault | None = None
        self._exit_status = ExitStatus.NORMAL
        self._notifications: set[asyncio.Task[None]] = set()

    async def run(self) -> int:
        """Run to the end and return the exit status; remote faults are told, never raised.

        `finish` comes after it: notifications may still be on their way.
        """
        self._transcript.info(f"instance {self._instance.instance_id} started")
        step = Step.WAIT_FOR_ANSWER
        while step is not Step.OVER:
            step = next_step(step, await self._outcome(step))
        self._transcript.info(f"instance ended with exit status {self._exit_status}")
        self._facts.tell(InstanceStopped(self._clock.unix_time(), self._exit_status))
        return self._exit_status

    async def finish(self) -> None:
        """Wait a while for notifications, which may outlive the instance, and let go."""
        try:
            if self._notifications:
                await asyncio.wait(self._notifications, timeout=NOTIFICATION_PATIENCE)
        finally:
            await self._let_go()

    async def _outcome(self, step: Step) -> Outcome:
        try:
            return await self._perform(step)
        except CallIsOver as over:
            self._transcript.info(f"the call is over: {over.cause}")
            return Outcome.CALL_ENDED
        except InstanceFault as fault:
            self._report(fault)
        except Exception as bug:  # noqa: BLE001 - one call's bug must not reach the others
            self._report(self._bug(bug))
        return Outcome.FAULT

    async def _perform(self, step: Step) -> Outcome:
        match step:
            case Step.WAIT_FOR_ANSWER:
                return await self._wait_for_answer()
            case Step.ASK_PAGE | Step.ASK_APOLOGY_PAGE:
                return await self._ask_page()
            case Step.RUN_LIST | Step.RUN_APOLOGY:
                return await self._run_list()
            case Step.ASK_ERROR_PAGE:
                return await self._ask_error_page()
            case Step.HANG_UP:
                return await self._hang_up()
            case Step.ASK_FINAL_PAGE:
                return await self._ask_final_page()
            case Step.OVER:
                raise IllegalTransition("an instance that is over has no step to perform")
            case _:
                assert_never(step)

    async def _wait_for_answer(self) -> Outcome:
        await self._call.answered()
        self._transcript.info("the call is answered")
        return Outcome.DONE

    async def _ask_page(self) -> Outcome:
        snapshot = self._call.snapshot()
        if snapshot.cause is not None:
            raise CallIsOver(snapshot.cause)
        self._guard.note_request()
        self._answer = await self._requests.ask(self._kind, self._page, result=self._result)
        return Outcome.DONE

    async def _run_list(self) -> Outcome:
        ask = await run_list(self._answer.actions, self._context, self._guard)
        if ask is None:
            return Outcome.DONE
        self._kind = PageKind.NEXT
        self._page = resolve(ask.link, self._answer.base_url)
        self._result = ask.result
        return Outcome.WANTS_PAGE

    async def _ask_error_page(self) -> Outcome:
        page = self._instance.application.error_page
        if page is None or self._fault is None:
            self._answer = Answered((), self._page.url)
            return Outcome.DONE
        error = ErrorResult(self._fault.action, self._fault.text, self._fault.code)
        self._answer = await self._ask_quietly(PageKind.ERROR, page, error)
        return Outcome.DONE

    async def _hang_up(self) -> Outcome:
        with suppress(CallIsOver):
            await self._call.hang_up()
        return Outcome.DONE

    async def _ask_final_page(self) -> Outcome:
        page = self._instance.application.final_page
        if page is None:
            return Outcome.DONE
        answer = await self._ask_quietly(PageKind.FINAL, page)
        for action in answer.actions:
            # Nothing that this release runs does without a call.
            self._transcript.warning(f"action {wire_name(action)} of the final page is skipped")
        return Outcome.DONE

    async def _ask_quietly(
        self, kind: PageKind, page: PageAddress, error: ErrorResult | None = None
    ) -> Answered:
        """Ask a page whose own faults have no further consequence than a line in the log."""
        try:
            return await self._requests.ask(
                kind, page, error=error, has_failed=self._fault is not None
            )
        except InstanceFault as fault:
            self._transcript.error(f"page {kind}: {fault.code}: {fault.text}")
            return Answered((), page.url)

    def _report(self, fault: InstanceFault) -> None:
        where = f"{fault.action}: " if fault.action else ""
        self._transcript.error(f"{where}{fault.code}: {fault.text}")
        self._facts.tell(
            ErrorReported(self._clock.unix_time(), fault.error_code, f"{where}{fault.text}")
        )
        if self._fault is None:
            self._fault = fault
            self._exit_status = fault.exit_status

    def _bug(self, bug: Exception) -> InstanceFault:
        """Log where our own code failed; what it says may hold a caller's data and stays out."""
        trace = bug.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        _log.error(
            "instance.bug",
            instance_id=self._instance.instance_id,
            error=type(bug).__name__,
            place=place,
        )
        return InstanceFault(
            FaultCode.INTERNAL_ERROR, "an internal error ended the application instance"
        )

    def _notify(self, link: PageLink, result: ActionResult) -> None:
        handle = asyncio.create_task(
            self._tell_notification_page(resolve(link, self._answer.base_url), result)
        )
        self._notifications.add(handle)
        handle.add_done_callback(self._notifications.discard)

    async def _tell_notification_page(self, page: PageAddress, result: ActionResult) -> None:
        try:
            await notify(
                page,
                result,
                requests=self._requests,
                transcript=self._transcript,
                pause=self._pause,
            )
        except Exception as bug:  # noqa: BLE001 - a notification never touches the flow
            self._bug(bug)

    async def _let_go(self) -> None:
        left = set(self._notifications)
        for handle in left:
            handle.cancel()
        if left:
            self._transcript.warning(f"{len(left)} notifications were given up")
            await asyncio.wait(left)
        await self._pages.close()
