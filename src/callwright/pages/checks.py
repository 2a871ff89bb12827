"""What values a property may have, once for all actions: a mistake shows where it is made.

The platform checks the same again. A name stands here once because it means the same wherever the
protocol has it.
"""

from collections.abc import Callable
from typing import Final

KEYS: Final = frozenset("0123456789ABCD#*")
"""The keys of a telephone: `A` to `D` are on few."""

Check = Callable[[str, object], None]


def check_property(name: str, value: object) -> None:
    """Raise ValueError when the property of this name cannot have the value; None is absent."""
    check = CHECKS.get(name)
    if check is not None and value is not None:
        check(name, value)


def bad_value(name: str, value: object, expected: str) -> ValueError:
    """Say which value stands where, and what should have stood there."""
    return ValueError(f"{name} is {value!r}: {expected} was expected")


def _whole(least: int | None, most: int | None = None) -> Check:
    bounds = "" if least is None else f" of at least {least}"
    bounds += "" if most is None else f" and at most {most}"

    def check(name: str, value: object) -> None:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        fits = is_whole and (least is None or value >= least) and (most is None or value <= most)  # type: ignore[operator] # is_whole has seen to it
        if not fits:
            raise bad_value(name, value, f"a whole number{bounds}")

    return check


def _keys(longest: int | None = None) -> Check:
    expected = f"{'at most one' if longest else 'a string'} of the keys 0123456789ABCD#*"

    def check(name: str, value: object) -> None:
        fits = isinstance(value, str) and KEYS.issuperset(value)
        if not fits or (longest is not None and len(str(value)) > longest):
            raise bad_value(name, value, expected)

    return check


def _one_of(*words: str) -> Check:
    def check(name: str, value: object) -> None:
        if value not in words:
            raise bad_value(name, value, f"one of {', '.join(map(repr, words))}")

    return check


def _hexadecimal(*sizes_bytes: int) -> Check:
    sizes = " or ".join(map(str, sizes_bytes))

    def check(name: str, value: object) -> None:
        try:
            size = len(bytes.fromhex(str(value)))
        except ValueError:
            size = 0
        if size not in sizes_bytes:
            # The value is a secret: it stands in no text.
            raise ValueError(f"{name} is wrong: {sizes} bytes in hexadecimal were expected")

    return check


def _filled(name: str, value: object) -> None:
    if not isinstance(value, str) or not value:
        raise bad_value(name, value, "a string that is not empty")


def _seconds(name: str, value: object) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise bad_value(name, value, "a number of at least 0")


CHECKS: Final[dict[str, Check]] = {
    # 4.2, 4.3, 5.4.4: keys
    "digit_count": _whole(0, 32),
    "digit": _keys(1),
    "end_digit": _keys(1),
    "help_digit": _keys(1),
    "exit_digit": _keys(1),
    "mute_digit": _keys(1),
    "unmute_digit": _keys(1),
    "valid_digits": _keys(),
    "barge_in_digits": _keys(),
    # Times carry their unit in the name; of the menus' a negative one means no limit.
    "seconds": _seconds,
    "seconds_timeout": _whole(None),
    "seconds_digit_timeout": _whole(0),
    "seconds_max_duration": _whole(0),
    "seconds_answer_timeout": _whole(0),
    "minutes_max_call_duration": _whole(1),
    "milliseconds_inter_speech_timeout": _whole(None),
    "milliseconds_inter_digit_timeout": _whole(None),
    "milliseconds_initial_timeout": _whole(None),
    "milliseconds_max_silence": _whole(0),
    "milliseconds_max_initial_silence": _whole(0),
    "milliseconds_timeout": _whole(1, 5000),
    # Words
    "speech_input_mode": _one_of("timeout", "disabled", "auto"),
    "format": _one_of("alaw", "ulaw"),
    "transcription_mode": _one_of("separate", "mixed", "inbound", "outbound"),
    "call_recording_mode": _one_of("mixed", "separate"),
    "mode": _one_of("default", "network_connect", "answer_detect"),
    "type": _one_of("aescbc"),
    "cause": _one_of(
        *("busy", "noanswer", "unobtainable", "changed", "outoforder"),
        *("barred", "rejected", "nochannels", "congestion"),
    ),
    # Others
    "key": _hexadecimal(16, 24, 32),
    "initialisation_vector": _hexadecimal(16),
    "max_alternatives": _whole(1, 3),
    "priority": _whole(None),
    "file_to_delete": _filled,
}
