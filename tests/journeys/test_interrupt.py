"""Somebody else decides: an instance is interrupted in the middle of an action, and goes on."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.baresip import Baresip
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import samples_of, seconds_of, share_of

pytestmark = pytest.mark.journey

VOICE_HZ, PROMPT_HZ, NEWS_HZ, OTHER_HZ = 700, 1000, 1300, 500


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def interrupt(site: Site, service: str, **parameters: str) -> Any:
    """Interrupt the instance of a service and return what is said of it."""
    instance_id = site.instance(service)["instance_id"]
    reply = site.account.get("/rest_interrupt", application_instance_ids=instance_id, **parameters)
    assert reply.status == 200, reply.body
    return reply.json[instance_id]


def lasting(site: Site, action: str) -> dict[str, Any]:
    """An action in the middle of which it is interrupted."""
    never = {"next_page": {"url": "never"}}
    secondary = {"final_page": {"url": "goodbye"}}
    properties: dict[str, dict[str, Any]] = {
        "get_number": never | {"seconds_timeout": 60, "digit_count": 4},
        "sleep": {"seconds": 60},
        "record": never | {"milliseconds_max_silence": 0},
        "connect": never
        | {"destinations": ["sip:connect-b@example.com"], "secondary_call": secondary},
        "connect_to_conference": never | {"name": "room", "secondary_call": secondary},
    }
    if action == "play":
        return dict(site.tone("long.wav", PROMPT_HZ, seconds=30))
    return {action: properties[action]}


def in_the_middle(site: Site, service: str, action: str, phone: Baresip) -> None:
    """Wait until an action is doing what it does."""
    site.wait_for(service, "action_started", action=action)
    if action.startswith("connect"):
        site.wait_for(service, "joined")
    # Keys take time, in which something is heard; they interrupt none of these actions.
    phone.press("12")
    site.wait_for(service, "digit", digit="2")


ACTIONS = ["play", "get_number", "sleep", "record", "connect", "connect_to_conference"]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_left_for_another_page(site: Site, action: str) -> None:
    name = action.replace("_", "-")
    news = site.tone("news.wav", NEWS_HZ, seconds=1)
    wanted = lasting(site, action)
    if action == "play":
        wanted["play"]["barge_in_on_digit"] = False
    first = actions({"answer": {}}, wanted, token="t1")
    site.answers(name, first, options={"extra_channels": 1})
    redirect = site.page(name, "news", actions(news))
    site.page(name, "goodbye", actions())
    with (
        site.phone(f"{name}-a", hertz=VOICE_HZ) as phone,
        site.phone(f"{name}-b", hertz=OTHER_HZ) as other,
    ):
        site.call(phone, name)
        in_the_middle(site, name, action, phone)
        told = interrupt(site, name, redirect_page=redirect)
        site.final(name)
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()
        if action == "connect":
            other.wait_for("CALL_CLOSED")
            assert seconds_of(heard, OTHER_HZ) > 0.2

    assert told == {"result": "interrupted", "action": action}
    info = site.asked(name, "news")
    assert info["action_result"] == {"action": action, "interrupted": True}
    assert seconds_of(heard, NEWS_HZ) == pytest.approx(1.0, abs=0.3)
    assert f"/{name}/never" not in site.pages.paths()
    if action == "play":
        assert 0.5 < seconds_of(heard, PROMPT_HZ) < 10
    if action == "record":
        kept = site.wait_for(name, "recording")["filename"]
        assert share_of(samples_of(site.media(kept)), VOICE_HZ) > 0.9
    if action.startswith("connect"):
        assert site.asked(name, "goodbye")["this_call"]["call_cause"] == "completed"


def test_without_a_page_the_instance_ends(site: Site) -> None:
    site.answers("ends", actions({"answer": {}}, {"sleep": {"seconds": 60}}))
    with site.phone("ends-a") as phone:
        site.call(phone, "ends")
        in_the_middle(site, "ends", "sleep", phone)
        told = interrupt(site, "ends")
        final = site.final("ends")
        phone.wait_for("CALL_CLOSED")
        site.record("ends")
        again = interrupt(site, "ends")

    assert told == {"result": "interrupted", "action": "sleep"}
    assert final["this_call"]["call_state"] == "idle"
    assert again == {"result": "application already completed"}


def test_what_nobody_runs_cannot_be_interrupted(site: Site) -> None:
    reply = site.account.get("/rest_interrupt", application_instance_ids="0123456789abcdef.9")

    assert reply.json == {"0123456789abcdef.9": {"result": "no such application"}}
