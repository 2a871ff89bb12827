"""Seconds times prices: the costs of an instance, worked out once, when it has ended."""

import math
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from callwright.domain.records import EXTRA_CHANNEL, Adr, CallDirection, Cdr, Fdr, InstanceRecord
from callwright.records.tariff import CallPrice, Tariff

SECONDS_A_MINUTE: Final = 60

FEATURE_STEP: Final = 15
"""Seconds of a feature that count whole as soon as they have begun (assumed)."""

_CLOCK_STEP: Final = Decimal("0.000001")
"""Times are kept in microseconds; below that, differences of floats are noise that must not
start another minute."""


def price(record: InstanceRecord, tariff: Tariff) -> InstanceRecord:
    """Return the record with its costs.

    The money for calls through the installation's provider is in the ADR's `pstn_cost` and
    `tollfree_cost`; their CDRs keep 0 and say that it is not valid, as the published samples do.
    """
    adr = record.adr
    calls = [_call(cdr, tariff) for cdr in record.cdrs]
    fdrs = tuple(_feature(fdr, tariff) for fdr in record.fdrs)
    priced = replace(
        adr,
        platform_cost=by_started_minute(adr.stopped_at - adr.started_at, tariff.platform),
        pstn_cost=_sum(cost for cost, call_price in calls if not call_price.is_toll_free),
        tollfree_cost=_sum(cost for cost, call_price in calls if call_price.is_toll_free),
        extra_cost=_sum(_extra(cdr, tariff) for cdr in record.cdrs),
        tts_unit_cost=tariff.tts,
        tts_cost=by_second(adr.tts_seconds, tariff.tts),
        tts_neural_unit_cost=tariff.tts_neural,
        tts_neural_cost=by_second(adr.tts_neural_seconds, tariff.tts_neural),
        feature_seconds=sum(fdr.stopped_at - fdr.started_at for fdr in fdrs),
        feature_cost=_sum(fdr.cost for fdr in fdrs),
    )
    return replace(record, adr=priced, fdrs=fdrs)


def total(adr: Adr) -> Decimal:
    """Sum the parts of an instance's cost."""
    return (
        adr.platform_cost
        + adr.pstn_cost
        + adr.tollfree_cost
        + adr.extra_cost
        + adr.tts_cost
        + adr.tts_neural_cost
        + adr.feature_cost
    )


def by_started_minute(seconds: float, price_a_minute: Decimal) -> Decimal:
    """Price a duration of which each minute counts whole as soon as it has begun."""
    return _begun(seconds, SECONDS_A_MINUTE) * price_a_minute


def by_second(seconds: float, price_a_minute: Decimal) -> Decimal:
    """Price a duration to the part of a second."""
    return _exact(seconds) / SECONDS_A_MINUTE * price_a_minute


def _call(cdr: Cdr, tariff: Tariff) -> tuple[Decimal, CallPrice]:
    """Return what a call costs: one of ours to a telephone number, from its answer on."""
    scheme, _, digits = cdr.destination_address.partition(":")
    if scheme != "tel" or cdr.direction is not CallDirection.OUT:
        return Decimal(0), _NOTHING
    call_price = tariff.price_of_call(digits)
    connected = 0.0 if cdr.connected_at is None else cdr.hung_up_at - cdr.connected_at
    return by_started_minute(connected, call_price.a_minute), call_price


_NOTHING: Final = CallPrice(Decimal(0), is_toll_free=False)


def _extra(cdr: Cdr, tariff: Tariff) -> Decimal:
    """Return what the extra channel of a call costs: it is in use while the phone rings, too."""
    if cdr.channel_type != EXTRA_CHANNEL:
        return Decimal(0)
    return by_started_minute(cdr.hung_up_at - cdr.initiated_at, tariff.extra_channels)


def _feature(fdr: Fdr, tariff: Tariff) -> Fdr:
    unit_cost = tariff.price_of_feature(fdr.feature_type)
    duration = _begun(fdr.stopped_at - fdr.started_at, FEATURE_STEP) * FEATURE_STEP
    cost = by_second(duration, unit_cost)
    return replace(fdr, duration_for_cost=float(duration), unit_cost=unit_cost, cost=cost)


def _begun(seconds: float, step: int) -> int:
    """Count the steps that have begun."""
    return math.ceil(_exact(seconds) / step)


def _exact(seconds: float) -> Decimal:
    return Decimal(seconds).quantize(_CLOCK_STEP)


def _sum(costs: Iterable[Decimal]) -> Decimal:
    return sum(costs, start=Decimal(0))
