"""`play`: media to the call, one after the other; also every prompt and message of an input."""

from typing import Final

from callwright.domain.call_control import (
    CallControl,
    MediaFault,
    PlayOutcome,
    Side,
    Sound,
)
from callwright.protocol.pages.media import BargeInSpeech, Play
from callwright.runner.concurrency import beside, within
from callwright.runner.context import ActionContext, GoOn
from callwright.runner.listening import Heard, Listening
from callwright.runner.phrases import said_phrase
from callwright.runner.ports import Recognised, RecognitionOrder
from callwright.runner.sounds import media_fault, sounds_of

PHRASE_PATIENCE: Final = 2.0
"""Seconds for somebody who barged in to end the phrase (assumed): "only words and short phrases are
kept; long ones may be truncated" is published."""

_HOW: Final = {
    PlayOutcome.FINISHED: "",
    PlayOutcome.DIGIT: "stopped by a key",
    PlayOutcome.STOPPED: "stopped by speech",
}


async def run_play(action: Play, context: ActionContext) -> GoOn:
    """Play, and say what stopped it."""
    context.said_ahead = None
    if action.barge_in_on_speech is None:
        return GoOn(_HOW[await play_media(action, context)])
    with context.desk.streams.taken(1):
        return GoOn(_HOW[await _play_to_speaker(action, action.barge_in_on_speech, context)])


async def play_media(play: Play, context: ActionContext) -> PlayOutcome:
    """Play a whole list; keys may stop it.

    Raises:
        InstanceFault: something in the list cannot be played (A-32).

    """
    return await play_sounds(await sounds_of(play, context), play, context.call)


async def play_sounds(sounds: list[Sound], play: Play, call: CallControl) -> PlayOutcome:
    """Play what a list was made into."""
    if not sounds:
        return PlayOutcome.FINISHED
    try:
        return await call.play(sounds, barge_in_on_digit=play.barge_in_on_digit)
    except MediaFault as fault:
        raise media_fault(fault, sounds) from fault


async def play_prompt(play: Play, context: ActionContext, listening: Listening | None) -> None:
    """Play the prompt of an action that listens: it hears the caller where that may barge in."""
    if listening is None:
        await play_media(play, context)
        return
    sounds = await sounds_of(play, context)
    listening.is_deaf = play.barge_in_on_speech is None
    try:
        await beside(
            play_sounds(sounds, play, context.call), _stop_at_speech((), listening, context.call)
        )
    finally:
        listening.is_deaf = False


async def _play_to_speaker(play: Play, how: BargeInSpeech, context: ActionContext) -> PlayOutcome:
    sounds = await sounds_of(play, context)
    order = RecognitionOrder(
        how.model.language, how.model.model, phrases=how.phrases, wants_interim_results=True
    )
    listening = await Listening.begin(
        order, Heard(context.call, Side.HEARD, "sr_play"), context.desk
    )
    try:
        outcome = await beside(
            play_sounds(sounds, play, context.call),
            _stop_at_speech(how.phrases, listening, context.call),
        )
        if outcome is PlayOutcome.STOPPED:
            context.said_ahead = await _whole_phrase(listening)
    finally:
        await listening.close()
    return outcome


async def _stop_at_speech(
    phrases: tuple[str, ...], listening: Listening, call: CallControl
) -> None:
    """Wait for any speech, or for one of these phrases; what was said stays to be taken."""
    while True:
        said = await listening.next_phrase()
        texts = [reading.text for reading in said.readings]
        if not phrases or said_phrase(texts, phrases) is not None:
            listening.put_back(said)
            call.stop_play()
            return


async def _whole_phrase(listening: Listening) -> Recognised:
    """Wait a little for the end of what is being said."""
    said = await listening.next_phrase()
    ending = None if said.is_final else await within(PHRASE_PATIENCE, _final_phrase(listening))
    return ending or Recognised(said.readings, is_final=True)


async def _final_phrase(listening: Listening) -> Recognised:
    while True:
        said = await listening.next_phrase()
        if said.is_final:
            return said
