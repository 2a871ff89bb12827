"""`record`: what the far end says, into a wav file of the media file store."""

from callwright.domain.call_control import (
    MediaFault,
    RecordingCut,
    RecordingEncoding,
    RecordingOrder,
    RecordingOutcome,
)
from callwright.domain.facts import RecordingMade
from callwright.protocol.pages.actions import Record
from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.results import RecordingStored
from callwright.runner.ciphers import call_cipher
from callwright.runner.concurrency import stopped_not_cut
from callwright.runner.context import ActionContext, AskPage
from callwright.runner.faults import InstanceFault


async def run_record(action: Record, context: ActionContext) -> AskPage:
    """Record; a caller who hangs up and an interrupt leave a recording all the same.

    Raises:
        InstanceFault: it could not be stored.

    """
    filename = context.desk.recording_name()
    order = RecordingOrder(
        path=context.desk.around.media.path_to_write(context.instance.account_id, filename),
        # None is that of the call.
        encoding=None if action.encoding is None else RecordingEncoding(action.encoding),
        max_duration=action.max_duration,
        max_silence=action.max_silence,
        max_initial_silence=action.max_initial_silence,
        stop_digits=action.barge_in_digits,
        beeps=action.beep_on_start,
        cipher=call_cipher(action.cipher),
    )

    def keep(outcome: RecordingOutcome) -> RecordingStored:
        return _keep(action, filename, outcome, context)

    try:
        outcome = await stopped_not_cut(
            context.call.record(order), stop=context.call.stop_record, keep=keep
        )
    except RecordingCut as cut:
        keep(cut.outcome)
        raise
    except MediaFault as fault:
        raise InstanceFault(FaultCode.INTERNAL_ERROR, str(fault)) from fault
    return AskPage(action.next_page, keep(outcome), detail=filename)


def _keep(
    action: Record, filename: str, outcome: RecordingOutcome, context: ActionContext
) -> RecordingStored:
    context.transcript.info(f"recorded {outcome.duration:.1f} s into {filename}")
    context.facts.tell(RecordingMade(context.clock.unix_time(), filename, outcome.duration))
    stored = RecordingStored(
        action.recording_id, filename, outcome.contains_sound, outcome.duration
    )
    if action.recording_available_page is not None:
        # Told with the same words as a next page.
        context.notify(action.recording_available_page, stored)
    return stored
