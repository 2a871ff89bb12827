"""What every store promises of those who want to be told of extensions' calls."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from callwright.domain.callback import ExtensionId
from callwright.domain.extension_event import (
    EventRegistration,
    ExtensionEvent,
    RegistrationId,
    TellMethod,
)
from callwright.domain.ids import AccountId
from callwright.scheduler.values import Extension
from tests.contracts.callback_stores import NOW, CallbackStores

Run = Callable[[Coroutine[object, object, object]], Any]


async def extension(stores: CallbackStores, account: AccountId, number: str) -> ExtensionId:
    made = await stores.queues.add_extension(
        Extension(ExtensionId(0), account, number, "", "", "", is_blocked=False, created_at=NOW)
    )
    assert made is not None
    return made.extension_id


def wish(account: AccountId, of: ExtensionId, event: ExtensionEvent) -> EventRegistration:
    url = "https://crm.example.org/☎?a=b"
    return EventRegistration(RegistrationId(0), account, of, event, url, TellMethod.GET)


def test_a_registration_is_kept_changed_and_deleted(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        kept = callback_stores.registrations
        account = await callback_stores.account()
        one = await extension(callback_stores, account, "200")
        made = await kept.add(wish(account, one, ExtensionEvent.DIAL_IN), most=1)
        assert made is not None
        assert replace(made, registration_id=RegistrationId(0)) == wish(
            account, one, ExtensionEvent.DIAL_IN
        )
        where = account, one, made.registration_id
        assert await kept.registration(*where) == made
        changed = replace(made, event=ExtensionEvent.VOICEMAIL, method=TellMethod.POST, url="x")
        assert await kept.change(changed)
        assert await kept.registration(*where) == changed
        for stranger in (
            (AccountId(account + 1), one, made.registration_id),
            (account, ExtensionId(one + 1), made.registration_id),
            (account, one, RegistrationId(made.registration_id + 1)),
        ):
            assert await kept.registration(*stranger) is None
            assert not await kept.delete(*stranger)
            owner, of, number = stranger
            foreign = replace(changed, account_id=owner, extension_id=of, registration_id=number)
            assert not await kept.change(foreign)
        assert await kept.delete(*where)
        assert not await kept.delete(*where)

    run(scenario())


def test_an_extension_has_so_many(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        kept = callback_stores.registrations
        account = await callback_stores.account()
        one = await extension(callback_stores, account, "200")
        other = await extension(callback_stores, account, "201")
        for of in (one, one, one, other):
            await kept.add(wish(account, of, ExtensionEvent.ANSWER), most=2)
        assert len(await kept.of_extensions(account, [one])) == 2
        assert len(await kept.of_extensions(account, [other])) == 1
        nobodys = wish(account, ExtensionId(other + 1), ExtensionEvent.ANSWER)
        assert await kept.add(nobodys, most=2) is None
        stranger = wish(AccountId(account + 1), one, ExtensionEvent.ANSWER)
        assert await kept.add(stranger, most=9) is None

    run(scenario())


def test_registrations_of_several_extensions_come_by_id_and_go_with_theirs(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        kept = callback_stores.registrations
        account = await callback_stores.account()
        ids = [await extension(callback_stores, account, f"20{n}") for n in range(3)]
        made = [
            await kept.add(wish(account, of, ExtensionEvent.HANGUP), most=20)
            for of in (*ids, *reversed(ids))
        ]
        assert list(await kept.of_extensions(account, ids)) == made
        assert list(await kept.of_extensions(account, ids[:1])) == [made[0], made[5]]
        assert list(await kept.of_extensions(account, [])) == []
        assert list(await kept.of_extensions(AccountId(account + 1), ids)) == []
        assert await callback_stores.queues.delete_extension(account, ids[0])
        assert list(await kept.of_extensions(account, ids)) == made[1:5]

    run(scenario())
