"""`start_transcription`: a page is told what is said on the call, from now on."""

from callwright.protocol.pages.actions import StartTranscription
from callwright.runner.context import ActionContext, GoOn
from callwright.runner.transcription import Transcription


async def run_start_transcription(action: StartTranscription, context: ActionContext) -> GoOn:
    """Begin, and return at once; one that runs already ends first.

    Raises:
        InstanceFault: there are too few speech streams, or no recogniser for this.

    """
    context.desk.stop_transcription()
    transcription = await Transcription.begin(action, context)
    context.desk.stop_transcription = transcription.stop
    return GoOn()
