"""What is shown of an action, and what is not."""

import pytest

from callwright.protocol.pages.actions import (
    Action,
    AnswerCall,
    DeleteFile,
    HangUp,
    ReceiveFax,
    Record,
    Redirect,
    Reject,
    RejectCause,
    SendFax,
    Sleep,
    StartTranscription,
    StopTranscription,
)
from callwright.protocol.pages.connecting import Connect, ConnectToConference
from callwright.protocol.pages.inputs import (
    GetInput,
    GetNumber,
    MenuOption,
    Prompting,
    RunMenu,
    RunSpeechMenu,
    SpeechInputMode,
    SpeechOptions,
)
from callwright.protocol.pages.media import (
    Cipher,
    Digits,
    PageLink,
    Play,
    SpeechModel,
    StoredFile,
    Text,
    WebFile,
)
from callwright.runner.captions import caption
from tests.runner.test_collector import FOUR, PIN, RULES

CIPHER = Cipher(b"k" * 16, b"v" * 16)
QUIET = Prompting(None, (), ())
ASKS = Prompting(Play((Text("Your number?"),)), (), ())

CAPTIONS: list[tuple[Action, str]] = [
    (Play((Text("Hi."), StoredFile("a.wav"))), '"Hi.", a.wav'),
    (Play((Text("4711", is_private=True),)), "(private text)"),
    (Play((Text("x" * 300),)), '"' + "x" * 200 + '..."'),
    (Play((Digits("4711#"),)), "5 keys"),
    (Play((WebFile(PageLink("http://u:p@h/a.wav", "GET")),)), "http://***@h/a.wav"),
    (GetNumber(PageLink("n"), RULES, ASKS), 'digits, ended by #; "Your number?"'),
    (GetNumber(PageLink("n"), FOUR, QUIET), "4 digits, ended by #"),
    (GetNumber(PageLink("n"), PIN, QUIET), "4 digits"),
    (
        Record(PageLink("n"), "", "#", 60.0, 3.0, 3.0, None, False, CIPHER, None),
        "at most 60 s",
    ),
    (Redirect(PageLink("http://u:p@h/x", "GET")), "GET http://***@h/x"),
    (Sleep(1.5), "1.5 s"),
    (HangUp(), ""),
    (
        GetInput(PageLink("n"), SpeechInputMode.AUTO, SpeechOptions(), 2.0, True, FOUR, QUIET),
        "4 digits, ended by #",
    ),
    (
        RunMenu((MenuOption(PageLink("a"), "1"), MenuOption(PageLink("b"), "2")), "*", 5.0, ASKS),
        '1 | 2; "Your number?"',
    ),
    (
        RunSpeechMenu(
            (MenuOption(PageLink("a"), "1", "sales"), MenuOption(PageLink("b"), "", "support")),
            SpeechModel(),
            "*",
            "help",
            5.0,
            QUIET,
        ),
        "1 sales | support",
    ),
    (
        Connect(("tel:441632960201", "sip:duty@example.com")),
        "tel:441632960201, sip:duty@example.com",
    ),
    (ConnectToConference("weekly42"), "weekly42"),
    (Reject(RejectCause.BUSY), "busy"),
    (Reject(RejectCause.BUSY, 603), "603"),
    (DeleteFile("old.wav"), "old.wav"),
    (StartTranscription(PageLink("r")), "separate, en-US"),
    (StopTranscription(), ""),
    (AnswerCall(), ""),
    (SendFax(None), ""),
    (ReceiveFax(None), ""),
]


@pytest.mark.parametrize(("action", "text"), CAPTIONS)
def test_says_what_an_action_is_about_to_do(action: Action, text: str) -> None:
    assert caption(action) == text
