"""Seconds times prices: the costs of an instance, worked out once, when it has ended."""

import math
from dataclasses import replace
from decimal import Decimal
from typing import Final

from callwright.domain.records import Adr, Cdr, InstanceRecord
from callwright.records.tariff import Tariff

SECONDS_A_MINUTE: Final = 60

_CLOCK_STEP: Final = Decimal("0.000001")
"""Times are kept in microseconds; below that, differences of floats are noise that must not
start another minute."""


def price(record: InstanceRecord, tariff: Tariff) -> InstanceRecord:
    """Return the record with its costs.

    The money for calls through the installation's provider is in the ADR's `pstn_cost`; their
    CDRs keep 0 and say that it is not valid, as the published samples do.
    """
    adr = record.adr
    return replace(
        record,
        adr=replace(
            adr,
            platform_cost=by_started_minute(adr.stopped_at - adr.started_at, tariff.platform),
            pstn_cost=sum(
                (by_started_minute(_connected(cdr), tariff.telephone_calls) for cdr in record.cdrs),
                start=Decimal(0),
            ),
            tts_unit_cost=tariff.tts,
            tts_cost=by_second(adr.tts_seconds, tariff.tts),
            tts_neural_unit_cost=tariff.tts_neural,
            tts_neural_cost=by_second(adr.tts_neural_seconds, tariff.tts_neural),
        ),
    )


def total(adr: Adr) -> Decimal:
    """Sum the parts of an instance's cost."""
    return adr.platform_cost + adr.pstn_cost + adr.tts_cost + adr.tts_neural_cost


def by_started_minute(seconds: float, price_a_minute: Decimal) -> Decimal:
    """Price a duration of which each minute counts whole as soon as it has begun."""
    exact = Decimal(seconds).quantize(_CLOCK_STEP)
    return math.ceil(exact / SECONDS_A_MINUTE) * price_a_minute


def by_second(seconds: float, price_a_minute: Decimal) -> Decimal:
    """Price a duration to the part of a second."""
    return Decimal(seconds).quantize(_CLOCK_STEP) / SECONDS_A_MINUTE * price_a_minute


def _connected(cdr: Cdr) -> float:
    """Return the seconds of a call that cost money: of a telephone call, from its answer on."""
    if cdr.connected_at is None or not cdr.destination_address.startswith("tel:"):
        return 0.0
    return cdr.hung_up_at - cdr.connected_at
