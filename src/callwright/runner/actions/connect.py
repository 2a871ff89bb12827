"""`connect`: call somebody, and join the call to them."""

from contextlib import suppress

from callwright.domain.call_control import CallIsOver
from callwright.domain.far_end import Classification, ClassificationMode
from callwright.protocol.pages.connecting import ClassifyCallee, Connect, SecondaryCall
from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.results import Connected
from callwright.runner.concurrency import beside, to_the_end
from callwright.runner.context import ActionContext, AskPage, GoOn, MakeFlow, SecondaryFlow
from callwright.runner.dialling import Candidate, Dialling, greeting_over
from callwright.runner.faults import InstanceFault
from callwright.runner.hold_media import HoldMedia
from callwright.runner.joining import join, stay_joined
from callwright.runner.ports import SecondaryOrder
from callwright.runner.translation import translating


async def run_connect(action: Connect, context: ActionContext) -> AskPage | GoOn:
    """Call all destinations, and stay joined to the first that answers.

    Raises:
        CallIsOver: the primary call ended; the secondary one has had its final page.
        InstanceFault: it could not even be tried, or the secondary call's flow failed.

    """
    make_flow = flow_maker(context, action.secondary, channels=len(action.destinations))
    holding = await HoldMedia.of(action.hold_media, context)
    dialling = Dialling(context, make_flow, action.secondary, _classification(action.classify))
    orders = [_order(action, destination, context) for destination in action.destinations]
    reached: Candidate | None = None
    duration: float | None = None

    async def reach() -> bool:
        nonlocal reached
        reached = await dialling.first_answer(orders, holding)
        return reached is not None and await _is_ready(reached)

    with translating(action.translator, context) as translate:
        try:
            if await beside(reach(), holding.play()) and reached is not None:
                join(context.call, reached.call)
                reached.flow.whole_call.begin()
                until = translate(reached.call)
                duration = await stay_joined(context.call, until, context.clock)
        finally:
            await to_the_end(_wind_down(dialling, reached, context))
    return _outcome(action, duration, reached, context)


def flow_maker(context: ActionContext, wanted: SecondaryCall, *, channels: int) -> MakeFlow:
    """Check that secondary calls may be made now.

    Raises:
        InstanceFault: not on this call, not so many, or not without a cipher.

    """
    if context.make_flow is None:
        raise InstanceFault(
            FaultCode.INVALID_STATE, "a secondary call cannot have secondary calls itself"
        )
    free = context.desk.secondaries.free_channels
    if channels > free:
        raise InstanceFault(
            FaultCode.NO_CHANNELS,
            f"{channels} extra channels are needed, and {free} of the service's "
            f"{context.instance.extra_channels} are free",
        )
    recording = wanted.recording
    if recording and recording.is_encrypted and not recording.cipher and not wanted.first_page:
        raise InstanceFault(
            FaultCode.CIPHER_REQUIRED,
            "the secondary call is to be recorded with encryption: secondary_call."
            "call_recording_cipher was expected, as there is no first page that could give it",
        )
    return context.make_flow


def outcome_of(flow: SecondaryFlow | None) -> None:
    """Hand on what went wrong in a flow that has no error page of its own.

    Raises:
        InstanceFault: that.

    """
    if flow is not None and flow.fault is not None:
        raise flow.fault


def _order(action: Connect, destination: str, context: ActionContext) -> SecondaryOrder:
    return SecondaryOrder(
        destination,
        caller_id=action.call_from or context.call.parties.caller_id,
        ring_timeout=action.ring_timeout,
        max_duration=action.secondary.max_duration,
        headers=tuple((header.name, header.value) for header in action.headers),
        wants_early_media=action.passes_early_media,
    )


def _classification(how: ClassifyCallee | None) -> Classification | None:
    if how is None:
        return None
    return Classification(
        ClassificationMode(how.mode), how.timeout, how.hangs_up_on_machine, how.hangs_up_on_fax
    )


async def _is_ready(reached: Candidate) -> bool:
    """Run the secondary call's own pages; True when it is to be joined."""
    with suppress(CallIsOver):
        await greeting_over(reached)
    return await reached.flow.prepare() and reached.call.snapshot().cause is None


async def _wind_down(dialling: Dialling, reached: Candidate | None, context: ActionContext) -> None:
    """End all that is left; the secondary final page comes before all that follows (A-47)."""
    context.call.part()
    if reached is None:
        await dialling.abandon()
    else:
        await reached.call.hang_up()
        await dialling.settle()
        await reached.flow.wind_down(dialling.dropped)
    context.call.drop_digits()


def _outcome(
    action: Connect, duration: float | None, reached: Candidate | None, context: ActionContext
) -> AskPage | GoOn:
    outcome_of(None if reached is None else reached.flow)
    if duration is None:
        if (
            action.next_page is None
            or not context.instance.application.connect_next_page_on_failure
        ):
            return GoOn("not connected")
        return AskPage(action.next_page, Connected("connect", 0.0), detail="not connected")
    detail = f"connected for {duration:.1f} s"
    if action.next_page is None:
        return GoOn(detail)
    return AskPage(action.next_page, Connected("connect", duration), detail=detail)
