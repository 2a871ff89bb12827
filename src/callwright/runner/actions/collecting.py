"""Drives a collector on a call: what `get_number` and `get_input` have in common."""

from typing import assert_never

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
    decision = collector.start()
    while True:
        match decision:
            case TakeWaiting() | Listen():
                within = decision.within if isinstance(decision, Listen) else 0.0
                key = await context.call.next_digit(within)
                now = context.clock.now()
                decision = collector.no_key(now) if key is None else collector.key(key, now)
            case PlayPrompt() | PlayTimeoutMessage() | PlayInvalidMessage():
                await _say(decision, prompting, context)
                decision = collector.played(context.clock.now())
            case Collected():
                return decision.digits
            case GaveUp():
                return None
            case _:
                assert_never(decision)


async def _say(
    what: PlayPrompt | PlayTimeoutMessage | PlayInvalidMessage,
    prompting: Prompting,
    context: ActionContext,
) -> None:
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
