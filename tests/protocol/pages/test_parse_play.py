"""Pages, media and plays."""

import pytest

from callwright.protocol.pages.errors import BadAnswer
from callwright.protocol.pages.fields import Fields
from callwright.protocol.pages.json_text import Json, JsonObject
from callwright.protocol.pages.media import (
    Cipher,
    Digits,
    Media,
    PageLink,
    Play,
    StoredFile,
    Text,
    WebFile,
)
from callwright.protocol.pages.parse_play import (
    parse_cipher,
    parse_link,
    parse_nested_play,
    parse_play,
)

CIPHER: JsonObject = {"type": "aescbc", "key": "0f" * 16, "initialisation_vector": "0f" * 16}

LINKS: list[tuple[Json, PageLink]] = [
    ("next", PageLink("next")),
    ({"url": "next"}, PageLink("next")),
    ({"url": "/a?b=c", "method": "GET"}, PageLink("/a?b=c", "GET")),
    ({"url": "//host/x", "method": None}, PageLink("//host/x")),
    ("https://example.com:8443/ä", PageLink("https://example.com:8443/ä")),
]


@pytest.mark.parametrize(("value", "link"), LINKS)
def test_reads_a_page(value: Json, link: PageLink) -> None:
    assert parse_link(value, "page", []) == link


