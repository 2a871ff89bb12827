"""A receiver of callbacks' events: verifies who sent them, and prints them once each.

Run it with `python examples/webhook_receiver.py --port 8091 --secret whsec_...`; make the secret
with `callwright client set-webhook-secret USERNAME`. Then name `http://127.0.0.1:8091/` as
`url_after` of a task. It needs Python alone.
"""

import argparse
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

TOLERANCE = 300
"""Seconds that the sender's clock and ours may differ; what is older may be a recording."""

MAX_BODY_BYTES = 1 << 20


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str, *, now: float) -> bool:
    """Whether the sender knows the secret, and sends this now."""
    event_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # Several signatures while the secret is being changed: one of them has to be ours.
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(one, expected) for one in given)


class Receiver(BaseHTTPRequestHandler):
    """Takes one event a request."""

    secret = ""
    seen: ClassVar[set[str]] = set()
    """Ids of events that came; a program of yours keeps them where it keeps what they change."""

    def do_POST(self) -> None:
        """Take an event, or refuse what somebody else sent."""
        length = min(int(self.headers.get("Content-Length", 0)), MAX_BODY_BYTES)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.secret and not is_genuine(headers, body, self.secret, now=time.time()):
            self._answer(401)
            return
        event = json.loads(body)
        if event["event_id"] not in self.seen:
            self.seen.add(event["event_id"])
            task = event["task"]
            result = task["finish_result"] or task["status"]
            print(event["event"], event["task_id"], result, task["finish_comment"], flush=True)
        # Only now: what is not acknowledged comes again.
        self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print events, and no requests."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--secret", default="", help="empty: take events unverified")
    arguments = parser.parse_args()
    Receiver.secret = arguments.secret
    HTTPServer(("127.0.0.1", arguments.port), Receiver).serve_forever()
