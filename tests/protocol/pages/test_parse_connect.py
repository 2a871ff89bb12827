"""`connect` and `connect_to_conference`: defaults, all at once, and what does not go together."""

import pytest

from callwright.protocol.pages.connecting import (
    CallRecording,
    CallRecordingMode,
    ClassifyCallee,
    Connect,
    ConnectToConference,
    Participant,
    SecondaryCall,
    SipHeader,
    Translation,
    Translator,
)
from callwright.protocol.pages.errors import BadAnswer
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.inputs import SpeechOptions
from callwright.protocol.pages.json_text import Json, JsonObject
from callwright.protocol.pages.media import Cipher, PageLink, Play, SpeechModel, Text
from callwright.protocol.pages.parse_connect import parse_connect, parse_connect_to_conference

TO: JsonObject = {"destinations": ["tel:441632960201"]}
CIPHER: JsonObject = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0f" * 16}
PLAY: JsonObject = {"play": {"play_list": [{"text_to_say": "Hello."}]}}
HELLO = Play((Text("Hello."),))
SPOKEN: JsonObject = {"translation_options": {"language": "fr"}}


def connect(**members: Json) -> Connect:
    fields = Fields({**TO, **members}, "connect", [])
    read = parse_connect(fields)
    fields.finish()
    assert fields.warnings == []
    return read


def conference(**members: Json) -> ConnectToConference:
    fields = Fields({"name": "weekly42", **members}, "connect_to_conference", [])
    read = parse_connect_to_conference(fields)
    fields.finish()
    assert fields.warnings == []
    return read


def test_connect_has_the_published_defaults() -> None:
    assert connect() == Connect(
        destinations=("tel:441632960201",),
        call_from=None,
        hold_media=None,
        passes_early_media=False,
        ring_timeout=30.0,
        classify=None,
        secondary=SecondaryCall(
            recording=None,
            max_duration=14_400.0,
            first_page=None,
            final_page=None,
            error_page=None,
        ),
        next_page=None,
        translator=None,
        headers=(),
    )


EVERYTHING: JsonObject = {
    "destinations": ["tel:441632960201", "sip:duty@example.com"],
    "call_from": "441632960100",
    "hold_media": PLAY,
    "seconds_answer_timeout": 25,
    "classify_callee": {
        "mode": "answer_detect",
        "milliseconds_timeout": 2500,
        "hang_up_if_machine": False,
        "hang_up_on_fax_machine": False,
    },
    "secondary_call": {
        "call_recording": True,
        "call_recording_encryption": True,
        "call_recording_eliminate_dtmf": False,
        "call_recording_mode": "separate",
        "call_recording_cipher": CIPHER,
        "minutes_max_call_duration": 3,
        "first_page": "whisper",
        "final_page": {"url": "over"},
        "error_page": {"url": "oops", "method": "GET"},
    },
    "next_page": "after",
    "translator": {
        "primary": SPOKEN,
        "secondary": {
            "speech_recognition_options": {"language": "fr-FR"},
            "translation_options": {"language": "en"},
            "tts_voice": "English UK Female Polly Amy",
        },
        "transcription_results_page": "said",
        "id": "t1",
    },
    "extra_sip_headers": [{"name": "X-Colour", "value": "blue"}],
}


def test_connect_takes_every_property() -> None:
    assert connect(**EVERYTHING) == Connect(
        destinations=("tel:441632960201", "sip:duty@example.com"),
        call_from="441632960100",
        hold_media=HELLO,
        passes_early_media=False,
        ring_timeout=25.0,
        classify=ClassifyCallee(
            "answer_detect", 2.5, hangs_up_on_machine=False, hangs_up_on_fax=False
        ),
        secondary=SecondaryCall(
            CallRecording(
                CallRecordingMode.SEPARATE,
                eliminates_dtmf=False,
                is_encrypted=True,
                cipher=Cipher(b"\x0f" * 16, b"\x0f" * 16),
            ),
            180.0,
            PageLink("whisper"),
            PageLink("over"),
            PageLink("oops", "GET"),
        ),
        next_page=PageLink("after"),
        translator=Translator(
            Translation(SpeechOptions(), "fr"),
            Translation(
                SpeechOptions(SpeechModel("fr-FR"), SpeechModel("fr-FR")),
                "en",
                "English UK Female Polly Amy",
            ),
            PageLink("said"),
            "t1",
        ),
        headers=(SipHeader("X-Colour", "blue"),),
    )


