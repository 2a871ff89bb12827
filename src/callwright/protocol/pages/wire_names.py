"""Every name that the published documents do not give, once: a correction is a change of one line.

A marked name was never seen; `A-nn` is the number of the assumption. On input the aliases are
accepted too, on output only `name` is sent.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class WireName:
    """A property's name that we assume, and what else we take for it."""

    name: str
    assumption: str
    aliases: tuple[str, ...] = ()


# Requests
REQUEST_API_VERSION: Final = WireName("api_version", "A-21")
ERROR_ACTION: Final = WireName("action", "A-27")
ERROR_CODE: Final = WireName("code", "A-27")

# Actions
SLEEP_SECONDS: Final = WireName("seconds", "A-51")
DIGITS_TO_PLAY: Final = WireName("digits_to_play", "A-57", aliases=("digits",))
TIMEOUT_MESSAGES: Final = WireName(
    "on_input_timeout_messages", "A-36", aliases=("on_digit_timeout_messages",)
)
INVALID_MESSAGES: Final = WireName(
    "on_invalid_input_messages", "A-36", aliases=("on_invalid_digit_messages",)
)
INPUT_HELP_DIGIT: Final = WireName("help_digit", "A-33")
INPUT_TIMEOUT: Final = WireName("seconds_timeout", "A-33")
INPUT_INTER_SPEECH_TIMEOUT: Final = WireName("milliseconds_inter_speech_timeout", "A-33")
INPUT_INTER_DIGIT_TIMEOUT: Final = WireName("milliseconds_inter_digit_timeout", "A-33")
INPUT_INITIAL_TIMEOUT: Final = WireName("milliseconds_initial_timeout", "A-33")
INPUT_TIMEOUT_MESSAGES: Final = WireName("on_input_timeout_messages", "A-33")
INPUT_INVALID_MESSAGES: Final = WireName("on_invalid_input_messages", "A-33")

FILE_TO_DELETE: Final = WireName("file_to_delete", "A-52", aliases=("filename",))
MENU_WORD: Final = WireName("word", "A-41", aliases=("phrase",))
SPEECH_MODEL: Final = WireName("model", "A-59")
CONNECT_TRANSLATOR: Final = WireName("translator", "A-44")
CONNECT_HEADERS: Final = WireName("extra_sip_headers", "A-44")
CLASSIFY_MODE: Final = WireName("mode", "A-63")
CLASSIFY_TIMEOUT: Final = WireName("milliseconds_timeout", "A-63")
HANG_UP_ON_MACHINE: Final = WireName(
    "hang_up_on_answering_machine", "A-63", aliases=("hang_up_if_machine",)
)
HANG_UP_ON_FAX: Final = WireName("hang_up_on_fax_machine", "A-63", aliases=("hang_up_if_fax",))
TRANSLATION_SPEECH: Final = WireName("speech_recognition_options", "A-65")
TRANSLATION_OPTIONS: Final = WireName("translation_options", "A-65")
TRANSLATION_LANGUAGE: Final = WireName("language", "A-65")
TRANSLATION_VOICE: Final = WireName("tts_voice", "A-65")

# Requests about calls
CALL_RECORDING_FILENAME: Final = WireName("call_recording_filename", "A-24")
CALL_SIP_HEADERS: Final = WireName("sip_headers", "A-25")
INTERRUPTED: Final = WireName("interrupted", "A-26")

# Results
RESULT_DIGIT: Final = WireName("selected_digit", "A-39")
RESULT_WORD: Final = WireName("selected_word", "A-39")
RESULT_TRANSLATION: Final = WireName("translation", "A-60")
RESULT_DIGITS: Final = WireName("digits", "A-35")
RESULT_SPEECH: Final = WireName("speech", "A-35")
RESULT_RECORDING_ID: Final = WireName("id", "A-43")
