"""`connect`: classification of who answers, and the recording of the whole secondary call."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.cipher import Cipher
from callwright.domain.facts import RecordingMade
from callwright.domain.far_end import FarEndType
from tests.runner.actions.test_connect import DESK, DUTY, OWN, STAYS, connected, secondary
from tests.sim.call import FarEnd
from tests.sim.instance import says, text

CIPHER = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0e" * 16}


CLASSIFIED = [
    (FarEndType.HUMAN, {}, True),
    (FarEndType.UNKNOWN, {}, True),
    (FarEndType.ANSWERING_MACHINE, {}, False),
    (FarEndType.FAX_MACHINE, {}, False),
    (FarEndType.ANSWERING_MACHINE, {"hang_up_on_answering_machine": False}, True),
    (FarEndType.FAX_MACHINE, {"hang_up_on_fax_machine": False}, True),
]


@pytest.mark.parametrize(("far_end_type", "how", "wins"), CLASSIFIED)
def test_a_machine_does_not_win(
    far_end_type: FarEndType, how: dict[str, Any], *, wins: bool
) -> None:
    others = {DESK: replace(STAYS, far_end_type=far_end_type)}
    story = connected(others, OWN, **secondary(), classify_callee=how)

    did = story.secondaries.placed[DESK].did
    assert did[0] == "classify"
    assert ("after" in story.asked) is wins
    assert ("greeting over" in did) is (wins and far_end_type is FarEndType.ANSWERING_MACHINE)
    if wins:
        assert story.info("s_final")["this_call"]["far_end_type"] == far_end_type


def test_a_human_who_answers_after_a_machine_is_joined() -> None:
    machine = FarEnd(answers_at=2.0, far_end_type=FarEndType.ANSWERING_MACHINE)
    others = {DESK: machine, DUTY: replace(STAYS, answers_at=6.0)}
    story = connected(others, OWN, **secondary(), classify_callee={})

    final = story.info("s_final")
    assert final["this_call"]["call_to"] == DUTY
    assert [call["call_to"] for call in final["dropped_calls"]] == ["441632960201"]


def test_the_whole_secondary_call_is_recorded_from_the_join_on() -> None:
    story = connected(
        {DESK: STAYS},
        {**OWN, "whisper": says(text("Hello."))},
        **secondary(first_page="whisper", call_recording=True, call_recording_mode="separate"),
    )

    filename = "rest_call_recordings/2027/01/15/secondary.1.wav"
    call = story.secondaries.placed[DESK]
    assert call.did[-1] == f"record whole call /media/1/{filename}"
    [order] = call.whole_calls
    assert (order.mode, order.eliminates_dtmf, order.cipher) == ("separate", True, None)
    assert story.info("s_final")["this_call"]["call_recording_filename"] == filename
    assert "call_recording_filename" not in story.info("whisper")["this_call"]
    # Two pages and a play later than the answer.
    [made] = story.told.of(RecordingMade)
    assert made.filename == filename
    assert made.duration == pytest.approx(18.95, abs=0.02)


ENCRYPTED = {"call_recording": True, "call_recording_encryption": True}
OURS = Cipher(b"\x0f" * 16, b"\x0e" * 16)


def test_it_is_encrypted_with_the_cipher_of_the_action_or_of_the_first_page() -> None:
    given = connected({DESK: STAYS}, OWN, **secondary(**ENCRYPTED, call_recording_cipher=CIPHER))
    brought = connected(
        {DESK: STAYS},
        {**OWN, "whisper": says(call_recording_cipher=CIPHER)},
        **secondary(**ENCRYPTED, first_page="whisper"),
    )

    for story in (given, brought):
        assert [order.cipher for order in story.secondaries.placed[DESK].whole_calls] == [OURS]
        assert "0f0f" not in story.logs.text + repr(story.told.facts)


def test_without_a_cipher_nobody_is_called_or_joined() -> None:
    nobody = connected({DESK: STAYS}, OWN, **secondary(**ENCRYPTED))
    nowhere = connected(
        {DESK: STAYS}, {**OWN, "whisper": says()}, **secondary(**ENCRYPTED, first_page="whisper")
    )

    assert nobody.secondaries.orders == []
    for story in (nobody, nowhere):
        assert story.info("error")["error_result"]["code"] == "cipher_required"
        assert not [did for did in story.call.did if did.startswith("join")]
