"""Actions on a call as such: section 4 of the page protocol where it needs few words."""

from typing import Final

from callwright.protocol.pages.actions import (
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
    TranscriptionMode,
)
from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.parse_connect import parse_headers
from callwright.protocol.pages.parse_play import cipher_of, link_of, parse_link, required_link
from callwright.protocol.pages.parse_speech import parse_speech_options
from callwright.protocol.pages.wire_names import FILE_TO_DELETE, SLEEP_SECONDS

_MAX_DURATION: Final = 60
"""Seconds of a recording (published)."""

_MAX_SILENCE_MS: Final = 3000
"""Published."""

_REFUSALS: Final = range(300, 700)
"""SIP statuses that end a call before its answer: RFC 3261 21."""


def parse_answer_call(fields: Fields) -> AnswerCall:
    """Read the properties of `answer`."""
    return AnswerCall(parse_headers(fields, "extra_sip_headers"))


def parse_reject(fields: Fields) -> Reject:
    """Read the properties of `reject`."""
    cause = RejectCause(fields.word("cause", RejectCause.REJECTED, tuple(RejectCause)))
    raw = fields.value("raw_cause")
    if raw is None:
        return Reject(cause)
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    is_status = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) == 3  # noqa: PLR2004 - a SIP status has three digits
    if not is_status or int(str(text)) not in _REFUSALS:
        raise invalid(fields.at("raw_cause"), raw, "a SIP status from '300' to '699'")
    return Reject(cause, int(str(text)))


def parse_record(fields: Fields) -> Record:
    """Read the properties of `record`."""
    max_silence = fields.milliseconds("milliseconds_max_silence", _MAX_SILENCE_MS, least=0)
    encoding = fields.value("format")
    if encoding is not None:
        encoding = fields.word("format", "", ("alaw", "ulaw"))
    return Record(
        required_link(fields, "next_page"),
        recording_id=fields.text("id", ""),
        barge_in_digits=fields.keys("barge_in_digits", "#"),
        max_duration=fields.whole_seconds("seconds_max_duration", _MAX_DURATION),
        max_silence=max_silence,
        max_initial_silence=fields.milliseconds("milliseconds_max_initial_silence", 0, least=0)
        or max_silence,
        encoding=encoding,
        beep_on_start=fields.boolean("beep_on_start", default=False),
        cipher=cipher_of(fields, "encryption_cipher"),
        recording_available_page=link_of(fields, "recording_available_page"),
    )


def parse_redirect(fields: Fields) -> Redirect:
    """Read the properties of `redirect`."""
    return Redirect(required_link(fields, "next_page"))


def parse_sleep(fields: Fields) -> Sleep:
    """Read the properties of `sleep`."""
    return Sleep(fields.seconds(SLEEP_SECONDS))


def parse_hang_up(_: Fields) -> HangUp:
    """Read the properties of `hang_up`: there are none."""
    return HangUp()


def parse_delete_file(fields: Fields) -> DeleteFile:
    """Read the properties of `delete_file`."""
    return DeleteFile(fields.required_text(FILE_TO_DELETE))


def parse_start_transcription(fields: Fields) -> StartTranscription:
    """Read the properties of `start_transcription`."""
    mode = fields.word("transcription_mode", TranscriptionMode.SEPARATE, tuple(TranscriptionMode))
    return StartTranscription(
        required_link(fields, "results_page"),
        TranscriptionMode(mode),
        fields.text("id", ""),
        parse_speech_options(fields),
        wants_interim_results=fields.boolean("enable_interim_results", default=False),
    )


def parse_stop_transcription(_: Fields) -> StopTranscription:
    """Read the properties of `stop_transcription`: there are none."""
    return StopTranscription()


def parse_send_fax(fields: Fields) -> SendFax:
    """Read the properties of `send_fax`."""
    file = fields.required("fax_to_send")
    cipher = cipher_of(fields, "decryption_cipher")
    if not isinstance(file, str):
        at = fields.at("fax_to_send")
        link = parse_link(file, at, fields.warnings, method="GET")
        if link.method != "GET":
            raise invalid(f"{at}.method", link.method, "'GET'")
        if cipher is not None:
            raise BadAnswer(
                FaultCode.INVALID_RESPONSE,
                f"{fields.at('decryption_cipher')} is for stored files, not for downloaded ones",
            )
    link_of(fields, "progress_page")
    fields.text("id", "")
    return SendFax(link_of(fields, "next_page"))


def parse_receive_fax(fields: Fields) -> ReceiveFax:
    """Read the properties of `receive_fax`; an absent next page is let through, as published."""
    link_of(fields, "progress_page")
    link_of(fields, "fax_available_page")
    cipher_of(fields, "encryption_cipher")
    fields.text("id", "")
    return ReceiveFax(link_of(fields, "next_page"))
