"""A far end walks through its script: what ends a step, what is too late, what it waits for."""

from collections.abc import Callable
from typing import Final

import pytest

from callwright.carrier.far_end import (
    ENDED_BY,
    LONGEST_CALL,
    LONGEST_SPEECH,
    SPEECH_END_DELAY,
    Deed,
    FarEnd,
    PickUp,
    PressKeys,
    PutDown,
    RecordCaller,
    Refuse,
    RingPhone,
    SendTones,
    Signal,
    Speak,
)
from callwright.carrier.steps import (
    PATIENCE,
    Answer,
    AwaitSound,
    AwaitTone,
    Greet,
    HangUp,
    Listen,
    Pause,
    Press,
    Record,
    Reject,
    Ring,
    Say,
    Send,
    Step,
    Trying,
)
from callwright.media.tones import RECORD_BEEP

START: Final = 100.0
MARK: Final = Press("#")
MARKED: Final = PressKeys("#")
"""The step after the one under test, and the deed that shows that it was reached."""

STEPS: Final[tuple[tuple[Step, Deed | None], ...]] = (
    (Trying(2.0), None),
    (Ring(2.0), RingPhone()),
    (Answer(), PickUp()),
    (Greet("hello"), Speak("hello")),
    (Say("hello"), Speak("hello")),
    (Send("a beep", RECORD_BEEP), SendTones("a beep", RECORD_BEEP)),
    (AwaitSound(), None),
    (AwaitTone(), None),
    (Listen(), None),
    (Record(2.0, 5.0, 60.0), RecordCaller(2.0, 5.0, 60.0)),
    (Press("42"), PressKeys("42")),
    (Pause(2.0), None),
    (HangUp(), PutDown()),
    (Reject(486), Refuse(486)),
)

SIGNALS: Final[dict[Signal, Callable[[FarEnd], None]]] = {
    Signal.TIME: lambda far_end: far_end.handle_timer(START + PATIENCE),
    Signal.CONNECTED: lambda far_end: far_end.connected(START),
    Signal.SOUND_OVER: lambda far_end: far_end.sound_over(START),
    Signal.SOUND: lambda far_end: far_end.speech_started(START),
    Signal.TONE: lambda far_end: far_end.tone_heard(1000.0, START),
    Signal.RECORDED: lambda far_end: far_end.recorded(START, contains_sound=True),
}


@pytest.mark.parametrize(("step", "deed"), STEPS)
def test_a_step_begins_with_its_deed(step: Step, deed: Deed | None) -> None:
    assert FarEnd([step, MARK], START).deeds() == ([] if deed is None else [deed])


@pytest.mark.parametrize("signal", Signal)
@pytest.mark.parametrize(("step", "deed"), STEPS)
def test_a_step_ends_with_its_own_signal_and_no_other(
    step: Step, deed: Deed | None, signal: Signal
) -> None:
    del deed
    far_end = FarEnd([step, MARK], START)
    far_end.deeds()
    SIGNALS[signal](far_end)
    expected: list[Deed] = [MARKED] if ENDED_BY[type(step)] is signal else []
    assert far_end.deeds() == expected


def test_the_table_knows_every_step() -> None:
    assert set(ENDED_BY) == {type(step) for step, _ in STEPS}


@pytest.mark.parametrize("step", [Trying(2.0), Ring(2.0), Pause(2.0)])
def test_a_length_of_time_is_waited_out(step: Step) -> None:
    far_end = FarEnd([step, MARK], START)
    far_end.deeds()
    assert far_end.deadline() == START + 2.0
    far_end.handle_timer(START + 1.9)
    assert far_end.deeds() == []
    far_end.handle_timer(START + 2.0)
    assert far_end.deeds() == [MARKED]


@pytest.mark.parametrize("last", [HangUp(), Reject(603)])
def test_nothing_is_done_after_the_end(last: Step) -> None:
    far_end = FarEnd([last, MARK], START)
    assert len(far_end.deeds()) == 1
    assert far_end.deadline() is None
    for signal in SIGNALS.values():
        signal(far_end)
    assert far_end.deeds() == []


def test_a_far_end_at_the_end_of_its_script_stays_for_an_hour() -> None:
    far_end = FarEnd([], START)
    assert far_end.deadline() == START + LONGEST_CALL
    far_end.handle_timer(START + LONGEST_CALL)
    assert far_end.deeds() == [PutDown()]
    assert far_end.deadline() is None


