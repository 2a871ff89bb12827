"""What clients' events are signed with, on every kind of store."""

from collections.abc import Callable, Coroutine
from typing import Any

from tests.contracts.callback_stores import CallbackStores

Run = Callable[[Coroutine[object, object, object]], Any]


def test_a_secret_is_kept_replaced_and_taken_away(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        store = callback_stores.webhook_secrets
        bob = await callback_stores.account()
        eve = await callback_stores.account("eve@example.com")
        assert await store.webhook_secret(bob) is None
        await store.set_webhook_secret(bob, "sealed one")
        await store.set_webhook_secret(bob, "sealed two")
        assert await store.webhook_secret(bob) == "sealed two"
        assert await store.webhook_secret(eve) is None
        await store.set_webhook_secret(bob, None)
        assert await store.webhook_secret(bob) is None

    run(scenario())
