"""A tariff is read from its TOML, or refused with the key that is wrong."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from callwright.records.tariff import BadTariff, CallPrice, Tariff, parse_tariff

WHOLE = """
platform = 0.01
extra_channels = 0.002
tts = 1
tts_neural = 0.0192
blocked = ["4490", "1900"]

[telephone]
44 = 0.012
447 = 0.03
other = 0.09

[toll_free]
44800 = 0

[features]
sr = 0.02
other = 0
"""


def parsed(text: str) -> Tariff:
    return parse_tariff(tomllib.loads(text, parse_float=Decimal))


def test_a_whole_tariff() -> None:
    assert parsed(WHOLE) == Tariff(
        platform=Decimal("0.01"),
        extra_channels=Decimal("0.002"),
        tts=Decimal(1),
        tts_neural=Decimal("0.0192"),
        telephone={"44": Decimal("0.012"), "447": Decimal("0.03"), "": Decimal("0.09")},
        toll_free={"44800": Decimal(0)},
        features={"sr": Decimal("0.02"), "": Decimal(0)},
        blocked=frozenset({"4490", "1900"}),
    )


def test_the_documented_tariff_is_one() -> None:
    document = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    [example] = re.findall(r"```toml\n(platform.*?)```", document, re.DOTALL)
    assert parsed(example).price_of_call("447700900123").a_minute == Decimal("0.03")


def test_an_empty_one_is_none() -> None:
    assert parsed("") == Tariff()


@pytest.mark.parametrize(
    ("digits", "price"),
    [
        ("441908273800", CallPrice(Decimal("0.012"), is_toll_free=False)),
        ("447700900123", CallPrice(Decimal("0.03"), is_toll_free=False)),
        ("448001111111", CallPrice(Decimal(0), is_toll_free=True)),
        ("15550100", CallPrice(Decimal("0.09"), is_toll_free=False)),
        ("44", CallPrice(Decimal("0.012"), is_toll_free=False)),
    ],
)
def test_the_longest_prefix_decides(digits: str, price: CallPrice) -> None:
    assert parsed(WHOLE).price_of_call(digits) == price


def test_a_longer_prefix_takes_a_number_out_of_a_toll_free_range() -> None:
    tariff = parsed("[telephone]\n448005 = 0.2\nother = 0.1\n[toll_free]\n44800 = 0\n")
    assert tariff.price_of_call("448005550100") == CallPrice(Decimal("0.2"), is_toll_free=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plattform = 1", "unknown key 'plattform'"),
        ("platform = -0.01", r"platform = -0\.01: dollars a minute"),
        ("platform = nan", "platform = NaN"),
        ("platform = inf", "platform = Infinity"),
        ("platform = true", "platform = True"),
        ('tts = "0.01"', "tts = '0.01'"),
        ("telephone = 0.01", r"telephone = 0\.01: a table \[telephone\] was expected"),
        ("[telephone]\n44 = 1", r"\[telephone\] has no price for 'other'"),
        ("[telephone]\n044 = 1\nother = 0", r"\[telephone\] '044': a prefix .*, or 'other' was"),
        ('[telephone]\n"+44" = 1\nother = 0', r"\[telephone\] '\+44'"),
        ("[telephone]\n44 = -1\nother = 0", r"\[telephone\] 44 = -1: dollars"),
        ("[telephone.44]\n1 = 1\n", r"\[telephone\] 44 = \{'1': 1\}"),
        ("[toll_free]\nother = 0", r"\[toll_free\] 'other': a prefix without \+ and leading 0 was"),
        ("[features]\nSR = 1\nother = 0", r"\[features\] 'SR': the beginning of a feature"),
        ('blocked = "4490"', "blocked = '4490': a list of prefixes"),
        ("blocked = [4490]", "blocked: 4490: a prefix .* in quotes"),
        ('blocked = ["0190"]', "blocked: '0190'"),
    ],
)
def test_a_mistake_is_named(text: str, told: str) -> None:
    with pytest.raises(BadTariff, match=told):
        parsed(text)
