"""How words are said."""

# ruff: noqa: RUF001 - the letters of IPA look like others, and are meant

import re

import pytest

from callwright.adapters.speech.decoder import MODEL
from callwright.adapters.speech.pronunciation import IPA, Pronunciations, arpabet
from callwright.runner.ports import SpeechFault

PHONES = frozenset(
    re.findall(
        r"\w+",
        "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH"
        " UW V W Y Z ZH",
    )
)
"""ARPAbet, as CMU's dictionary and the model have it."""


@pytest.fixture(scope="module")
def pronunciations() -> Pronunciations:
    return Pronunciations(MODEL / "cmudict-en-us.dict")


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("sales", ("S EY L Z",)),
        ("either", ("IY DH ER", "AY DH ER")),
        ("callwright", ("K AO L R AY T",)),
        ("müller", ("M UW L ER",)),
    ],
)
def test_a_word_has_phones(
    word: str, phones: tuple[str, ...], pronunciations: Pronunciations
) -> None:
    assert pronunciations.phones(word) == phones


def test_a_word_without_a_sound_is_a_fault() -> None:
    silent = Pronunciations(MODEL / "cmudict-en-us.dict", program="true")
    with pytest.raises(SpeechFault, match="cannot be said"):
        silent.phones("qqxzzy")


def test_another_language_leaves_no_trace() -> None:
    assert arpabet("hˈæŋ(ko)khiˈɯk(en-us)") == "HH AE NG K HH IY K"


def test_every_sign_becomes_phones_of_the_model() -> None:
    assert set(" ".join(IPA.values()).split()) <= PHONES


def test_stress_and_unknown_signs_are_dropped() -> None:
    assert arpabet("ˈɪn_vɔɪs ʘ\n") == "IH N V OY S"


def test_without_espeak_the_fault_names_no_word() -> None:
    without = Pronunciations(MODEL / "cmudict-en-us.dict", program="no-such-espeak")
    with pytest.raises(SpeechFault, match="no-such-espeak"):
        without.phones("qqxzzy")
