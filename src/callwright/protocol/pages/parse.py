"""A page's answer: bytes to checked actions, or the one error that says where it is wrong.

The whole list is read before its first action may run (A-18), so that a malformed answer has no
partial effect.
"""

from collections.abc import Callable
from typing import Final

from callwright.protocol.pages.actions import (
    Action,
    HangUp,
    PageAnswer,
    Record,
    Redirect,
    Sleep,
    Unsupported,
)
from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid, quoted
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.json_text import Json, joined, read_json
from callwright.protocol.pages.parse_input import parse_get_input, parse_get_number
from callwright.protocol.pages.parse_play import is_cipher, parse_link, parse_play
from callwright.protocol.pages.wire_names import SLEEP_SECONDS

MAX_TOKEN_LENGTH: Final = 5000
"""Characters (published)."""

MAX_WARNINGS: Final = 100
"""Each is a line of the REST log; whoever reads a hundred knows."""

UNSUPPORTED: Final = frozenset(
    {
        "answer",
        "connect",
        "connect_to_conference",
        "delete_file",
        "receive_fax",
        "reject",
        "run_menu",
        "run_speech_menu",
        "send_fax",
        "start_transcription",
        "stop_transcription",
    }
)
"""The rest of the published set. Their names are known and they have to be objects; what is in them
is not looked at, since they end in an error when their turn comes."""


def parse_answer(body: bytes, *, api_version: str) -> PageAnswer:
    """Read an answer of a service that is configured for `api_version`.

    Raises:
        BadAnswer: it breaks a rule; nothing of it may be run.

    """
    document = read_json(body)
    if not isinstance(document, dict):
        raise invalid("the response", document, "an object")
    warnings: list[str] = []
    answer = Fields(document, "", warnings)
    given_version = _api_version(answer, api_version)
    actions = answer.required("actions")
    if not isinstance(actions, list):
        raise invalid("actions", actions, "an array")
    parsed = tuple(_action(a, f"actions[{index}]", warnings) for index, a in enumerate(actions))
    token = _token(answer)
    is_cipher(answer.value("call_recording_cipher"), "call_recording_cipher", warnings)
    answer.finish()
    if len(warnings) > MAX_WARNINGS:
        warnings[MAX_WARNINGS:] = [f"and {len(warnings) - MAX_WARNINGS} warnings more"]
    return PageAnswer(parsed, token, given_version, tuple(warnings))


def _api_version(answer: Fields, expected: str) -> str | None:
    given = answer.value("api_version")
    if given is None:
        answer.warnings.append(f"api_version is missing and taken as {expected!r}")
        return None
    if given != expected:
        raise BadAnswer(
            FaultCode.API_VERSION_MISMATCH,
            f"api_version is {quoted(given)}: the service's, {expected!r}, was expected",
        )
    return expected


def _token(answer: Fields) -> str | None:
    token = answer.value("token")
    if token is None:
        return None
    if not isinstance(token, str):
        raise invalid("token", token, "a string")
    if len(token) > MAX_TOKEN_LENGTH:
        # Not quoted: tokens are the customer's secrets, and errors are kept in records.
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"token has {len(token)} characters: at most {MAX_TOKEN_LENGTH} were expected",
        )
    return token


def _action(value: Json, path: str, warnings: list[str]) -> Action:
    if not isinstance(value, dict) or len(value) != 1:
        raise invalid(path, value, "an object with exactly one member, the action,")
    [(name, properties)] = value.items()
    read = _READERS.get(name)
    if read is None and name not in UNSUPPORTED:
        raise BadAnswer(
            FaultCode.UNKNOWN_ACTION, f"{path}: {quoted(name)} is not an action", action=name[:64]
        )
    try:
        fields = Fields.of(properties, joined(path, name), warnings)
        if read is None:
            return Unsupported(name)
        action = read(fields)
        fields.finish()
    except BadAnswer as error:
        error.action = name
        raise
    return action


def _record(fields: Fields) -> Record:
    available = fields.value("recording_available_page")
    max_silence = fields.milliseconds("milliseconds_max_silence", 3000, least=0)
    encoding = fields.text("format", "") or None
    if encoding not in {None, "alaw", "ulaw"}:
        raise invalid(fields.at("format"), encoding, "'alaw' or 'ulaw'")
    return Record(
        parse_link(fields.required("next_page"), fields.at("next_page"), fields.warnings),
        recording_id=fields.text("id", ""),
        barge_in_digits=fields.keys("barge_in_digits", "#"),
        max_duration=fields.whole_seconds("seconds_max_duration", 60),
        max_silence=max_silence,
        max_initial_silence=fields.milliseconds("milliseconds_max_initial_silence", 0, least=0)
        or max_silence,
        encoding=encoding,
        beep_on_start=fields.boolean("beep_on_start", default=False),
        is_encrypted=is_cipher(
            fields.value("encryption_cipher"), fields.at("encryption_cipher"), fields.warnings
        ),
        recording_available_page=None
        if available is None
        else parse_link(available, fields.at("recording_available_page"), fields.warnings),
    )


def _redirect(fields: Fields) -> Redirect:
    return Redirect(
        parse_link(fields.required("next_page"), fields.at("next_page"), fields.warnings)
    )


def _sleep(fields: Fields) -> Sleep:
    return Sleep(fields.seconds(SLEEP_SECONDS))


def _hang_up(_: Fields) -> HangUp:
    return HangUp()


_READERS: Final[dict[str, Callable[[Fields], Action]]] = {
    "play": parse_play,
    "get_number": parse_get_number,
    "get_input": parse_get_input,
    "record": _record,
    "redirect": _redirect,
    "sleep": _sleep,
    "hang_up": _hang_up,
}
