"""The recording of a whole call, both sides: named, begun when it may be, told of at its end."""

from dataclasses import dataclass, field

from callwright.domain.call_control import CallControl, CallState, WholeCallOrder
from callwright.domain.cipher import Cipher
from callwright.domain.facts import RecordingMade
from callwright.domain.outbound_service import WholeCallRecording
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.call_info import CallNotes
from callwright.runner.desk import InstanceDesk
from callwright.runner.faults import InstanceFault


@dataclass(slots=True)
class WholeCall:
    """One for each call, also for those that are not recorded."""

    desk: InstanceDesk
    call: CallControl
    notes: CallNotes
    how: WholeCallRecording | None
    """None: the call is not recorded as a whole."""
    cipher: Cipher | None = None
    _begun_at: float | None = field(default=None, init=False)

    def learn(self, cipher: Cipher | None) -> None:
        """Take the cipher that the first page's answer has, or that of the page in its place.

        Raises:
            InstanceFault: one is needed, and there is none.

        """
        if self.how is None or not self.how.is_encrypted:
            return
        self.cipher = cipher or self.cipher
        if self.cipher is None:
            raise InstanceFault(
                FaultCode.CIPHER_REQUIRED,
                "the call is to be recorded with encryption: call_recording_cipher was expected "
                "in the answer of the first page",
            )

    def begin(self) -> None:
        """Record from now on, if the call is to be recorded and is not yet.

        Nothing is ever stored in clear that was to be encrypted: without its cipher it waits.
        """
        if self.how is None or self._begun_at is not None:
            return
        if self.how.is_encrypted and self.cipher is None:
            return
        now = self.call.snapshot()
        if now.cause is not None:
            return
        filename = self.desk.call_recording_name(now.call_id)
        self.call.record_whole_call(
            WholeCallOrder(
                self.desk.around.media.path_to_write(self.desk.instance.account_id, filename),
                self.how.mode,
                self.how.eliminates_dtmf,
                self.cipher if self.how.is_encrypted else None,
            )
        )
        self._begun_at = self.desk.around.clock.now()
        self.notes.recording_filename = filename
        self.desk.transcript.info(f"the call is recorded into {filename}")

    def begin_when_answered(self) -> None:
        """Record from now on if somebody answered; before that there is nobody to record."""
        if self.call.snapshot().state is CallState.ANSWERED:
            self.begin()

    def end(self) -> None:
        """Tell of the recording; the call is over, so its file is complete."""
        if self._begun_at is None or self.notes.recording_filename is None:
            return
        clock = self.desk.around.clock
        duration = clock.now() - self._begun_at
        self._begun_at = None
        self.desk.facts.tell(
            RecordingMade(clock.unix_time(), self.notes.recording_filename, duration)
        )
