"""One line about an action, for whoever watches the call and for the REST log."""

from typing import Final, assert_never

from callwright.domain.destination import printable
from callwright.protocol.pages.actions import (
    Action,
    AnswerCall,
    DeleteFile,
    HangUp,
    ReceiveFax,
    Record,
    Redirect,
    Reject,
    SendFax,
    Sleep,
    StartTranscription,
    StopTranscription,
)
from callwright.protocol.pages.connecting import Connect, ConnectToConference
from callwright.protocol.pages.inputs import (
    DigitRules,
    GetInput,
    GetNumber,
    MenuOption,
    RunMenu,
    RunSpeechMenu,
)
from callwright.protocol.pages.media import Digits, Media, Play, StoredFile, Text, WebFile
from callwright.runner.next_page import printable_url

_SHOWN: Final = 200
"""Characters of a text: one line to recognise it by."""


def caption(action: Action) -> str:  # noqa: C901, PLR0911, PLR0912 - a table: one arm an action
    """Say what an action is about to do; private texts are left out."""
    match action:
        case Play():
            return _play(action)
        case GetNumber() | GetInput():
            return _input(action.rules, action.prompting.prompt)
        case RunMenu() | RunSpeechMenu():
            return _menu(action.options, action.prompting.prompt)
        case Record():
            return f"at most {action.max_duration:g} s"
        case Connect():
            return ", ".join(map(printable, action.destinations))
        case ConnectToConference():
            return action.name
        case Reject():
            return str(action.raw_cause or action.cause)
        case Redirect():
            return f"{action.next_page.method} {printable_url(action.next_page.url)}"
        case Sleep():
            return f"{action.seconds:g} s"
        case DeleteFile():
            return action.name
        case StartTranscription():
            return f"{action.mode}, {action.speech.model.language}"
        case HangUp() | AnswerCall() | StopTranscription() | SendFax() | ReceiveFax():
            return ""
        case _:
            assert_never(action)


def _play(play: Play) -> str:
    return ", ".join(_media(media) for media in play.play_list)


def _media(media: Media) -> str:
    match media:
        case Text(is_private=True):
            return "(private text)"
        case Text():
            shown = media.text[:_SHOWN] + ("..." if len(media.text) > _SHOWN else "")
            return f'"{shown}"'
        case StoredFile():
            return media.name
        case WebFile():
            return printable_url(media.link.url)
        case Digits():
            # Keys sent to a far end are often a PIN or a card number.
            return f"{len(media.digits)} keys"
        case _:
            assert_never(media)


def _menu(options: tuple[MenuOption, ...], prompt: Play | None) -> str:
    choices = " | ".join(" ".join(filter(None, (one.digit, one.word))) for one in options)
    return choices + (f"; {_play(prompt)}" if prompt is not None else "")


def _input(rules: DigitRules, prompt: Play | None) -> str:
    wanted = f"{rules.digit_count} digits" if rules.digit_count else "digits"
    ending = f", ended by {rules.end_digit}" if rules.end_digit else ""
    said = f"; {_play(prompt)}" if prompt is not None else ""
    return wanted + ending + said
