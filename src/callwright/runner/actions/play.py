"""`play`: media to the call, one after the other; also every prompt and message of an input."""

from typing import assert_never

from callwright.domain.call_control import KeyTones, MediaFault, PlayOutcome, Sound, SoundFile
from callwright.domain.facts import SpeechUsed
from callwright.protocol.pages.actions import Digits, Media, Play, StoredFile, Text, WebFile
from callwright.protocol.pages.errors import FaultCode
from callwright.runner.context import ActionContext, GoOn
from callwright.runner.faults import InstanceFault
from callwright.runner.ports import MediaNotFound, SpeechFault


async def run_play(action: Play, context: ActionContext) -> GoOn:
    """Play, and say whether a key stopped it."""
    outcome = await play_media(action, context)
    return GoOn("stopped by a key" if outcome is PlayOutcome.DIGIT else "")


async def play_media(play: Play, context: ActionContext) -> PlayOutcome:
    """Make every sound first, so that a missing one is heard of before half of them is played.

    Raises:
        InstanceFault: something in the list cannot be played (A-32).

    """
    if play.barge_in_on_speech:
        context.transcript.warning("no speech recogniser is enabled: speech does not barge in")
    spoken_seconds = 0.0
    sounds: list[Sound] = []
    for media in play.play_list:
        sound, seconds = await _sound(media, context)
        sounds.append(sound)
        spoken_seconds += seconds
    if not sounds:
        return PlayOutcome.FINISHED
    if spoken_seconds:
        context.facts.tell(SpeechUsed(context.clock.unix_time(), spoken_seconds))
    try:
        return await context.call.play(sounds, barge_in_on_digit=play.barge_in_on_digit)
    except MediaFault as fault:
        raise InstanceFault(FaultCode.MEDIA_INVALID, str(fault)) from fault


async def _sound(media: Media, context: ActionContext) -> tuple[Sound, float]:
    """Return what to play, and how many seconds of it are synthesised speech."""
    match media:
        case Text():
            return await _spoken(media, context)
        case StoredFile(is_encrypted=True):
            raise InstanceFault(
                FaultCode.DECRYPTION_FAILED,
                f"file {media.name} is encrypted, which this release cannot play",
            )
        case StoredFile():
            return SoundFile(_stored(media.name, context)), 0.0
        case WebFile():
            raise InstanceFault(
                FaultCode.MEDIA_DOWNLOAD_FAILED,
                "this release plays files of the media file store only and downloads none",
            )
        case Digits():
            return KeyTones(media.digits), 0.0
        case _:
            assert_never(media)


async def _spoken(text: Text, context: ActionContext) -> tuple[Sound, float]:
    voice = text.voice or context.instance.application.tts_voice
    try:
        spoken = await context.speech.say(text.text, voice=voice)
    except SpeechFault as fault:
        raise InstanceFault(FaultCode.TTS_FAILED, str(fault)) from fault
    if spoken.warning:
        context.transcript.warning(spoken.warning)
    return SoundFile(spoken.path), spoken.seconds


def _stored(name: str, context: ActionContext) -> str:
    try:
        return context.media.path_to_read(context.instance.account_id, name)
    except MediaNotFound as fault:
        raise InstanceFault(FaultCode.MEDIA_NOT_FOUND, str(fault)) from fault
