"""Stories of whole instances: pages are asked, actions run, facts and the REST log tell of it."""

from dataclasses import replace

import pytest

from callwright.domain.causes import cause_of_sip_failure
from callwright.domain.facts import (
    ActionEnded,
    ActionStarted,
    ErrorReported,
    InstanceStopped,
    PageAnswered,
    RecordingMade,
    SpeechUsed,
)
from callwright.domain.outbound_service import PageAddress, PageCredentials
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from tests.sim.call import FarEnd
from tests.sim.clock import VirtualClock
from tests.sim.instance import (
    APPLICATION,
    SITE,
    FakeSpeech,
    Says,
    Story,
    Unreachable,
    says,
    text,
)

GET_NUMBER = {"get_number": {"next_page": "entered", "digit_count": 3}}
RECORD = {"record": {"next_page": "stored", "id": "complaint"}}


def test_a_list_runs_in_order_and_its_end_hangs_up() -> None:
    story = Story({"first": says(text("Hello."), {"sleep": {"seconds": 2}}, text("Bye."))})

    assert story.exit_status == 0
    assert story.asked == ["first", "final"]
    assert story.call.did == [
        "play /speech/Hello..wav",
        "drop digits",
        "pause 2",
        "play /speech/Bye..wav",
        "hang up",
    ]
    assert story.info("final")["this_call"]["call_cause"] == "completed"
    assert story.web.is_closed


def test_the_first_page_is_told_of_the_call_and_of_what_started_it() -> None:
    story = Story({"first": says({"hang_up": {}})})

    assert story.info("first") == {
        "application_instance_id": "7f31c2a90be4d816.40217",
        "token": "t0",
        "log_filename": "2026/02/11/rest_09_30_02_7f31c2a90be4d816.40217.log",
        "is_notification": False,
        "this_call": {
            "call_id": "049136ca36e44662.2.914358273",
            "call_direction": "out",
            "call_from": "441632960100",
            "call_to": "441632960961",
            "call_target": "441632960961",
            "call_divert": "",
            "seconds_call_duration": 0.0,
            "call_state": "answered",
            "application_parameters": "shop=7",
            "outbound_parameters": "order=5",
        },
        "api_version": "2.0",
    }


@pytest.mark.parametrize(
    ("sip_status", "cause"), [(486, "busy"), (408, "no_answer"), (404, "unobtainable")]
)
def test_a_call_that_is_not_answered_goes_straight_to_the_final_page(
    sip_status: int, cause: str
) -> None:
    story = Story({}, FarEnd(refuses=cause_of_sip_failure(sip_status)))

    assert story.exit_status == 0
    assert story.asked == ["final"]
    call = story.info("final")["this_call"]
    assert (call["call_state"], call["call_cause"], call["call_raw_cause"]) == (
        "idle",
        cause,
        str(sip_status),
    )
    assert call["seconds_call_duration"] == 0.0
    assert story.told.of(ErrorReported) == []


def test_a_number_reaches_the_next_page_whose_list_replaces_the_old_one() -> None:
    story = Story(
        {"first": says(GET_NUMBER, text("Never said.")), "entered": says({"hang_up": {}})},
        FarEnd(keys=((3, "9"), (4, "0"), (5, "2"))),
    )

    assert story.asked == ["first", "entered", "final"]
    assert story.info("entered")["action_result"] == {
        "action": "get_number",
        "result": {"entered_number": "902"},
    }
    assert story.speech.said == []


def test_an_action_without_success_goes_on_in_its_list() -> None:
    silent = {"get_number": {**GET_NUMBER["get_number"], "on_input_timeout_messages": []}}
    story = Story({"first": says(silent, text("Goodbye."))})

    assert story.asked == ["first", "final"]
    assert story.speech.said == [("Goodbye.", APPLICATION.tts_voice)]


def test_a_redirect_brings_no_result() -> None:
    story = Story(
        {
            "first": says({"redirect": {"next_page": {"url": "b?x=1", "method": "GET"}}}),
            "b?x=1": says(),
        }
    )

    assert story.asked == ["first", "b?x=1", "final"]
    assert story.web.methods == ["POST", "GET", "POST"]
    assert "action_result" not in story.info("b?x=1")


