"""Drives a collector on a call: what `get_number` and `get_input` have in common."""

from collections.abc import Awaitable, Callable
from typing import assert_never

from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock
from callwright.protocol.pages.inputs import DigitRules, Prompting
from callwright.runner.actions.play import play_prompt
from callwright.runner.collector import (
    Collected,
    Collector,
    GaveUp,
    Listen,
    PlayInvalidMessage,
    PlayPrompt,
    PlayTimeoutMessage,
    TakeWaiting,
)
from callwright.runner.context import ActionContext
from callwright.runner.ears import Ears
from callwright.runner.ports import Recognised

Saying = PlayPrompt | PlayTimeoutMessage | PlayInvalidMessage
"""What a collector wants to be said."""

Say = Callable[[Saying], Awaitable[None]]


def collector_of(rules: DigitRules, prompting: Prompting, *, accepts_nothing: bool) -> Collector:
    """Make the collector of one input."""
    return Collector(
        rules,
        has_prompt=prompting.prompt is not None,
        timeout_messages=len(prompting.timeout_messages),
        invalid_messages=len(prompting.invalid_messages),
        accepts_nothing=accepts_nothing,
    )


async def drive(collector: Collector, call: CallControl, clock: Clock, say: Say) -> str | None:
    """Do what a collector of keys decides until it is done; None when it gave up."""
    taken = await drive_ears(collector, Ears(call), clock, say)
    return taken if isinstance(taken, str) else None


async def drive_ears(
    collector: Collector, ears: Ears, clock: Clock, say: Say, *, takes_digits: bool = True
) -> str | Recognised | None:
    """Do what a collector decides until it is done, or a phrase was said; None when it gave up.

    The first kind of input wins (A-34): a key ends listening, a phrase ends the collection as long
    as there is no key.
    """
    decision = collector.start()
    while True:
        match decision:
            case TakeWaiting() | Listen():
                heard = await _hear(decision, ears)
                if isinstance(heard, Recognised) and heard.is_final:
                    return heard
                now = clock.now()
                if isinstance(heard, Recognised):
                    decision = collector.speech(now)
                elif heard is None or not takes_digits:
                    decision = collector.no_key(now)
                else:
                    await ears.stop_listening()
                    decision = collector.key(heard, now)
            case PlayPrompt() | PlayTimeoutMessage() | PlayInvalidMessage():
                await say(decision)
                decision = collector.played(clock.now())
            case Collected():
                return decision.digits
            case GaveUp():
                return None
            case _:
                assert_never(decision)


async def say_what(what: Saying, prompting: Prompting, context: ActionContext, ears: Ears) -> None:
    """Play the prompt or a message of an action that takes input."""
    match what:
        case PlayPrompt():
            said = prompting.prompt
        case PlayTimeoutMessage():
            context.transcript.info("no input in time")
            said = prompting.timeout_messages[what.index]
        case PlayInvalidMessage():
            context.transcript.info("an input was not valid")
            said = prompting.invalid_messages[what.index]
        case _:
            assert_never(what)
    if said is not None:
        await play_prompt(said, context, ears.listening)


async def _hear(decision: TakeWaiting | Listen, ears: Ears) -> str | Recognised | None:
    if isinstance(decision, TakeWaiting):
        return await ears.call.next_digit(0.0)
    return await ears.next_input(decision.within)
