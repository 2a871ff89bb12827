"""From the application's words to the media worker's: sounds, recordings, ciphers, verdicts."""

from typing import Final, assert_never

from callwright.domain.call_control import (
    KeyTones,
    RecordingEncoding,
    RecordingOrder,
    Sound,
    SoundFile,
    Tone,
    WholeCallOrder,
)
from callwright.domain.cipher import Cipher
from callwright.domain.far_end import FarEnd, FarEndType, Heard
from callwright.worker import rpc

_ENCODINGS: Final = {RecordingEncoding.ALAW: "PCMA", RecordingEncoding.ULAW: "PCMU"}


def playable(sound: Sound) -> rpc.Playable:
    """Say a sound to the worker."""
    match sound:
        case SoundFile(path, cipher):
            return rpc.PlayFile(path, _cipher(cipher))
        case KeyTones(digits):
            return rpc.PlayDigits(digits)
        case Tone(frequencies_hz, duration_ms, level_dbm0):
            return rpc.PlayTone(frequencies_hz, duration_ms, level_dbm0)
        case _:
            assert_never(sound)


def recording(leg: int, number: int, order: RecordingOrder, *, encoding: str) -> rpc.Record:
    """Say what to record of the far end; `encoding` is the call's, where the order names none."""
    return rpc.Record(
        leg=leg,
        recording=number,
        path=order.path,
        encoding=_ENCODINGS[order.encoding] if order.encoding else encoding,
        max_duration=order.max_duration,
        max_silence=order.max_silence,
        max_initial_silence=order.max_initial_silence,
        beeps=order.beeps,
        cipher=_cipher(order.cipher),
    )


def whole_call(leg: int, number: int, order: WholeCallOrder, *, encoding: str) -> rpc.Record:
    """Say how to record both sides of a call to its end: nothing is left out, nothing ends it."""
    return rpc.Record(
        leg=leg,
        recording=number,
        path=order.path,
        encoding=encoding,
        max_duration=0.0,
        max_silence=0.0,
        max_initial_silence=0.0,
        starts_with_sound=False,
        side=order.mode,
        eliminates_dtmf=order.eliminates_dtmf,
        cipher=_cipher(order.cipher),
    )


def far_end(verdict: rpc.FarEndClassified) -> FarEnd:
    """Read a verdict."""
    return FarEnd(
        FarEndType(verdict.far_end_type),
        verdict.decided_after,
        verdict.reasons,
        tuple(Heard(*piece) for piece in verdict.timeline),
    )


def _cipher(cipher: Cipher | None) -> rpc.Cipher | None:
    return None if cipher is None else rpc.Cipher(cipher.key, cipher.initialisation_vector)