def test_a_relative_url_is_relative_to_where_the_answer_came_from() -> None:
    story = Story(
        {
            "first": Says(
                says({"redirect": {"next_page": "more"}}).body, url=SITE + "moved/here?x=1"
            ),
            "moved/more": says(),
        }
    )

    assert story.asked == ["first", "moved/more", "final"]


def test_the_token_is_that_of_the_last_answer() -> None:
    story = Story(
        {
            "first": says({"redirect": {"next_page": "b"}}, token="t1"),
            "b": says({"redirect": {"next_page": "c"}}),
            "c": Says(b""),
        }
    )

    tokens = [(name, info["token"]) for name, info in story.web.asked]
    assert tokens == [("first", "t0"), ("b", "t1"), ("c", None), ("final", None)]


def test_an_empty_answer_leaves_the_token() -> None:
    story = Story({"first": Says(status=204)})

    assert story.info("final")["token"] == "t0"


@pytest.mark.parametrize(
    ("length", "exit_status"), [(MAX_ANSWER_BYTES, 0), (MAX_ANSWER_BYTES + 1, -2)]
)
def test_blanks_are_an_empty_answer_as_long_as_an_answer_may_be(
    length: int, exit_status: int
) -> None:
    story = Story({"first": Says(b" " * length), "error": Says(status=204)})

    assert story.exit_status == exit_status
    if exit_status:
        error = story.info("error")["error_result"]
        assert error["code"] == "invalid_response"
        assert error["result"] == "the response has more than 1048576 bytes"


def test_a_caller_who_hangs_up_ends_the_action_and_no_next_page_is_asked() -> None:
    story = Story({"first": says(GET_NUMBER, text("Never."))}, FarEnd(hangs_up_at=5))

    assert story.exit_status == 0
    assert story.asked == ["first", "final"]
    call = story.info("final")["this_call"]
    assert (call["call_cause"], call["call_raw_cause"]) == ("hung_up", "200")
    assert call["seconds_call_duration"] == 3.0
    assert "hang up" not in story.call.did


ABANDONED = [
    ("the first page", ["first"], {"first": [20.0]}),
    ("a next page", ["first", "b"], {"b": [20.0]}),
]


@pytest.mark.parametrize(("_what", "asked", "slow"), ABANDONED)
def test_no_page_is_waited_for_once_the_caller_has_hung_up(
    _what: str, asked: list[str], slow: dict[str, list[float]]
) -> None:
    begun_at = VirtualClock().unix_time()
    story = Story(
        {"first": says({"redirect": {"next_page": "b"}}, token="t1"), "b": says(token="t2")},
        FarEnd(hangs_up_at=4.0),
        slow=slow,
    )

    assert story.asked == [*asked, "final"]
    assert story.info("final")["token"] == ("t0" if len(asked) == 1 else "t1")
    assert story.info("final")["this_call"]["call_cause"] == "hung_up"
    assert (story.exit_status, story.told.of(ErrorReported)) == (0, [])
    [stopped] = story.told.of(InstanceStopped)
    assert stopped.at - begun_at == pytest.approx(4.05)


def test_the_error_page_is_told_though_the_caller_hangs_up() -> None:
    story = Story(
        {"first": Says(status=500), "error": says(text("Never."), token="t1")},
        FarEnd(hangs_up_at=3.0),
        slow={"error": [5.0]},
    )

    assert story.asked == ["first", "error", "final"]
    assert story.info("final")["token"] == "t1"
    assert story.speech.said == []


def test_a_caller_who_hung_up_is_not_redirected() -> None:
    # Answered after 2 s, and gone while the first page takes 0.05 s to answer.
    story = Story({"first": says({"redirect": {"next_page": "b"}})}, FarEnd(hangs_up_at=2.02))

    assert story.asked == ["first", "final"]


