"""A wrong value is told where it is made."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

import callwright.pages
from callwright.pages import (
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
    Link,
    MenuOption,
    Record,
    Reject,
    RunMenu,
    RunSpeechMenu,
    SecondaryCall,
    SendFax,
    Sleep,
    SpeechMenuOption,
    SpeechRecognitionOptions,
    StartTranscription,
    WordHint,
)
from callwright.pages.checks import CHECKS

ONE: Final = [MenuOption("1", "one")]
SAID: Final = [SpeechMenuOption(word="yes", next_page="one")]
KEY, VECTOR = "00" * 16, "11" * 16
CIPHER: Final = Cipher(KEY, VECTOR)

Make = Callable[..., Any]  # any of the actions

REFUSED: Final[dict[str, tuple[Make, list[Any]]]] = {
    "digit_count": (lambda v: DigitInputOptions(digit_count=v), [-1, 33, True, 1.5, "1"]),
    "digit": (lambda v: MenuOption(v, "one"), ["12", "x", "", 1]),
    "end_digit": (lambda v: GetNumber("n", end_digit=v), ["12", "x"]),
    "help_digit": (lambda v: RunMenu(ONE, help_digit=v), ["12", "x"]),
    "exit_digit": (lambda v: ConferenceParticipant(exit_digit=v), ["12", "x"]),
    "mute_digit": (lambda v: ConferenceParticipant(mute_digit=v), ["12"]),
    "unmute_digit": (lambda v: ConferenceParticipant(unmute_digit=v), ["12"]),
    "valid_digits": (lambda v: GetNumber("n", valid_digits=v), ["0x", 1]),
    "barge_in_digits": (lambda v: Record("n", barge_in_digits=v), ["0x"]),
    "seconds": (Sleep, [-1, "1", True]),
    "seconds_timeout": (lambda v: RunSpeechMenu(SAID, seconds_timeout=v), [1.5, "1"]),
    "seconds_digit_timeout": (lambda v: RunMenu(ONE, seconds_digit_timeout=v), [-1, 0.5]),
    "seconds_max_duration": (lambda v: Record("n", seconds_max_duration=v), [-1]),
    "seconds_answer_timeout": (lambda v: Connect(["1"], seconds_answer_timeout=v), [-1]),
    "minutes_max_call_duration": (lambda v: SecondaryCall(minutes_max_call_duration=v), [0]),
    "milliseconds_inter_speech_timeout": (
        lambda v: GetInput("n", milliseconds_inter_speech_timeout=v),
        [0.5],
    ),
    "milliseconds_inter_digit_timeout": (
        lambda v: GetInput("n", milliseconds_inter_digit_timeout=v),
        [0.5],
    ),
    "milliseconds_initial_timeout": (
        lambda v: GetNumber("n", milliseconds_initial_timeout=v),
        [0.5],
    ),
    "milliseconds_max_silence": (lambda v: Record("n", milliseconds_max_silence=v), [-1]),
    "milliseconds_max_initial_silence": (
        lambda v: Record("n", milliseconds_max_initial_silence=v),
        [-1],
    ),
    "milliseconds_timeout": (lambda v: ClassifyCallee(milliseconds_timeout=v), [0, 5001]),
    "speech_input_mode": (lambda v: GetInput("n", speech_input_mode=v), ["on"]),
    "format": (lambda v: Record("n", format=v), ["mp3"]),
    "transcription_mode": (lambda v: StartTranscription("n", transcription_mode=v), ["all"]),
    "call_recording_mode": (lambda v: SecondaryCall(call_recording_mode=v), ["stereo"]),
    "mode": (lambda v: ClassifyCallee(mode=v), ["fast"]),
    "type": (lambda v: Cipher(KEY, VECTOR, v), ["aesgcm"]),
    "cause": (Reject, ["because"]),
    "key": (lambda v: Cipher(v, VECTOR), ["00" * 15, "secret", ""]),
    "initialisation_vector": (lambda v: Cipher(KEY, v), ["00" * 17]),
    "max_alternatives": (lambda v: SpeechRecognitionOptions(max_alternatives=v), [0, 4]),
    "priority": (lambda v: WordHint(["a"], v), [1.5]),
    "file_to_delete": (DeleteFile, ["", 1]),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_property_refuses_what_it_cannot_be(name: str) -> None:
    make, values = REFUSED[name]
    for value in values:
        with pytest.raises(ValueError, match=f"^{name} is "):
            make(value)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: GetNumber("n", end_digit=""), "digit_count is 0"),
        (lambda: DigitInputOptions(end_digit=""), "digit_count is 0"),
        (
            lambda: GetInput("n", speech_input_mode="disabled", digit_input_enabled=False),
            "takes no input",
        ),
        (lambda: RunMenu([]), "menu_options is empty"),
        (lambda: RunMenu([*ONE, *ONE]), "'1' is the digit of more than one option"),
        (lambda: RunSpeechMenu([*SAID, *SAID]), "'yes' is the word of more than one option"),
        (lambda: SpeechMenuOption(next_page="one"), "neither word nor digit"),
        (lambda: Connect([]), "destinations is"),
        (lambda: Connect("441632960100"), "destinations is '441632960100'"),
        (lambda: Connect(["1", "2"], pass_early_media=True), "pass_early_media wants"),
        (lambda: ConnectToConference(""), "name is ''"),
        (lambda: Digits(""), "digits_to_play is ''"),
        (lambda: Digits("12x"), "digits_to_play is '12x'"),
        (lambda: File(Link("a.wav"), CIPHER), "not for downloaded ones"),
        (lambda: SendFax(Link("a.tif"), decryption_cipher=CIPHER), "not for downloaded ones"),
    ],
)
def test_properties_that_do_not_go_together_are_told(make: Make, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


def test_a_secret_stands_in_no_text() -> None:
    with pytest.raises(ValueError, match="key is wrong") as caught:
        Cipher("my secret key", VECTOR)
    assert "secret" not in str(caught.value)
    assert KEY not in repr(CIPHER)


def test_a_copy_of_the_folder_runs_without_us(tmp_path: Path) -> None:
    shutil.copytree(Path(callwright.pages.__file__).parent, tmp_path / "telephone")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.modules['callwright'] = None\n"
        "from telephone import Application, Play\n"
        "from telephone.testing import TestCall\n"
        "from telephone import asgi, wsgi\n"
        "app = Application()\n"
        "app.first_page('/first')(lambda _: Play('Hello.'))\n"
        "call = TestCall(app)\n"
        "call.answer()\n"
        "print(call.heard)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "['Hello.']\n"
