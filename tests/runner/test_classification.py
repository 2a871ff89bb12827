"""Outbound services that classify: who answers decides when, if at all, pages are asked."""

from dataclasses import replace

import pytest

from callwright.domain.far_end import Classification, FarEndType
from tests.sim.call import INBOUND, FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says

ALL = Classification()
NONE = Classification(hangs_up_on_machine=False, hangs_up_on_fax=False)


def answered_by(
    far_end_type: FarEndType, how: Classification = ALL, *, decided_after: float = 1.5
) -> Story:
    far_end = FarEnd(far_end_type=far_end_type, decided_after=decided_after, greeting=4.0)
    return Story({"first": says()}, far_end, replace(APPLICATION, classification=how))


TALKED_TO = [
    (FarEndType.HUMAN, ALL, 1.5),
    (FarEndType.UNKNOWN, ALL, 1.5),
    (FarEndType.FAX_MACHINE, NONE, 1.5),
    # Its greeting is waited for.
    (FarEndType.ANSWERING_MACHINE, NONE, 5.5),
]


@pytest.mark.parametrize(("far_end_type", "how", "asked_after"), TALKED_TO)
def test_the_first_page_is_asked_when_it_is_known_who_answered(
    far_end_type: FarEndType, how: Classification, asked_after: float
) -> None:
    story = answered_by(far_end_type, how)

    assert story.asked == ["first", "final"]
    for page in story.asked:
        assert story.info(page)["this_call"]["far_end_type"] == far_end_type
    call = story.info("first")["this_call"]
    assert call["seconds_call_duration"] == pytest.approx(asked_after, abs=0.06)


@pytest.mark.parametrize("far_end_type", [FarEndType.ANSWERING_MACHINE, FarEndType.FAX_MACHINE])
def test_a_machine_is_hung_up_on_and_only_the_final_page_is_asked(
    far_end_type: FarEndType,
) -> None:
    story = answered_by(far_end_type)

    assert story.exit_status == 0
    assert story.asked == ["final"]
    call = story.info("final")["this_call"]
    assert (call["far_end_type"], call["call_cause"]) == (far_end_type, "completed")


def test_somebody_who_hangs_up_meanwhile_is_not_asked_for() -> None:
    far_end = FarEnd(hangs_up_at=3.0)
    story = Story({}, far_end, replace(APPLICATION, classification=ALL))

    assert story.asked == ["final"]
    assert "far_end_type" not in story.info("final")["this_call"]


def test_an_inbound_call_is_not_classified() -> None:
    application = replace(APPLICATION, classification=ALL)
    story = Story({"first": says()}, application=application, parties=INBOUND)

    assert "classify" not in story.call.did
    assert "far_end_type" not in story.info("first")["this_call"]


def test_without_the_option_nothing_is_said_of_it() -> None:
    story = Story({"first": Says()})
    assert "far_end_type" not in story.info("first")["this_call"]
