"""A conference of forty callers with a tone each, over real SIP and RTP: who hears whom.

Two media workers serve them, so that half of the callers come to the room by a tie line.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from callwright.protocol.sip.values import HostPort
from tests.sim.choir import Choir, Strengths, open_choir
from tests.sim.page_server import actions
from tests.sim.ports import LOOPBACK
from tests.sim.site import Site, open_site

pytestmark = pytest.mark.journey

FORTY = 40
SERVICE = "choir"
ROOM = "choir40"
HEARD = 2.5
"""Seconds that are looked at."""
LEGS = 2
"""Of one participant: his call, and its call to the room."""


def test_forty_callers_each_hear_all_others_and_not_themselves(tmp_path: Path) -> None:
    async def story(site: Site, choir: Choir) -> None:
        singers = await asyncio.gather(*(choir.sing() for _ in range(FORTY)))
        await happened(site, "joined", FORTY * LEGS)
        assert len(await participants(site)) == FORTY
        assert hears_all_but_itself(await choir.hear(singers, seconds=HEARD)) == []

        # One more is busy, and his call goes on with his application's next action.
        late = await choir.sing()
        await asyncio.to_thread(site.asked, SERVICE, "busy")
        await choir.calls.pop(late).over()

        # One leaves, one is muted by the account, one comes in.
        gone, muted, *others = singers
        await choir.hang_up(gone)
        await happened(site, "call_over", 2 * LEGS)
        named = {told["from"]: one for one, told in (await participants(site)).items()}
        assert len(named) == FORTY - 1
        whom = named[f"sip:singer{muted}@{LOOPBACK}"]
        options = {"conference_name": ROOM, "participant": whom, "muted": "true"}
        told = await ask(site, "conference_participant_set_options", **options)
        assert told == whom
        newcomer = await choir.sing()
        await happened(site, "joined", (FORTY + 1) * LEGS)

        strengths = await choir.hear([muted, newcomer, *others[:8]], seconds=HEARD)
        silent = {gone, late, muted}
        for listener, heard in strengths.items():
            loud = {one for one in heard if one not in silent and one != listener}
            assert loudness_is_even(heard, loud), (listener, heard)
            faint = {one: heard[one] for one in heard if one not in loud}
            assert max(faint.values()) < min(heard[one] for one in loud) / 20, (listener, heard)

    tell(tmp_path, story)


def hears_all_but_itself(strengths: Strengths) -> list[tuple[int, dict[int, float]]]:
    """Return who does not, and what they hear."""
    return [
        (listener, heard)
        for listener, heard in strengths.items()
        if not loudness_is_even(heard, heard.keys() - {listener})
        or heard[listener] > min(heard[one] for one in heard.keys() - {listener}) / 20
    ]


def loudness_is_even(heard: dict[int, float], singers: Iterable[int]) -> bool:
    """Whether these are heard, each about as loud as the others: they say the same."""
    loud = [heard[one] for one in singers]
    return max(loud) < 2 * min(loud)


async def happened(site: Site, event: str, times: int) -> None:
    """Wait until something has happened so many times."""
    await asyncio.to_thread(site.events.wait_for, event, times=times)


async def participants(site: Site) -> dict[str, Any]:
    told: dict[str, Any] = await ask(site, "conference_participant_list", conference_name=ROOM)
    return told


async def ask(site: Site, operation: str, **parameters: str) -> Any:
    """Ask one of the conference services."""
    reply = await asyncio.to_thread(site.account.get, f"/{operation}", **parameters)
    return reply.json


def tell(folder: Path, story: Callable[[Site, Choir], Awaitable[None]]) -> None:
    with open_site(folder / "site", settings={"media_workers": "2"}) as site:
        enter = {"name": ROOM, "conference_participant": {"beep_on_entry": False}}
        busy = site.page(SERVICE, "busy", actions({"hang_up": {}}))
        first = actions(
            {"connect_to_conference": enter}, {"redirect": {"next_page": {"url": busy}}}
        )
        site.answers(SERVICE, first, options={"extra_channels": 1})

        async def whole() -> None:
            server = HostPort(*site.cloud.sip)
            async with open_choir(folder / "choir", service=SERVICE, server=server) as choir:
                await story(site, choir)

        asyncio.run(whole())
