"""`sleep`: wait."""

from callwright.protocol.pages.actions import Sleep
from callwright.runner.context import ActionContext, GoOn


async def run_sleep(action: Sleep, context: ActionContext) -> GoOn:
    """Wait, while the call goes on."""
    await context.call.pause(action.seconds)
    return GoOn()
