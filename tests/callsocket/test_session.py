"""What may come when: every arrow of the table, and every missing one."""

import pytest

from callwright.callsocket import DIGITS, SUB_PROTOCOLS, choose_sub_protocol
from callwright.callsocket.messages import (
    BadPlatformMessage,
    CallStart,
    Digit,
    Ended,
    Message,
    Origin,
    Overflow,
    PlayFinished,
    Problem,
    SoundEnd,
    SoundHeard,
    SoundStart,
)
from callwright.callsocket.session import AT_ANY_TIME, TRANSITIONS, Session, State

TEXTS: dict[type[Message], str | bytes] = {
    CallStart: '{"type": "call_start", "from": "44"}',
    SoundStart: '{"type": "audio_start", "format": "alaw", "sample_rate": 8000, "channels": 2}',
    SoundHeard: b"\1\0",
    SoundEnd: '{"type": "audio_end"}',
    Digit: '{"type": "dtmf", "digit": "1"}',
    PlayFinished: '{"type": "audio_play_finished", "id": "a"}',
    Overflow: '{"type": "audio_overflow_warning"}',
    Problem: '{"type": "error", "reason": "no"}',
    Ended: '{"type": "call_end", "origin": "client", "cause": "NORMAL", "raw_cause": 0}',
}
ARROWS = [(state, kind, after) for state in State for kind, after in TRANSITIONS[state].items()]
STARTED = (State.STARTED, State.TALKING, State.SILENT)
STAYS = [(state, kind) for state in STARTED for kind in sorted(AT_ANY_TIME, key=str)] + [
    (State.TALKING, SoundHeard)
]
REFUSED = [
    (state, kind)
    for state in State
    for kind in TEXTS
    if kind not in TRANSITIONS[state] and (state, kind) not in STAYS
]


@pytest.mark.parametrize(("state", "kind", "after"), ARROWS)
def test_a_message_takes_the_call_further(state: State, kind: type[Message], after: State) -> None:
    session = Session(state)
    event = session.receive(TEXTS[kind])
    assert session.state is after
    assert event == (Ended(Origin.CLIENT, "NORMAL", 0) if kind is Ended else None)


@pytest.mark.parametrize(("state", "kind"), STAYS)
def test_a_message_is_told_and_changes_nothing(state: State, kind: type[Message]) -> None:
    session = Session(state)
    assert type(session.receive(TEXTS[kind])) is kind
    assert session.state is state


@pytest.mark.parametrize(("state", "kind"), REFUSED)
def test_everything_else_is_refused(state: State, kind: type[Message]) -> None:
    with pytest.raises(
        BadPlatformMessage, match=f"{kind.__name__} came while the call was {state}"
    ):
        Session(state).receive(TEXTS[kind])


@pytest.mark.parametrize("state", State)
def test_a_type_that_is_not_known_is_passed_over(state: State) -> None:
    session = Session(state)
    assert session.receive('{"type": "of_tomorrow"}') is None
    assert session.state is state


def test_what_the_start_says_is_kept() -> None:
    session = Session()
    session.receive(TEXTS[CallStart])
    session.receive(TEXTS[SoundStart])
    assert session.caller == "44"
    assert session.format.sample_bytes == 2
    assert session.is_talking


def test_plays_wait_until_they_are_finished() -> None:
    session = Session(State.TALKING)
    for play_id in "aba":
        session.begin_play(play_id)
    assert session.waiting_plays == 3
    session.receive(TEXTS[PlayFinished])
    assert session.waiting_plays == 2
    session.receive('{"type": "audio_play_finished", "id": "never begun"}')
    assert session.waiting_plays == 2
    session.receive(TEXTS[Ended])
    assert session.waiting_plays == 0


@pytest.mark.parametrize(("close_code", "raw_cause"), [(None, 1006), (1001, 1001), (4000, 4000)])
def test_a_connection_that_is_lost_ends_the_call_once(
    close_code: int | None, raw_cause: int
) -> None:
    session = Session(State.TALKING)
    assert session.lose(close_code) == Ended(Origin.ERROR, "FAILED", raw_cause)
    assert session.lose(close_code) is None


V2, V1, OLD = SUB_PROTOCOLS


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen"),
    [
        ([V2, V1, OLD], SUB_PROTOCOLS, V2),
        ([OLD, V1, V2], SUB_PROTOCOLS, V2),
        (["v3.of.tomorrow", V1], SUB_PROTOCOLS, V1),
        (["v3.of.tomorrow"], SUB_PROTOCOLS, None),
        ([], SUB_PROTOCOLS, None),
        ([V2, V1], (V1,), V1),
        ([V2], (V1, OLD), None),
    ],
)
def test_ours_decide_on_the_sub_protocol(
    offered: list[str], wanted: tuple[str, ...], chosen: str | None
) -> None:
    assert choose_sub_protocol(offered, wanted) == chosen


def test_keys_are_messages_by_default() -> None:
    assert SUB_PROTOCOLS[0] == DIGITS
