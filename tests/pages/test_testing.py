"""The call that is none keeps the rules of the page protocol."""

from typing import Any, Final

import pytest

from callwright.pages import (
    Action,
    Answer,
    Application,
    ClassifyCallee,
    ConferenceParticipant,
    Connect,
    ConnectToConference,
    File,
    GetNumber,
    HangUp,
    InstanceInfo,
    Interrupted,
    Play,
    ReceiveFax,
    Record,
    RecordResult,
    Redirect,
    Reject,
    Response,
    SecondaryCall,
    SendFax,
    Sleep,
    StartTranscription,
    StopTranscription,
    TranscriptionResult,
)
from callwright.pages.rehearsal_flow import _PERFORMERS
from callwright.pages.testing import TestCall
from tests.sim.plain_application import BYE, answered, app_of

NUMBER: Final = GetNumber("next", prompt="Number?", digit_count=3)


def _result(call: TestCall, path: str = "/next") -> Any:  # whichever result the test expects
    [visit] = [visit for visit in call.visits if visit.path == path]
    assert visit.info.action_result is not None
    return visit.info.action_result.result


def test_a_next_page_takes_the_place_of_the_list() -> None:
    call = answered(NUMBER, Play("not this"))
    call.press("123")
    assert call.heard == ["Number?", "Next."]
    assert call.page_history == ["/first", "/next", "/final"]
    assert (call.state, call.cause, call.raw_cause) == ("idle", "completed", "200")
    assert call.deleted_files == ["old.wav"]


def test_the_final_page_alone_hears_of_a_call_that_is_busy() -> None:
    call = TestCall(app_of(BYE))
    call.not_answered("busy", "486")
    [visit] = call.visits
    assert (visit.path, visit.info.this_call.call_cause) == ("/final", "busy")
    assert visit.info.this_call.call_raw_cause == "486"


def test_whoever_hangs_up_ends_the_action_without_its_next_page() -> None:
    call = answered(NUMBER)
    call.hang_up()
    assert (call.page_history, call.cause) == (["/first", "/final"], "hung_up")
    with pytest.raises(AssertionError, match="over"):
        call.press("1")


@pytest.mark.parametrize(
    ("actions", "state", "raw_cause"),
    [
        ([Sleep(1)], "inbound", None),
        ([Answer(), Sleep(1)], "answered", None),
        ([Play("a"), Sleep(1)], "answered", None),
        ([Reject("busy")], "idle", "486"),
        ([Reject(raw_cause="404")], "idle", "404"),
    ],
)
def test_a_call_that_comes_in_is_answered_by_what_speaks(
    actions: list[Action], state: str, raw_cause: str | None
) -> None:
    call = TestCall(app_of(*actions), inbound=True)
    call.arrive()
    assert call.visits[0].info.this_call.call_state == "inbound"
    assert (call.state, call.raw_cause) == (state, raw_cause)


def test_an_answered_call_cannot_be_refused() -> None:
    call = answered(Reject())
    assert call.visits[1].info.error_result is not None
    assert call.visits[1].info.error_result.code == "invalid_state"
    assert (call.heard, call.cause) == (["Sorry."], "failed")


def test_an_error_asks_the_error_page_once() -> None:
    call = answered(Sleep(5))
    call.fail("media_not_found", "no such file")
    assert call.page_history == ["/first", "/error", "/final"]
    error = call.visits[1].info.error_result
    assert error is not None
    assert (error.action, error.code, error.result) == ("sleep", "media_not_found", "no such file")


def test_pages_that_go_in_circles_are_stopped() -> None:
    call = answered(Redirect("/circle"), others={"/circle": [Redirect("/circle")]})
    assert call.page_history.count("/circle") == 99
    assert (call.page_history[-2:], call.cause) == (["/error", "/final"], "failed")


@pytest.mark.parametrize(
    ("steps", "contains_sound", "duration"),
    [
        ([("wait", 3.0)], False, 3.0),
        ([("speak", 2.0), ("wait", 9.0)], True, 5.0),
        ([("wait", 1.0), ("press", "#")], False, 1.0),
        ([("speak", 30.0), ("wait", 20.0)], True, 10.0),
    ],
)
def test_a_recording_ends(
    steps: list[tuple[str, Any]], *, contains_sound: bool, duration: float
) -> None:
    call = answered(
        Record("next", id="r", seconds_max_duration=10, recording_available_page="told")
    )
    for verb, value in steps:
        match verb:
            case "wait":
                call.wait(value)
            case "press":
                call.press(value)
            case _:
                call.speak("hm", seconds=value)
    result = _result(call)
    assert isinstance(result, RecordResult)
    assert (result.contains_sound, result.seconds_duration) == (contains_sound, duration)
    assert _result(call, "/told") == result


CONNECT: Final = Connect(["1", "2"], hold_media=File("hold.wav"), next_page="next")


def test_the_first_to_answer_is_joined_and_the_others_are_dropped() -> None:
    pages = {"/parted": ()}
    call = answered(
        Connect(["1", "2"], secondary_call=SecondaryCall(final_page="/parted"), next_page="next"),
        others=pages,
    )
    assert call.ringing == ["1", "2"]
    call.wait(4)
    call.callee_answers("2")
    assert call.is_joined()
    call.wait(60)
    call.secondary.hang_up()
    assert call.page_history == ["/first", "/parted", "/next", "/final"]
    parted = call.visits[1].info
    assert [(one.call_to, one.call_cause) for one in parted.dropped_calls] == [("1", "dropped")]
    assert (parted.this_call.call_to, parted.this_call.call_cause) == ("2", "hung_up")
    assert _result(call).seconds_connected_duration == 60.0


