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
from callwright.runner.context import ActionContext, AskPage
from callwright.runner.faults import InstanceFault


async def run_record(action: Record, context: ActionContext) -> AskPage:
    """Record; a caller who hangs up meanwhile leaves a recording all the same.

    Raises:
        InstanceFault: it could not be stored, or would have had to be encrypted.

    """
    if action.is_encrypted:
        # Never store in clear what was to be encrypted.
        raise InstanceFault(
            FaultCode.INVALID_STATE, "this release does not run record with an encryption_cipher"
        )
    filename = context.recording_name()
    order = RecordingOrder(
        path=context.media.path_to_write(context.instance.account_id, filename),
        encoding=None if action.encoding is None else RecordingEncoding(action.encoding),
        max_duration=action.max_duration,
        max_silence=action.max_silence,
        max_initial_silence=action.max_initial_silence,
        stop_digits=action.barge_in_digits,
        beeps=action.beep_on_start,
    )
    try:
        outcome = await context.call.record(order)
    except RecordingCut as cut:
        _keep(action, filename, cut.outcome, context)
        raise
    except MediaFault as fault:
        raise InstanceFault(FaultCode.INTERNAL_ERROR, str(fault)) from fault
    stored = _keep(action, filename, outcome, context)
    return AskPage(action.next_page, stored, detail=filename)


def _keep(
    action: Record, filename: str, outcome: RecordingOutcome, context: ActionContext
) -> RecordingStored:
    context.transcript.info(f"recorded {outcome.duration:.1f} s into {filename}")
    context.facts.tell(RecordingMade(context.clock.unix_time(), filename, outcome.duration))
    stored = RecordingStored(
        action.recording_id, filename, outcome.contains_sound, outcome.duration
    )
    if action.recording_available_page is not None:
        context.notify(action.recording_available_page, stored)
    return stored
