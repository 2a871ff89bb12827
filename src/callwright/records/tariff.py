"""What things cost on this installation."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices in US dollars a minute.

    A self-hosted installation bills nobody unless its operator says so: zero, but for the two
    prices that the published records show.
    """

    platform: Decimal = Decimal(0)
    """Of an instance, by the started minute."""
    telephone_calls: Decimal = Decimal(0)
    """Of an answered call to a telephone number, by the started minute."""
    tts: Decimal = Decimal("0.0072")
    """Of standard voices, by the second."""
    tts_neural: Decimal = Decimal("0.0192")
    """Of neural voices, by the second."""
