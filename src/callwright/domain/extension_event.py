"""Events of extensions: what a client's URLs are told of an extension's calls."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from callwright.domain.callback import ExtensionId
from callwright.domain.ids import AccountId

RegistrationId = NewType("RegistrationId", int)
"""Of somebody who wants to be told; never used again."""


class ExtensionEvent(StrEnum):
    """What an extension's calls are told of; the values are the API's words."""

    DIAL_IN = "dial-in"
    DIAL_OUT = "dial-out"
    ANSWER = "answer"
    HANGUP = "hangup"
    MESSAGE_IN = "message-in"
    """This and the rest may be registered, and never happen here: nobody leaves messages."""
    MESSAGE_OUT = "message-out"
    VOICEMAIL = "voicemail"


class TellMethod(StrEnum):
    """With which HTTP method a URL is told."""

    GET = "GET"
    """The form stands in the query."""
    POST = "POST"
    """The form is the body."""


@dataclass(frozen=True, slots=True)
class EventRegistration:
    """A URL that is told of one kind of event of one extension."""

    registration_id: RegistrationId
    account_id: AccountId
    extension_id: ExtensionId
    event: ExtensionEvent
    url: str
    method: TellMethod
