"""Names of files: what each store allows, and what none does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.file_names import BadFileName, FileType, file_name, name_prefix

MEDIA, MESSAGES, LOGS = FileType.MEDIA, FileType.MSG_MEDIA, FileType.REST

ALLOWED = [
    (MEDIA, "a.wav"),
    (MEDIA, "a/b/c.wave"),
    (MEDIA, "A-z_0.9@home.WAV"),
    (MEDIA, "fax.tif"),
    (MEDIA, "fax.TIFF"),
    (MEDIA, "a:b.wav"),
    (MEDIA, "x" * 251 + ".wav"),
    (MEDIA, ".hidden.wav"),
    (MEDIA, "CON.wav"),
    (MEDIA, "a.wav/b.wav"),
    (MESSAGES, "cat.png"),
    (MESSAGES, "cat.wav"),
    (MESSAGES, "2026/02/cat.j2"),
    (LOGS, "2026/02/11/rest_09_30_02_7f31c2a90be4d816.40217.log"),
    (LOGS, "no_extension"),
]


@pytest.mark.parametrize(("file_type", "text"), ALLOWED)
def test_allows(file_type: FileType, text: str) -> None:
    name = file_name(file_type, text)
    assert (str(name), name.file_type) == (text, file_type)


NOWHERE = [
    "",
    "/a.wav",
    "a.wav/",
    "a.wav/.",
    ".",
    "./a.wav",
    "../2/a.wav",
    "a/../b.wav",
    "a..wav",
    "a//b.wav",
    "a/./b.wav",
    "a b.wav",
    "a\\b.wav",
    "C:\\a.wav",
    "a\n.wav",
    "a.wav\n",
    "a\0.wav",
    "ä.wav",
    "\uff0e\uff0e/a.wav",
    "a\u202ewav",
    "\ud800.wav",
    "~/a.wav?",
    "a%2f.wav",
    "x" * 252 + ".wav",
]


@pytest.mark.parametrize("file_type", FileType)
@pytest.mark.parametrize("text", NOWHERE)
def test_no_store_allows(file_type: FileType, text: str) -> None:
    with pytest.raises(BadFileName, match="is no"):
        file_name(file_type, text)


EXTENSIONS = [
    (MEDIA, "a.mp3", "one ending in .wav, .wave, .tif, .tiff was expected"),
    (MEDIA, "a", "one ending in"),
    (MEDIA, "a.wav.gz", "one ending in"),
    (MEDIA, "a.wav/b", "one ending in"),
    (MESSAGES, "cat", "one with an extension, such as .png, was expected"),
    (MESSAGES, "cat.", "one with an extension"),
    (MESSAGES, "pictures.d/cat", "one with an extension"),
]


@pytest.mark.parametrize(("file_type", "text", "problem"), EXTENSIONS)
def test_an_extension_is_asked_for(file_type: FileType, text: str, problem: str) -> None:
    with pytest.raises(BadFileName) as caught:
        file_name(file_type, text)
    assert str(caught.value).startswith(repr(text))
    assert problem in str(caught.value)


def test_a_long_wrong_name_is_quoted_in_part() -> None:
    with pytest.raises(BadFileName, match=r"^'x{80}\.\.\.' is no media file name: 1 to 255"):
        file_name(MEDIA, "x" * 300 + ".wav")


@pytest.mark.parametrize(
    ("text", "extension"), [("a.WAV", ".wav"), ("a.b/c.tar.Gz", ".gz"), ("a.b/c", ""), ("c", "")]
)
def test_the_extension_is_known(text: str, extension: str) -> None:
    assert file_name(LOGS, text).extension == extension


@pytest.mark.parametrize("text", ["", "a", "a/", "a/b.w", "2026/02/", ".", "a/."])
def test_names_may_begin_like_this(text: str) -> None:
    assert name_prefix(text) == text


@pytest.mark.parametrize("text", ["/", "../", "a/../", "a//", "./", "ä", "a b", "x" * 256, "\0"])
def test_no_name_begins_like_this(text: str) -> None:
    with pytest.raises(BadFileName, match="begins no file name"):
        name_prefix(text)


@given(st.text(alphabet="./aw:v\\~\0 -", max_size=12), st.integers(0, 12))
def test_the_beginning_of_a_name_is_one_of_names(text: str, length: int) -> None:
    try:
        name = file_name(LOGS, text)
    except BadFileName:
        return
    assert name_prefix(str(name)[:length]) == text[:length]
