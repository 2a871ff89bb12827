"""Applications are made with what they may do, and where people's decisions may be sent."""

from pathlib import Path

import pytest

from callwright.accounts.applications import (
    MAX_APPLICATIONS,
    MAX_REDIRECT_URI,
    ApplicationWish,
    BadApplication,
)
from callwright.accounts.registry import UnknownAccount
from tests.sim.front_door import FrontDoor, at_the_door

CODE = ("authorization_code",)
BOB = "bob@example.com"


def made_or_refused(folder: Path, wish: ApplicationWish) -> str:
    """Return what is wrong with a wish, empty for nothing."""
    said = ""

    async def story(door: FrontDoor) -> None:
        nonlocal said
        await door.customer(BOB)
        try:
            new = await door.applications.add(BOB, wish)
        except BadApplication as bad:
            said = str(bad)
        else:
            assert list(await door.applications.of_account(BOB)) == [new.application]
            assert new.application.is_public is wish.is_public is not bool(new.secret)
            assert new.secret not in repr(new) or not new.secret

    at_the_door(folder, story)
    return said


@pytest.mark.parametrize(
    "uri",
    [
        "https://crm.example.org",
        "https://crm.example.org:8443/callback?from=us",
        "https://[2001:db8::1]/callback",
        "http://localhost/callback",
        "http://127.0.0.1:8080/callback",
        "http://[::1]:8080/callback",
        "com.example.app:/callback",
        "com.example.app://callback",
        "https://x/" + "y" * (MAX_REDIRECT_URI - 10),
    ],
)
def test_decisions_may_be_sent_there(tmp_path: Path, uri: str) -> None:
    assert made_or_refused(tmp_path, ApplicationWish("app", CODE, uri)) == ""


@pytest.mark.parametrize(
    "uri",
    [
        "/callback",
        "crm.example.org/callback",
        "http://crm.example.org/callback",
        "http://127.0.0.1.example.org/",
        "https:///callback",
        "https://user:password@crm.example.org/",
        "https://crm.example.org/#here",
        "https://crm.example.org/#",
        "https://crm.example.org:port/",
        "https://crm.example.org:99999/",
        "https://crm.example.org; script-src *",
        "https://crm.example.org/\r\nset-cookie: x",
        "https://crm.example.org/é",
        "https://[::1",
        "javascript:alert(1)",
        "data:text/html,x",
        "app:/callback",
        "https://x/" + "y" * (MAX_REDIRECT_URI - 9),
    ],
)
def test_decisions_may_not_be_sent_there(tmp_path: Path, uri: str) -> None:
    said = made_or_refused(tmp_path, ApplicationWish("app", CODE, uri))
    assert "an https URL, an http URL of localhost" in said


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (ApplicationWish(""), "'': 1 to 255 printable characters"),
        (ApplicationWish("\u202ecrm"), "1 to 255 printable characters"),
        (ApplicationWish("crm", ()), "[]: one or more of client_credentials, "),
        (ApplicationWish("crm", ("implicit",)), "['implicit']: one or more of"),
        (ApplicationWish("crm", CODE), "'': a redirect URI was expected with"),
        (ApplicationWish("crm", redirect_uri="https://x/"), "and only with it"),
        (ApplicationWish("crm", is_public=True), "client_credentials: an application without a"),
        (
            ApplicationWish("crm", ("password", *CODE), "https://x/", is_public=True),
            "authorization_code, password: an application without a secret can have",
        ),
        (ApplicationWish("crm", CODE, "https://x/", is_public=True), ""),
        (ApplicationWish("crm", ("client_credentials", "password", *CODE), "https://x/"), ""),
    ],
)
def test_what_an_application_may_do(tmp_path: Path, wish: ApplicationWish, said: str) -> None:
    told = made_or_refused(tmp_path, wish)
    assert said in told
    assert bool(said) is bool(told)


def test_an_account_has_so_many_and_no_more(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        await door.customer(BOB)
        for number in range(MAX_APPLICATIONS):
            await door.applications.add(BOB, ApplicationWish(f"app {number}"))
        with pytest.raises(BadApplication, match="has 100 applications, which is most"):
            await door.applications.add(BOB, ApplicationWish("one more"))
        with pytest.raises(UnknownAccount, match=r"eve@example\.com"):
            await door.applications.add("eve@example.com", ApplicationWish("app"))

    at_the_door(tmp_path, story)
