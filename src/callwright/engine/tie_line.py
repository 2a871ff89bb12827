"""A line between two media workers: a leg in each, connected to each other over loopback RTP.

Each of the two is bridged to the call on its side, so that calls in different workers hear each
other as calls in one worker do. It costs both workers a leg, and the sound a jitter buffer's
delay.
"""

from collections.abc import Callable
from typing import Final

from callwright.engine.call_leg import LegWorld
from callwright.engine.media_session import MediaEvent, MediaSession
from callwright.protocol.sdp.offer_answer import DEFAULT_PTIME_MS, Negotiated, RtpCodec

_CODEC: Final = RtpCodec("PCMA", 8)
_TELEPHONE_EVENT: Final = 101
"""Keys cross the line as events, so that they are not heard twice."""


class TieLine:
    """One line, from two sessions that are open until its end."""

    def __init__(
        self,
        near: MediaSession,
        far: MediaSession,
        world: LegWorld,
        failed: Callable[[str], None],
    ) -> None:
        """Ask both workers for an end of the line; `failed` is told once if one has none."""
        self._failed = failed
        self._ends = (_LineEnd(near, world, self), _LineEnd(far, world, self))
        self._host = world.workers.inner_host
        self._is_connected = False
        for end in self._ends:
            end.media.open(beside=end.side.leg)

    def opened(self) -> None:
        """Connect the two ends when both are open."""
        near, far = self._ends
        if self._is_connected or not (near.rtp_port and far.rtp_port):
            return
        self._is_connected = True
        for end, opposite in ((near, far), (far, near)):
            end.media.connect(_towards(self._host, opposite.rtp_port))
            end.side.bridge(end.media)

    def lost(self, problem: str) -> None:
        """Tell that there is no line; `end` is still to come."""
        failed, self._failed = self._failed, _nobody
        failed(problem)

    def end(self) -> None:
        """Give both ends back; the bridges end with them."""
        for end in self._ends:
            end.media.close()


class _LineEnd:
    """One end; a `MediaListener`."""

    def __init__(self, side: MediaSession, world: LegWorld, line: TieLine) -> None:
        self.side = side
        self.rtp_port = 0
        self.media = MediaSession(world.new_leg(), world.workers, self)
        self._line = line

    def media_opened(self, rtp_port: int) -> None:
        self.rtp_port = rtp_port
        self._line.opened()

    def media_failed(self, problem: str) -> None:
        self._line.lost(problem)

    def media_closed(self) -> None:
        """Nobody waits for that."""

    def media_event(self, event: MediaEvent) -> None:
        """Nothing that happens on the line is meant for anybody: the calls tell it themselves."""


def _towards(host: str, port: int) -> Negotiated:
    return Negotiated(
        remote_host=host,
        remote_port=port,
        remote_rtcp_port=port + 1,
        codec=_CODEC,
        telephone_event=_TELEPHONE_EVENT,
        ptime_ms=DEFAULT_PTIME_MS,
        sends=True,
        receives=True,
    )


def _nobody(_: str) -> None:
    """Tell nobody a second time."""