def test_a_recording_is_named_told_and_notified() -> None:
    record = {"record": {**RECORD["record"], "recording_available_page": "available"}}
    story = Story({"first": says(record), "stored": says(), "available": Says(status=204)})

    filename = "rest_recordings/2027/01/15/7f31c2a90be4d816.40217_1.wav"
    result = {
        "action": "record",
        "result": {
            "id": "complaint",
            "filename": filename,
            "contains_sound": True,
            "seconds_duration": 7.0,
        },
    }
    assert story.info("stored")["action_result"] == result
    notified = story.info("available")
    assert notified["action_result"] == result
    assert notified["is_notification"] is True
    assert "this_call" not in notified
    assert [(made.filename, made.duration) for made in story.told.of(RecordingMade)] == [
        (filename, 7.0)
    ]


def test_a_caller_who_hangs_up_leaves_the_recording_made_so_far() -> None:
    record = {"record": {**RECORD["record"], "recording_available_page": "available"}}
    story = Story({"first": says(record), "available": Says(status=204)}, FarEnd(hangs_up_at=4.55))

    assert sorted(story.asked) == ["available", "final", "first"]
    assert story.info("available")["action_result"]["result"]["seconds_duration"] == 2.5
    assert story.info("final")["this_call"]["call_cause"] == "hung_up"


def test_a_notification_page_that_does_not_listen_is_tried_four_times() -> None:
    record = {"record": {**RECORD["record"], "recording_available_page": "available"}}
    story = Story(
        {"first": says(record), "stored": says(), "available": [Says(status=503), Unreachable()]}
    )

    assert story.exit_status == 0
    assert story.asked.count("available") == 4
    assert story.pauses == [1.0, 5.0, 25.0]
    assert story.told.of(ErrorReported) == []
    assert "given up" in story.logs.text


def test_of_the_final_page_only_what_needs_no_call_is_run() -> None:
    story = Story(
        {
            "first": says(),
            "final": says(text("Never."), {"delete_file": {"file_to_delete": "old.wav"}}),
        }
    )

    assert story.exit_status == 0
    assert story.speech.said == []
    assert story.media.old == set()
    assert "action play of the final page is skipped" in story.logs.text


def test_credentials_go_to_the_host_of_the_first_page_alone() -> None:
    elsewhere = "http://elsewhere.example.net/ivr"
    story = Story(
        {
            "first": says({"redirect": {"next_page": elsewhere}}),
            elsewhere: says({"redirect": {"next_page": SITE + "b"}}),
            "b": says(),
        }
    )

    ours = PageCredentials("ivr", "open sesame")
    assert story.web.credentials == [
        (SITE + "first", ours),
        (elsewhere, None),
        (SITE + "b", ours),
        (SITE + "final", ours),
    ]


def test_facts_tell_the_whole_story() -> None:
    story = Story(
        {"first": says(text("Hello."), GET_NUMBER), "entered": says({"hang_up": {}})},
        FarEnd(keys=((3, "9"), (4, "0"), (5, "2"))),
    )

    told = story.told.facts
    assert [type(fact) for fact in told] == [
        PageAnswered,
        ActionStarted,
        SpeechUsed,
        ActionEnded,
        ActionStarted,
        ActionEnded,
        PageAnswered,
        ActionStarted,
        ActionEnded,
        PageAnswered,
        InstanceStopped,
    ]
    pages = story.told.of(PageAnswered)
    assert [(page.page, page.http_status, page.actions) for page in pages] == [
        ("first", 200, ("play", "get_number")),
        ("next", 200, ("hang_up",)),
        ("final", 204, ()),
    ]
    assert [used.seconds for used in story.told.of(SpeechUsed)] == [0.6]


def test_a_page_that_is_asked_with_get_says_so() -> None:
    application = replace(APPLICATION, first_page=PageAddress(SITE + "first", "GET"))
    story = Story({"first": says()}, application=application)

    assert story.web.methods == ["GET", "POST"]


def test_an_unknown_voice_is_a_warning() -> None:
    spoken = {"text_to_say": "Hi.", "tts_voice": "Martian"}
    story = Story({"first": says({"play": {"play_list": [spoken]}})})

    assert story.exit_status == 0
    assert "WARN  voice 'Martian' is not known" in story.logs.text
    assert isinstance(story.speech, FakeSpeech)
