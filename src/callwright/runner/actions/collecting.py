"""Drives a collector on a call: what `get_number` and `get_input` have in common."""

from collections.abc import Awaitable, Callable
from typing import assert_never

from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock
from callwright.protocol.pages.actions import DigitRules, Prompting
from callwright.runner.actions.play import play_media
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

Saying = PlayPrompt | PlayTimeoutMessage | PlayInvalidMessage
"""What a collector wants to be said."""


async def collect_digits(
    rules: DigitRules, prompting: Prompting, context: ActionContext, *, accepts_nothing: bool
) -> str | None:
    """Ask for an input until there is one; None when the caller gave none in time."""
    collector = Collector(
        rules,
        has_prompt=prompting.prompt is not None,
        timeout_messages=len(prompting.timeout_messages),
        invalid_messages=len(prompting.invalid_messages),
        accepts_nothing=accepts_nothing,
    )
    return await drive(
        collector, context.call, context.clock, lambda what: _say(what, prompting, context)
    )


async def drive(
    collector: Collector,
    call: CallControl,
    clock: Clock,
    say: Callable[[Saying], Awaitable[None]],
) -> str | None:
    """Do what a collector decides until it is done; returns the input, None when it gave up."""
    decision = collector.start()
    while True:
        match decision:
            case TakeWaiting() | Listen():
                within = decision.within if isinstance(decision, Listen) else 0.0
                key = await call.next_digit(within)
                now = clock.now()
                decision = collector.no_key(now) if key is None else collector.key(key, now)
            case PlayPrompt() | PlayTimeoutMessage() | PlayInvalidMessage():
                await say(decision)
                decision = collector.played(clock.now())
            case Collected():
                return decision.digits
            case GaveUp():
                return None
            case _:
                assert_never(decision)


async def _say(what: Saying, prompting: Prompting, context: ActionContext) -> None:
    match what:
        case PlayPrompt():
            if prompting.prompt is not None:
                await play_media(prompting.prompt, context)
        case PlayTimeoutMessage():
            context.transcript.info("no input in time")
            await play_media(prompting.timeout_messages[what.index], context)
        case PlayInvalidMessage():
            context.transcript.info("an invalid key was pressed")
            await play_media(prompting.invalid_messages[what.index], context)
        case _:
            assert_never(what)
