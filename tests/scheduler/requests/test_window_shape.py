"""Intervals of requests: read, printed as they were read, and everything that is wrong."""

from datetime import date, datetime, time

import pytest

from callwright.domain.callback import IntervalId
from callwright.domain.calling_window import CallingWindow, Rota, WindowCondition
from callwright.domain.ids import AccountId
from callwright.scheduler.printing import print_window
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.requests.window_shape import read_window

NOON = datetime.fromisoformat("2026-03-02 12:00:00")
EVENING = datetime.fromisoformat("2026-03-02 18:00:00")

CONDITIONS = [
    ({}, WindowCondition()),
    ({"start_dow": 3, "end_dow": 1}, WindowCondition(days_of_week=(3, 1))),
    ({"start_mday": 1, "end_mday": 10}, WindowCondition(days_of_month=(1, 10))),
    ({"month": 12}, WindowCondition(month=12)),
    (
        {"start_time": "09:00:00", "end_time": "17:30:00"},
        WindowCondition(times=(time(9), time(17, 30))),
    ),
    (
        {"start_datetime": "2026-03-02 12:00:00", "end_datetime": "2026-03-02 18:00:00"},
        WindowCondition(datetimes=(NOON, EVENING)),
    ),
    (
        {"sched_start_date": "2026-03-01", "sched_active_days": 2, "sched_skip_days": 1},
        WindowCondition(rota=Rota(date(2026, 3, 1), 2, 1)),
    ),
]


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS)
def test_a_condition_is_read_and_printed_again(
    condition: dict[str, object], expected: WindowCondition
) -> None:
    body = {"name": "hours", "timezone": "Europe/Riga", "conditions": [condition]}
    wish = read_window(body)
    assert wish.conditions == (expected,)
    window = CallingWindow(IntervalId(4), AccountId(1), wish.name, wish.timezone, wish.conditions)
    assert print_window(window) == {"id": 4} | body


def test_zeros_and_empty_strings_do_not_restrict() -> None:
    zeros = {"start_dow": 0, "end_dow": 0, "month": 0, "start_time": "", "sched_skip_days": 0}
    body = {"name": "always", "timezone": "UTC", "conditions": [zeros]}
    assert read_window(body).conditions == (WindowCondition(),)


def test_beside_a_range_of_dates_nothing_else_counts() -> None:
    """Section 5: not even what would be wrong."""
    dates = {"start_datetime": "2026-03-01 08:00:00", "end_datetime": "2026-03-02 18:00:00"}
    others = {"start_dow": 99, "month": "x", "end_time": "late", "sched_start_date": "soon"}
    alone, beside = (
        read_window({"name": "once", "timezone": "UTC", "conditions": [condition]})
        for condition in (dates, dates | others)
    )
    assert beside == alone


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, "name: is missing"),
        ({"timezone": "Mars/Olympus"}, "timezone: 'Mars/Olympus': the IANA name"),
        ({"timezone": "../../etc/passwd"}, "timezone: '../../etc/passwd': the IANA name"),
        ({"timezone": "Europe"}, "timezone: 'Europe': the IANA name"),
        ({"timezone": None}, "timezone: is missing: the IANA name"),
        *(
            ({"timezone": name}, f"timezone: '{name}': the IANA name")
            for name in ("localtime", "posixrules", "Factory", "right/UTC", "posix/Europe/Riga")
        ),
        ({"timezone": ["UTC"]}, "timezone: ['UTC']: the IANA name"),
        ({"timezone": "U\0C"}, "timezone: 'U\\x00C': the IANA name"),
        ({"timezone": "x" * 5000}, "timezone: 'xxxx"),
        ({"conditions": None}, "conditions: is missing: a list"),
        ({"conditions": [{}] * 101}, "conditions: [{}"),
        ({"conditions": [7]}, "conditions[0]: 7: an object"),
        ({"conditions": [{"start_dow": 8, "end_dow": 1}]}, "conditions[0].start_dow: 8: must be"),
        ({"conditions": [{"start_dow": 3}]}, "conditions[0].start_dow: start_dow and end_dow"),
        (
            {"conditions": [{"start_mday": 9, "end_mday": 3}]},
            "conditions[0].start_mday: 9: must not be after",
        ),
        ({"conditions": [{"month": 13}]}, "conditions[0].month: 13"),
        (
            {"conditions": [{"start_time": "9 am", "end_time": "17:00:00"}]},
            "conditions[0].start_time: '9 am': hh:mm:ss",
        ),
        (
            {"conditions": [{"start_time": "22:00:00", "end_time": "06:00:00"}]},
            "conditions[0].start_time: 22:00:00: must be before",
        ),
        ({"conditions": [{"end_time": "06:00:00"}]}, "conditions[0].start_time: start_time and"),
        (
            {"conditions": [{"start_datetime": 5, "end_datetime": "2026-03-02 18:00:00"}]},
            "conditions[0].start_datetime: 5: YYYY",
        ),
        (
            {"conditions": [{"sched_start_date": "2026-03-01"}]},
            "conditions[0].sched_start_date: stands with",
        ),
        (
            {
                "conditions": [
                    {"sched_start_date": "soon", "sched_active_days": 1, "sched_skip_days": 1}
                ]
            },
            "conditions[0].sched_start_date: 'soon'",
        ),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], expected: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_window({"name": "hours", "timezone": "UTC", "conditions": [{}]} | changes)
    (fault,) = caught.value.faults
    assert f"{fault.path}: {fault.message}".startswith(expected)
