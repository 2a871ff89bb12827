"""What inbound calls have: `answer`, `reject`, and which actions answer by themselves."""

from collections.abc import Mapping

import pytest

from callwright.protocol.pages.actions import RejectCause
from callwright.runner.actions.reject import SIP_STATUSES
from tests.sim.call import INBOUND, FarEnd
from tests.sim.instance import Says, Story, says, text

PLAY = {"play_list": [{"text_to_say": "Hello."}]}
LINK = {"next_page": "n"}
HEADERS = [{"name": "X-Greeting", "value": "hello"}]

ANSWERING = [
    ("play", PLAY),
    ("get_number", {**LINK, "on_input_timeout_messages": []}),
    ("get_input", {**LINK, "speech_input_mode": "disabled", "on_input_timeout_messages": []}),
    ("run_menu", {"menu_options": [{"digit": "1", **LINK}], "on_digit_timeout_messages": []}),
    ("record", {**LINK}),
    ("connect", {"destinations": ["tel:441632960201"]}),
    ("connect_to_conference", {"name": "weekly42", "conference_participant": {"exit_digit": "#"}}),
]
SILENT = [
    ("redirect", {"next_page": "n"}),
    ("sleep", {"seconds": 1}),
    ("delete_file", {"file_to_delete": "old.wav"}),
    ("stop_transcription", {}),
]


def called(*actions: Mapping[str, object], has_early_media: bool = False) -> Story:
    return Story(
        {"first": says(*actions), "n": says(), "error": Says()},
        FarEnd(hangs_up_at=60.0, keys=((30.0, "#"),)),
        parties=INBOUND,
        has_early_media=has_early_media,
    )


def test_the_first_page_is_asked_before_the_answer() -> None:
    story = called(text("Hello."))

    call = story.info("first")["this_call"]
    assert (call["call_direction"], call["call_state"]) == ("in", "inbound")
    assert (call["call_from"], call["call_to"]) == ("441632960961", "441632960100")
    assert call["call_attestation"] == "B"


@pytest.mark.parametrize(("name", "properties"), ANSWERING)
def test_an_action_that_talks_to_somebody_answers(name: str, properties: object) -> None:
    assert called({name: properties}).call.did.count("answer") == 1


@pytest.mark.parametrize(("name", "properties"), ANSWERING)
def test_with_early_media_it_does_not(name: str, properties: object) -> None:
    did = called({name: properties}, has_early_media=True).call.did
    assert did.count("open early media") == 1
    assert "answer" not in did


@pytest.mark.parametrize(("name", "properties"), SILENT)
def test_an_action_that_talks_to_nobody_does_not_answer(name: str, properties: object) -> None:
    assert "answer" not in called({name: properties}).call.did


def test_the_call_is_answered_once() -> None:
    assert called(text("Hello."), text("Bye.")).call.did.count("answer") == 1


def test_answer_answers_with_headers() -> None:
    story = called({"answer": {"extra_sip_headers": HEADERS}}, text("Hello."))
    assert [did for did in story.call.did if "answer" in did] == ["answer X-Greeting: hello"]


def test_an_answered_call_is_not_answered_again() -> None:
    story = called(text("Hello."), {"answer": {}})
    assert story.call.did.count("answer") == 1
    assert story.exit_status == 0


def test_early_media_ends_with_an_answer() -> None:
    did = called(
        text("Please hold."), {"answer": {}}, text("Hello."), has_early_media=True
    ).call.did
    assert [step for step in did if "open" in step or "answer" in step] == [
        "open early media",
        "answer",
    ]


def test_an_outbound_call_cannot_be_answered_and_goes_on() -> None:
    story = Story({"first": says({"answer": {}}, text("Hello."))})

    assert story.exit_status == 0
    assert "WARN  answer is ignored: the call is no inbound one" in story.logs.text
    assert [words for words, _ in story.speech.said] == ["Hello."]


REJECTS = [
    ({}, 603),
    *(({"cause": cause}, SIP_STATUSES[cause]) for cause in RejectCause),
    ({"raw_cause": "486"}, 486),
    ({"cause": "barred", "raw_cause": "600"}, 600),
]


@pytest.mark.parametrize(("properties", "status"), REJECTS)
def test_rejects_with_the_status_of_the_cause(properties: dict[str, object], status: int) -> None:
    story = called({"reject": properties}, text("Never."))

    assert story.call.did == ["drop digits", f"reject {status}"]
    assert story.asked == ["first", "final"]
    assert story.info("final")["this_call"]["call_raw_cause"] == str(status)
    assert story.exit_status == 0


@pytest.mark.parametrize("before", [[text("Hello.")], [{"answer": {}}]])
def test_an_answered_call_cannot_be_rejected(before: list[dict[str, object]]) -> None:
    story = called(*before, {"reject": {}})
    assert story.info("error")["error_result"] == {
        "action": "reject",
        "code": "invalid_state",
        "result": "reject needs an inbound call that is not answered yet",
    }


def test_a_list_that_never_talked_to_the_caller_ends_the_call() -> None:
    story = called({"sleep": {"seconds": 1}})
    assert story.call.did[-1] == "hang up"
    assert story.asked == ["first", "final"]


def test_a_caller_who_gives_up_before_the_answer_gets_no_further_page() -> None:
    story = Story(
        {"first": says({"sleep": {"seconds": 30}}, text("Never."))},
        FarEnd(hangs_up_at=5.0),
        parties=INBOUND,
    )
    assert story.asked == ["first", "final"]
    assert story.info("final")["this_call"]["call_cause"] == "hung_up"


@pytest.mark.parametrize(
    ("name", "properties"), [("send_fax", {"fax_to_send": "a.tif"}), ("receive_fax", LINK)]
)
def test_fax_says_that_it_is_not_enabled(name: str, properties: object) -> None:
    story = called({name: properties})
    assert story.info("error")["error_result"] == {
        "action": name,
        "code": "invalid_state",
        "result": f"{name} cannot run: fax is not enabled",
    }


@pytest.mark.parametrize(
    ("name", "left", "warning"),
    [
        ("old.wav", set(), ""),
        ("none.wav", {"old.wav"}, "delete_file: there is no file none.wav"),
        ("x.mp3", {"old.wav"}, "delete_file: 'x.mp3' is no name of a media file"),
    ],
)
def test_a_file_is_deleted_and_one_that_is_not_there_is_no_error(
    name: str, left: set[str], warning: str
) -> None:
    story = Story({"first": says({"delete_file": {"file_to_delete": name}})})

    assert story.exit_status == 0
    assert story.media.old == left
    assert warning in story.logs.text
