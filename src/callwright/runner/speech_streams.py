"""How much speech of one instance is recognised at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from callwright.protocol.pages.errors import FaultCode
from callwright.runner.faults import InstanceFault


@dataclass(slots=True)
class SpeechStreams:
    """Counts the streams that the service gives each of its instances."""

    limit: int
    _in_use: int = field(default=0, init=False)

    def take(self, count: int) -> None:
        """Use so many more.

        Raises:
            InstanceFault: there are not enough (A-45).

        """
        if self._in_use + count > self.limit:
            raise InstanceFault(
                FaultCode.NO_SPEECH_STREAMS,
                f"the service has {self.limit} speech streams, of which {self._in_use} are in use: "
                f"{count} more were expected",
            )
        self._in_use += count

    def give_back(self, count: int) -> None:
        """Use so many less."""
        self._in_use -= count

    @contextmanager
    def taken(self, count: int) -> Iterator[None]:
        """Use so many more for a while."""
        self.take(count)
        try:
            yield
        finally:
            self.give_back(count)
