"""`play`."""

from dataclasses import replace

import pytest

from callwright.domain.facts import ActionEnded, FeatureUsed, SpeechUsed
from callwright.domain.outbound_service import PageCredentials
from callwright.runner.ports import RecognitionOrder
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


BARGE_IN = {"barge_in_on_speech": True}
ONE_STREAM = replace(APPLICATION, speech_streams=1)


def talked_into(*said: tuple[float, str], **options: object) -> Story:
    """Three seconds of media, from 2.05 s after the start."""
    media = [{"text_to_say": words} for words in ("A", "B", "C")]
    action = {"play": {"play_list": media, **BARGE_IN, **options}}
    return Story(
        {"first": says(action), "error": Says()}, FarEnd(says=said), application=ONE_STREAM
    )


PHRASES = {"barge_in_on_speech_options": {"barge_in_phrases": ["stop", "no thanks"]}}
STOPPED = [
    (((3.5, "hello"),), {}, 2),
    (((3.5, "~hel"),), {}, 2),
    ((), {}, 3),
    (((3.5, "hello"),), PHRASES, 3),
    (((2.2, "well"), (3.5, "no, thanks a lot")), PHRASES, 2),
]


@pytest.mark.parametrize(("said", "options", "played_count"), STOPPED)
def test_speech_skips_all_that_is_left_where_it_may(
    said: tuple[tuple[float, str], ...], options: dict[str, object], played_count: int
) -> None:
    story = talked_into(*said, **options)

    assert len([did for did in story.call.did if did.startswith("play")]) == played_count
    detail = "" if played_count == 3 else "stopped by speech"
    assert [ended.detail for ended in story.told.of(ActionEnded)] == [detail]


def test_a_key_skips_it_all_the_same() -> None:
    media = [{"text_to_say": words} for words in ("A", "B", "C")]
    story = Story(
        {"first": says({"play": {"play_list": media, **BARGE_IN}})},
        FarEnd(keys=((2.5, "7"),)),
        application=ONE_STREAM,
    )
    assert [ended.detail for ended in story.told.of(ActionEnded)] == ["stopped by a key"]


def test_what_was_said_is_taken_by_an_input_that_follows() -> None:
    media = {"play_list": [{"text_to_say": "Hello."}], **BARGE_IN}
    get_input = {"next_page": "n", "prompt": {"play": {"play_list": [{"text_to_say": "Never."}]}}}
    story = Story(
        {"first": says({"play": media}, {"get_input": get_input}), "n": says()},
        FarEnd(says=((2.5, "~a"), (3.0, "a refund"))),
        application=ONE_STREAM,
    )

    [phrase] = story.info("n")["action_result"]["result"]["speech"]
    assert phrase["alternatives"] == [{"text": "a refund", "confidence": 0.9}]
    assert [words for words, _ in story.speech.said] == ["Hello."]


def test_a_long_phrase_is_cut() -> None:
    media = {"play_list": [{"text_to_say": "Hello."}], **BARGE_IN}
    story = Story(
        {"first": says({"play": media}, {"get_input": {"next_page": "n"}}), "n": says()},
        FarEnd(says=((2.5, "~well"), (9.0, "well I never"))),
        application=ONE_STREAM,
    )

    [phrase] = story.info("n")["action_result"]["result"]["speech"]
    assert phrase["alternatives"][0]["text"] == "well"


def test_any_other_action_forgets_what_was_said() -> None:
    media = {"play_list": [{"text_to_say": "Hello."}], **BARGE_IN}
    number = {"get_input": {"next_page": "n", "on_input_timeout_messages": []}}
    story = Story(
        {"first": says({"play": media}, {"sleep": {"seconds": 1}}, number), "n": says()},
        FarEnd(says=((2.5, "hello"),)),
        application=ONE_STREAM,
    )
    assert story.asked == ["first", "final"]


def test_the_recogniser_is_told_what_it_is_for() -> None:
    options = {"language": "en-GB", "barge_in_phrases": ["stop"]}
    story = talked_into(barge_in_on_speech_options=options)

    [begun] = story.recognisers.begun
    assert begun.order == RecognitionOrder(
        "en-GB", "default", phrases=("stop",), wants_interim_results=True
    )
    assert begun.is_closed
    [used] = story.told.of(FeatureUsed)
    assert (used.feature_type, used.audio_path) == ("sr_play", "in")
    assert used.seconds == pytest.approx(3.0, abs=0.2)


def test_speech_barge_in_needs_a_speech_stream() -> None:
    story = played({"text_to_say": "Hello."}, **BARGE_IN)
    assert story.info("error")["error_result"]["code"] == "no_speech_streams"
