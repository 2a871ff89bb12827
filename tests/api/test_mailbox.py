"""A letter box is filled at once, emptied when the reader can, and bounded."""

import asyncio

from callwright.api.mailbox import Mailbox
from callwright.domain.clock import UnixTime
from callwright.domain.facts import StartCancelled
from callwright.domain.ids import AccountId, ServiceRef
from callwright.records.live_facts import LiveFact


def letter(number: int) -> LiveFact:
    return LiveFact(AccountId(1), ServiceRef(str(number)), StartCancelled(UnixTime(0.0)))


def refs(letters: list[LiveFact]) -> list[str]:
    return [str(one.ref) for one in letters]


def test_letters_come_out_in_order_and_once() -> None:
    async def story() -> None:
        box = Mailbox[LiveFact]()
        box.put(letter(1))
        box.put(letter(2))

        dropped, taken = await box.take(within=0.0)
        nothing = await box.take(within=0.0)

        assert (dropped, refs(taken), nothing) == (0, ["1", "2"], (0, []))

    asyncio.run(story())


def test_a_full_box_drops_its_oldest_and_says_how_many() -> None:
    async def story() -> None:
        box = Mailbox[LiveFact](max_waiting=2)
        for number in range(5):
            box.put(letter(number))

        dropped, taken = await box.take(within=0.0)
        box.put(letter(5))
        then = await box.take(within=0.0)

        assert (dropped, refs(taken)) == (3, ["3", "4"])
        assert (then[0], refs(then[1])) == (0, ["5"])

    asyncio.run(story())


def test_a_waiting_reader_is_woken_by_a_letter_and_by_closing() -> None:
    async def story() -> None:
        box = Mailbox[LiveFact]()
        reader = asyncio.ensure_future(box.take(within=60.0))
        await asyncio.sleep(0)
        box.put(letter(1))
        assert refs((await reader)[1]) == ["1"]

        last = asyncio.ensure_future(box.take(within=60.0))
        await asyncio.sleep(0)
        box.close()
        assert await last == (0, [])
        assert box.is_closed

    asyncio.run(story())
