"""Voice selectors of the API, and the voices of espeak-ng that stand in for them.

A selector is words: language, region, gender, engine and name, `English UK Female Polly Amy`. The
first three decide; engines and names are those of a service that is not here.
"""

from typing import Final, NamedTuple

DEFAULT_LANGUAGE: Final = "english"

_FEMALE: Final = "+f3"
"""One of espeak-ng's female variants of every voice; without one they are male."""

LANGUAGES: Final[dict[str, dict[str, str]]] = {
    "english": {
        "": "en-gb",
        "uk": "en-gb",
        "us": "en-us",
        "australia": "en-gb-x-rp",
        "australian": "en-gb-x-rp",
        "india": "en-gb",
        "indian": "en-gb",
        "ireland": "en-gb",
        "irish": "en-gb",
        "nz": "en-gb",
        "sa": "en-gb",
        "scotland": "en-gb-scotland",
        "scottish": "en-gb-scotland",
        "wales": "en-gb",
        "welsh": "en-gb",
    },
    "arabic": {"": "ar"},
    "catalan": {"": "ca", "spain": "ca"},
    "chinese": {"": "cmn", "mandarin": "cmn", "cantonese": "yue"},
    "czech": {"": "cs"},
    "danish": {"": "da", "denmark": "da"},
    "dutch": {"": "nl", "netherlands": "nl", "belgium": "nl"},
    "finnish": {"": "fi", "finland": "fi"},
    "french": {
        "": "fr-fr",
        "france": "fr-fr",
        "belgium": "fr-be",
        "canada": "fr-fr",
        "canadian": "fr-fr",
        "switzerland": "fr-ch",
    },
    "german": {"": "de", "germany": "de", "austria": "de"},
    "greek": {"": "el"},
    "hindi": {"": "hi", "india": "hi"},
    "hungarian": {"": "hu"},
    "icelandic": {"": "is", "iceland": "is"},
    "italian": {"": "it", "italy": "it"},
    "japanese": {"": "ja", "japan": "ja"},
    "korean": {"": "ko", "korea": "ko"},
    "norwegian": {"": "nb", "norway": "nb"},
    "polish": {"": "pl", "poland": "pl"},
    "portuguese": {"": "pt", "portugal": "pt", "brazil": "pt-br", "brazilian": "pt-br"},
    "romanian": {"": "ro", "romania": "ro"},
    "russian": {"": "ru", "russia": "ru"},
    "spanish": {
        "": "es",
        "spain": "es",
        "castilian": "es",
        "mexico": "es-419",
        "mexican": "es-419",
        "us": "es-419",
    },
    "swedish": {"": "sv", "sweden": "sv"},
    "turkish": {"": "tr", "turkey": "tr"},
    "welsh": {"": "cy", "wales": "cy", "uk": "cy"},
}
"""Language, then region; the empty region is that of a selector that names none."""

_GENDERS: Final = {"female": _FEMALE, "male": ""}


class LocalVoice(NamedTuple):
    """A voice of espeak-ng."""

    name: str
    warning: str = ""
    """Set when the selector was not understood in full (A-68)."""


def local_voice(selector: str) -> LocalVoice:
    """Find the voice that stands in for a selector; there always is one."""
    words = selector.lower().split()
    language = words[0] if words and words[0] in LANGUAGES else DEFAULT_LANGUAGE
    regions = LANGUAGES[language]
    region = next((word for word in words[1:] if word in regions), "")
    gender = next((word for word in words if word in _GENDERS), "")
    voice = regions[region] + _GENDERS.get(gender, _FEMALE)
    head = words[: 1 + bool(region)]
    is_known = head == [language, region][: len(head)] and words[len(head) : len(head) + 1] == [
        gender
    ]
    if is_known and gender:
        return LocalVoice(voice)
    return LocalVoice(voice, f"voice {selector[:_QUOTED_LENGTH]!r} is not known: {voice} is taken")


_QUOTED_LENGTH: Final = 80
