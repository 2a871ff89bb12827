"""Seconds times prices, by the started minute or by the second, without rounding on the way."""

from dataclasses import replace
from decimal import Decimal

import pytest

from callwright.domain.causes import HUNG_UP_BY_US
from callwright.domain.clock import UnixTime
from callwright.domain.ids import CallId, InstanceId
from callwright.domain.records import Adr, CallDirection, Cdr, Fdr, InstanceRecord
from callwright.records.costing import by_second, by_started_minute, price, total
from callwright.records.tariff import Tariff

CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        (0.0, 0),
        (0.02, 1),
        (33.21, 1),
        (60.0, 1),
        (60.001, 2),
        (1366725536.67 - 1366725476.67, 1),
        (120.0, 2),
    ],
)
def test_a_started_minute_counts_whole(seconds: float, minutes: int) -> None:
    assert by_started_minute(seconds, CENT) == minutes * CENT


@pytest.mark.parametrize(
    ("seconds", "price", "cost"),
    [(15.0, "0.0072", "0.0018"), (15.0, "0.0192", "0.0048"), (0.0, "0.0072", "0")],
)
def test_speech_is_priced_by_the_second(seconds: float, price: str, cost: str) -> None:
    assert by_second(seconds, Decimal(price)) == Decimal(cost)


TARIFF = Tariff(
    extra_channels=Decimal("0.002"),
    telephone={"": Decimal("0.1"), "44": Decimal("0.01"), "447": Decimal("0.03")},
    toll_free={"44800": Decimal("0.004")},
    features={"": Decimal(0), "sr": Decimal("0.02"), "srp1": Decimal("0.04")},
)


def record(*cdrs: Cdr, fdrs: tuple[Fdr, ...] = ()) -> InstanceRecord:
    adr = Adr(
        instance_id=InstanceId("7be20c91d45f03aa.311"),
        ref=None,
        application_name="night_calls",
        started_at=UnixTime(0.0),
        stopped_at=UnixTime(100.0),
        exit_status=0,
    )
    return InstanceRecord(adr, cdrs, fdrs=fdrs)


def call(to: str, *, rang: float = 5.0, lasted: float | None, channel_type: str = "p") -> Cdr:
    """A call that rang for a while and, if it was answered, lasted so many seconds."""
    connected_at = None if lasted is None else UnixTime(rang)
    return Cdr(
        call_id=CallId("7be20c91d45f03aa.905.31415926"),
        destination_address=to,
        originating_address="",
        direction=CallDirection.OUT,
        channel_type=channel_type,
        initiated_at=UnixTime(0.0),
        connected_at=connected_at,
        hung_up_at=UnixTime(rang + (lasted or 0.0)),
        joined=0.0,
        cause=HUNG_UP_BY_US,
    )


@pytest.mark.parametrize(
    ("cdr", "pstn", "toll_free", "extra"),
    [
        (call("tel:441908273800", lasted=61), "0.02", "0", "0"),
        (call("tel:447700900123", lasted=1), "0.03", "0", "0"),
        (call("tel:15550100", lasted=1), "0.1", "0", "0"),
        (call("tel:448001111111", lasted=61), "0", "0.008", "0"),
        (call("tel:441908273800", lasted=None), "0", "0", "0"),
        (call("sip:ann@example.com", lasted=600), "0", "0", "0"),
        # Who calls us pays for it.
        (
            replace(call("tel:441908273800", lasted=61), direction=CallDirection.IN),
            "0",
            "0",
            "0",
        ),
        # Its channel was in use for 62 seconds, the call is paid for from its answer on.
        (call("tel:441908273800", rang=3, lasted=59, channel_type="x"), "0.01", "0", "0.004"),
        (call("sip:ann@example.com", rang=3, lasted=None, channel_type="x"), "0", "0", "0.002"),
    ],
)
def test_a_call_is_paid_for_where_it_belongs(
    cdr: Cdr, pstn: str, toll_free: str, extra: str
) -> None:
    adr = price(record(cdr), TARIFF).adr
    assert (adr.pstn_cost, adr.tollfree_cost, adr.extra_cost) == (
        Decimal(pstn),
        Decimal(toll_free),
        Decimal(extra),
    )
    assert total(adr) == Decimal(pstn) + Decimal(toll_free) + Decimal(extra)


@pytest.mark.parametrize(
    ("feature_type", "seconds", "counted", "unit_cost", "cost"),
    [
        ("sr_get_input", 0.2, 15.0, "0.02", "0.005"),
        ("sr_get_input", 15.0, 15.0, "0.02", "0.005"),
        ("srp1_play", 15.1, 30.0, "0.04", "0.02"),
        ("sv_verify", 100.0, 105.0, "0", "0"),
    ],
)
def test_each_started_quarter_of_a_minute_of_a_feature_counts(
    feature_type: str, seconds: float, counted: float, unit_cost: str, cost: str
) -> None:
    used = Fdr(
        feature_id="7be20c91d45f03aa.12",
        audio_path="in",
        feature_type=feature_type,
        started_at=UnixTime(0.0),
        stopped_at=UnixTime(seconds),
        call_id=CallId("7be20c91d45f03aa.905.31415926"),
        transaction_id="",
    )
    priced = price(record(fdrs=(used, used)), TARIFF)
    fdr = priced.fdrs[0]
    assert (fdr.duration_for_cost, fdr.unit_cost, fdr.cost) == (
        counted,
        Decimal(unit_cost),
        Decimal(cost),
    )
    assert priced.adr.feature_seconds == 2 * seconds
    assert total(priced.adr) == priced.adr.feature_cost == 2 * Decimal(cost)
