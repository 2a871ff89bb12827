"""Two legs that hear each other: a bridge in their worker, or a line between two workers."""

from callwright.domain.call_control import MediaFault
from callwright.domain.facts import CallJoined, CallParted
from callwright.domain.records import ErrorCode
from callwright.engine.call_leg import CallLeg
from callwright.engine.leg import LegState
from callwright.engine.tie_line import TieLine


def join(one: CallLeg, other: CallLeg) -> None:
    """Let two legs hear each other until one of them parts or ends.

    A leg that is ending is joined to nothing: its end is on its way.

    Raises:
        MediaFault: one of them cannot be heard yet.

    """
    if LegState.OVER in {one.state, other.state} or LegState.CLEARING in {one.state, other.state}:
        return
    if isinstance(one.joint, Bridge) and one.joint.is_of(one, other):
        return
    for leg in (one, other):
        if not leg.can_be_heard:
            raise MediaFault(f"call {leg.identity.call_id} cannot be joined before it is answered")
    for leg in (one, other):
        if leg.joint is not None:
            leg.joint.end()
    one.joint = other.joint = Bridge(one, other)


class Bridge:
    """Two legs while they are joined; ends once, by whoever asks first."""

    def __init__(self, one: CallLeg, other: CallLeg) -> None:
        """Join them now."""
        self._legs = (one, other)
        self._line: TieLine | None = None
        if one.media.is_beside(other.media):
            one.media.bridge(other.media)
        else:
            self._line = TieLine(one.media, other.media, one.world, self._failed)
        for leg in self._legs:
            at = leg.world.clock.unix_time()
            leg.facts.tell(CallJoined(at, leg.identity.call_id))

    def is_of(self, one: CallLeg, other: CallLeg) -> bool:
        """Whether it is these two that are joined."""
        return self._legs in {(one, other), (other, one)}

    def end(self) -> None:
        """Part both."""
        if self._line is None:
            self._legs[0].media.unbridge()
        else:
            self._line.end()
        for leg in self._legs:
            leg.joint = None
            at = leg.world.clock.unix_time()
            leg.facts.tell(CallParted(at, leg.identity.call_id))

    def _failed(self, problem: str) -> None:
        self._legs[0].report(f"The calls could not be joined: {problem}", ErrorCode.INTERNAL)
        self.end()
