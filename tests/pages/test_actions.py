"""Actions as customers write them, read by the platform's own parser."""

import json
from dataclasses import fields
from typing import Any, Final

import pytest

from callwright.pages import (
    Action,
    Answer,
    CallTranslation,
    Cipher,
    ClassifyCallee,
    ConferenceParticipant,
    Connect,
    ConnectToConference,
    DeleteFile,
    DigitInputOptions,
    Digits,
    File,
    GetInput,
    GetNumber,
    HangUp,
    Link,
    MenuOption,
    Play,
    ReceiveFax,
    Record,
    Redirect,
    Reject,
    Response,
    RunMenu,
    RunSpeechMenu,
    SecondaryCall,
    SendFax,
    SipHeader,
    Sleep,
    SpeechBargeInOptions,
    SpeechMenuOption,
    SpeechModelOptions,
    SpeechRecognitionOptions,
    StartTranscription,
    StopTranscription,
    Text,
    TranslationOptions,
    Translator,
    WordHint,
)
from callwright.protocol.pages.actions import PageAnswer, wire_name
from callwright.protocol.pages.parse import parse_answer

CIPHER: Final = Cipher("00" * 16, "11" * 16)
SPEECH: Final = SpeechRecognitionOptions(
    language="en-GB",
    language_outbound="de-DE",
    word_hints=[WordHint(["refund", "invoice"], 1250)],
    max_alternatives=3,
    enable_profanity_filtering=True,
    speech_model_options=SpeechModelOptions("telephony"),
    speech_model_options_outbound=SpeechModelOptions("video"),
)
SECONDARY: Final = SecondaryCall(
    call_recording=True,
    call_recording_encryption=True,
    call_recording_eliminate_dtmf=False,
    call_recording_mode="separate",
    call_recording_cipher=CIPHER,
    minutes_max_call_duration=10,
    first_page="whisper",
    final_page=Link("done", "GET"),
    error_page="oops",
)
MESSAGES: Final[list[str | Play]] = ["Are you there?", Play("Hello?", barge_in_on_digit=True)]
SIDE: Final = CallTranslation(
    translation_options=TranslationOptions("fr"),
    speech_recognition_options=SPEECH,
    tts_voice="English UK Female Polly Amy",
)

EVERYTHING: Final[tuple[Action, ...]] = (
    Play(
        [
            "Hello.",
            Text("Your code is 17.", tts_voice="English UK Female Polly Amy", text_is_private=True),
            File("prompts/a.wav", CIPHER),
            File(Link("sounds/a.wav")),
            Digits("12,#"),
        ],
        barge_in_on_digit=False,
        barge_in_on_speech=True,
        barge_in_on_speech_options=SpeechBargeInOptions(
            "en-GB", ["stop"], SpeechModelOptions("telephony")
        ),
    ),
    GetNumber(
        "entered",
        prompt="Your number, please.",
        digit_count=4,
        end_digit="",
        valid_digits="12345",
        help_digit="0",
        seconds_timeout=10,
        milliseconds_inter_digit_timeout=1000,
        milliseconds_initial_timeout=2000,
        on_input_timeout_messages=MESSAGES,
        on_invalid_input_messages=[],
    ),
    GetInput(
        Link("said", "GET"),
        prompt=Play("How can I help?"),
        speech_input_mode="auto",
        speech_recognition_options=SPEECH,
        digit_input_enabled=False,
        digit_input_options=DigitInputOptions(digit_count=1, end_digit="", valid_digits="12"),
        help_digit="",
        seconds_timeout=5,
        milliseconds_inter_speech_timeout=1500,
        milliseconds_inter_digit_timeout=900,
        milliseconds_initial_timeout=800,
        on_input_timeout_messages=MESSAGES,
        on_invalid_input_messages=MESSAGES,
    ),
    RunMenu(
        [MenuOption("1", "sales"), MenuOption("2", Link("support", "GET"))],
        prompt="Sales, press one.",
        help_digit="9",
        seconds_digit_timeout=8,
        on_digit_timeout_messages=MESSAGES,
        on_invalid_digit_messages=MESSAGES,
    ),
    RunSpeechMenu(
        [
            SpeechMenuOption(word="sales", digit="1", next_page="sales"),
            SpeechMenuOption(word="support", next_page="support"),
            SpeechMenuOption(digit="3", next_page="other"),
        ],
        prompt="Sales or support?",
        language="en-GB",
        speech_model_options=SpeechModelOptions("default"),
        help_digit="9",
        help_word="again",
        seconds_timeout=7,
        on_input_timeout_messages=MESSAGES,
        on_invalid_input_messages=MESSAGES,
    ),
    Record(
        "recorded",
        id="complaint",
        barge_in_digits="*#",
        seconds_max_duration=30,
        milliseconds_max_silence=2000,
        milliseconds_max_initial_silence=1000,
        format="alaw",
        encryption_cipher=CIPHER,
        beep_on_start=True,
        recording_available_page="available",
    ),
    Connect(
        ["tel:441632960201", "sip:duty@example.com"],
        call_from="441632960100",
        hold_media=File("music/hold.wav"),
        seconds_answer_timeout=25,
        classify_callee=ClassifyCallee(
            enable=True,
            hang_up_on_answering_machine=False,
            hang_up_on_fax_machine=False,
            mode="answer_detect",
            milliseconds_timeout=4000,
        ),
        secondary_call=SECONDARY,
        next_page="after",
        translator=Translator(
            primary=SIDE, secondary=SIDE, transcription_results_page="results", id="t1"
        ),
        extra_sip_headers=[SipHeader("X-Order", "17")],
    ),
    Connect(["sip:ann@example.com"], pass_early_media=True),
    ConnectToConference(
        "weekly42",
        hold_media=["Please wait.", File("music/hold.wav")],
        seconds_answer_timeout=10,
        conference_participant=ConferenceParticipant(
            talker=False,
            start_on_entry=False,
            destroy_on_exit=True,
            beep_on_entry=False,
            exit_digit="#",
            mute_digit="1",
            unmute_digit="2",
            while_stopped_media=File("music/wait.wav"),
            name="Ann",
            has_joined_message="has joined",
            has_left_message="has left",
        ),
        secondary_call=SecondaryCall(minutes_max_call_duration=5),
        next_page="left",
    ),
    Answer([SipHeader("X-Order", "17")]),
    Reject("busy", "486"),
    HangUp(),
    Redirect("elsewhere"),
    Sleep(1.5),
    DeleteFile("rest_recordings/a.wav"),
    StartTranscription(
        "results",
        transcription_mode="mixed",
        id="leg-a",
        speech_recognition_options=SPEECH,
        enable_interim_results=True,
    ),
    StopTranscription(),
    SendFax("a.tif", next_page="sent", progress_page="on", decryption_cipher=CIPHER, id="f1"),
    SendFax(Link("a.tif")),
    ReceiveFax(
        "received", id="f2", progress_page="on", encryption_cipher=CIPHER, fax_available_page="have"
    ),
)
"""Each action with each of its properties set to something else than its default."""

