"""`/oauth/authorize`: a person allows a program what it asks, or does not (RFC 6749 4.1)."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from callwright.accounts.applications import ApplicationWish
from callwright.api.app import build_app
from tests.sim.asgi import Reply
from tests.sim.browser import AUTHORIZE, FORM, Browser, Form
from tests.sim.front_door import Customer, FrontDoor, at_the_door

URI = "https://crm.example.org/callback?from=us"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""RFC 7636 appendix B."""
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
STATE = "a b&c=d<e>\r\n\"'"


@dataclass
class Program:
    """An application that sends its user to the page."""

    door: FrontDoor
    customer: Customer
    key: str
    secret: str

    @property
    def asked(self) -> dict[str, str]:
        return {"response_type": "code", "client_id": self.key, "state": STATE}

    @property
    def typed(self) -> dict[str, str]:
        """What the account's owner types to allow it."""
        return {
            "decision": "allow",
            "username": self.customer.account.username,
            "password": self.customer.key,
        }

    async def code(self, browser: Browser, **asked: str) -> str:
        """Have a code given."""
        _, form = await browser.open(**(self.asked | asked))
        reply, _ = await browser.answer(form, **self.typed)
        return told(reply)["code"]

    async def redeem(self, **parameters: str) -> Reply:
        own = {"client_id": self.key} | ({"client_secret": self.secret} if self.secret else {})
        body = own | {"grant_type": "authorization_code"} | parameters
        return await self.door.client.request(
            "POST", "/oauth/token", body=urlencode(body).encode(), headers=FORM
        )

    async def opens(self, token: str) -> bool:
        reply = await self.door.client.request(
            "GET", "/api/ver1.0/user", headers={"authorization": f"Bearer {token}"}
        )
        return reply.status == 200


def told(reply: Reply) -> dict[str, str]:
    """What the browser brings back to the program."""
    assert reply.status == 303
    location = reply.headers["location"]
    assert location.startswith(URI + "&")
    return dict(parse_qsl(urlsplit(location).query)) | {}


def with_program(
    data: Path, story: Callable[[Program, Browser], Awaitable[None]], *, is_public: bool = False
) -> None:
    async def run(door: FrontDoor) -> None:
        customer = await door.customer()
        wish = ApplicationWish("CRM <of> ours", ("authorization_code",), URI, is_public)
        made = await door.applications.add(customer.account.username, wish)
        program = Program(door, customer, made.application.key, made.secret)
        await story(program, Browser(door))

    at_the_door(data, run)


def test_the_example_is_the_one_of_the_rfc() -> None:
    hashed = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    assert hashed.rstrip(b"=").decode() == CHALLENGE


@pytest.mark.parametrize("is_public", [True, False])
def test_what_is_allowed_brings_a_token(tmp_path: Path, *, is_public: bool) -> None:
    async def story(program: Program, browser: Browser) -> None:
        reply, form = await browser.open(**program.asked, **PKCE)
        assert reply.status == 200
        page = reply.body.decode()
        assert "CRM &lt;of&gt; ours" in page
        assert "bob@example.com" in page
        assert "crm.example.org" in page
        assert not form.wrong

        reply, _ = await browser.answer(form, **program.typed)
        brought = told(reply)
        assert brought["state"] == STATE
        assert brought["iss"] == "http://server"
        assert brought["from"] == "us"

        granted = await program.redeem(code=brought["code"], code_verifier=VERIFIER)
        assert granted.status == 200
        assert granted.json.keys() == {"access_token", "token_type", "expires_in", "scope"}
        assert await program.opens(granted.json["access_token"])

    with_program(tmp_path, story, is_public=is_public)


def test_what_is_denied_is_told_without_a_password(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        _, form = await browser.open(**program.asked)
        reply, _ = await browser.answer(form, decision="deny")
        brought = told(reply)
        assert (brought["error"], brought["state"]) == ("access_denied", STATE)
        assert "code" not in brought

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "typed",
    [
        {"username": "eve@example.com"},
        {"password": "wrong"},
        {"password": ""},
        {"username": ""},
        {"username": "bob@example.com\0"},
    ],
)
def test_who_is_not_the_owner_allows_nothing(tmp_path: Path, typed: dict[str, str]) -> None:
    async def story(program: Program, browser: Browser) -> None:
        await program.door.customer("eve@example.com")
        _, form = await browser.open(**program.asked)
        reply, again = await browser.answer(form, **(program.typed | typed))
        assert (reply.status, again.wrong) == (400, "The username or the API Access Key is wrong.")
        reply, _ = await browser.answer(again, **program.typed)
        assert "code" in told(reply)

    with_program(tmp_path, story)