def test_nobody_who_answers_lets_the_list_go_on() -> None:
    for verb in ("wait", "fail"):
        call = answered(CONNECT)
        if verb == "wait":
            call.wait(30)
        else:
            call.callee_fails()
            call.callee_fails("2")
        assert call.heard == ["[hold.wav]", "The list went on."]


@pytest.mark.parametrize(("kind", "joined"), [("human", True), ("answering_machine", False)])
def test_a_machine_does_not_win(kind: str, *, joined: bool) -> None:
    call = answered(Connect(["1"], classify_callee=ClassifyCallee()))
    call.callee_answers(far_end_type=kind)
    assert call.is_joined() is joined


def test_a_secondary_flow_may_not_connect() -> None:
    second = SecondaryCall(first_page="/whisper")
    call = answered(Connect(["1"], secondary_call=second), others={"/whisper": [Connect(["2"])]})
    call.callee_answers()
    assert call.page_history == ["/first", "/whisper", "/error", "/final"]
    assert call.heard == ["The list went on."]


def test_the_end_of_the_primary_call_ends_the_secondary_one_first() -> None:
    call = answered(
        Connect(["1"], secondary_call=SecondaryCall(final_page="/parted")),
        others={"/parted": ()},
    )
    call.callee_answers()
    call.hang_up()
    assert call.page_history == ["/first", "/parted", "/final"]


def test_a_secondary_call_lasts_as_long_as_it_may() -> None:
    call = answered(
        Connect(["1"], secondary_call=SecondaryCall(minutes_max_call_duration=2), next_page="next")
    )
    call.callee_answers()
    call.wait(120)
    assert _result(call).seconds_connected_duration == 120.0


def test_a_key_leaves_the_conference() -> None:
    how = ConferenceParticipant(exit_digit="#", mute_digit="1")
    call = answered(ConnectToConference("weekly", conference_participant=how, next_page="next"))
    call.callee_answers()
    call.press("1")
    assert call.is_joined()
    call.press("#")
    assert call.says("Next.")


def test_an_interrupt_goes_on_with_its_page_or_ends() -> None:
    call = answered(Sleep(60))
    call.interrupt("/next")
    assert isinstance(_result(call), Interrupted)
    assert call.says("Next.")
    call = answered(CONNECT)
    call.interrupt()
    assert (call.page_history, call.cause) == (["/first", "/final"], "completed")


def test_a_transcription_tells_its_page_until_it_is_stopped() -> None:
    call = answered(StartTranscription("told", id="leg"), Sleep(1), StopTranscription(), Sleep(1))
    call.transcribe("I would like a refund.")
    call.wait(1)
    results = [visit.info.result(TranscriptionResult) for visit in call.visits[1:]]
    assert [(one.id, one.completed) for one in results] == [("leg", False), ("leg", True)]
    assert results[0].transcription[0].text == "I would like a refund."
    with pytest.raises(AssertionError, match="no transcription"):
        call.transcribe("too late")


def test_the_token_goes_from_page_to_page() -> None:
    app = Application()
    app.first_page("/first")(lambda info: Response(Redirect("second"), token=f"{info.token}1"))
    app.page("/second")(lambda _: HangUp())
    app.final_page("/final")(lambda _: None)
    call = TestCall(app, token="0", parameters={"outbound_parameters": "green"})
    call.answer(far_end_type="human")
    assert [visit.info.token for visit in call.visits] == ["0", "01", "01"]
    told = call.visits[0].info.this_call
    assert (told.outbound_parameters, told.far_end_type) == ("green", "human")


def test_a_page_that_is_none_is_told_with_those_that_are() -> None:
    call = TestCall(app_of(Redirect("/elsewhere")))
    with pytest.raises(LookupError, match=r"'/elsewhere' is no page.*/error, /final, /first"):
        call.answer()


def test_a_mistake_in_a_page_comes_out_of_the_verb() -> None:
    app = Application()

    @app.first_page("/first")
    def first(info: InstanceInfo) -> Action:
        return Play(info.entered_number)

    with pytest.raises(ValueError, match="GetNumberResult expected"):
        TestCall(app).answer()


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: TestCall(Application()).answer(),
        lambda: TestCall(app_of(BYE)).arrive(),
        lambda: TestCall(app_of(BYE), inbound=True).answer(),
        lambda: answered(Sleep(1)).callee_answers(),
        lambda: answered(CONNECT).callee_fails("3"),
        lambda: answered(CONNECT).secondary,
    ],
)
def test_a_test_that_makes_no_sense_is_told_so(misuse: Any) -> None:  # any of the above
    with pytest.raises(AssertionError):
        misuse()


def test_every_action_but_the_faxes_is_rehearsed() -> None:
    faxes = {SendFax.wire_name, ReceiveFax.wire_name}
    rehearsed_names = {kind.wire_name for kind in _PERFORMERS}
    assert rehearsed_names == {kind.wire_name for kind in Action.__subclasses__()} - faxes
    call = answered(SendFax("a.tif"))
    assert (call.page_history, call.cause) == (["/first", "/error", "/final"], "failed")
