"""The receiver that newcomers copy takes what we send, and nothing that somebody changed."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import HTTPServer
from typing import Final

import pytest

from callwright.domain.callback import CallbackEvent, TaskId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.values import EventToTell
from callwright.scheduler.webhooks.message import BodyFormat, message_of
from examples.webhook_receiver import TOLERANCE, Receiver, is_genuine

KEY: Final = b"k" * 32
SECRET: Final = "whsec_" + "a2tr" * 10 + "a2s="
AT: Final = UnixTime(1_800_000_000.0)
TASK: Final = {"status": "finished", "finish_result": "failed", "finish_comment": "a_busy"}
BODY: Final = json.dumps({"event": "after", "event_id": "e", "task_id": 7, "task": TASK}).encode()
EVENT: Final = EventToTell("e", TaskId(7), AccountId(1), "http://x/", CallbackEvent.AFTER, BODY, AT)


@pytest.mark.parametrize("keys", [(KEY,), (b"new" * 10, KEY), (KEY, b"old" * 10)])
def test_what_we_sign_is_genuine(keys: tuple[bytes, ...]) -> None:
    message = message_of(EVENT, BodyFormat.JSON, keys, at=AT)
    assert is_genuine(message.headers, message.body, SECRET, now=AT)


@pytest.mark.parametrize(
    ("changed", "late"),
    [
        ({"webhook-id": "f"}, 0),
        ({"webhook-timestamp": "1800000001"}, 0),
        ({"webhook-timestamp": "soon"}, 0),
        ({"webhook-signature": "v1,AAAA"}, 0),
        ({"webhook-signature": ""}, 0),
        ({}, TOLERANCE + 1),
        ({}, -TOLERANCE - 1),
    ],
)
def test_what_was_changed_or_is_old_is_not(changed: dict[str, str], late: int) -> None:
    message = message_of(EVENT, BodyFormat.JSON, [KEY], at=AT)
    assert not is_genuine(message.headers | changed, message.body, SECRET, now=AT + late)


def test_another_body_is_not() -> None:
    message = message_of(EVENT, BodyFormat.JSON, [KEY], at=AT)
    assert not is_genuine(message.headers, message.body + b" ", SECRET, now=AT)
    assert not is_genuine({}, message.body, SECRET, now=AT)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(Receiver, "seen", set())
    monkeypatch.setattr("examples.webhook_receiver.time.time", lambda: AT)
    monkeypatch.setattr(Receiver, "secret", SECRET)
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_tells_of_each_event_once(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    signed = message_of(EVENT, BodyFormat.JSON, [KEY], at=AT)
    forged = message_of(EVENT, BodyFormat.JSON, [b"guess"], at=AT)
    statuses = []
    for message in (forged, signed, signed):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/", message.body, message.headers)
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [401, 204, 204]
    assert capsys.readouterr().out == "after 7 failed a_busy\n"
