"""Stories of instances in which something goes wrong, and what is said of it where."""

from dataclasses import replace

import pytest

from callwright.domain.causes import CallCause, EndCause, HangupCause
from callwright.domain.facts import ActionEnded, ErrorReported, InstanceStopped
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, SITE, Says, Story, Unreachable, says, text

FAULTS = [
    (Unreachable("is down"), "page_request_failed", "2101", -1),
    (Says(status=500), "page_request_failed", "2101", -1),
    (Says(status=302), "page_request_failed", "2101", -1),
    (Says(b"<html>"), "invalid_response", "2102", -2),
    (Says(b"{}"), "invalid_response", "2102", -2),
    (says({"dance": {}}), "unknown_action", "2102", -2),
    (says(api_version="1.0"), "api_version_mismatch", "2103", -2),
    (says({"reject": {}}), "invalid_state", "2104", -2),
    (says({"play": {"play_list": [{"file_to_play": "no.wav"}]}}), "media_not_found", "2104", -2),
    (says(text("unspeakable")), "tts_failed", "2104", -2),
    (RuntimeError("our bug, with 441632960961 in it"), "internal_error", "2199", -9),
]


@pytest.mark.parametrize(("first", "code", "error_code", "exit_status"), FAULTS)
def test_an_error_asks_the_error_page_then_hangs_up_and_asks_the_final_page(
    first: Says | Unreachable | Exception, code: str, error_code: str, exit_status: int
) -> None:
    story = Story({"first": first, "error": says(text("Sorry."))})

    assert story.exit_status == exit_status
    assert story.asked == ["first", "error", "final"]
    assert story.info("error")["error_result"]["code"] == code
    assert story.info("error")["this_call"]["call_state"] == "answered"
    assert story.speech.said == [("Sorry.", APPLICATION.tts_voice)]
    final = story.info("final")
    assert final["this_call"]["call_cause"] == "failed"
    assert "error_result" not in final
    assert [report.code for report in story.told.of(ErrorReported)] == [error_code]
    assert "ERROR" in story.logs.text
    assert story.told.facts[-1] == InstanceStopped(story.told.facts[-1].at, exit_status)


def test_an_error_names_the_action_that_failed() -> None:
    story = Story({"first": says(text("unspeakable")), "error": Says()})

    assert story.info("error")["error_result"] == {
        "action": "play",
        "result": "espeak-ng is not there",
        "code": "tts_failed",
    }


def test_a_second_error_asks_no_error_page_again() -> None:
    story = Story({"first": Says(status=500), "error": says(text("unspeakable"), text("Never."))})

    assert story.exit_status == -1
    assert story.asked == ["first", "error", "final"]
    assert [report.code for report in story.told.of(ErrorReported)] == ["2101", "2104"]


def test_an_error_page_may_lead_to_further_pages() -> None:
    story = Story(
        {
            "first": Says(status=500),
            "error": says({"redirect": {"next_page": "sorry"}}),
            "sorry": says(text("Sorry.")),
        }
    )

    assert story.asked == ["first", "error", "sorry", "final"]
    assert story.info("final")["this_call"]["call_cause"] == "failed"


@pytest.mark.parametrize("broken", [Unreachable(), Says(status=500), Says(b"{")])
def test_error_and_final_pages_that_fail_are_only_logged(broken: Says | Unreachable) -> None:
    story = Story({"first": Says(status=404), "error": broken, "final": broken})

    assert story.exit_status == -1
    assert story.asked == ["first", "error", "final"]
    assert [report.code for report in story.told.of(ErrorReported)] == ["2101"]
    assert "ERROR page final" in story.logs.text


def test_an_instance_without_error_and_final_pages_ends_all_the_same() -> None:
    story = Story(
        {"first": Says(status=500)},
        application=replace(APPLICATION, error_page=None, final_page=None),
    )

    assert story.asked == ["first"]
    assert story.call.did == ["hang up"]


def test_an_error_after_the_caller_hung_up_keeps_the_true_cause() -> None:
    busy = EndCause(HangupCause.BUSY, CallCause.BUSY, 486)
    story = Story({"final": says({"play": {}})}, FarEnd(refuses=busy))

    assert story.info("final")["this_call"]["call_cause"] == "busy"


def test_an_instance_that_only_goes_from_page_to_page_is_ended() -> None:
    story = Story({"first": says({"redirect": {"next_page": "first"}}), "error": Says()})

    assert story.asked.count("first") == 100
    assert story.info("error")["error_result"]["code"] == "too_many_requests"
    assert [report.code for report in story.told.of(ErrorReported)] == ["2104"]


def test_private_data_stays_out_of_the_rest_log() -> None:
    secrets = ("PRIVATEMARK", "4711", "TOKENMARK", "open sesame", "c0ffee", "hunter2")
    private = {"text_to_say": "PRIVATEMARK", "text_is_private": True}
    cipher = {"type": "aescbc", "key": "c0ffee" * 5 + "ab", "initialisation_vector": "00" * 16}
    story = Story(
        {
            "first": says(
                {"play": {"play_list": [private]}},
                {"get_number": {"next_page": {"url": "n", "method": "GET"}, "digit_count": 4}},
                token="TOKENMARK",
            ),
            "n": says(
                {"redirect": {"next_page": "http://me:hunter2@app.example.com/ivr/c"}},
            ),
            "http://me:hunter2@app.example.com/ivr/c": says(
                {
                    "play": {
                        "play_list": [
                            {"file_to_play": "prompts/welcome.wav", "decryption_cipher": cipher}
                        ]
                    }
                }
            ),
            "error": Says(status=204),
        },
        FarEnd(keys=tuple((3.5 + n / 10, key) for n, key in enumerate("4711"))),
        broken_sounds=frozenset({"/media/1/prompts/welcome.wav"}),
    )

    assert story.info("n")["action_result"]["result"] == {"entered_number": "4711"}
    assert story.info("error")["error_result"]["code"] == "decryption_failed"
    assert [secret for secret in secrets if secret in story.logs.text] == []
    others = [fact for fact in story.told.facts if not isinstance(fact, ActionEnded)]
    assert [secret for secret in secrets if secret in repr(others)] == []


def test_a_page_that_fails_does_not_give_its_document_away() -> None:
    get_number = {"next_page": {"url": "n", "method": "GET"}, "digit_count": 4}
    story = Story(
        {"first": says({"get_number": get_number}, token="TOKENMARK"), "n": Says(status=500)},
        FarEnd(keys=tuple((3.5 + n / 10, key) for n, key in enumerate("4711"))),
        application=replace(APPLICATION, error_page=None),
    )

    [report] = story.told.of(ErrorReported)
    assert report.text == f"{SITE}n answered with HTTP status 500"
    assert "TOKENMARK" not in story.logs.text
    assert "4711" not in story.logs.text


def test_a_bug_is_logged_by_its_place_and_not_by_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Story({"first": RuntimeError("441632960961"), "error": Says()})

    out = capsys.readouterr().out
    assert "instance.bug" in out
    assert "RuntimeError" in out
    assert "441632960961" not in out
