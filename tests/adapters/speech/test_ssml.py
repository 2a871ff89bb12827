"""What espeak-ng gets to read of a customer's text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.adapters.speech.ssml import Speakable, speakable

PLAIN = [
    "Hello.",
    "Fish & chips < 5 pounds",
    "a <b> c",
    "&amp;",
    '<audio src="/etc/passwd"/>',
    "<voice name='x'>Hi</voice>",
]


@pytest.mark.parametrize("text", PLAIN)
def test_text_without_ssml_is_read_as_it_stands(text: str) -> None:
    assert speakable(text) == Speakable(text, is_ssml=False)


SSML = [
    ("<speak>Hi</speak>", "<speak>Hi</speak>"),
    ('Wait<break time="1s"/>now', 'Wait<break time="1s"/>now'),
    ("Wait<break time='1s'>now</break>", 'Wait<break time="1s"/>now'),
    ("<P>Fish & chips</P>", "<p>Fish &amp; chips</p>"),
    ("<p>Fish &amp; chips &lt; 5</p>", "<p>Fish &amp; chips &lt; 5</p>"),
    ("<p>a < b</p>", "<p>a &lt; b</p>"),
    ('<p>x<audio src="/etc/passwd"/></p>', "<p>x</p>"),
    ('<p>x<audio src="a">fallback</audio></p>', "<p>xfallback</p>"),
    ('<voice name="en-us"><p>x</p></voice>', "<p>x</p>"),
    ('<speak xml:base="/etc/">x</speak>', "<speak>x</speak>"),
    ('<prosody rate="slow" onload="x">y</prosody>', '<prosody rate="slow">y</prosody>'),
    ('<say-as interpret-as="digits">12</say-as>', '<say-as interpret-as="digits">12</say-as>'),
    ("<sub alias='\"&amp;'>x</sub>", '<sub alias="&quot;&amp;">x</sub>'),
    ("<p>a\x00b</p>", "<p>a b</p>"),
]


@pytest.mark.parametrize(("text", "read"), SSML)
def test_ssml_is_rebuilt_from_what_is_known(text: str, read: str) -> None:
    assert speakable(text) == Speakable(read, is_ssml=True)


PIECES = st.sampled_from(
    [
        *"<>/=\"'& ",
        "audio",
        "voice",
        "p",
        "break",
        "src",
        "x",
        "<p>",
        "<audio ",
        "</",
        "<!--",
        "]]>",
    ]
)


@given(st.lists(PIECES).map("".join))
def test_no_other_element_gets_through(text: str) -> None:
    read = speakable(text + "<p>")
    names = {tag.lower() for tag in re.findall(r"<\s*/?\s*([^\s/>]*)", read.text)}
    assert read.is_ssml
    assert names <= {"p", "break"}