def test_another_accounts_key_allows_nothing(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        eve = await program.door.customer("eve@example.com")
        _, form = await browser.open(**program.asked)
        reply, _ = await browser.answer(
            form, decision="allow", username="eve@example.com", password=eve.key
        )
        assert reply.status == 400

    with_program(tmp_path, story)


def test_who_guesses_has_to_wait(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        _, form = await browser.open(**program.asked)
        for number in range(50):
            browser.address = f"192.0.2.{number // 9}"
            reply, _ = await browser.answer(form, **(program.typed | {"password": "wrong"}))
            assert reply.status == 400
        browser.address = "192.0.2.77"
        reply, again = await browser.answer(form, **program.typed)
        assert (reply.status, reply.headers["retry-after"]) == (429, "60")
        assert again.wrong == "too many wrong passwords were given for this username"
        browser.address = "192.0.2.0"
        for _ in range(2):
            reply, again = await browser.answer(form, **(program.typed | {"username": "x@y.z"}))
        assert (reply.status, again.wrong) == (
            429,
            "too many wrong credentials came from this address",
        )

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"client_id": ""}, "'' is the client_id of no application"),
        ({"client_id": "wrong"}, "'wrong' is the client_id of no application"),
        ({"client_id": "\0"}, "is the client_id of no application"),
        ({"redirect_uri": "https://crm.example.org/callback"}, "is not the redirect_uri"),
        ({"redirect_uri": URI + "&more"}, "is not the redirect_uri"),
        ({"redirect_uri": "https://evil.example.org/"}, "is not the redirect_uri"),
    ],
)
def test_who_is_not_known_is_sent_nobody(tmp_path: Path, change: dict[str, str], what: str) -> None:
    async def story(program: Program, browser: Browser) -> None:
        for method in ("GET", "POST"):
            target = f"{AUTHORIZE}?{urlencode(program.asked | change)}"
            reply, form = await browser.send(method, target)
            assert reply.status == 400
            assert what in form.wrong
            assert "location" not in reply.headers

    with_program(tmp_path, story)


def test_a_parameter_stands_once(tmp_path: Path) -> None:
    async def story(_: Program, browser: Browser) -> None:
        reply, form = await browser.send("GET", f"{AUTHORIZE}?client_id=1&client_id=2")
        assert reply.status == 400
        assert "appears more than once" in form.wrong

    with_program(tmp_path, story)


