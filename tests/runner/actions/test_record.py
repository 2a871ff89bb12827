"""`record` on a call. What a caller who hangs up leaves is told in the stories of instances."""

import pytest

from callwright.domain.call_control import RecordingEncoding, RecordingOrder
from callwright.domain.cipher import Cipher
from tests.sim.call import FarEnd
from tests.sim.instance import Says, Story, says

CIPHER = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0f" * 16}


def recorded(far_end: FarEnd | None = None, **members: object) -> Story:
    action = {"record": {"next_page": "n", **members}}
    return Story({"first": says(action), "n": says(), "error": Says()}, far_end or FarEnd())


def seconds(story: Story) -> float:
    return float(story.info("n")["action_result"]["result"]["seconds_duration"])


@pytest.mark.parametrize(
    ("far_end", "members", "lasted"),
    [
        (FarEnd(speaks_for=4), {}, 7.0),
        (FarEnd(speaks_for=4), {"milliseconds_max_silence": 1000}, 5.0),
        (FarEnd(speaks_for=100), {"seconds_max_duration": 10}, 10.0),
        (FarEnd(speaks_for=0), {"milliseconds_max_initial_silence": 6000}, 6.0),
        (FarEnd(speaks_for=0), {}, 3.0),
        (FarEnd(keys=((4.05, "#"),)), {}, 2.0),
        (FarEnd(keys=((4.05, "#"),)), {"barge_in_digits": ""}, 7.0),
        (FarEnd(keys=((3.0, "1"), (4.05, "2"))), {"barge_in_digits": "2"}, 2.0),
    ],
)
def test_stops_at_silence_length_or_key(
    far_end: FarEnd, members: dict[str, object], lasted: float
) -> None:
    assert seconds(recorded(far_end, **members)) == pytest.approx(lasted)


def test_silence_is_a_recording_too() -> None:
    story = recorded(FarEnd(speaks_for=0))
    assert story.info("n")["action_result"]["result"]["contains_sound"] is False


def test_recordings_of_an_instance_have_different_names() -> None:
    story = Story(
        {
            "first": says({"record": {"next_page": "n"}}),
            "n": says({"record": {"next_page": "m"}}),
            "m": says(),
        }
    )
    names = [story.info(page)["action_result"]["result"]["filename"] for page in ("n", "m")]
    assert [name[-6:] for name in names] == ["_1.wav", "_2.wav"]


def test_a_cipher_goes_to_the_call_and_into_no_log() -> None:
    story = recorded(encryption_cipher=CIPHER)

    [order] = story.call.orders
    assert order.cipher == Cipher(b"\x0f" * 16, b"\x0f" * 16)
    assert "0f0f" not in story.logs.text + repr(story.told.facts)


def test_the_order_says_everything() -> None:
    story = recorded(
        format="ulaw",
        barge_in_digits="12",
        beep_on_start=True,
        seconds_max_duration=9,
        milliseconds_max_silence=1500,
        milliseconds_max_initial_silence=2500,
    )
    assert story.call.orders == [
        RecordingOrder(
            path="/media/1/rest_recordings/2027/01/15/7f31c2a90be4d816.40217_1.wav",
            encoding=RecordingEncoding.ULAW,
            max_duration=9.0,
            max_silence=1.5,
            max_initial_silence=2.5,
            stop_digits="12",
            beeps=True,
        )
    ]
