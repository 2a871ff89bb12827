"""Selectors and the voices that stand in for them."""

import subprocess

import pytest

from callwright.adapters.speech.voices import LANGUAGES, local_voice

KNOWN = [
    ("English UK Female Polly Amy", "en-gb+f3"),
    ("English US Female Polly Kimberly", "en-us+f3"),
    ("English US Male Polly Joey", "en-us"),
    ("english uk male", "en-gb"),
    ("German Female Polly Vicki", "de+f3"),
    ("Portuguese Brazilian Male Polly Ricardo", "pt-br"),
    ("Welsh Female Polly Gwyneth", "cy+f3"),
    ("English Welsh Male Polly Geraint", "en-gb"),
]


@pytest.mark.parametrize(("selector", "voice"), KNOWN)
def test_a_known_selector_has_a_voice(selector: str, voice: str) -> None:
    assert local_voice(selector) == (voice, "")


UNKNOWN = [
    ("", "en-gb+f3"),
    ("Amy", "en-gb+f3"),
    ("Martian Male", "en-gb"),
    ("English", "en-gb+f3"),
    ("German Bavarian Male Hans", "de"),
    ("Polly English Male", "en-gb"),
]


@pytest.mark.parametrize(("selector", "voice"), UNKNOWN)
def test_an_unknown_one_falls_back_with_a_warning(selector: str, voice: str) -> None:
    assert local_voice(selector) == (voice, f"voice {selector!r} is not known: {voice} is taken")


def test_espeak_ng_has_every_voice_of_the_table() -> None:
    listed = subprocess.run(["espeak-ng", "--voices"], capture_output=True, check=True, text=True)
    has = {line.split()[1] for line in listed.stdout.splitlines()[1:]}
    wanted = {voice for regions in LANGUAGES.values() for voice in regions.values()}
    assert wanted - has == set()
