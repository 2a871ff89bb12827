"""What the calls of one instance share: pages, logs, facts, streams, and what runs beside them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callwright.domain.call_control import Side
from callwright.domain.facts import FactSink, FeatureUsed
from callwright.domain.ids import CallId
from callwright.domain.instance import RestInstance
from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.results import ActionResult
from callwright.runner.concurrency import Jobs
from callwright.runner.fault_reports import FaultReports
from callwright.runner.notifications import notify
from callwright.runner.page_requests import PageRequests
from callwright.runner.ports import SecondaryCalls
from callwright.runner.speech_streams import SpeechStreams
from callwright.runner.surroundings import Surroundings
from callwright.runner.transcript import Transcript

AUDIO_PATHS = {Side.HEARD: "in", Side.SENT: "out", Side.MIXED: "mixed"}
"""As feature records say it."""


@dataclass(slots=True)
class InstanceDesk:
    """One for each run."""

    instance: RestInstance
    around: Surroundings
    transcript: Transcript
    facts: FactSink
    requests: PageRequests
    reports: FaultReports
    secondaries: SecondaryCalls
    streams: SpeechStreams
    jobs: Jobs = field(default_factory=Jobs)
    """Notifications and results on their way: they may outlive the call."""
    stop_transcription: Callable[[], None] = field(default=lambda: None, init=False)
    """Ends the one transcription that an instance may have; does nothing when it has ended."""
    _recordings: int = field(default=0, init=False)
    _features: int = field(default=0, init=False)

    def recording_name(self) -> str:
        """Name the next recording of the instance (A-69)."""
        self._recordings += 1
        name = f"{self.instance.instance_id}_{self._recordings}.wav"
        return f"rest_recordings/{self._day()}/{name}"

    def call_recording_name(self, call_id: CallId) -> str:
        """Name the recording of a whole call (A-69)."""
        return f"rest_call_recordings/{self._day()}/{call_id}.wav"

    def notify(self, page: PageAddress, result: ActionResult) -> None:
        """Tell a notification page of a result, beside the flow; returns at once."""
        self.jobs.start(self.tell_page(page, result))

    async def tell_page(self, page: PageAddress, result: ActionResult) -> None:
        """Tell a notification page, with all attempts; never raises for what is not its own."""
        try:
            await notify(
                page,
                result,
                requests=self.requests,
                transcript=self.transcript,
                pause=self.around.pause,
            )
        except Exception as bug:  # noqa: BLE001 - a notification never touches the flow
            self.reports.bug(bug)

    def tell_use(
        self, call_id: CallId, feature_type: str, side: Side | None, *, seconds: float
    ) -> None:
        """Tell that a feature with a price of its own was used until now."""
        self._features += 1
        self.facts.tell(
            FeatureUsed(
                self.around.clock.unix_time(),
                call_id,
                feature_type,
                "" if side is None else AUDIO_PATHS[side],
                seconds,
                transaction_id=f"{self.instance.instance_id}_{self._features}",
            )
        )

    def _day(self) -> str:
        now = datetime.fromtimestamp(self.around.clock.unix_time(), tz=UTC)
        return now.strftime("%Y/%m/%d")
