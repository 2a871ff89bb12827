"""`play`."""

import pytest

from callwright.domain.facts import ActionEnded, SpeechUsed
from callwright.domain.outbound_service import PageCredentials
from tests.sim.call import FarEnd
from tests.sim.instance import APPLICATION, SITE, Says, Story, says


def played(*media: dict[str, object], **options: object) -> Story:
    action = {"play": {"play_list": list(media), **options}}
    return Story({"first": says(action), "error": Says()}, FarEnd(keys=((2.5, "7"),)))


def test_plays_texts_files_and_keys_in_order() -> None:
    story = played(
        {"text_to_say": "Hello."},
        {"file_to_play": "prompts/welcome.wav"},
        {"digits_to_play": "12,3"},
        barge_in_on_digit=False,
    )

    assert story.call.did[:-1] == [
        "play /speech/Hello..wav",
        "play /media/1/prompts/welcome.wav",
        "play keys 12,3",
    ]
    assert [used.seconds for used in story.told.of(SpeechUsed)] == [0.6]


def test_a_key_skips_all_that_is_left() -> None:
    story = played({"text_to_say": "Hello."}, {"text_to_say": "Goodbye."})

    assert story.call.did[:-1] == ["play /speech/Hello..wav"]
    assert [ended.detail for ended in story.told.of(ActionEnded)] == ["stopped by a key"]


def test_a_text_is_said_by_its_own_voice_or_the_services() -> None:
    story = played({"text_to_say": "A"}, {"text_to_say": "B", "tts_voice": "English US Male X"})

    assert story.speech.said == [("A", APPLICATION.tts_voice), ("B", "English US Male X")]


def test_nothing_is_played_when_a_file_is_missing() -> None:
    story = played({"text_to_say": "Hello."}, {"file_to_play": "no.wav"})

    assert story.call.did == ["hang up"]
    assert story.info("error")["error_result"]["result"] == (
        "file no.wav does not exist in the media file store"
    )


def test_a_sound_that_cannot_be_played_is_invalid_media() -> None:
    story = Story(
        {
            "first": says({"play": {"play_list": [{"file_to_play": "prompts/welcome.wav"}]}}),
            "error": Says(),
        },
        broken_sounds=frozenset({"/media/1/prompts/welcome.wav"}),
    )

    assert story.info("error")["error_result"]["code"] == "media_invalid"


CIPHER = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0f" * 16}


@pytest.mark.parametrize(
    ("url", "asked", "credentials"),
    [
        ("media/a.wav", SITE + "media/a.wav", APPLICATION.credentials),
        ("http://h/a.wav", "http://h/a.wav", None),
    ],
)
def test_plays_what_it_downloads(url: str, asked: str, credentials: PageCredentials | None) -> None:
    story = played({"file_to_play": {"url": url}}, barge_in_on_digit=False)

    assert story.downloads.asked == [(asked, credentials)]
    assert story.call.did[:-1] == ["play /downloads/a.wav"]


def test_a_download_that_fails_is_an_error() -> None:
    story = played({"file_to_play": {"url": "http://h/a.mp3"}})

    assert story.info("error")["error_result"] == {
        "action": "play",
        "code": "media_download_failed",
        "result": "http://h/a.mp3 answered with HTTP status 404",
    }


@pytest.mark.parametrize(
    ("members", "code"),
    [({}, "media_invalid"), ({"decryption_cipher": CIPHER}, "decryption_failed")],
)
def test_a_file_that_cannot_be_decrypted_is_told_from_one_that_is_broken(
    members: dict[str, object], code: str
) -> None:
    media = {"file_to_play": "prompts/welcome.wav", **members}
    story = Story(
        {"first": says({"play": {"play_list": [media]}}), "error": Says()},
        broken_sounds=frozenset({"/media/1/prompts/welcome.wav"}),
    )

    assert story.info("error")["error_result"]["code"] == code


def test_an_empty_list_plays_nothing() -> None:
    assert played().call.did == ["hang up"]
