"""How somebody speaks who has answered: for how long, how much of it in words, how long he waits.

Nothing here knows what he says. What each value costs in time and in wrong verdicts is shown by
`bench/far_end_classification.py --vary`.
"""

from typing import Final

from callwright.media.frames import TICK

PATIENCE: Final = ((0.7, 0.55), (1.1, 0.70), (1.7, 0.90), (3.0, 0.92))
"""Who has spoken for at most so long, and is then silent for so long, waits for us; in seconds.
Machines pause between sentences for up to 0.8: after a word that is rare, since most of them begin
with a sentence; after a sentence it is not."""

PATIENCE_AGAIN: Final = 0.1
"""Seconds more, where he has paused before and then gone on: so do machines, and few people."""

PAUSE: Final = 0.2
"""Seconds of silence between words that are such a pause."""

PATIENCE_AT_ONCE: Final = 0.85
"""Seconds at least, where somebody speaks from the first moment on, before anyone could."""

AT_ONCE: Final = 0.11
"""Seconds after answer."""

PATIENCE_IN_NOISE: Final = 0.7
"""Seconds at least, where something else was heard as well: music, a street."""

PATIENCE_AT_LAST: Final = 0.3
"""Seconds, when time is up."""

TALKS_ON: Final = 2.6
"""Seconds: hardly anybody who answers a telephone speaks for longer before he waits."""

TALKS_ON_AT_LAST: Final = 1.8
"""The same when time is up: by then, most who still speak are machines."""

IN_WORDS: Final = 1.5
"""Seconds of them that must be sound: a television's scraps behind somebody who waits are less."""

IN_WORDS_IN_NOISE: Final = 2.1
"""The same, where something else was heard as well."""

MOMENT: Final = TICK / 4
"""Seconds: ticks come a little early or late; and sums of them are not exact."""


class Rhythm:
    """One leg's speaker, since he began; times in seconds of the classifier's clock."""

    def __init__(self, now: float) -> None:
        self.began_at = self.spoke_until = now
        self.is_at_once = self.is_noisy = False
        self._now = now
        self._words = 0.0
        self._quiet = 0  # frames of silence, up to now
        self._has_paused = False

    def begin(self, began_at: float, *, is_at_once: bool) -> None:
        """Hear somebody who has spoken since then; whatever was before was not his."""
        self.began_at, self.spoke_until = began_at, self._now
        self.is_at_once = is_at_once
        self._words = self._now - began_at
        self._quiet = 0
        self._has_paused = False

    def take(self, now: float, *, is_sound: bool, counts: bool) -> None:
        """Hear a frame; `counts`: its sound is his, not yet that of a pause."""
        self._now = now
        if not is_sound:
            self._quiet += 1
            return
        self._has_paused = self._has_paused or self._quiet >= _PAUSE
        self._quiet = 0
        self._words += TICK
        if counts:
            self.spoke_until = now

    @property
    def talked(self) -> float:
        """Seconds from his first word to his last, pauses and all."""
        return self.spoke_until - self.began_at

    @property
    def waited(self) -> float:
        """Seconds since his last word."""
        return self._now - self.spoke_until

    def has_waited(self, *, is_time_up: bool) -> bool:
        """Whether he has been silent for as long as people wait for an answer."""
        return self.waited >= (PATIENCE_AT_LAST if is_time_up else self._patience()) - MOMENT

    def has_talked_on(self, *, is_time_up: bool) -> bool:
        """Whether he has spoken for longer than people do."""
        if is_time_up:
            return self.talked >= TALKS_ON_AT_LAST - MOMENT
        is_alone = not self.is_at_once and not self.is_noisy
        enough = IN_WORDS if is_alone else IN_WORDS_IN_NOISE
        return self.talked >= TALKS_ON - MOMENT and self._words >= enough - MOMENT

    def _patience(self) -> float:
        talked = self.talked - MOMENT
        patience = next((wait for limit, wait in PATIENCE if talked <= limit), PATIENCE[-1][1])
        if self._has_paused:
            patience += PATIENCE_AGAIN
        if self.is_at_once:
            return max(patience, PATIENCE_AT_ONCE)
        return max(patience, PATIENCE_IN_NOISE) if self.is_noisy else patience


_PAUSE: Final = round(PAUSE / TICK)
