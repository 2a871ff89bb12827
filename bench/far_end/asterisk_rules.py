"""Asterisk's published rules, AMD(), for comparison: written from what amd.conf documents.

A frame is silence when the mean of its samples' magnitudes is below the threshold. Words are
stretches of sound with silence between them.
"""

from dataclasses import dataclass

import numpy as np

from callwright.media.frames import TICK_MS, Samples


@dataclass(frozen=True, slots=True)
class Rules:
    """amd.conf, with the values of its sample; in milliseconds where nothing else is said."""

    initial_silence: int = 2500
    greeting: int = 1500
    after_greeting_silence: int = 800
    total_analysis_time: int = 5000
    min_word_length: int = 100
    maximum_word_length: int = 5000
    between_words_silence: int = 50
    maximum_number_of_words: int = 2
    silence_threshold: int = 256
    """Mean magnitude, of 32,767."""


def amd(frames: Samples, rules: Rules) -> tuple[str, float]:
    """What AMD() would say to these frames, as a far-end type, and after how many seconds."""
    is_loud = np.abs(frames.astype(np.int32)).mean(axis=1) >= rules.silence_threshold
    silence = voice = word = words = 0
    in_greeting = in_word = False
    elapsed = 0
    for loud in is_loud.tolist():
        elapsed += TICK_MS
        if elapsed >= rules.total_analysis_time:
            break
        if not loud:
            silence += TICK_MS
            if silence >= rules.between_words_silence:
                word, in_word = 0, False
            if not in_greeting and silence >= rules.initial_silence:
                return "answering_machine", elapsed / 1000
            if in_greeting and silence >= rules.after_greeting_silence:
                return "human", elapsed / 1000
            continue
        word += TICK_MS
        voice += TICK_MS
        silence = 0
        if word >= rules.min_word_length and not in_word:
            words, in_word = words + 1, True
        in_greeting = in_greeting or word >= rules.min_word_length
        is_long = in_greeting and voice >= rules.greeting
        is_many = words > rules.maximum_number_of_words
        if is_long or is_many or word >= rules.maximum_word_length:
            return "answering_machine", elapsed / 1000
    return "unknown", elapsed / 1000
