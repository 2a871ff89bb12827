"""What a user may add to an INVITE and to a 200, and what not."""

import pytest

from callwright.protocol.sip.added_fields import added_fields
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.events import Invited, SipEvent
from tests.sim.calls import ANSWER, place
from tests.sim.wire import Wire


def test_fields_keep_their_users_spelling() -> None:
    assert added_fields([("x-ACCOUNT", "7")]) == [("x-ACCOUNT", "7")]


@pytest.mark.parametrize(
    "field",
    [("Via", "x"), ("f", "x"), ("Server", "x"), (" X-A", "x"), ("X A", "x"), ("X-A", "1\r\nX: 2")],
)
def test_fields_of_ours_and_such_as_break_lines_are_refused(field: tuple[str, str]) -> None:
    with pytest.raises(LocalSipError):
        added_fields([field])


def test_an_answer_carries_what_was_added_to_it() -> None:
    wire = Wire()

    def react(event: SipEvent, now: float) -> None:
        if isinstance(event, Invited):
            wire.callee.endpoint.accept(event.call, ANSWER, now, headers=[("X-Desk", "4")])

    wire.callee.react = react
    place(wire)
    wire.run_until(1)
    [answer] = [one.data for _, _, one in wire.sent if one.data.startswith(b"SIP/2.0 200")]
    assert b"\r\nX-Desk: 4\r\n" in answer
