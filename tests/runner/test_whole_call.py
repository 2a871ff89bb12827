"""The recording of the whole primary call: when it begins, its name, its cipher."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.call_control import RecordingMode, WholeCallOrder
from callwright.domain.cipher import Cipher
from callwright.domain.facts import ErrorReported, RecordingMade
from callwright.domain.far_end import Classification
from callwright.domain.outbound_service import WholeCallRecording
from tests.sim.call import CALL_ID, INBOUND, FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says, text

CLEAR = WholeCallRecording(RecordingMode.MIXED, eliminates_dtmf=True, is_encrypted=False)
ENCRYPTED = WholeCallRecording(RecordingMode.SEPARATE, eliminates_dtmf=False, is_encrypted=True)
NAME = f"rest_call_recordings/2027/01/15/{CALL_ID}.wav"
CIPHER = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0e" * 16}


def recorded(how: WholeCallRecording, first: Says, **story: Any) -> Story:
    application = replace(APPLICATION, recording=how)
    return Story({"first": first, "error": Says()}, application=application, **story)


def test_an_outbound_call_is_recorded_from_its_answer_to_its_end() -> None:
    story = recorded(CLEAR, says(text("Hello.")))

    path = f"/media/1/{NAME}"
    assert story.call.whole_calls == [WholeCallOrder(path, RecordingMode.MIXED, True, None)]
    assert story.call.did[0] == f"record whole call {path}"
    for page in ("first", "final"):
        assert story.info(page)["this_call"]["call_recording_filename"] == NAME
    [made] = story.told.of(RecordingMade)
    assert made.filename == NAME
    assert made.duration == pytest.approx(1.05, abs=0.01)


@pytest.mark.parametrize("answering", [{"answer": {}}, text("Hello.")])
def test_an_inbound_call_is_recorded_from_its_answer(answering: dict[str, object]) -> None:
    story = recorded(CLEAR, says({"sleep": {"seconds": 1}}, answering), parties=INBOUND)

    did = [step for step in story.call.did if step.startswith(("answer", "record"))]
    assert did == ["answer", f"record whole call /media/1/{NAME}"]
    assert "call_recording_filename" not in story.info("first")["this_call"]


def test_an_inbound_call_that_is_never_answered_is_not_recorded() -> None:
    story = recorded(CLEAR, says({"reject": {}}), parties=INBOUND)

    assert story.call.whole_calls == []
    assert story.told.of(RecordingMade) == []


def test_neither_is_an_outbound_one() -> None:
    far_end = FarEnd(answers_at=9.0, hangs_up_at=3.0)
    assert recorded(CLEAR, says(), far_end=far_end).call.whole_calls == []


@pytest.mark.parametrize("parties", [None, INBOUND])
def test_with_encryption_it_begins_when_the_first_page_has_brought_the_cipher(
    parties: Any,
) -> None:
    members = {} if parties is None else {"parties": parties}
    story = recorded(ENCRYPTED, says(text("Hello."), call_recording_cipher=CIPHER), **members)

    [order] = story.call.whole_calls
    assert (order.mode, order.eliminates_dtmf) == (RecordingMode.SEPARATE, False)
    assert order.cipher == Cipher(b"\x0f" * 16, b"\x0e" * 16)
    assert "0f0f" not in story.logs.text + repr(story.told.facts)


# Answered after 2 s, found out 1.5 s later.
BEFORE_THE_FIRST_ANSWER = [
    ("while it rings", 1.0, ["other"]),
    ("while its kind is found out", 3.0, ["other"]),
    ("while the first page is asked", 4.0, ["first", "other"]),
]


@pytest.mark.parametrize(("_when", "at", "asked"), BEFORE_THE_FIRST_ANSWER)
@pytest.mark.parametrize("has_cipher", [True, False])
def test_the_page_that_takes_the_place_of_the_first_brings_the_cipher(
    _when: str, at: float, asked: list[str], *, has_cipher: bool
) -> None:
    members = {"call_recording_cipher": CIPHER} if has_cipher else {}
    application = replace(APPLICATION, recording=ENCRYPTED, classification=Classification())
    story = Story(
        {"first": says(), "other": says(text("Hello."), **members), "error": Says()},
        application=application,
        interrupts=((at, "other"),),
        slow={"first": [5.0]},
    )

    assert story.asked == [*asked, *([] if has_cipher else ["error"]), "final"]
    assert [order.cipher for order in story.call.whole_calls] == (
        [Cipher(b"\x0f" * 16, b"\x0e" * 16)] if has_cipher else []
    )
    if has_cipher:
        assert story.info("final")["this_call"]["call_recording_filename"] == NAME
    else:
        assert story.info("error")["error_result"]["code"] == "cipher_required"


def test_an_error_page_and_what_follows_it_need_none() -> None:
    error = says({"redirect": {"next_page": "sorry"}})
    story = Story(
        {"first": Says(status=500), "error": error, "sorry": says(text("Sorry."))},
        application=replace(APPLICATION, recording=ENCRYPTED),
    )

    assert story.asked == ["first", "error", "sorry", "final"]
    assert story.exit_status == -1


@pytest.mark.parametrize("first", [says(text("Never.")), Says(status=204)])
def test_without_a_cipher_nothing_is_run_and_nothing_is_recorded(first: Says) -> None:
    story = recorded(ENCRYPTED, first)

    assert story.asked == ["first", "error", "final"]
    assert story.info("error")["error_result"]["code"] == "cipher_required"
    assert [report.code for report in story.told.of(ErrorReported)] == ["2104"]
    assert story.call.whole_calls == []
    assert story.speech.said == []
