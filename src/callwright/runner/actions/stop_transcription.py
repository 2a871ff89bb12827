"""`stop_transcription`: no more of what is said is told to a page."""

from callwright.runner.context import ActionContext, GoOn


def run_stop_transcription(context: ActionContext) -> GoOn:
    """End it; results of what was said until now may still follow. Nothing when none runs."""
    context.desk.stop_transcription()
    return GoOn()
