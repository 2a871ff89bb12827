"""A person allows somebody's program to call, in a browser, and the program does."""

import base64
import hashlib
import http.client
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.sim.browser import AUTHORIZE, FORM, Form
from tests.sim.installation import ANSWERS_WITHIN, AccountClient, Installation, Reply
from tests.sim.page_server import Answer, PageServer
from tests.sim.postgres import Postgres

pytestmark = pytest.mark.journey

BACK: Final = "http://127.0.0.1:8400/back"
VERIFIER: Final = "a-verifier-that-a-program-made-up-for-this-one-request"
BASE: Final = "/api/ver1.0"

KNOWN_WITHIN: Final = 30.0
"""Seconds until a server knows what was counted before; a bound, never waited out."""

LOOK_INTERVAL: Final = 0.1
"""Seconds between looks at what is left."""


@dataclass(slots=True)
class Crm:
    """Somebody's program, which has no secret and asks the account's owner."""

    cloud: Installation
    owner: AccountClient
    client_id: str
    token: str = ""

    def code(self, answer_to: Installation | None = None) -> str:
        """Send the owner to the page, who allows it; return what his browser brings.

        `answer_to` is the server that a balancer hands the answer to, if it is another one.
        """
        digest = hashlib.sha256(VERIFIER.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "state": "of this session",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        page, form = _browse(self.cloud, "GET", f"?{urlencode(asked)}"), Form()
        assert page.status == 200
        form.feed(page.body.decode())
        typed = {"decision": "allow", "username": self.owner.username, "password": self.owner.key}
        cookie = page.headers["set-cookie"].partition(";")[0]
        sent = urlencode({"form_token": form.token} | typed).encode()
        headers = {"cookie": cookie} | FORM
        reply = _browse(answer_to or self.cloud, "POST", form.action, sent, headers)
        assert reply.status == 303
        location = reply.headers["location"]
        assert location.startswith(f"{BACK}?")
        told = dict(parse_qsl(urlsplit(location).query))
        assert told["state"] == "of this session"
        return told["code"]

    def redeem(self, code: str) -> Reply:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "code_verifier": VERIFIER,
        }
        return self.cloud.request(
            "POST",
            "/oauth/token",
            body=urlencode(form).encode(),
            content_type=FORM["content-type"],
        )

    def ask(self, method: str, path: str, body: object = None) -> Reply:
        sent = None if body is None else json.dumps(body).encode()
        authorization = f"Bearer {self.token}"
        return self.cloud.request(method, BASE + path, body=sent, authorization=authorization)

    def made(self, path: str, body: object) -> Any:
        reply = self.ask("POST", path, body)
        assert reply.status == 201, reply.body
        return reply.json

    def left(self) -> int:
        """How many requests are left of the hour, this one counted."""
        return int(self.ask("GET", "/user").headers["x-ratelimit-remaining"])


def _browse(
    cloud: Installation,
    method: str,
    query: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> Reply:
    connection = http.client.HTTPConnection(*cloud.http, timeout=ANSWERS_WITHIN)
    try:
        connection.request(method, f"{AUTHORIZE}{query}", body or None, headers or {})
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, named, answer.read())
    finally:
        connection.close()


def add_crm(cloud: Installation) -> Crm:
    """Make an account with somebody's program."""
    owner = cloud.create_account("bob@example.com")
    made = cloud.command(
        *("client", "add-application", "bob@example.com", "Their CRM"),
        *("--grant", "authorization_code", "--redirect-uri", BACK, "--public"),
    )
    assert "client_secret" not in made
    return Crm(cloud, owner, made["client_id"])


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    data = tmp_path_factory.mktemp("cloud") / "one"
    with Installation(data, settings={"callback_legacy_types": "1"}) as cloud:
        yield add_crm(cloud)


def test_what_a_person_allows_a_program_does(crm: Crm) -> None:
    granted = crm.redeem(crm.code())
    assert granted.status == 200
    assert "refresh_token" not in granted.json
    crm.token = granted.json["access_token"]
    with PageServer() as pages:
        number = {"name": "200", "destination": "tel:443069900000"}
        extension_id = crm.made("/client/@me/extension/", number)["id"]
        queue_id = crm.made("/client/@me/task_scheduler/", {"status": "on"})["id"]
        events = ("before", "success", "after")
        for event in events:
            pages.page(f"/{event}", Answer())
        task: dict[str, object] = {
            "a_number": "200",
            "b_number": "443069900000",
            "extension_id": extension_id,
        }
        task |= {"callback_params": {"call_duration": 1}}
        urls = {f"url_{event}": pages.url(f"/{event}") for event in events}
        crm.made(f"/client/@me/task_scheduler/{queue_id}/tasks/", {"tasks": [task | urls]})
        told = {event: pages.wait_for(f"/{event}").info["task"] for event in events}
    assert told["after"]["finish_result"] == "success"
    # The operator wants them as the seed has them.
    assert {event: one["try_again_pause"] for event, one in told.items()} == dict.fromkeys(
        events, "60"
    )


def test_a_code_that_comes_twice_takes_its_token_away(crm: Crm) -> None:
    code = crm.code()
    crm.token = crm.redeem(code).json["access_token"]
    assert crm.ask("GET", "/user").status == 200
    assert crm.redeem(code).json["error"] == "invalid_grant"
    assert crm.ask("GET", "/user").status == 401


def test_the_hour_of_a_client_goes_on_after_a_restart(crm: Crm) -> None:
    crm.token = crm.redeem(crm.code()).json["access_token"]
    before = [crm.left() for _ in range(20)][-1]
    crm.cloud.stop()
    crm.cloud.start()
    wait_for_shared(crm, before)


def test_servers_of_a_cluster_know_each_others_forms_codes_and_requests(tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(Postgres.shared().database())
        settings = {"database": url, "secret_file": str(tmp_path / "secret.key")}
        one, two = (
            stack.enter_context(Installation(tmp_path / name, settings=settings))
            for name in ("one", "two")
        )
        at_one = add_crm(one)
        at_two = replace(at_one, cloud=two)
        at_one.token = at_two.redeem(at_one.code(answer_to=two)).json["access_token"]
        at_two.token = at_one.token
        wait_for_shared(at_two, [at_one.left() for _ in range(50)][-1])


def wait_for_shared(crm: Crm, before: int) -> None:
    """Wait until a server counts on from what was left elsewhere."""
    asked, give_up_at = 1, time.monotonic() + KNOWN_WITHIN
    while crm.left() > before - asked:
        assert time.monotonic() < give_up_at
        time.sleep(LOOK_INTERVAL)
        asked += 1
