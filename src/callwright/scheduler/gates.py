"""What may hold a due task back, in the order in which it is asked (section 6.2).

A queue that is off is no gate: its tasks keep their state.
"""

from collections import deque
from dataclasses import dataclass, field

from callwright.domain.callback import CallbackQueue, ExtensionId, Gate
from callwright.domain.calling_window import CallingWindow, is_open
from callwright.domain.clock import UnixTime


@dataclass(frozen=True, slots=True)
class AsrRule:
    """When too few of an extension's attempts are answered to go on."""

    attempts: int
    """How many of the newest are looked at; fewer are not judged."""
    minimum_share: float
    """0 to 1."""
    hold: float
    """Seconds after which one attempt may probe again."""


@dataclass(slots=True)
class AnswerRatio:
    """The newest attempts of each extension: were they answered?"""

    rule: AsrRule | None
    """None: the operator sets no minimum, and nothing is ever held back."""
    _answered: dict[ExtensionId, deque[bool]] = field(default_factory=dict, init=False)
    _held_until: dict[ExtensionId, UnixTime] = field(default_factory=dict, init=False)

    def note(self, extension_id: ExtensionId, *, answered: bool, at: UnixTime) -> None:
        """Count an attempt that has ended."""
        if self.rule is None:
            return
        newest = self._answered.setdefault(extension_id, deque(maxlen=self.rule.attempts))
        newest.append(answered)
        if self._is_too_low(newest):
            self._held_until[extension_id] = UnixTime(at + self.rule.hold)
        else:
            self._held_until.pop(extension_id, None)

    def holds(self, extension_id: ExtensionId, *, at: UnixTime) -> bool:
        """Whether an extension's attempts wait."""
        return at < self._held_until.get(extension_id, UnixTime(0.0))

    def held(self, *, at: UnixTime) -> frozenset[ExtensionId]:
        """Return the extensions whose attempts wait."""
        return frozenset(one for one, until in self._held_until.items() if at < until)

    def holds_any(self, *, at: UnixTime) -> bool:
        """Whether the attempts of any extension wait."""
        return any(at < until for until in self._held_until.values())

    def begins(self, extension_id: ExtensionId, *, at: UnixTime) -> None:
        """Note an attempt: one that probes holds the others back until it has ended."""
        if self.rule is not None and extension_id in self._held_until:
            self._held_until[extension_id] = UnixTime(at + self.rule.hold)

    def _is_too_low(self, newest: deque[bool]) -> bool:
        assert self.rule is not None, "nothing is counted without a rule"
        is_judged = len(newest) == self.rule.attempts
        return is_judged and sum(newest) / len(newest) < self.rule.minimum_share


def shut_gate(
    queue: CallbackQueue,
    window: CallingWindow | None,
    *,
    executed: int,
    is_held: bool,
    at: UnixTime,
) -> Gate | None:
    """Return the first gate that holds a due task of a queue back, or None.

    `executed` counts the queue's tasks that run, `is_held` is the answer ratio's word on the
    task's extension.
    """
    if window is not None and not is_open(window, at):
        return Gate.INTERVAL
    if is_held:
        return Gate.ASR
    if executed >= queue.concurrent_task_limit:
        return Gate.CONCURRENT_TASK
    return None
