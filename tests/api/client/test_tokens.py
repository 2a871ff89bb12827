"""`/oauth/token`: who is given a token, and in which words others are refused (RFC 6749)."""

import asyncio
import base64
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from callwright.accounts.applications import GRANTS, ApplicationWish
from tests.sim.asgi import ADDRESS, Reply
from tests.sim.front_door import Customer, FrontDoor, at_the_door

TOKEN = "/oauth/token"
REDIRECT_URI = "https://crm.example.org/callback"


async def ask(door: FrontDoor, form: dict[str, str], *, path: str = TOKEN) -> Reply:
    return await door.client.request(
        "POST",
        path,
        body=urlencode(form).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )


async def credentials(
    door: FrontDoor, grants: tuple[str, ...] = GRANTS
) -> tuple[Customer, dict[str, str]]:
    """Make an account with an application; returns its key and secret as parameters."""
    customer = await door.customer()
    uri = REDIRECT_URI if "authorization_code" in grants else ""
    wish = ApplicationWish("crm", grants, uri)
    made = await door.applications.add(customer.account.username, wish)
    return customer, {"client_id": made.application.key, "client_secret": made.secret}


async def opens(door: FrontDoor, token: str) -> bool:
    reply = await door.client.request(
        "GET", "/api/ver1.0/user", headers={"authorization": f"Bearer {token}"}
    )
    return reply.status == 200


@pytest.mark.parametrize("path", [TOKEN, f"{TOKEN}/"])
def test_client_credentials(tmp_path: Path, path: str) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        reply = await ask(door, own | {"grant_type": "client_credentials"}, path=path)
        token = reply.json.pop("access_token")
        assert reply.status == 200
        assert reply.json | {"access_token": token} == {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "all",
        }
        assert await opens(door, token)
        told = {name: reply.headers[name] for name in ("cache-control", "pragma")}
        assert told == {"cache-control": "no-store", "pragma": "no-cache"}

    at_the_door(tmp_path, story)


def test_parameters_may_stand_in_the_query(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        query = urlencode(own | {"grant_type": "client_credentials"})
        assert (await door.ask(f"{TOKEN}?{query}", "POST")).status == 200

    at_the_door(tmp_path, story)


def test_a_password_brings_a_token_that_is_renewed_once(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer, own = await credentials(door)
        form = {"grant_type": "password", "username": "BOB@example.com", "password": customer.key}
        first = (await ask(door, own | form)).json
        assert await opens(door, first["access_token"])
        assert not await opens(door, first["refresh_token"])
        renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = await ask(door, own | renew)
        assert await opens(door, second.json["access_token"])
        again = await ask(door, own | renew)
        assert (again.status, again.json["error"]) == (400, "invalid_grant")

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_id": "\0"}, 400, "invalid_request"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "guess"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "x", "password": "y"}, 400, "invalid_grant"),
        (
            {"grant_type": "password", "username": "bob@example.com", "password": "y"},
            400,
            "invalid_grant",
        ),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, str], status: int, error: str) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        reply = await ask(door, own | {"grant_type": "client_credentials"} | change)
        assert (reply.status, reply.json["error"]) == (status, error)

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("grant", ["password", "refresh_token", "authorization_code"])
def test_an_application_has_its_grants(tmp_path: Path, grant: str) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door, ("client_credentials",))
        reply = await ask(door, own | {"grant_type": grant})
        assert (reply.status, reply.json["error"]) == (400, "unauthorized_client")

    at_the_door(tmp_path, story)


def test_whose_application_is_removed_has_to_stop(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        form = own | {"grant_type": "client_credentials"}
        token = (await ask(door, form)).json["access_token"]
        await door.applications.remove("bob@example.com", own["client_id"])
        assert not await opens(door, token)
        assert (await ask(door, form)).json["error"] == "invalid_client"

    at_the_door(tmp_path, story)


def test_who_guesses_secrets_has_to_wait(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        form = own | {"grant_type": "client_credentials"}
        for _ in range(10):
            assert (await ask(door, form | {"client_secret": "wrong"})).status == 401
        reply = await ask(door, form)
        assert (reply.status, reply.headers["retry-after"]) == (429, "60")
        assert reply.json["error"] == "rate_limit_exceeded"

    at_the_door(tmp_path, story)


def test_more_than_twenty_a_second_have_to_wait(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        form = own | {"grant_type": "client_credentials"}
        # Two seconds' worth may come at once.
        assert [(await ask(door, form)).status for _ in range(41)] == [200] * 40 + [429]
        door.clock.advance(0.06)
        assert (await ask(door, form)).status == 200

    at_the_door(tmp_path, story)


def everything_in(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("callwright.sqlite*"))


def test_secrets_and_tokens_are_kept_as_hashes(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        reply = await ask(door, own | {"grant_type": "client_credentials"})
        kept = await asyncio.to_thread(everything_in, tmp_path)
        assert own["client_id"].encode() in kept
        for secret in (own["client_secret"], reply.json["access_token"]):
            assert secret.encode() not in kept

    at_the_door(tmp_path, story)


def test_the_key_and_the_secret_may_stand_in_the_header(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        for secret, status in ((own["client_secret"], 200), ("wrong", 401)):
            pair = base64.b64encode(f"{own['client_id']}:{secret}".encode()).decode()
            reply = await door.client.request(
                "POST",
                TOKEN,
                body=b"grant_type=client_credentials",
                headers={
                    "content-type": "application/x-www-form-urlencoded",
                    "authorization": f"Basic {pair}",
                },
            )
            assert reply.status == status
            challenge = reply.headers.get("www-authenticate")
            assert challenge == (None if status == 200 else 'Basic realm="Callwright"')
        bad = await door.client.request("POST", TOKEN, headers={"authorization": "Basic ~"})
        assert (bad.status, bad.json["error"]) == (401, "invalid_client")

    at_the_door(tmp_path, story)


def test_who_guesses_passwords_from_many_addresses_has_to_wait(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer, own = await credentials(door)
        form = own | {"grant_type": "password", "username": "Bob@example.com"}

        async def sign_in(password: str, number: int) -> Reply:
            return await door.client.request(
                "POST",
                TOKEN,
                body=urlencode(form | {"password": password}).encode(),
                headers={"content-type": "application/x-www-form-urlencoded"},
                address=f"192.0.2.{number}",
            )

        for number in range(50):
            assert (await sign_in("wrong", number)).status == 400
        refused = await sign_in(customer.key, 99)
        assert (refused.status, refused.headers["retry-after"]) == (429, "60")
        # Programs that have a token or a secret of their own go on.
        mine = await ask(door, own | {"grant_type": "client_credentials"})
        assert mine.status == 200
        door.clock.advance(60.1)
        assert (await sign_in(customer.key, 99)).status == 200

    at_the_door(tmp_path, story)


def test_six_requests_of_an_address_are_answered_at_a_time(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        _, own = await credentials(door)
        form = own | {"grant_type": "client_credentials"}
        connections = door.doors.callbacks.oauth.connections
        with ExitStack() as held:
            for _ in range(6):
                assert held.enter_context(connections.place(ADDRESS))
            reply = await ask(door, form)
            assert (reply.status, reply.headers["retry-after"]) == (429, "1")
            assert reply.json["error"] == "rate_limit_exceeded"
            other = await door.ask(f"{TOKEN}?{urlencode(form)}", "POST", address="192.0.2.8")
            assert other.status == 200
        assert (await ask(door, form)).status == 200

    at_the_door(tmp_path, story)