def test_early_media_is_passed_of_one_call_without_a_page() -> None:
    assert connect(pass_early_media=True).passes_early_media


def test_a_conference_has_the_published_defaults() -> None:
    assert conference() == ConnectToConference(
        name="weekly42",
        hold_media=None,
        ring_timeout=30.0,
        participant=Participant(
            is_talker=True,
            starts_on_entry=True,
            destroys_on_exit=False,
            beeps_on_entry=True,
            exit_digit="",
            mute_digit="",
            unmute_digit="",
            while_stopped=None,
            name=None,
            has_joined=None,
            has_left=None,
        ),
        secondary=SecondaryCall(),
        next_page=None,
    )


@pytest.mark.parametrize(
    ("digits", "mute", "unmute"),
    [
        ({"mute_digit": "1"}, "1", "1"),
        ({"mute_digit": "1", "unmute_digit": "2"}, "1", "2"),
        ({"mute_digit": "1", "unmute_digit": ""}, "1", "1"),
        ({"mute_digit": None, "unmute_digit": None}, "", ""),
    ],
)
def test_a_mute_digit_alone_toggles(digits: JsonObject, mute: str, unmute: str) -> None:
    participant = conference(conference_participant=digits).participant
    assert (participant.mute_digit, participant.unmute_digit) == (mute, unmute)


def test_a_classification_may_be_switched_off() -> None:
    assert connect(classify_callee={"enable": False}).classify is None
    assert connect(classify_callee={}).classify == ClassifyCallee()


@pytest.mark.parametrize("minutes", [240, 241, 10**9])
def test_no_call_lasts_longer_than_four_hours(minutes: int) -> None:
    secondary = connect(secondary_call={"minutes_max_call_duration": minutes}).secondary
    assert secondary.max_duration == 14_400.0


EARLY_MEDIA = (
    "pass_early_media is true: "
    "exactly one destination and no secondary_call.first_page were expected with it"
)
WRONG: list[tuple[JsonObject, str]] = [
    ({"destinations": []}, "destinations is empty: an address was expected"),
    ({"destinations": [""]}, "destinations[0] is '': an address was expected"),
    ({"destinations": ["a", 5]}, "destinations[1] is 5: a string was expected"),
    ({"destinations": "sip:a@b"}, "destinations is 'sip:a@b': an array was expected"),
    (
        {"destinations": ["sip:a@b.example", "sip:c@b.example"], "pass_early_media": True},
        EARLY_MEDIA,
    ),
    (
        {"secondary_call": {"first_page": "n"}, "pass_early_media": True},
        EARLY_MEDIA,
    ),
    (
        {"extra_sip_headers": [{"name": "Via", "value": "x"}]},
        "extra_sip_headers[0].name is 'Via': a name that is no standard SIP header's was expected",
    ),
    (
        {"extra_sip_headers": [{"name": "f", "value": "x"}]},
        "extra_sip_headers[0].name is 'f': a name that is no standard SIP header's was expected",
    ),
    (
        {"extra_sip_headers": [{"name": "X-A: b", "value": "x"}]},
        "extra_sip_headers[0].name is 'X-A: b': a SIP header name was expected",
    ),
    (
        {"extra_sip_headers": [{"name": "X-A", "value": "x\r\nVia: y"}]},
        (
            "extra_sip_headers[0].value is 'x\\r\\nVia: y': "
            "a string without control characters was expected"
        ),
    ),
    (
        {"extra_sip_headers": [{"name": "X-A", "value": "x" * 1022}]},
        "extra_sip_headers[0] has more than 1024 characters in name and value",
    ),
    ({"extra_sip_headers": [{"name": "X-A"}]}, "extra_sip_headers[0].value is missing"),
    ({"translator": {"primary": SPOKEN}}, "translator.secondary is missing"),
    ({"translator": {"primary": {}}}, "translator.primary.translation_options is missing"),
    (
        {"translator": {"primary": {"translation_options": {"language": "klingon"}}}},
        (
            "translator.primary.translation_options.language is 'klingon': a translation language "
            "code was expected"
        ),
    ),
    (
        {"secondary_call": {"call_recording_cipher": {**CIPHER, "key": "0f" * 15}}},
        (
            "secondary_call.call_recording_cipher.key is wrong: "
            "16, 24, 32 bytes in hexadecimal were expected"
        ),
    ),
]


@pytest.mark.parametrize(("members", "text"), WRONG, ids=[text for _, text in WRONG])
def test_connect_refuses(members: JsonObject, text: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        connect(**members)
    assert caught.value.text == f"connect.{text}"