def test_an_application_without_the_grant_asks_nobody(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        other = await program.door.applications.add("bob@example.com", ApplicationWish("other"))
        reply, form = await browser.open(response_type="code", client_id=other.application.key)
        assert (reply.status, form.wrong) == (400, "other may not use authorization_code")

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        (PKCE | {"code_challenge_method": "plain"}, "invalid_request"),
        (PKCE | {"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_the_program_is_told_what_is_wrong(
    tmp_path: Path, change: dict[str, str], error: str
) -> None:
    async def story(program: Program, browser: Browser) -> None:
        reply, _ = await browser.open(**(program.asked | change))
        brought = told(reply)
        assert (brought["error"], brought["state"]) == (error, STATE)

    with_program(tmp_path, story)


def test_a_public_application_needs_a_challenge(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        reply, _ = await browser.open(**program.asked)
        assert told(reply)["error"] == "invalid_request"

    with_program(tmp_path, story, is_public=True)


@pytest.mark.parametrize(
    ("asked", "parameters", "seconds", "status"),
    [
        (PKCE, {"code_verifier": VERIFIER}, 0, 200),
        (PKCE | {"redirect_uri": URI}, {"code_verifier": VERIFIER, "redirect_uri": URI}, 59, 200),
        (PKCE, {"code_verifier": VERIFIER, "redirect_uri": URI}, 0, 200),
        (PKCE, {"code_verifier": VERIFIER}, 60, 400),
        (PKCE, {}, 0, 400),
        (PKCE, {"code_verifier": VERIFIER[:-1] + "l"}, 0, 400),
        (PKCE, {"code_verifier": "short"}, 0, 400),
        (PKCE | {"redirect_uri": URI}, {"code_verifier": VERIFIER}, 0, 400),
        (PKCE, {"code_verifier": VERIFIER, "redirect_uri": "https://x.example/"}, 0, 400),
        ({}, {}, 0, 200),
        ({}, {"code_verifier": VERIFIER}, 0, 400),
    ],
)
def test_a_code_is_bound_to_what_it_was_asked_with(
    tmp_path: Path, asked: dict[str, str], parameters: dict[str, str], seconds: float, status: int
) -> None:
    async def story(program: Program, browser: Browser) -> None:
        code = await program.code(browser, **asked)
        program.door.clock.advance(seconds)
        reply = await program.redeem(code=code, **parameters)
        assert reply.status == status
        assert status == 200 or reply.json["error"] == "invalid_grant"

    with_program(tmp_path, story)


def test_a_code_is_bound_to_its_application(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        wish = ApplicationWish("other", ("authorization_code",), URI)
        other = await program.door.applications.add("bob@example.com", wish)
        thief = Program(program.door, program.customer, other.application.key, other.secret)
        code = await program.code(browser)
        assert (await thief.redeem(code=code)).json["error"] == "invalid_grant"
        assert (await program.redeem(code=code)).status == 200

    with_program(tmp_path, story)


def test_a_code_that_comes_twice_takes_its_token_away(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        code = await program.code(browser)
        token = (await program.redeem(code=code)).json["access_token"]
        program.door.clock.advance(600)
        assert await program.opens(token)
        again = await program.redeem(code=code)
        assert (again.status, again.json["error"]) == (400, "invalid_grant")
        assert not await program.opens(token)

    with_program(tmp_path, story)


def test_a_form_is_good_in_the_browser_that_was_shown_it(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        _, form = await browser.open(**program.asked)
        eve = Browser(program.door)
        await eve.open(**program.asked)
        for other, sent in (
            (eve, form),
            (Browser(program.door), form),
            (browser, Form(action=form.action, token="")),
            (browser, Form(action=form.action, token=f"9{form.token}")),
            (browser, Form(action=form.action + "&scope=all", token=form.token)),
        ):
            reply, again = await other.answer(sent, **program.typed)
            assert reply.status == 403
            assert "Nothing was allowed" in again.wrong
        # Another page in the same browser leaves the first one good.
        await browser.open(**program.asked, scope="all")
        reply, _ = await browser.answer(form, **program.typed)
        assert "code" in told(reply)

    with_program(tmp_path, story)


def test_a_form_is_good_for_ten_minutes(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        _, form = await browser.open(**program.asked)
        program.door.clock.advance(601)
        reply, again = await browser.answer(form, **program.typed)
        assert reply.status == 403
        reply, _ = await browser.answer(again, **program.typed)
        assert "code" in told(reply)

    with_program(tmp_path, story)


def test_the_page_stands_in_no_frame_and_runs_nothing(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        reply, form = await browser.open(**program.asked)
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self' https://crm.example.org" in policy
        assert reply.headers["x-frame-options"] == "DENY"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert form.labels == {"username", "password"}
        assert not form.tags & {"script", "link", "img", "iframe"}
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly; SameSite=Lax" in cookie

    with_program(tmp_path, story)


def test_the_cookie_stays_on_an_encrypted_line_where_there_is_one(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        for url, is_secure in (("http://server", False), ("https://calls.example.org", True)):
            settings = replace(program.door.doors.settings, public_url=url)
            app = build_app(replace(program.door.doors, settings=settings))
            program.door.client.app = app
            reply, form = await browser.open(**program.asked)
            assert ("; Secure" in reply.headers["set-cookie"]) is is_secure
            reply, _ = await browser.answer(form, decision="deny")
            assert told(reply)["iss"] == url

    with_program(tmp_path, story)


def everything_in(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("callwright.sqlite*"))


def test_neither_codes_nor_keys_are_kept_in_clear(tmp_path: Path) -> None:
    async def story(program: Program, browser: Browser) -> None:
        code = await program.code(browser)
        kept = await asyncio.to_thread(everything_in, tmp_path)
        assert program.key.encode() in kept
        assert code.encode() not in kept

    with_program(tmp_path, story)
