"""Events as they are sent: bodies, forms, signatures."""

import base64
import hashlib
import hmac
import json
from typing import Final
from urllib.parse import parse_qs

import pytest

from callwright.domain.callback import CallbackEvent, TaskId
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import ExtensionEvent
from callwright.domain.ids import AccountId
from callwright.scheduler.values import EventToTell, Telling
from callwright.scheduler.webhooks.message import BodyFormat, form_of, message_of

AT: Final = UnixTime(1_800_000_000.75)
BODY: Final = '{"event": "after",  "name": "☎"}'.encode()
EVENT: Final = EventToTell(
    "evt_1_2_after", TaskId(1), AccountId(7), "http://x/", CallbackEvent.AFTER, BODY, AT
)
KEYS: Final = (b"new" * 8, b"old" * 8)


def test_a_body_of_json_is_what_was_stored() -> None:
    message = message_of(EVENT, BodyFormat.JSON, (), at=AT)
    assert message.body == BODY
    assert message.headers == {"Content-Type": "application/json; charset=utf-8"}


@pytest.mark.parametrize("secrets", [KEYS[:1], KEYS])
def test_a_receiver_can_verify_each_signature(secrets: tuple[bytes, ...]) -> None:
    message = message_of(EVENT, BodyFormat.JSON, secrets, at=AT)
    headers = message.headers
    assert headers["webhook-id"] == "evt_1_2_after"
    assert headers["webhook-timestamp"] == "1800000000"
    signed = b".".join([b"evt_1_2_after", b"1800000000", message.body])
    expected = [
        "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        for key in secrets
    ]
    assert headers["webhook-signature"].split(" ") == expected


def test_a_form_is_signed_as_it_is_sent() -> None:
    stored = json.dumps({"event": "after", "task": {}}).encode()
    event = EventToTell(
        "evt_1", TaskId(1), AccountId(7), "http://x/", CallbackEvent.AFTER, stored, AT
    )
    message = message_of(event, BodyFormat.FORM, KEYS[:1], at=AT)
    assert message.headers["Content-Type"] == "application/x-www-form-urlencoded"
    mac = hmac.new(KEYS[0], b"evt_1.1800000000." + message.body, hashlib.sha256).digest()
    assert message.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


def test_a_form_is_flat_and_the_event_goes_first() -> None:
    body = {
        "event": "after",
        "event_id": "evt_1",
        "client_id": 512,
        "task_id": 9,
        "scheduler_id": 31,
        "attempt": 2,
        "task": {
            "id": 9,
            "scheduler_id": 31,
            "name": "a & b = ☎",
            "finish_comment": "",
            "cdr": None,
            "variables": {"invoice": "7781"},
            "attempts": [{"n": 1}],
            "is_odd": True,
        },
    }
    form = parse_qs(form_of(json.dumps(body).encode()).decode(), keep_blank_values=True)
    assert {name: values[0] for name, values in form.items()} == {
        "event": "after",
        "event_id": "evt_1",
        "client_id": "512",
        "task_id": "9",
        "scheduler_id": "31",
        "attempt": "2",
        "name": "a & b = ☎",
        "finish_comment": "",
        "cdr": "",
        "variables": '{"invoice": "7781"}',
        "attempts": '[{"n": 1}]',
        "is_odd": "true",
    }
    assert all(len(values) == 1 for values in form.values())


FORM: Final = b"EventType=answer&CallerIDName=Ann+%26+Ben&Duration=0"


def of_call(telling: Telling, url: str = "http://x/") -> EventToTell:
    return EventToTell(
        "evt_1_1_1", TaskId(1), AccountId(7), url, ExtensionEvent.ANSWER, FORM, AT, telling, "C"
    )


@pytest.mark.parametrize("body_format", BodyFormat)
def test_a_form_in_the_body_is_posted_whatever_is_set(body_format: BodyFormat) -> None:
    message = message_of(of_call(Telling.FORM_POST), body_format, KEYS[:1], at=AT)
    assert (message.method, message.url, message.body) == ("POST", "http://x/", FORM)
    assert message.headers["Content-Type"] == "application/x-www-form-urlencoded"
    mac = hmac.new(KEYS[0], b"evt_1_1_1.1800000000." + FORM, hashlib.sha256).digest()
    assert message.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://x/", "http://x/?" + FORM.decode()),
        ("http://x/a?b=c%20d", "http://x/a?b=c%20d&" + FORM.decode()),
        ("http://x?#end", "http://x?" + FORM.decode()),
        ("http://[", "http://["),
    ],
)
def test_a_form_in_the_query_follows_what_is_there_and_is_signed(url: str, asked: str) -> None:
    message = message_of(of_call(Telling.FORM_GET, url), BodyFormat.JSON, KEYS[:1], at=AT)
    assert (message.method, message.url, message.body) == ("GET", asked, b"")
    assert "Content-Type" not in message.headers
    mac = hmac.new(KEYS[0], b"evt_1_1_1.1800000000." + FORM, hashlib.sha256).digest()
    assert message.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


def test_calls_are_told_in_order_to_each_receiver_and_tasks_by_themselves() -> None:
    urls = ["http://x/a", "http://x/b", "http://y/a"]
    streams = [of_call(Telling.FORM_POST, url).stream for url in urls]
    assert streams == ["call C 7 http://x", "call C 7 http://x", "call C 7 http://y"]
    assert EVENT.stream == "task 1"
