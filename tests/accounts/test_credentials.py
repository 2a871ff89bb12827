"""Proofs are compared, remembered for a while, forgotten at once, and wrong ones all look alike."""

import asyncio
import base64
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from callwright.accounts.credentials import (
    MAX_REFUSALS_REMEMBERED,
    REFUSED_SECONDS,
    REMEMBERED_SECONDS,
    Authenticator,
)
from callwright.accounts.identity import Unauthorised
from callwright.accounts.registry import AccountRegistry, NewAccount
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import CallConstraints, OutboundService, UasApplication
from tests.sim.keys import CountingBytes, PlainKeys
from tests.sim.memory_stores import MemoryAccountStore

PASSWORD = "p@$$w0rd"


class Passwords:
    """One service; counts how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.password = PASSWORD
        self.meanwhile: Callable[[], None] = lambda: None

    async def protected(
        self, account_id: AccountId, name: str
    ) -> tuple[OutboundService, str] | None:
        self.asked += 1
        found = (service(account_id), self.password) if name == "reminder" else None
        self.meanwhile()
        return found


def service(account_id: AccountId) -> OutboundService:
    return OutboundService(
        service_id=ServiceId(7),
        account_id=account_id,
        name="reminder",
        is_enabled=True,
        extra_channels=0,
        fax=False,
        application=UasApplication("reminder", ""),
        constraints=CallConstraints(),
    )


class Door:
    """An authenticator and the account behind it."""

    def __init__(self) -> None:
        self.passwords = Passwords()
        store = MemoryAccountStore()
        self.registry = AccountRegistry(store, PlainKeys(), CountingBytes())
        self.bob: NewAccount = asyncio.run(self.registry.create("Bob@example.com"))
        self.door = Authenticator(store, self.passwords, PlainKeys(), cloud_id="1-2-0")
        self.key = self.bob.api_access_key

    def account(self, username: str, password: str, now: float = 0.0) -> Any:
        return asyncio.run(self.door.account(basic(username, password), Instant(now)))

    def service(self, username: str, password: str, now: float = 0.0) -> Any:
        return asyncio.run(self.door.service(basic(username, password), Instant(now)))


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@pytest.fixture
def door() -> Door:
    return Door()


def test_the_key_opens_the_account(door: Door) -> None:
    for spelling in ("bob@example.com", "BOB@EXAMPLE.COM"):
        assert door.account(f"1-2-0/{spelling}", door.key) == door.bob.account


def test_the_password_opens_the_service(door: Door) -> None:
    account, found = door.service("1-2-0/bob@example.com/reminder", PASSWORD)
    assert account == door.bob.account
    assert found == service(account.account_id)


WRONG_ACCOUNT = {
    "key": ("1-2-0/bob@example.com", "AAAAAAAAAAAAAAAAAAAAAA"),
    "empty key": ("1-2-0/bob@example.com", ""),
    "username": ("1-2-0/ann@example.com", "{key}"),
    "cloud id": ("0-2-0/bob@example.com", "{key}"),
    "a service's form": ("1-2-0/bob@example.com/reminder", "{key}"),
    "a service's password": ("1-2-0/bob@example.com", PASSWORD),
    "no parts": ("bob@example.com", "{key}"),
}
WRONG_SERVICE = {
    "password": ("1-2-0/bob@example.com/reminder", "P@$$w0rd"),
    "service": ("1-2-0/bob@example.com/Reminder", PASSWORD),
    "username": ("1-2-0/ann@example.com/reminder", PASSWORD),
    "cloud id": ("0-2-0/bob@example.com/reminder", PASSWORD),
    "an account's form": ("1-2-0/bob@example.com", PASSWORD),
    "an account's key": ("1-2-0/bob@example.com/reminder", "{key}"),
}


@pytest.mark.parametrize(("username", "password"), WRONG_ACCOUNT.values(), ids=WRONG_ACCOUNT)
def test_a_wrong_account_never_says_what_was_wrong(
    door: Door, username: str, password: str
) -> None:
    with pytest.raises(Unauthorised, match=r"^Missing or wrong credentials$"):
        door.account(username, password.format(key=door.key))


@pytest.mark.parametrize(("username", "password"), WRONG_SERVICE.values(), ids=WRONG_SERVICE)
def test_a_wrong_service_never_says_what_was_wrong(
    door: Door, username: str, password: str
) -> None:
    with pytest.raises(Unauthorised, match=r"^Missing or wrong credentials$"):
        door.service(username, password.format(key=door.key))


def test_no_credentials_open_nothing(door: Door) -> None:
    asks: list[Callable[[], Coroutine[Any, Any, Any]]] = [
        lambda: door.door.account(None, Instant(0.0)),
        lambda: door.door.service(None, Instant(0.0)),
    ]
    for ask in asks:
        with pytest.raises(Unauthorised):
            asyncio.run(ask())


def test_a_proof_is_remembered_for_a_minute_and_no_longer(door: Door) -> None:
    user = "1-2-0/bob@example.com/reminder"
    for now in (0.0, 1.0, REMEMBERED_SECONDS - 0.1):
        door.service(user, PASSWORD, now)
    assert door.passwords.asked == 1
    door.service(user, PASSWORD, REMEMBERED_SECONDS)
    assert door.passwords.asked == 2


def test_a_refusal_is_remembered_for_a_moment(door: Door) -> None:
    user = "1-2-0/bob@example.com/reminder"
    for now in (0.0, REFUSED_SECONDS - 0.1, REFUSED_SECONDS):
        with pytest.raises(Unauthorised):
            door.service(user, "later", now)
    assert door.passwords.asked == 2
    door.passwords.password = "later"
    assert door.service(user, "later", 3 * REFUSED_SECONDS)


def test_forgetting_ends_what_was_remembered_at_once(door: Door) -> None:
    old = door.key
    door.account("1-2-0/bob@example.com", old)
    new = asyncio.run(door.registry.new_key(door.bob.account.account_id))
    assert door.account("1-2-0/bob@example.com", old), "remembered until somebody says otherwise"
    door.door.forget()
    with pytest.raises(Unauthorised):
        door.account("1-2-0/bob@example.com", old)
    assert door.account("1-2-0/bob@example.com", new)


def test_what_was_read_before_a_change_is_not_remembered_after_it(door: Door) -> None:
    user = "1-2-0/bob@example.com/reminder"
    door.passwords.meanwhile = door.door.forget
    door.service(user, PASSWORD)
    with pytest.raises(Unauthorised):
        door.service(user, "wrong")
    assert door.passwords.asked == 2
    door.service(user, PASSWORD)
    with pytest.raises(Unauthorised):
        door.service(user, "wrong")
    assert door.passwords.asked == 4


def test_refusals_do_not_fill_the_memory(door: Door) -> None:
    for n in range(MAX_REFUSALS_REMEMBERED + 10):
        with pytest.raises(Unauthorised):
            door.account("1-2-0/bob@example.com", f"guess {n}")
    assert len(door.door._refused._entries) == MAX_REFUSALS_REMEMBERED
