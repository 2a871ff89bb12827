"""What is wrong with a page's answer.

- `BadAnswer`: the customer's mistake; carries the published code and a text with the JSON path
"""

from enum import StrEnum
from typing import Final


class FaultCode(StrEnum):
    """`error_result.code`, as error pages and REST logs say it (assumed, A-27)."""

    PAGE_REQUEST_FAILED = "page_request_failed"
    INVALID_RESPONSE = "invalid_response"
    API_VERSION_MISMATCH = "api_version_mismatch"
    UNKNOWN_ACTION = "unknown_action"
    INVALID_STATE = "invalid_state"
    """The action makes no sense here; also one that this release does not run."""
    MEDIA_NOT_FOUND = "media_not_found"
    MEDIA_INVALID = "media_invalid"
    MEDIA_DOWNLOAD_FAILED = "media_download_failed"
    DECRYPTION_FAILED = "decryption_failed"
    NO_CHANNELS = "no_channels"
    NO_SPEECH_STREAMS = "no_speech_streams"
    TTS_FAILED = "tts_failed"
    SPEECH_RECOGNITION_FAILED = "speech_recognition_failed"
    TRANSLATION_FAILED = "translation_failed"
    CIPHER_REQUIRED = "cipher_required"
    TOO_MANY_REQUESTS = "too_many_requests"
    INTERNAL_ERROR = "internal_error"


class BadAnswer(Exception):
    """A page's answer breaks a rule; nothing of it is run."""

    def __init__(self, code: FaultCode, text: str, *, action: str = "") -> None:
        """Name the action whose rule is broken, if it is that of one."""
        super().__init__(text)
        self.code = code
        self.text = text
        self.action = action


def invalid(path: str, value: object, expected: str) -> BadAnswer:
    """Say where which value stands, and what should have stood there."""
    return BadAnswer(
        FaultCode.INVALID_RESPONSE, f"{path} is {quoted(value)}: {expected} was expected"
    )


_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it; an error text is no place for 10 kB of it."""


def quoted(value: object) -> str:
    """Print a JSON value so that it fits into a line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= _QUOTED_LENGTH else value[:_QUOTED_LENGTH] + "...")
        case float():
            return repr(value)
        case int() if value.bit_length() <= _QUOTED_LENGTH:
            return str(value)
        case int():
            return "an integer of many digits"
        case list():
            return f"a list of {len(value)}"
        case _:
            return "an object"
