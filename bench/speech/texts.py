"""What is said: to learn from, and to report on."""

import random
from collections.abc import Iterator
from typing import Final

from callwright.adapters.speech.grammar import DIGITS
from callwright.media import g711
from speech.spoken import LEARNING_SPEEDS, LEARNING_VOICES, Saying

DIGIT_NAMES: Final = tuple(DIGITS.values())

_TEXT: Final = (
    "invoice refund sales support billing operator yes no help account balance appointment cancel "
    "confirm tomorrow morning afternoon Monday Tuesday January February delivery order status "
    "agent customer service technical question payment card number address street please thank "
    "you hello goodbye speak to somebody change language english password reset internet "
    "telephone mobile contract upgrade complaint manager office opening hours directions "
    "reservation booking flight hotel restaurant table doctor prescription the quick brown fox "
    "jumps over the lazy dog she sells sea shells by the shore how much wood would a woodchuck "
    "chuck we were away a year ago measure pleasure vision treasure joy boy toy oil church judge "
    "thing this that there azure house mouse shoe chew zoo "
)
WORDS: Final = tuple(_TEXT.split())
"""Every phone of English several times."""

MENUS: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("Invoice", "Refund", "Delivery", "Complaint", "help"): (
        *("hello", "voice", "reading", "liver", "plain speech", "spend", "delicious", "invite"),
        *("tea", "please hold"),
    ),
    ("Doctor", "Nurse", "Pharmacy", "Reception"): (
        *("daughter", "purse", "family", "deception", "farmer", "conception", "door knob"),
        "first",
    ),
    ("Red", "Green", "Blue", "Yellow", "help"): (
        *("bread", "grain", "blow", "hello", "jello", "grin", "kelp", "bed"),
    ),
    ("one", "two", "three", "four", "help"): (
        *("won ton", "free", "floor", "tree", "hello", "twenty", "wonder", "fourteen", "seven"),
    ),
}
"""Options, and words that sound like them: the hardest that we could think of."""

OTHER_SPEECH: Final = (
    *("banana", "umbrella", "wait a moment please", "I do not know", "what was the question"),
    *("can you say that again", "never mind", "hold on a second", "good morning", "who is there"),
)
"""What people say who do not choose."""


def to_learn(count: int, seed: int) -> Iterator[Saying]:
    """So many sayings of each voice: a third of them digits, the others words in any order."""
    chance = random.Random(seed)
    for voice in LEARNING_VOICES:
        for number in range(count):
            words = DIGIT_NAMES if number % 3 == 0 else WORDS
            yield Saying(
                " ".join(chance.choice(words) for _ in range(chance.randint(1, 6))),
                voice,
                chance.choice(LEARNING_SPEEDS),
                chance.choice(list(g711.Law)),
                chance.choice((0.15, 0.3, 0.5, 0.9)),
                chance.choice((4.0, 8.0, 16.0)),
            )
