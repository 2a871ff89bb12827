"""What a play list is made into: files, tones and keys that a call can play."""

from collections.abc import Sequence
from typing import assert_never

from callwright.domain.call_control import KeyTones, MediaFault, Sound, SoundFile
from callwright.domain.facts import SpeechUsed
from callwright.protocol.pages.errors import FaultCode
from callwright.protocol.pages.media import Digits, Media, Play, StoredFile, Text, WebFile
from callwright.runner.ciphers import call_cipher
from callwright.runner.context import ActionContext
from callwright.runner.faults import InstanceFault
from callwright.runner.next_page import may_see_credentials, resolve
from callwright.runner.ports import DownloadFault, MediaNotFound, SpeechFault


async def sounds_of(play: Play, context: ActionContext) -> list[Sound]:
    """Make every sound first, so that a missing one is heard of before half of them is played.

    Raises:
        InstanceFault: something in the list cannot be had (A-32).

    """
    spoken_seconds = 0.0
    sounds: list[Sound] = []
    for media in play.play_list:
        sound, seconds = await _sound(media, context)
        sounds.append(sound)
        spoken_seconds += seconds
    if spoken_seconds:
        context.facts.tell(SpeechUsed(context.clock.unix_time(), spoken_seconds))
    return sounds


def media_fault(fault: MediaFault, sounds: Sequence[Sound]) -> InstanceFault:
    """Say what is wrong: an encrypted file that cannot be played was not decrypted well."""
    encrypted = [s.path for s in sounds if isinstance(s, SoundFile) and s.cipher is not None]
    was_decrypted = any(path in str(fault) for path in encrypted)
    code = FaultCode.DECRYPTION_FAILED if was_decrypted else FaultCode.MEDIA_INVALID
    return InstanceFault(code, str(fault))


async def _sound(media: Media, context: ActionContext) -> tuple[Sound, float]:
    """Return what to play, and how many seconds of it are synthesised speech."""
    match media:
        case Text():
            return await _spoken(media, context)
        case StoredFile():
            return _stored(media, context), 0.0
        case WebFile():
            return await _downloaded(media, context), 0.0
        case Digits():
            return KeyTones(media.digits), 0.0
        case _:
            assert_never(media)


async def _spoken(text: Text, context: ActionContext) -> tuple[Sound, float]:
    voice = text.voice or context.instance.application.tts_voice
    try:
        spoken = await context.desk.around.speech.say(text.text, voice=voice)
    except SpeechFault as fault:
        raise InstanceFault(FaultCode.TTS_FAILED, str(fault)) from fault
    if spoken.warning:
        context.transcript.warning(spoken.warning)
    return SoundFile(spoken.path), spoken.seconds


def _stored(file: StoredFile, context: ActionContext) -> Sound:
    try:
        path = context.desk.around.media.path_to_read(context.instance.account_id, file.name)
    except MediaNotFound as fault:
        raise InstanceFault(FaultCode.MEDIA_NOT_FOUND, str(fault)) from fault
    return SoundFile(path, call_cipher(file.cipher))


async def _downloaded(file: WebFile, context: ActionContext) -> Sound:
    url = resolve(file.link, context.base_url).url
    application = context.instance.application
    is_trusted = may_see_credentials(url, application.first_page.url)
    try:
        path = await context.desk.around.downloads.wav(
            context.instance.account_id,
            url,
            credentials=application.credentials if is_trusted else None,
        )
    except DownloadFault as fault:
        raise InstanceFault(FaultCode.MEDIA_DOWNLOAD_FAILED, str(fault)) from fault
    return SoundFile(path)
