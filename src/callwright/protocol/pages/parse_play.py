"""Pages, media and plays, wherever an answer holds them: page protocol 5.1 to 5.3."""

from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.fields import KEYS, Fields
from callwright.protocol.pages.json_text import Json
from callwright.protocol.pages.media import (
    BargeInSpeech,
    Cipher,
    Digits,
    Media,
    PageLink,
    Play,
    StoredFile,
    Text,
    WebFile,
)
from callwright.protocol.pages.parse_speech import parse_model
from callwright.protocol.pages.wire_names import DIGITS_TO_PLAY

_METHODS: Final = ("GET", "POST")


def parse_link(value: Json, path: str, warnings: list[str], *, method: str = "POST") -> PageLink:
    """Read a page; a bare string is its URL (A-55)."""
    if isinstance(value, str):
        return PageLink(_url(value, path), method)
    fields = Fields.of(value, path, warnings)
    url = fields.required("url")
    if not isinstance(url, str):
        raise invalid(fields.at("url"), url, "a string")
    given = fields.text("method", method)
    fields.finish()
    if given not in _METHODS:
        raise invalid(fields.at("method"), given, "'GET' or 'POST'")
    return PageLink(_url(url, fields.at("url")), given)


def parse_play(fields: Fields, *, barge_in: bool = True) -> Play:
    """Read the properties of a play; `barge_in` is what holds when it does not say."""
    play_list = fields.required("play_list")
    if not isinstance(play_list, list):
        raise invalid(fields.at("play_list"), play_list, "an array")
    media = tuple(
        _media(element, f"{fields.at('play_list')}[{index}]", fields.warnings)
        for index, element in enumerate(play_list)
    )
    on_speech = fields.boolean("barge_in_on_speech", default=False)
    speech = _barge_in_speech(fields)
    return Play(
        media,
        barge_in_on_digit=fields.boolean("barge_in_on_digit", default=barge_in),
        barge_in_on_speech=speech if on_speech else None,
    )


def parse_nested_play(
    value: Json, path: str, warnings: list[str], *, barge_in: bool = True
) -> Play:
    """Read `{"play": {...}}` where a property holds a play; bare properties do too (A-58)."""
    if isinstance(value, dict) and set(value) == {"play"}:
        value, path = value["play"], f"{path}.play"
    fields = Fields.of(value, path, warnings)
    play = parse_play(fields, barge_in=barge_in)
    fields.finish()
    return play


def parse_cipher(value: Json, path: str, warnings: list[str]) -> Cipher | None:
    """Read a cipher (5.10), if there is one; its values appear in no text."""
    if value is None:
        return None
    fields = Fields.of(value, path, warnings)
    if fields.required("type") != "aescbc":
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE, f"{fields.at('type')} is wrong: 'aescbc' was expected"
        )
    cipher = Cipher(
        _hexadecimal(fields, "key", _KEY_BYTES),
        _hexadecimal(fields, "initialisation_vector", _VECTOR_BYTES),
    )
    fields.finish()
    return cipher


def cipher_of(fields: Fields, name: str) -> Cipher | None:
    """Read a member that may be a cipher."""
    return parse_cipher(fields.value(name), fields.at(name), fields.warnings)


def link_of(fields: Fields, name: str) -> PageLink | None:
    """Read a member that may be a page."""
    value = fields.value(name)
    return None if value is None else parse_link(value, fields.at(name), fields.warnings)


def required_link(fields: Fields, name: str) -> PageLink:
    """Read a member that has to be a page."""
    return parse_link(fields.required(name), fields.at(name), fields.warnings)


def play_of(fields: Fields, name: str, *, barge_in: bool = True) -> Play | None:
    """Read a member that may be a nested play."""
    value = fields.value(name)
    if value is None:
        return None
    return parse_nested_play(value, fields.at(name), fields.warnings, barge_in=barge_in)


_KEY_BYTES: Final = (16, 24, 32)
"""AES keys of 128, 192 and 256 bits: FIPS 197."""

_VECTOR_BYTES: Final = (16,)
"""One AES block."""


def _hexadecimal(fields: Fields, name: str, lengths: Sequence[int]) -> bytes:
    value = fields.required(name)
    try:
        read = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        read = b""
    if len(read) not in lengths:
        sizes = ", ".join(str(length) for length in lengths)
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.at(name)} is wrong: {sizes} bytes in hexadecimal were expected",
        )
    return read


def _url(text: str, path: str) -> str:
    expected = "an http or https URL, or one relative to this page's"
    if not text or any(character <= " " or character == "\x7f" for character in text):
        raise invalid(path, text, expected)
    try:
        parts = urlsplit(text)
        has_port = parts.port is not None
    except ValueError:
        raise invalid(path, text, expected) from None
    if parts.scheme not in {"", "http", "https"} or (parts.scheme and not parts.hostname):
        raise invalid(path, text, expected)
    if has_port and not parts.hostname:
        raise invalid(path, text, expected)
    return text


def _barge_in_speech(fields: Fields) -> BargeInSpeech:
    """Read section 5.5, also where it does not count, so that a wrong value is told."""
    options = fields.inner("barge_in_on_speech_options")
    if options is None:
        return BargeInSpeech()
    speech = BargeInSpeech(parse_model(options), options.texts("barge_in_phrases"))
    options.finish()
    return speech


def _media(value: Json, path: str, warnings: list[str]) -> Media:
    fields = Fields.of(value, path, warnings)
    read = {
        form: reader
        for form, reader in _FORMS.items()
        if any(fields.members.get(name) is not None for name in form)
    }
    if len(read) != 1:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{path} has {len(read)} of text_to_say, file_to_play and digits_to_play: "
            "exactly one was expected",
        )
    media = next(iter(read.values()))(fields)
    fields.finish()
    return media


def _text(fields: Fields) -> Text:
    voice = fields.text("tts_voice", "") or None
    is_private = fields.boolean("text_is_private", default=False)
    text = fields.value("text_to_say")
    if not isinstance(text, str):
        raise invalid(fields.at("text_to_say"), text, "a string")
    return Text(text, voice, is_private)


def _file(fields: Fields) -> StoredFile | WebFile:
    at = fields.at("file_to_play")
    file = fields.value("file_to_play")
    cipher = cipher_of(fields, "decryption_cipher")
    if isinstance(file, str):
        return StoredFile(file, cipher)
    link = parse_link(file, at, fields.warnings, method="GET")
    if link.method != "GET":
        raise invalid(f"{at}.method", link.method, "'GET'")
    if cipher is not None:
        raise BadAnswer(
            FaultCode.INVALID_RESPONSE,
            f"{fields.at('decryption_cipher')} is for stored files, not for downloaded ones",
        )
    return WebFile(link)


def _digits(fields: Fields) -> Digits:
    digits = fields.text(DIGITS_TO_PLAY, "")
    if not digits or not (KEYS | {","}).issuperset(digits):
        raise invalid(
            fields.at(DIGITS_TO_PLAY), digits, "a string of the digits 0123456789ABCD#* and commas"
        )
    return Digits(digits)


_FORMS: Final[dict[tuple[str, ...], Callable[[Fields], Media]]] = {
    ("text_to_say",): _text,
    ("file_to_play",): _file,
    (DIGITS_TO_PLAY.name, *DIGITS_TO_PLAY.aliases): _digits,
}
