"""`delete_file`: of the media file store; the one action that a final page may have too."""

from callwright.protocol.pages.actions import DeleteFile
from callwright.runner.context import ActionContext, GoOn
from callwright.runner.ports import MediaNotFound


def run_delete_file(action: DeleteFile, context: ActionContext) -> GoOn:
    """Delete; a file that is not there is no error (A-52)."""
    try:
        was_there = context.desk.around.media.delete(context.instance.account_id, action.name)
    except MediaNotFound as fault:
        context.transcript.warning(f"delete_file: {fault}")
        return GoOn("not deleted")
    if not was_there:
        context.transcript.warning(f"delete_file: there is no file {action.name}")
    return GoOn("" if was_there else "not deleted")
