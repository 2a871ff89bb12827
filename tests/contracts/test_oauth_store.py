"""Programs that may ask for tokens, and the tokens, on every kind of store."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from callwright.accounts.oauth_ports import Application, AuthorizationCode, RequestsOfHour, Token
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from tests.contracts.callback_stores import NOW, CallbackStores

Run = Callable[[Coroutine[object, object, object]], Any]


def test_applications_and_their_tokens(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.oauth
        bob = await callback_stores.account()
        eve = await callback_stores.account("eve@example.com")
        crm = Application(
            "key-1", b"hash", bob, "CRM", frozenset({"client_credentials"}), "https://x/", True
        )
        app = Application("key-2", b"hash2", bob, "App", frozenset(), "", may_schedule=False)
        await store.add_application(crm)
        await store.add_application(app)
        assert await store.application("key-1") == crm
        assert await store.application("key-3") is None
        assert list(await store.applications(bob)) == [app, crm]
        assert list(await store.applications(eve)) == []

        access = Token(b"a" * 32, bob, "key-1", UnixTime(NOW + 3600))
        refresh = Token(b"r" * 32, bob, "key-1", UnixTime(NOW + 7200), is_refresh=True)
        of_app = Token(b"b" * 32, bob, "key-2", UnixTime(NOW + 10))
        for token in (access, refresh, of_app):
            await store.add_token(token)
        assert await store.token(b"a" * 32) == access
        assert await store.token(b"r" * 32) == refresh
        assert await store.forget_tokens(expired_before=UnixTime(NOW + 11), limit=9) == 1
        assert await store.token(b"b" * 32) is None
        await store.remove_token(b"r" * 32)
        assert await store.token(b"r" * 32) is None
        assert await store.remove_application(eve, "key-1") is False
        assert await store.remove_application(bob, "key-1") is True
        assert await store.token(b"a" * 32) is None
        assert await store.application("key-1") is None

    run(scenario())


def test_a_code_is_spent_once_and_takes_its_token_along(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        store = callback_stores.oauth
        bob = await callback_stores.account()
        app = Application("key-1", b"", bob, "App", frozenset({"authorization_code"}), "https://x/")
        await store.add_application(app)
        read = await store.application("key-1")
        assert read == app
        assert read.is_public
        code = AuthorizationCode(
            b"c" * 32, bob, "key-1", "https://x/", "challenge", UnixTime(NOW + 60)
        )
        await store.add_code(code)
        assert await store.code(b"c" * 32) == code
        assert await store.code(b"d" * 32) is None

        token = Token(b"t" * 32, bob, "key-1", UnixTime(NOW + 3600), code_hash=b"c" * 32)
        other = Token(b"o" * 32, bob, "key-1", UnixTime(NOW + 3600))
        await store.add_token(other)
        assert await store.spend_code(b"c" * 32, token) is True
        assert await store.code(b"c" * 32) == replace(code, is_spent=True)
        assert await store.token(b"t" * 32) == token
        again = replace(token, token_hash=b"u" * 32)
        assert await store.spend_code(b"c" * 32, again) is False
        assert await store.token(b"t" * 32) is None
        assert await store.token(b"u" * 32) is None
        assert await store.token(b"o" * 32) == other
        assert await store.spend_code(b"d" * 32, replace(token, code_hash=b"d" * 32)) is False

    run(scenario())


def test_of_two_that_spend_a_code_at_once_none_keeps_a_token(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        store = callback_stores.oauth
        bob = await callback_stores.account()
        await store.add_application(Application("key-1", b"", bob, "App"))
        await store.add_code(AuthorizationCode(b"c" * 32, bob, "key-1", "", "", NOW))
        tokens = [
            Token(bytes([n]) * 32, bob, "key-1", UnixTime(NOW + 3600), code_hash=b"c" * 32)
            for n in range(4)
        ]
        spent = await asyncio.gather(*(store.spend_code(b"c" * 32, token) for token in tokens))
        assert sorted(spent) == [False, False, False, True]
        assert [await store.token(one.token_hash) for one in tokens] == [None] * 4

    run(scenario())


def test_codes_are_forgotten_and_go_with_their_application(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        store = callback_stores.oauth
        bob = await callback_stores.account()
        await store.add_application(Application("key-1", b"", bob, "App"))
        for n in range(4):
            expires_at = UnixTime(NOW + n)
            await store.add_code(
                AuthorizationCode(bytes([n]) * 32, bob, "key-1", "", "", expires_at)
            )
        assert await store.forget_codes(expired_before=UnixTime(NOW + 2), limit=1) == 1
        assert await store.forget_codes(expired_before=UnixTime(NOW + 2), limit=9) == 1
        assert await store.forget_codes(expired_before=UnixTime(NOW + 2), limit=9) == 0
        assert await store.code(bytes([2]) * 32) is not None
        assert await store.remove_application(bob, "key-1") is True
        assert await store.code(bytes([3]) * 32) is None

    run(scenario())


def test_requests_of_an_hour_are_added_up(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.oauth
        bob = await callback_stores.account()
        eve = await callback_stores.account("eve@example.com")

        async def count(requests: dict[AccountId, int], seconds: float) -> object:
            at = UnixTime(NOW + seconds)
            return await store.count_requests(requests, at=at, over_before=UnixTime(at - 3600))

        assert await count({bob: 3}, 0) == {bob: RequestsOfHour(NOW, 3)}
        assert await count({eve: 1, bob: 4}, 10) == {
            bob: RequestsOfHour(NOW, 7),
            eve: RequestsOfHour(UnixTime(NOW + 10), 1),
        }
        assert await count({bob: 1}, 3599) == {bob: RequestsOfHour(NOW, 8)}
        assert await count({bob: 2}, 3600) == {bob: RequestsOfHour(UnixTime(NOW + 3600), 2)}
        assert await count({}, 0) == {}

    run(scenario())


def test_nodes_that_count_at_once_lose_nothing(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.oauth
        clients = [await callback_stores.account(f"{n}@example.com") for n in range(3)]
        ways = [dict.fromkeys(clients, 1), dict.fromkeys(reversed(clients), 1)] * 4
        over = UnixTime(NOW - 3600)
        await asyncio.gather(*(store.count_requests(one, at=NOW, over_before=over) for one in ways))
        total = await store.count_requests(dict.fromkeys(clients, 1), at=NOW, over_before=over)
        assert {one.requests for one in total.values()} == {9}

    run(scenario())
