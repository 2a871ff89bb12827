"""What things cost on this installation, and which numbers it never calls.

A tariff is a TOML file of the operator's; docs/operations.md shows a whole one. Prices are US
dollars a minute. Every table that prices everything has an entry `other`, so that no price is
ever unknown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from callwright.domain.errors import CallwrightError
from callwright.domain.prefixes import longest_prefix

OTHER: Final = "other"
"""The entry for everything that has none of its own."""


class BadTariff(CallwrightError):
    """A tariff says something that is no price; the text names the key and quotes the value."""


@dataclass(frozen=True, slots=True)
class CallPrice:
    """What a call to a number costs."""

    a_minute: Decimal
    is_toll_free: bool


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices in US dollars a minute.

    A self-hosted installation bills nobody unless its operator says so: zero, but for the two
    prices that the published records show.
    """

    platform: Decimal = Decimal(0)
    """Of an instance, by the started minute."""
    extra_channels: Decimal = Decimal(0)
    """Of a call on an extra channel, beside what the call itself costs; by the started minute."""
    tts: Decimal = Decimal("0.0072")
    """Of standard voices, by the second."""
    tts_neural: Decimal = Decimal("0.0192")
    """Of neural voices, by the second."""
    telephone: Mapping[str, Decimal] = field(default_factory=lambda: {"": Decimal(0)})
    """Of answered calls by the number's prefix, by the started minute; "" is every other."""
    toll_free: Mapping[str, Decimal] = field(default_factory=dict)
    """The same of numbers whose owner pays for the call."""
    features: Mapping[str, Decimal] = field(default_factory=lambda: {"": Decimal(0)})
    """Of features by the beginning of their type, by the started 15 seconds; "" is every other."""
    blocked: frozenset[str] = frozenset()
    """Prefixes of numbers that nobody here may call."""

    def price_of_call(self, digits: str) -> CallPrice:
        """Return the price of a call to a telephone number."""
        toll_free = longest_prefix(digits, self.toll_free)
        prefix = longest_prefix(digits, self.telephone) or ""
        if toll_free is not None and len(toll_free) >= len(prefix):
            return CallPrice(self.toll_free[toll_free], is_toll_free=True)
        return CallPrice(self.telephone[prefix], is_toll_free=False)

    def price_of_feature(self, feature_type: str) -> Decimal:
        """Return the price of a feature."""
        return self.features[longest_prefix(feature_type, self.features) or ""]


def parse_tariff(document: Mapping[str, object]) -> Tariff:
    """Read a tariff as its TOML says it, with every fraction a `Decimal`.

    Raises:
        BadTariff: with the key, its value and what was expected.

    """
    for key in document:
        if key not in _KEYS:
            raise BadTariff(f"unknown key {key!r}; known are {', '.join(_KEYS)}")
    without = Tariff()
    return Tariff(
        platform=_price(document, "platform", without.platform),
        extra_channels=_price(document, "extra_channels", without.extra_channels),
        tts=_price(document, "tts", without.tts),
        tts_neural=_price(document, "tts_neural", without.tts_neural),
        telephone=_complete(document, "telephone", _PREFIX),
        toll_free=_prices(document, "toll_free", _PREFIX, _WITHOUT_OTHER),
        features=_complete(document, "features", _FEATURE),
        blocked=_prefixes(document, "blocked"),
    )


_KEYS: Final = (
    "platform",
    "extra_channels",
    "tts",
    "tts_neural",
    "blocked",
    "telephone",
    "toll_free",
    "features",
)
_PREFIX: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
"""Leading digits of a full international number (ITU-T E.164)."""
_FEATURE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

_EXPECTED: Final = "dollars a minute, 0 or more, were expected"


def _price(document: Mapping[str, object], key: str, without: Decimal) -> Decimal:
    return _read_price(key, document[key]) if key in document else without


def _read_price(key: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadTariff(f"{key} = {_shown(value)}: {_EXPECTED}")
    price = Decimal(value)
    if not price.is_finite() or price < 0:
        raise BadTariff(f"{key} = {_shown(value)}: {_EXPECTED}")
    return price


def _complete(
    document: Mapping[str, object], key: str, name: re.Pattern[str]
) -> Mapping[str, Decimal]:
    """Read a table of prices in which nothing may be left without one."""
    if key not in document:
        return {"": Decimal(0)}
    prices = _prices(document, key, name, _WITH_OTHER)
    if "" not in prices:
        raise BadTariff(f"[{key}] has no price for {OTHER!r}: what does everything else cost?")
    return prices


def _prices(
    document: Mapping[str, object], key: str, name: re.Pattern[str], others: Mapping[str, str]
) -> Mapping[str, Decimal]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise BadTariff(f"{key} = {_shown(table)}: a table [{key}] was expected")
    prices: dict[str, Decimal] = {}
    for entry, value in table.items():
        if entry not in others and not name.fullmatch(entry):
            also = "".join(f", or {other!r}" for other in others)
            raise BadTariff(f"[{key}] {entry!r}: {_NAMES[name]}{also} was expected")
        prices[others.get(entry, entry)] = _read_price(f"[{key}] {entry}", value)
    return prices


_WITH_OTHER: Final = {OTHER: ""}
_WITHOUT_OTHER: Final[Mapping[str, str]] = {}
_NAMES: Final = {
    _PREFIX: "a prefix without + and leading 0",
    _FEATURE: "the beginning of a feature's type",
}


def _prefixes(document: Mapping[str, object], key: str) -> frozenset[str]:
    entries = document.get(key, [])
    if not isinstance(entries, list):
        raise BadTariff(f"{key} = {_shown(entries)}: a list of prefixes was expected")
    for entry in entries:
        if not isinstance(entry, str) or not _PREFIX.fullmatch(entry):
            raise BadTariff(f"{key}: {_shown(entry)}: {_NAMES[_PREFIX]}, in quotes, was expected")
    return frozenset(entries)


def _shown(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else repr(value)
