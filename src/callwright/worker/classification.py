"""Finding out what answered a leg, and when a machine is ready to record."""

from typing import Final

from callwright.media.far_end import MAX_TIMEOUT, FarEndClassifier
from callwright.media.far_end_features import FrameFeatures
from callwright.media.far_end_greeting import GreetingEnd, ReadyReason, greeting_end
from callwright.media.far_end_verdict import FarEndType, Mode, Verdict
from callwright.worker import rpc


class Classification:
    """One `Classify` command: takes a frame's features a tick until it is over."""

    def __init__(self, command: rpc.Classify, now: float) -> None:
        """Begin with the next tick.

        Raises:
            ValueError: there is no such mode, or time.

        """
        if not 0 < command.timeout_ms <= MAX_TIMEOUT * 1000:
            raise ValueError(f"{command.timeout_ms} ms; expected 1 to {MAX_TIMEOUT * 1000:.0f}")
        if command.mode not in set(Mode):
            raise ValueError(f"mode {command.mode!r}; expected {' or '.join(Mode)}")
        mode = Mode(command.mode)
        self._leg = command.leg
        self._began_at = now
        self._classifier = FarEndClassifier(now, mode=mode, timeout=command.timeout_ms / 1000)
        self._greeting: GreetingEnd | None = None
        self.is_over = False

    def take(self, features: FrameFeatures, now: float) -> rpc.Event | None:
        """Hear a frame that ends `now`; tell what it has decided, if anything."""
        if self._greeting is not None:
            return self._wait(self._greeting, features, now)
        verdict = self._classifier.take(features, now)
        return None if verdict is None else self._classified(verdict, now)

    def _classified(self, verdict: Verdict, now: float) -> rpc.FarEndClassified:
        if verdict.far_end_type is FarEndType.ANSWERING_MACHINE:
            self._greeting = greeting_end(self._classifier, verdict, now)
        else:
            self.is_over = True
        return rpc.FarEndClassified(
            leg=self._leg,
            far_end_type=verdict.far_end_type.value,
            decided_after=self._seconds(now),
            reasons=verdict.reasons,
            timeline=tuple((it.start, it.end, it.kind.value) for it in verdict.timeline),
        )

    def _wait(
        self, greeting: GreetingEnd, features: FrameFeatures, now: float
    ) -> rpc.GreetingEnded | None:
        ready = greeting.take(features, now)
        if ready is None:
            return None
        self.is_over = True
        return rpc.GreetingEnded(self._leg, self._seconds(now), _ENDED_BY[ready.reason])

    def _seconds(self, now: float) -> float:
        return round(now - self._began_at, 3)


_ENDED_BY: Final = {
    ReadyReason.BEEP: "beep",
    ReadyReason.SILENCE: "silence",
    ReadyReason.TIME_UP: "timeout",
}
"""In the control process's words."""