PLAINEST: Final[tuple[Action, ...]] = (
    Play("Hello."),
    GetNumber("entered"),
    GetInput("said"),
    RunMenu([MenuOption("*", "star")]),
    RunSpeechMenu([SpeechMenuOption(word="yes", next_page="yes")]),
    Record("recorded"),
    Connect(["441632960201"]),
    ConnectToConference("weekly42"),
    Answer(),
    Reject(),
    HangUp(),
    Redirect("elsewhere"),
    Sleep(0),
    DeleteFile("a.wav"),
    StartTranscription("results"),
    StopTranscription(),
    SendFax("a.tif"),
    ReceiveFax("received"),
)
"""Each action with nothing but what it needs."""


def _read(*actions: Action) -> PageAnswer:
    return parse_answer(Response(actions).body(), api_version="2.0")


@pytest.mark.parametrize("action", EVERYTHING + PLAINEST, ids=lambda action: action.wire_name)
def test_the_platform_reads_each_action_without_a_warning(action: Action) -> None:
    answer = _read(action)
    assert answer.warnings == ()
    assert [wire_name(read) for read in answer.actions] == [action.wire_name]


@pytest.mark.parametrize("action", EVERYTHING, ids=lambda action: action.wire_name)
def test_each_property_that_is_set_is_sent(action: Action) -> None:
    [sent] = action.action_object(lambda page: page.path).values()
    plain = next(other for other in PLAINEST if type(other) is type(action))
    assert {
        one.name
        for one in fields(action)  # type: ignore[arg-type] # every action is a dataclass
        if getattr(action, one.name) != getattr(plain, one.name)
    } <= set(_members(sent))


def _members(value: object) -> dict[str, Any]:  # JSON of the test's own making
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("action", "explicit"),
    [
        (
            GetNumber("entered"),
            {
                "digit_count": 0,
                "end_digit": "#",
                "valid_digits": "0123456789",
                "help_digit": "*",
                "seconds_timeout": 30,
                "milliseconds_inter_digit_timeout": 5000,
            },
        ),
        (
            GetInput("said"),
            {
                "speech_input_mode": "timeout",
                "digit_input_enabled": True,
                "help_digit": "*",
                "seconds_timeout": 30,
                "milliseconds_inter_speech_timeout": 2000,
                "milliseconds_inter_digit_timeout": 5000,
            },
        ),
        (RunMenu([MenuOption("1", "one")]), {"help_digit": "*", "seconds_digit_timeout": 5}),
        (
            RunSpeechMenu([SpeechMenuOption(word="yes", next_page="yes")]),
            {"language": "en-US", "help_digit": "*", "help_word": "help", "seconds_timeout": 5},
        ),
        (
            Record("recorded"),
            {
                "id": "",
                "barge_in_digits": "#",
                "seconds_max_duration": 60,
                "milliseconds_max_silence": 3000,
                "milliseconds_max_initial_silence": 0,
                "beep_on_start": False,
            },
        ),
        (Connect(["1"]), {"pass_early_media": False, "seconds_answer_timeout": 30}),
        (ConnectToConference("a"), {"seconds_answer_timeout": 30}),
        (Reject(), {"cause": "rejected"}),
        (
            StartTranscription("results"),
            {"transcription_mode": "separate", "id": "", "enable_interim_results": False},
        ),
    ],
    ids=lambda value: getattr(value, "wire_name", ""),
)
def test_what_is_left_out_has_the_platforms_default(
    action: Action, explicit: dict[str, Any]
) -> None:
    document = Response(action).document()
    [said] = _members(json.loads(json.dumps(document["actions"]))[0]).values()
    assert not explicit.keys() & said.keys()
    assert {name: getattr(action, name) for name in explicit} == explicit
    spelt = {"api_version": "2.0", "actions": [{action.wire_name: {**said, **explicit}}]}
    assert parse_answer(json.dumps(spelt).encode(), api_version="2.0").actions == (
        _read(action).actions
    )
