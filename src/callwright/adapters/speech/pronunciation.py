"""How words are said, in the phones of CMU's dictionary (ARPAbet without stress).

The dictionary of the model has 134,000 words; any other word is spelled by espeak-ng in IPA, and
that is mapped here, longest sign first.
"""

# ruff: noqa: RUF001 - the letters of IPA look like others, and are meant

import mmap
import re
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Final

from callwright.runner.ports import SpeechFault

IPA: Final[dict[str, str]] = {
    "aɪə": "AY ER", "aɪɚ": "AY ER", "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "əʊ": "OW",
    "ɔɪ": "OY", "dʒ": "JH", "tʃ": "CH", "ɑː": "AA", "ɑːɹ": "AA R", "ɔːɹ": "AO R", "oːɹ": "AO R",
    "ɔː": "AO", "oː": "AO", "iː": "IY", "uː": "UW", "ɜː": "ER", "ɛɹ": "EH R", "ɪɹ": "IH R",
    "ʊɹ": "UH R", "əl": "AH L", "ɪ": "IH", "i": "IY", "ᵻ": "IH", "ʊ": "UH", "u": "UW", "ʌ": "AH",
    "ɛ": "EH", "e": "EH", "æ": "AE", "a": "AE", "ɑ": "AA", "ɒ": "AA", "ɔ": "AO", "o": "OW",
    "ə": "AH", "ɐ": "AH", "ɚ": "ER", "ɝ": "ER", "b": "B", "d": "D", "f": "F", "ɡ": "G", "g": "G",
    "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R",
    "r": "R", "s": "S", "ʃ": "SH", "t": "T", "ɾ": "T", "θ": "TH", "ð": "DH", "v": "V", "w": "W",
    "x": "K", "z": "Z", "ʒ": "ZH", "ç": "HH", "y": "UW",
}  # fmt: skip
"""Signs of espeak-ng's American English, and of what it borrows from other languages. Stress and
length are dropped: the model does not know them."""

ESPEAK_TIMEOUT: Final = 5.0
"""Seconds for one word; it takes some ten milliseconds."""

_SIGNS: Final = re.compile("|".join(sorted(IPA, key=len, reverse=True)))


class Pronunciations:
    """Looks words up; keeps what espeak-ng said."""

    def __init__(self, dictionary: Path, program: str = "espeak-ng") -> None:
        """Open the dictionary; its lines are `word phones`, `word(2) phones`, in UTF-8."""
        with dictionary.open("rb") as file:
            self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._program = program
        self.phones = lru_cache(maxsize=10_000)(self._phones)
        """Every way to say a word in lower case, as phones with blanks between them.

        Raises:
            SpeechFault: nobody knows how.

        """

    def _phones(self, word: str) -> tuple[str, ...]:
        return self._listed(word) or (self._spelled(word),)

    def _listed(self, word: str) -> tuple[str, ...]:
        line = re.compile(rb"^%s(?:\(\d\))? (.+?)\r?$" % re.escape(word.encode()), re.MULTILINE)
        # The lines of one word stand together; a plain search finds the first of them quickly.
        at = self._text.find(b"\n" + word.encode() + b" ")
        if at < 0:
            return ()
        return tuple(found.decode() for found in line.findall(self._text[at + 1 : at + 400]))

    def _spelled(self, word: str) -> str:
        try:
            printed = subprocess.run(  # noqa: S603 - a fixed program; the word is its input
                [self._program, "-q", "--ipa", "-v", "en-us", "--stdin"],
                input=word.encode(),
                capture_output=True,
                timeout=ESPEAK_TIMEOUT,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise SpeechFault(f"{self._program} cannot say how a word is pronounced") from error
        phones = arpabet(printed.stdout.decode(errors="replace"))
        if not phones:
            raise SpeechFault("a phrase has a word that cannot be said")
        return phones


def arpabet(ipa: str) -> str:
    """Map IPA to ARPAbet; signs that are not known are dropped."""
    # espeak-ng names the language of what it reads as another: `(ko)…(en-us)`.
    ipa = re.sub(r"\([^)]*\)", "", ipa)
    plain = re.sub(r"[ˈˌ_\s\u200d̩]", "", ipa)
    return " ".join(IPA[sign] for sign in _SIGNS.findall(plain))
