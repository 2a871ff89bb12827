"""Tasks of a request: every field with its default and its limits, and everything that is wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from callwright.domain.callback import EventUrls, ExtensionId, RetryRule, TaskWish
from callwright.domain.clock import UnixTime
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.requests.task_shape import read_tasks

NOW = UnixTime(datetime(2026, 3, 1, 8, 2, 11, tzinfo=UTC).timestamp())
PLAIN = {"a_number": "205", "b_number": "+37120000001", "extension_id": 4410}


def find(value: object) -> ExtensionId | None:
    return ExtensionId(4410) if value in (4410, "4410", "@200") else None


def read(**changes: object) -> TaskWish:
    task = {key: value for key, value in (PLAIN | changes).items() if value is not ...}
    (wish,) = read_tasks({"tasks": [task]}, find=find, now=NOW)
    return wish


def faults_of(body: Mapping[str, object]) -> list[str]:
    with pytest.raises(BadRequest) as caught:
        read_tasks(body, find=find, now=NOW)
    return [f"{fault.path}: {fault.message}" for fault in caught.value.faults]


def test_a_plain_task_has_the_defaults() -> None:
    assert read() == TaskWish("205", "+37120000001", ExtensionId(4410), NOW)


def at(text: str) -> UnixTime:
    return UnixTime(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-02 07:00:00", at("2026-03-02 07:00:00")),
        ("2026-03-02 07: 00: 00", at("2026-03-02 07:00:00")),
        ("2026-03-02T09:30:00Z", at("2026-03-02 09:30:00")),
        ("2026-03-02T09:30:00+02:00", at("2026-03-02 07:30:00")),
        ("2020-01-01 00:00:00", at("2020-01-01 00:00:00")),
        (30, UnixTime(NOW + 30)),
        ("30", UnixTime(NOW + 30)),
        (0, NOW),
        (None, NOW),
    ],
)
def test_a_start_may_be_a_time_or_seconds_from_now(start: object, expected: UnixTime) -> None:
    assert read(start_time_utc=start).starts_at == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, RetryRule(1, 60, 0, 60)),
        ({"try_count": "50", "try_again_pause": "900"}, RetryRule(50, 900, 0, 900)),
        ({"try_count": 1, "try_again_pause": 0}, RetryRule(1, 0, 0, 0)),
        ({"try_again_pause": 864000, "try_count_caller": 50}, RetryRule(1, 864000, 50, 864000)),
        ({"try_again_pause_caller": 5, "try_count": None}, RetryRule(1, 60, 0, 5)),
    ],
)
def test_retries(changes: dict[str, object], expected: RetryRule) -> None:
    assert read(**changes).retry == expected


def test_everything_else_is_kept() -> None:
    params = {
        "caller_id_name": "Billing",
        "extended_a_numbers": ["206", "207"],
        "wait_for_pickup": "5",
        "dst_dtmf": "12#Ww*",
        "src_ring_strategy": "sequential",
        "of_somebody_else": [1],
    }
    wish = read(
        name="invoice 7781",
        extension_id="@200",
        url_before="http://example.org/b",
        url_after="https://example.org/a",
        callback_params=params,
        variables={"invoice": "7781"},
        attempts_src_ani_numbers=["37120000002"],
        attempts_dst_ani_numbers=["37120000003", "37120000004"],
        unknown="ignored",
    )
    assert wish == TaskWish(
        "205",
        "+37120000001",
        ExtensionId(4410),
        NOW,
        name="invoice 7781",
        urls=EventUrls(before="http://example.org/b", after="https://example.org/a"),
        callback_params=params,
        variables={"invoice": "7781"},
        src_ani_numbers=("37120000002",),
        dst_ani_numbers=("37120000003", "37120000004"),
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"a_number": ...}, "a_number: is missing"),
        ({"b_number": None}, "b_number: is missing"),
        ({"extension_id": ...}, "extension_id: is missing"),
        ({"a_number": ""}, "a_number: ''"),
        ({"a_number": "12 3"}, "a_number: '12 3'"),
        ({"a_number": 205}, "a_number: 205"),
        ({"b_number": "1" * 33}, "b_number: '1111"),
        ({"extension_id": 4411}, "extension_id: 4411: the client has no such extension"),
        ({"name": "x" * 256}, "name: 256 characters: must have at most 255"),
        ({"name": 7}, "name: 7: a string"),
        ({"name": "a\0b"}, "name: 'a\\x00b': a NUL"),
        ({"try_count": 51}, "try_count: 51: must be between 1 and 50"),
        ({"try_count": 0}, "try_count: 0: must be between"),
        ({"try_count": True}, "try_count: true: an integer"),
        ({"try_count": 1.5}, "try_count: 1.5: an integer"),
        ({"try_again_pause": -1}, "try_again_pause: -1: must be between 0 and 864000"),
        ({"try_again_pause_caller": 864001}, "try_again_pause_caller: 864001: must be"),
        ({"try_count_caller": "fifty"}, "try_count_caller: 'fifty': an integer"),
        ({"start_time_utc": "tomorrow"}, "start_time_utc: 'tomorrow'"),
        ({"start_time_utc": -1}, "start_time_utc: -1"),
        ({"start_time_utc": 10**17}, "start_time_utc: 100000000000000000"),
        ({"start_time_utc": "2026-02-30 00:00:00"}, "start_time_utc: '2026-02-30"),
        ({"start_time_utc": ["x"]}, "start_time_utc: ['x']"),
        ({"url_before": "ftp://example.org/"}, "url_before: 'ftp://"),
        ({"url_before": "http://[::1/x"}, "url_before: 'http://[::1/x'"),
        ({"url_before": "http://example.org/a b"}, "url_before: 'http://example.org/a b'"),
        ({"url_before": "http://exam\r\nple.org/"}, "url_before: 'http://exam"),
        ({"url_before": " https://example.org/"}, "url_before: ' https:"),
        ({"url_after": "https://example.org/" + "x" * 2048}, "url_after: 2068 characters"),
        ({"callback_params": []}, "callback_params: []: an object"),
        ({"callback_params": {"a_number": "1"}}, "callback_params.a_number: is not allowed"),
        (
            {"callback_params": {"extended_a_numbers": ["1"] * 21}},
            "callback_params.extended_a_numbers: ['1'",
        ),
        (
            {"callback_params": {"extended_a_numbers": ["1", "x"]}},
            "callback_params.extended_a_numbers[1]: 'x'",
        ),
        (
            {"callback_params": {"wait_for_pickup": 4}},
            "callback_params.wait_for_pickup: 4: must be between 5 and 120",
        ),
        ({"callback_params": {"dst_dtmf": "12x"}}, "callback_params.dst_dtmf: '12x'"),
        ({"callback_params": {"src_ring_strategy": "both"}}, "callback_params.src_ring_strategy"),
        (
            {"callback_params": {"allow_public_transfer": "yes"}},
            "callback_params.allow_public_transfer: 'yes'",
        ),
        (
            {"callback_params": {"unknown": "x" * 16_384}},
            "callback_params: 16399 characters of JSON: must have at most 16384",
        ),
        ({"variables": {"a b": "1"}}, "variables.a b: is no name"),
        ({"variables": {"a": "x" * 201}}, "variables.a: 201 characters"),
        ({"variables": {"a": 1}}, "variables.a: 1: a string"),
        ({"variables": {"a": None}}, "variables.a: null: a string"),
        ({"variables": {f"v{n}": "" for n in range(51)}}, "variables: 51 variables: at most 50"),
        ({"attempts_src_ani_numbers": ["1"] * 51}, "attempts_src_ani_numbers: ['1'"),
        ({"attempts_dst_ani_numbers": "1"}, "attempts_dst_ani_numbers: '1'"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], expected: str) -> None:
    task = {key: value for key, value in (PLAIN | changes).items() if value is not ...}
    (fault,) = faults_of({"tasks": [task]})
    assert fault.startswith(f"tasks[0].{expected}")


def test_one_bad_task_is_told_from_the_good_ones() -> None:
    with pytest.raises(BadRequest, match="1 of 3 tasks is not valid") as caught:
        read_tasks({"tasks": [PLAIN, PLAIN | {"try_count": 51}, PLAIN]}, find=find, now=NOW)
    assert [fault.path for fault in caught.value.faults] == ["tasks[1].try_count"]
    assert caught.value.status == "validation_failed"


@pytest.mark.parametrize("tasks", [None, [], {}, "x", [PLAIN] * 1001])
def test_a_request_has_one_to_a_thousand_tasks(tasks: object) -> None:
    (fault,) = faults_of({"tasks": tasks})
    assert fault.endswith("a list of 1 to 1000 tasks was expected")


def test_an_unknown_extension_has_a_status_of_its_own() -> None:
    with pytest.raises(BadRequest) as caught:
        read_tasks({"tasks": [PLAIN | {"extension_id": 1}]}, find=find, now=NOW)
    assert caught.value.status == "extension_not_found"
