"""A page's answer: bytes to checked actions, or the one error that says where it is wrong.

The whole list is read before its first action may run (A-18), so that a malformed answer has no
partial effect.
"""

from collections.abc import Callable
from typing import Final

from callwright.protocol.pages.actions import Action, PageAnswer
from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid, quoted
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.json_text import Json, joined, read_json
from callwright.protocol.pages.parse_call import (
    parse_answer_call,
    parse_delete_file,
    parse_hang_up,
    parse_receive_fax,
    parse_record,
    parse_redirect,
    parse_reject,
    parse_send_fax,
    parse_sleep,
    parse_start_transcription,
    parse_stop_transcription,
)
from callwright.protocol.pages.parse_connect import parse_connect, parse_connect_to_conference
from callwright.protocol.pages.parse_input import parse_get_input, parse_get_number
from callwright.protocol.pages.parse_menu import parse_run_menu, parse_run_speech_menu
from callwright.protocol.pages.parse_play import cipher_of, parse_play

MAX_TOKEN_LENGTH: Final = 5000
"""Characters (published)."""

MAX_WARNINGS: Final = 100
"""Each is a line of the REST log; whoever reads a hundred knows."""


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
    cipher = cipher_of(answer, "call_recording_cipher")
    answer.finish()
    if len(warnings) > MAX_WARNINGS:
        warnings[MAX_WARNINGS:] = [f"and {len(warnings) - MAX_WARNINGS} warnings more"]
    return PageAnswer(parsed, token, given_version, cipher, tuple(warnings))


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
    if read is None:
        raise BadAnswer(
            FaultCode.UNKNOWN_ACTION, f"{path}: {quoted(name)} is not an action", action=name[:64]
        )
    try:
        fields = Fields.of(properties, joined(path, name), warnings)
        action = read(fields)
        fields.finish()
    except BadAnswer as error:
        error.action = name
        raise
    return action


_READERS: Final[dict[str, Callable[[Fields], Action]]] = {
    "answer": parse_answer_call,
    "connect": parse_connect,
    "connect_to_conference": parse_connect_to_conference,
    "delete_file": parse_delete_file,
    "get_input": parse_get_input,
    "get_number": parse_get_number,
    "hang_up": parse_hang_up,
    "play": parse_play,
    "receive_fax": parse_receive_fax,
    "record": parse_record,
    "redirect": parse_redirect,
    "reject": parse_reject,
    "run_menu": parse_run_menu,
    "run_speech_menu": parse_run_speech_menu,
    "send_fax": parse_send_fax,
    "sleep": parse_sleep,
    "start_transcription": parse_start_transcription,
    "stop_transcription": parse_stop_transcription,
}
