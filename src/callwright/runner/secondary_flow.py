"""The flow of a secondary call: its own pages and actions, before and after it is joined."""

from collections.abc import Callable

from callwright.domain.call_control import CallControl, RecordingMode
from callwright.domain.outbound_service import PageAddress, WholeCallRecording
from callwright.protocol.pages.connecting import CallRecording, SecondaryCall
from callwright.protocol.pages.media import PageLink
from callwright.protocol.pages.request import CallInfo
from callwright.runner.call_info import CallNotes
from callwright.runner.ciphers import call_cipher
from callwright.runner.context import ActionContext
from callwright.runner.faults import InstanceFault
from callwright.runner.flow import Flow, FlowPages
from callwright.runner.next_page import SECONDARY_COURSE, Step, next_step, resolve
from callwright.runner.whole_call import WholeCall


class SecondaryCallFlow:
    """From the answer of a secondary call to its final page; somebody else joins the calls."""

    def __init__(
        self, call: CallControl, notes: CallNotes, wanted: SecondaryCall, primary: ActionContext
    ) -> None:
        """`primary` is the context of the call that this one is made for; its links are meant."""
        recording = wanted.recording
        self.whole_call = WholeCall(
            primary.desk,
            call,
            notes,
            None if recording is None else _how(recording),
            None if recording is None else call_cipher(recording.cipher),
        )
        self._context = ActionContext(
            primary.desk, call, notes, self.whole_call, make_flow=None, base_url=primary.base_url
        )

        def page(link: PageLink | None) -> PageAddress | None:
            return None if link is None else resolve(link, primary.base_url)

        pages = FlowPages(page(wanted.first_page), page(wanted.error_page), page(wanted.final_page))
        self._handles_faults = pages.error is not None
        self._flow = Flow(pages, self._context, tells_faults=self._handles_faults)
        self._first = Step.JOIN if pages.first is None else Step.ASK_PAGE

    @property
    def fault(self) -> InstanceFault | None:
        """What went wrong and is the primary flow's to tell: there is no error page of our own."""
        return None if self._handles_faults else self._flow.fault

    async def prepare(self) -> bool:
        """Ask the first page and run what follows; True when the calls are to be joined."""
        step = self._first
        if step is Step.JOIN:
            self.whole_call.learn(None)
        while step not in {Step.JOIN, Step.HANG_UP, Step.ASK_FINAL_PAGE}:
            step = next_step(SECONDARY_COURSE, step, await self._flow.outcome(step))
        return step is Step.JOIN

    async def wind_down(self, dropped: Callable[[], tuple[CallInfo, ...]]) -> None:
        """Hang up and ask the final page, which is told of the calls that were dropped."""
        self._flow.dropped_calls = dropped
        step = Step.HANG_UP
        while step is not Step.OVER:
            step = next_step(SECONDARY_COURSE, step, await self._flow.outcome(step))


def _how(recording: CallRecording) -> WholeCallRecording:
    return WholeCallRecording(
        RecordingMode(recording.mode), recording.eliminates_dtmf, recording.is_encrypted
    )
