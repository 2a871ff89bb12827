"""Programs that may ask for tokens, and the tokens, on every kind of store."""

from collections.abc import Callable, Coroutine
from typing import Any

from callwright.accounts.oauth_ports import Application, Token
from callwright.domain.clock import UnixTime
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
