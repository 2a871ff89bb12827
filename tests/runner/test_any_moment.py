"""Whatever ends an instance, at whatever moment: its calls are over, its pages told, once each."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.facts import (
    ActionEnded,
    ActionStarted,
    ErrorReported,
    FeatureUsed,
    InstanceStopped,
)
from callwright.domain.far_end import Classification
from callwright.runner.registry import InterruptResult
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, Unreachable, says, text

DESK, DUTY = "tel:441632960201", "tel:441632960202"
SPOKEN = {"play": {"play_list": [{"text_to_say": "Hi."}], "barge_in_on_speech": True}}
CONNECT = {
    "connect": {
        "destinations": [DESK, DUTY],
        "classify_callee": {},
        "secondary_call": {
            "first_page": "whisper",
            "final_page": "s_final",
            "call_recording": True,
        },
        "next_page": "recorded",
    }
}
CONFERENCE = {
    "connect_to_conference": {
        "name": "weekly42",
        "conference_participant": {
            "exit_digit": "#",
            "name": text("Ann"),
            "has_joined_message": text("joins"),
            "has_left_message": text("leaves"),
            "while_stopped_media": text("Music."),
        },
        "secondary_call": {"final_page": "s_final"},
    }
}
PAGES: dict[str, Any] = {
    "first": says(
        {"start_transcription": {"results_page": "results"}},
        SPOKEN,
        {"get_input": {"next_page": "connected", "on_input_timeout_messages": []}},
    ),
    "connected": says(CONNECT),
    "whisper": says(text("A call.")),
    "recorded": says({"record": {"next_page": "after", "recording_available_page": "available"}}),
    "after": says(CONFERENCE, {"sleep": {"seconds": 1}}),
    "other": says(text("Elsewhere.")),
    "error": says(text("Sorry.")),
    "s_final": Says(status=204),
    "results": Says(status=204),
    "available": Says(status=204),
}
FAR_END = FarEnd(says=((6.5, "~a"), (7.0, "an agent")), keys=((36.0, "#"),))
OTHERS = {
    DESK: FarEnd(answers_at=2.0, hangs_up_at=14.0),
    DUTY: FarEnd(answers_at=4.0),
    "weekly42": FarEnd(answers_at=0.5),
}
SERVICE = replace(APPLICATION, speech_streams=3, classification=Classification())
LASTS = 39.0
"""Seconds of the whole story, if nobody ends it."""

MOMENTS = [round(n * 0.83 + 0.01, 2) for n in range(int(LASTS / 0.83))]


def told(pages: dict[str, Any], *, hangs_up_at: float | None = None, **story: Any) -> Story:
    far_end = replace(FAR_END, hangs_up_at=hangs_up_at)
    return Story(pages, far_end, SERVICE, others=OTHERS, room_switches=(3.0,), **story)


def is_tidy(story: Story) -> bool:
    """Hold an instance that is over against what holds of all of them."""
    calls = [story.call, *story.secondaries.placed.values(), *story.secondaries.rooms.values()]
    assert all(call.snapshot().cause is not None for call in calls)
    assert story.asked.count("final") == 1
    assert story.asked.count("error") <= 1
    # Each was joined or at least talked to, and its final page is asked before the service's.
    flow = [page for page in story.asked if page not in {"results", "available"}]
    assert flow[-1] == "final"
    assert flow.count("s_final") >= flow.count("whisper")
    assert story.web.is_closed
    facts = story.told
    assert len(facts.of(ActionStarted)) == len(facts.of(ActionEnded))
    assert len(facts.of(InstanceStopped)) == 1
    last = max((facts.facts.index(used) for used in facts.of(FeatureUsed)), default=0)
    assert last < facts.facts.index(facts.of(InstanceStopped)[0])
    assert all(begun.is_closed for begun in story.recognisers.begun)
    return True


def test_the_story_itself() -> None:
    story = told(PAGES)

    flow = [page for page in story.asked if page not in {"results", "available"}]
    assert flow == [
        "first",
        "connected",
        "whisper",
        "s_final",
        "recorded",
        "after",
        "s_final",
        "final",
    ]
    assert story.exit_status == 0
    call = story.info("final")["this_call"]
    assert call["seconds_call_duration"] == pytest.approx(LASTS - 2.0, abs=2.0)
    assert is_tidy(story)


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_caller_hangs_up(moment: float) -> None:
    story = told(PAGES, hangs_up_at=moment)

    assert is_tidy(story)
    assert story.exit_status == 0
    assert story.told.of(ErrorReported) == []
    assert story.info("final")["this_call"]["call_cause"] in {"hung_up", "completed"}


@pytest.mark.parametrize("page", ["", "other"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_somebody_interrupts(moment: float, page: str) -> None:
    story = told(PAGES, interrupts=((moment, page),))

    assert is_tidy(story)
    assert story.exit_status == 0
    was_interrupted = story.interruptions[0].result is InterruptResult.INTERRUPTED
    assert ("other" in story.asked) is (was_interrupted and bool(page))


FAULTS = [Unreachable(), Says(status=500), Says(b"{"), says({"dance": {}}), RuntimeError("bug")]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in {"other", "error"}])
def test_a_page_fails(page: str, fault: Any) -> None:
    story = told({**PAGES, page: fault})

    assert is_tidy(story)
    # A bug of ours is none of a page's, which may fail without harm.
    is_harmless = page in {"results", "available", "s_final"}
    is_bug = isinstance(fault, RuntimeError) and page == "s_final"
    assert (story.exit_status == 0) is (is_harmless and not is_bug)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("page", ["final", "error"])
def test_a_last_page_fails(page: str, fault: Any) -> None:
    assert is_tidy(told({**PAGES, "first": Says(status=404), page: fault}))
