"""`connect_to_conference`: keys, music, announcements, and how it ends."""

from collections.abc import Mapping
from typing import Any

import pytest

from callwright.domain.facts import ErrorReported
from callwright.runner.ports import ParticipantOrder
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, Says, Story, says, text

ROOM_ENDS = {"weekly42": FarEnd(answers_at=0.5, hangs_up_at=20.5)}


def said(words: str) -> dict[str, object]:
    return text(words)


def joined(
    far_end: FarEnd | None = None,
    participant: Mapping[str, Any] | None = None,
    *,
    story: Mapping[str, Any] | None = None,
    pages: Mapping[str, Any] | None = None,
    **members: Any,
) -> Story:
    """The primary call is answered after 2 s, the room 0.55 s later, for 20 s."""
    action = {
        "connect_to_conference": {
            "name": "weekly42",
            "next_page": "left",
            "conference_participant": participant,
            **members,
        }
    }
    return Story(
        {
            "first": says(action, text("There is no conference.")),
            "left": says(),
            "error": Says(),
            **(pages or {}),
        },
        far_end or FarEnd(),
        **{"others": ROOM_ENDS, **(story or {})},
    )


def test_the_call_is_in_the_room_until_that_lets_go() -> None:
    story = joined()

    assert story.asked == ["first", "left", "final"]
    assert story.info("left")["action_result"] == {
        "action": "connect_to_conference",
        "result": {"seconds_connected_duration": 20.0},
    }
    assert "join room.weekly42" in story.call.did


def test_the_participant_is_described_as_the_page_has_it() -> None:
    plain = joined()
    described = joined(
        participant={
            "talker": False,
            "start_on_entry": False,
            "destroy_on_exit": True,
            "beep_on_entry": False,
        },
        secondary_call={"minutes_max_call_duration": 2},
        seconds_answer_timeout=7,
    )

    assert plain.secondaries.participants == [
        ParticipantOrder(True, True, False, True, max_duration=14_400.0)
    ]
    assert described.secondaries.participants == [
        ParticipantOrder(False, False, True, False, max_duration=120.0, ring_timeout=7.0)
    ]


NOT_ENTERED = [
    ({"name": "full"}, {}),
    ({}, {"others": {"weekly42": FarEnd(answers_at=31.0)}}),
    ({"seconds_answer_timeout": 5}, {"others": {"weekly42": FarEnd(answers_at=6.0)}}),
    ({}, {"others": {"weekly42": FarEnd(answers_at=9.0, hangs_up_at=3.0)}}),
]


@pytest.mark.parametrize(("members", "story"), NOT_ENTERED)
def test_a_conference_that_cannot_be_entered_lets_the_list_go_on(
    members: dict[str, Any], story: dict[str, Any]
) -> None:
    told = joined(story=story, **members)

    assert told.asked == ["first", "final"]
    assert told.speech.said == [("There is no conference.", APPLICATION.tts_voice)]
    assert told.told.of(ErrorReported) == []


def test_the_exit_digit_leaves() -> None:
    story = joined(FarEnd(keys=((5.0, "1"), (12.55, "#"))), {"exit_digit": "#"})

    assert story.info("left")["action_result"]["result"] == {"seconds_connected_duration": 10.0}
    assert story.secondaries.rooms["weekly42"].did == ["hang up"]


MUTES = [
    ({"mute_digit": "1"}, "1111", [True, False, True, False]),
    ({"mute_digit": "1", "unmute_digit": "2"}, "11221", [True, False, True]),
    ({"mute_digit": "1", "unmute_digit": "2"}, "2", []),
    ({}, "123", []),
]


@pytest.mark.parametrize(("participant", "keys", "muted"), MUTES)
def test_mute_digits(participant: dict[str, Any], keys: str, muted: list[bool]) -> None:
    far_end = FarEnd(keys=tuple((5.0 + n, key) for n, key in enumerate(keys)))
    assert joined(far_end, participant).secondaries.rooms["weekly42"].muted == muted


@pytest.mark.parametrize(
    ("switches", "loops"), [((), 2), ((0.0,), 1), ((8.0,), 2), ((8.0, 12.0), 3)]
)
def test_there_is_media_while_the_conference_is_stopped(
    switches: tuple[float, ...], loops: int
) -> None:
    music = {"while_stopped_media": {"play": {"play_list": [{"text_to_say": "Music."}]}}}
    story = joined(participant=music, story={"room_switches": switches})

    # The first loop is the hold media.
    assert story.call.did.count("loop") == loops
    assert story.asked == ["first", "left", "final"]


ANNOUNCED = [
    ({"name": said("Ann")}, ["Ann"]),
    ({"has_joined_message": said("joins")}, ["joins"]),
    ({"name": said("Ann"), "has_joined_message": said("joins")}, ["Ann", "joins"]),
    ({"name": said("Ann"), "has_left_message": said("leaves")}, ["Ann", "Ann", "leaves"]),
    ({}, []),
]


@pytest.mark.parametrize(("participant", "announced"), ANNOUNCED)
def test_the_room_is_told_who_comes_and_who_goes(
    participant: dict[str, Any], announced: list[str]
) -> None:
    story = joined(FarEnd(keys=((10.0, "#"),)), {"exit_digit": "#", **participant})

    room = story.secondaries.rooms["weekly42"]
    assert room.announced == [f"/speech/{words}.wav" for words in announced]


def test_it_is_told_too_when_the_participant_hangs_up() -> None:
    story = joined(
        FarEnd(hangs_up_at=10.0),
        {"has_left_message": said("leaves")},
        secondary_call={"final_page": "s_final"},
        pages={"s_final": Says(status=204)},
    )

    assert story.secondaries.rooms["weekly42"].announced == ["/speech/leaves.wav"]
    assert story.asked == ["first", "s_final", "final"]


def test_it_needs_an_extra_channel() -> None:
    story = joined(story={"free_channels": 0})
    assert story.info("error")["error_result"]["code"] == "no_channels"


def test_an_announcement_that_cannot_be_had_is_an_error_before_anybody_is_called() -> None:
    story = joined(participant={"name": {"play": {"play_list": [{"file_to_play": "no.wav"}]}}})

    assert story.info("error")["error_result"]["code"] == "media_not_found"
    assert story.secondaries.rooms == {}


def test_the_call_to_the_room_has_pages_of_its_own() -> None:
    story = joined(
        secondary_call={"first_page": "s_first", "final_page": "s_final", "call_recording": True},
        pages={"s_first": says(text("Hello.")), "s_final": Says(status=204)},
    )

    assert story.asked == ["first", "s_first", "s_final", "left", "final"]
    assert story.info("s_first")["this_call"]["call_to"] == "con:weekly42"
    assert story.info("s_final")["dropped_calls"] == []
    assert len(story.secondaries.rooms["weekly42"].whole_calls) == 1


def test_a_page_of_it_may_decline() -> None:
    story = joined(
        secondary_call={"first_page": "s_first"}, pages={"s_first": says({"hang_up": {}})}
    )

    assert story.asked == ["first", "s_first", "final"]
    assert story.secondaries.rooms["weekly42"].announced == []


def test_keys_are_no_input_of_what_follows() -> None:
    number = {"get_number": {"next_page": "n", "digit_count": 1, "seconds_timeout": 0}}
    story = joined(
        FarEnd(keys=((10.0, "#"), (10.0, "7"))),
        {"exit_digit": "#"},
        pages={"left": says(number), "n": says()},
    )
    assert story.info("n")["action_result"]["result"] == {"entered_number": ""}