def test_a_stopped_far_end_does_nothing_more() -> None:
    far_end = FarEnd([Ring(2.0), Answer()], START)
    far_end.deeds()
    far_end.stop()
    assert far_end.deadline() is None
    far_end.handle_timer(START + 2.0)
    assert far_end.deeds() == []


@pytest.mark.parametrize(("hz", "is_waited_for"), [(599, False), (600, True), (2500, True)])
def test_a_tone_counts_within_its_limits_only(hz: float, *, is_waited_for: bool) -> None:
    far_end = FarEnd([AwaitTone(), MARK], START)
    far_end.tone_heard(hz, START)
    assert far_end.deeds() == ([MARKED] if is_waited_for else [])


def test_a_caller_who_sounds_already_is_not_waited_for() -> None:
    far_end = FarEnd([Say("hello"), AwaitSound(), MARK], START)
    far_end.deeds()
    far_end.speech_started(START + 1)
    far_end.sound_over(START + 2)
    assert far_end.deeds() == [MARKED]


@pytest.mark.parametrize(
    ("unless_heard", "contains_sound", "deed"),
    [
        ((Press("*"),), True, MARKED),
        ((Press("*"),), False, PressKeys("*")),
        ((), True, MARKED),
        ((), False, MARKED),
    ],
)
def test_a_recording_of_nothing_may_lead_elsewhere(
    unless_heard: tuple[Step, ...], *, contains_sound: bool, deed: Deed
) -> None:
    far_end = FarEnd([Record(2.0, 5.0, 60.0, unless_heard), MARK], START)
    far_end.deeds()
    far_end.recorded(START + 5, contains_sound=contains_sound)
    assert far_end.deeds() == [deed]


def test_what_sounded_before_the_answer_is_not_listened_to() -> None:
    far_end = FarEnd([Answer(), Listen(1.5), MARK], START)
    far_end.speech_started(START + 1)
    far_end.speech_ended(START + 3)
    far_end.connected(START + 4)
    assert far_end.deadline() == START + 4 + PATIENCE


class TestListening:
    @pytest.fixture
    def far_end(self) -> FarEnd:
        return FarEnd([Listen(1.5), MARK, Listen(1.5), Say("done")], START)

    def test_goes_on_when_the_caller_says_nothing(self, far_end: FarEnd) -> None:
        assert far_end.deadline() == START + PATIENCE

    def test_waits_while_the_caller_speaks(self, far_end: FarEnd) -> None:
        far_end.speech_started(START + 3)
        assert far_end.deadline() == START + 3 + LONGEST_SPEECH

    def test_counts_the_silence_from_its_beginning(self, far_end: FarEnd) -> None:
        far_end.speech_started(START + 3)
        far_end.speech_ended(START + 8)
        assert far_end.deadline() == START + 8 - SPEECH_END_DELAY + 1.5

    def test_takes_a_pause_between_sentences_for_one(self, far_end: FarEnd) -> None:
        far_end.speech_started(START + 3)
        far_end.speech_ended(START + 8)
        far_end.speech_started(START + 8.2)
        far_end.handle_timer(START + 9)
        assert far_end.deeds() == []
        far_end.speech_ended(START + 10)
        far_end.handle_timer(START + 11)
        assert far_end.deeds() == [MARKED]

    def test_counts_what_was_said_before_it_began(self) -> None:
        far_end = FarEnd([Say("hello"), Listen(1.5), MARK], START)
        far_end.deeds()
        far_end.speech_started(START + 1)
        far_end.speech_ended(START + 2.5)
        far_end.sound_over(START + 3)
        assert far_end.deadline() == START + 2.5 - SPEECH_END_DELAY + 1.5

    def test_hears_on_what_began_before_it_did(self) -> None:
        far_end = FarEnd([Say("hello"), Listen(1.5), MARK], START)
        far_end.deeds()
        far_end.speech_started(START + 1)
        far_end.sound_over(START + 3)
        assert far_end.deadline() == START + 3 + LONGEST_SPEECH

    def test_wants_to_hear_something_new_the_next_time(self, far_end: FarEnd) -> None:
        far_end.speech_started(START + 1)
        far_end.speech_ended(START + 2)
        far_end.handle_timer(START + 3)
        assert far_end.deeds() == [MARKED]
        far_end.sound_over(START + 4)
        assert far_end.deadline() == START + 4 + PATIENCE