NO_URLS = [
    "",
    " ",
    "a b",
    "a\nb",
    "ftp://x/",
    "javascript:alert(1)",
    "http://",
    "http:x",
    "http://[x",
    "http://h:99999/",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("url", NO_URLS)
def test_refuses_what_is_no_url(url: str) -> None:
    with pytest.raises(BadAnswer, match=r"^page\.url is '.*': an http or https URL, or one rel"):
        parse_link({"url": url}, "page", [])


@pytest.mark.parametrize("method", ["PUT", "get", ""])
def test_refuses_other_methods(method: str) -> None:
    with pytest.raises(BadAnswer, match=r"^page\.method is .*: 'GET' or 'POST' was expected"):
        parse_link({"url": "x", "method": method}, "page", [])


def play(value: JsonObject) -> tuple[Play, list[str]]:
    fields = Fields(value, "play", [])
    parsed = parse_play(fields)
    fields.finish()
    return parsed, fields.warnings


MEDIA: list[tuple[JsonObject, Media]] = [
    ({"text_to_say": "Hi."}, Text("Hi.")),
    ({"text_to_say": ""}, Text("")),
    (
        {"text_to_say": "Hi.", "tts_voice": "German Male", "text_is_private": True},
        Text("Hi.", "German Male", is_private=True),
    ),
    ({"file_to_play": "a/b.wav"}, StoredFile("a/b.wav")),
    (
        {"file_to_play": "a/b.wav", "decryption_cipher": CIPHER},
        StoredFile("a/b.wav", Cipher(b"\x0f" * 16, b"\x0f" * 16)),
    ),
    ({"file_to_play": {"url": "b.wav"}}, WebFile(PageLink("b.wav", "GET"))),
    ({"digits_to_play": "12*#,A"}, Digits("12*#,A")),
    ({"digits": "1"}, Digits("1")),
    ({"text_to_say": "Hi.", "file_to_play": None}, Text("Hi.")),
]


@pytest.mark.parametrize(("value", "media"), MEDIA)
def test_reads_media(value: JsonObject, media: Media) -> None:
    assert play({"play_list": [value]}) == (Play((media,)), [])


AT = r"^play\.play_list\[1\]"
WRONG_MEDIA: list[tuple[Json, str]] = [
    ("hello", AT + " is 'hello': an object was expected"),
    ({}, AT + " has 0 of text_to_say, file_to_play and digits_to_play: exactly one was expected"),
    ({"text_to_say": "x", "file_to_play": "y.wav"}, AT + " has 2 of "),
    ({"text_to_say": 5}, AT + r"\.text_to_say is 5: a string was expected"),
    ({"text_to_say": "x", "text_is_private": 1}, AT + r"\.text_is_private is 1: true or false"),
    ({"file_to_play": 5}, AT + r"\.file_to_play is 5: an object was expected"),
    (
        {"file_to_play": {"url": "x.wav", "method": "POST"}},
        AT + r"\.file_to_play\.method is 'POST': 'GET' was expected",
    ),
    (
        {"file_to_play": {"url": "x.wav"}, "decryption_cipher": CIPHER},
        AT + r"\.decryption_cipher is for stored files",
    ),
    ({"digits_to_play": "12E"}, AT + r"\.digits_to_play is '12E': a string of the digits"),
    ({"digits": "x"}, AT + r"\.digits is 'x': a string of the digits"),
]


@pytest.mark.parametrize(("value", "text"), WRONG_MEDIA)
def test_refuses_media(value: Json, text: str) -> None:
    with pytest.raises(BadAnswer, match=text):
        play({"play_list": [{"text_to_say": "x"}, value]})


WRONG_PLAYS: list[tuple[JsonObject, str]] = [
    ({}, r"^play\.play_list is missing"),
    ({"play_list": {}}, r"^play\.play_list is an object: an array was expected"),
    ({"play_list": [], "barge_in_on_digit": 0}, r"^play\.barge_in_on_digit is 0: true or false"),
    ({"play_list": [], "barge_in_on_speech": "no"}, r"^play\.barge_in_on_speech is 'no'"),
]


@pytest.mark.parametrize(("value", "text"), WRONG_PLAYS)
def test_refuses_a_play(value: JsonObject, text: str) -> None:
    with pytest.raises(BadAnswer, match=text):
        play(value)


def test_warns_of_a_property_of_version_1() -> None:
    _, warnings = play({"play_list": [], "barge_in": True})
    assert warnings == ["play.barge_in is not known and ignored"]


def test_warns_of_an_alias_beside_the_name() -> None:
    parsed, warnings = play({"play_list": [{"digits_to_play": "1", "digits": "2"}]})
    assert parsed == Play((Digits("1"),))
    assert warnings == ["play.play_list[0].digits is ignored beside 'digits_to_play'"]


@pytest.mark.parametrize("value", [{"play": {"play_list": []}}, {"play_list": []}])
@pytest.mark.parametrize("barge_in", [True, False])
def test_a_nested_play_may_leave_its_name_out(value: JsonObject, *, barge_in: bool) -> None:
    assert parse_nested_play(value, "prompt", [], barge_in=barge_in) == Play(
        (), barge_in_on_digit=barge_in
    )


def test_a_nested_play_is_checked_like_any_other() -> None:
    with pytest.raises(BadAnswer, match=r"^prompt\.play\.play_list is missing"):
        parse_nested_play({"play": {}}, "prompt", [])


WRONG_CIPHERS: list[tuple[Json, str]] = [
    ("secret", "^c is 'secret': an object was expected"),
    ({}, r"^c\.type is missing"),
    ({**CIPHER, "type": "des"}, r"^c\.type is wrong: 'aescbc' was expected"),
    ({**CIPHER, "key": "5ec2e7"}, r"^c\.key is wrong: 16, 24, 32 bytes in hexadecimal"),
    ({**CIPHER, "key": "zz" * 16}, r"^c\.key is wrong"),
    ({**CIPHER, "key": 5}, r"^c\.key is wrong"),
    ({**CIPHER, "initialisation_vector": "00"}, r"^c\.initialisation_vector is wrong: 16 bytes"),
]


@pytest.mark.parametrize(("value", "text"), WRONG_CIPHERS)
def test_refuses_a_cipher_without_quoting_it(value: Json, text: str) -> None:
    with pytest.raises(BadAnswer, match=text) as caught:
        parse_cipher(value, "c", [])
    assert "5ec2e7" not in caught.value.text


@pytest.mark.parametrize("length", [16, 24, 32])
def test_reads_a_cipher(length: int) -> None:
    assert parse_cipher({**CIPHER, "key": "ab" * length}, "c", [])
