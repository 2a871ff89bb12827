"""Reserved conferences with real calls: before the start, in it, and when it is given up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sim.installation import AccountClient
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import seconds_of

pytestmark = pytest.mark.journey

LOBBY_HZ, ANN_HZ, BEN_HZ = 1300, 500, 700


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        opened.cloud.command("account", "features", "bob@example.com", "--reserved-conferences")
        yield opened


def moment(days: int) -> str:
    """So many days from now, as the web services write it."""
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d_%H:%M:%S")


def ask(account: AccountClient, operation: str, **parameters: str) -> Any:
    reply = account.get(f"/conference_{operation}", **parameters)
    assert reply.status == 200, reply.body
    return reply.json


def reserve(site: Site, name: str, **changes: str) -> None:
    """Reserve a conference of an hour, tomorrow unless it is said when."""
    when = {"max_participants": "2", "start_time": moment(days=1), "duration": "60"} | changes
    assert ask(site.account, "reservation_create", conference_name=name, **when) == name


def state_of(site: Site, name: str) -> tuple[str, int]:
    """Return where a conference is, and how many are in it."""
    told = ask(site.account, "list")[name]
    return told["state"], told["participants"]


def enter(site: Site, service: str, room: str) -> None:
    """Write a service whose callers enter a room; `left` is asked after it, `refused` without."""
    left, refused = (
        {"url": site.page(service, name, actions({"hang_up": {}}))} for name in ("left", "refused")
    )
    how = {"name": room, "conference_participant": {"beep_on_entry": False}, "next_page": left}
    first = actions({"connect_to_conference": how}, {"redirect": {"next_page": refused}})
    site.answers(service, first, options={"extra_channels": 1})


def to_the_room(site: Site, service: str) -> dict[str, Any]:
    """Return the record of a service's call to its room."""
    cdrs = site.record(service)["cdrs"].values()
    [cdr] = [cdr for cdr in cdrs if cdr["channel_type"] == "x"]
    return dict(cdr)


def test_before_its_start_a_conference_is_busy(site: Site) -> None:
    reserve(site, "Tomorrow")
    enter(site, "early", "Tomorrow")
    with site.phone("early-ann") as ann:
        site.call(ann, "early")
        site.asked("early", "refused")
        ann.wait_for("CALL_CLOSED")
    assert to_the_room(site, "early")["hangup_cause"] == "BUSY(486)"
    assert state_of(site, "Tomorrow") == ("RESERVED", 0)

    site.calls("early-start", "con:Tomorrow", actions())
    assert site.final("early-start")["this_call"]["call_cause"] == "busy"
    [cdr] = site.record("early-start")["cdrs"].values()
    assert (cdr["destination_address"], cdr["hangup_cause"]) == ("con:Tomorrow", "BUSY(486)")


def test_whoever_comes_too_early_talks_to_the_lobby(site: Site) -> None:
    prompt = site.tone("lobby.wav", LOBBY_HZ, seconds=2)
    site.answers("lobby", actions(prompt, {"hang_up": {}}))
    reserve(site, "Guarded", divert="lobby")
    enter(site, "diverted", "Guarded")
    with site.phone("diverted-ann") as ann:
        site.call(ann, "diverted")
        told = site.asked("diverted", "left")["action_result"]
        ann.wait_for("CALL_CLOSED")
        heard = ann.heard()
    assert told["action"] == "connect_to_conference"
    assert seconds_of(heard, LOBBY_HZ) == pytest.approx(2.0, abs=0.4)
    assert to_the_room(site, "diverted")["destination_address"] == "loc:lobby"
    assert state_of(site, "Guarded") == ("RESERVED", 0)

    site.calls("diverted-start", "con:Guarded", actions({"sleep": {"seconds": 20}}))
    assert site.final("diverted-start")["this_call"]["call_cause"] == "hung_up"
    [cdr] = site.record("diverted-start")["cdrs"].values()
    assert (cdr["destination_address"], cdr["hangup_cause"]) == ("loc:lobby", "NORMAL(200)")


def test_a_conference_begins_takes_its_people_and_is_given_up(site: Site) -> None:
    reserve(site, "Board", start_time=moment(days=0))
    assert state_of(site, "Board") == ("HOLDING", 0)
    for name in ("board-a", "board-b", "board-c"):
        enter(site, name, "Board")
    with (
        site.phone("board-ann", hertz=ANN_HZ) as ann,
        site.phone("board-ben", hertz=BEN_HZ) as ben,
        site.phone("board-cem") as cem,
    ):
        site.call(ann, "board-a")
        site.wait_for("board-a", "joined")
        assert state_of(site, "Board") == ("HOLDING", 1)
        site.call(ben, "board-b")
        site.wait_for("board-b", "joined")
        assert state_of(site, "Board") == ("ACTIVE", 2)
        # It takes two.
        site.call(cem, "board-c")
        site.asked("board-c", "refused")

        changes = {"conference_name": "Board", "max_participants": "3", "duration": "30"}
        ask(site.account, "reservation_modify", **changes)
        by_instance = {
            told["application_instance_id"]: participant
            for participant, told in ask(
                site.account, "participant_list", conference_name="Board"
            ).items()
        }
        whom = by_instance[site.instance("board-b")["instance_id"]]
        who = {"conference_name": "Board", "participant": whom}
        ask(site.account, "participant_set_options", **who, muted="true")
        ann.press("22")
        ask(site.account, "participant_set_options", **who, muted="false")
        ann.press("22")
        ask(site.account, "participant_eject", **who)
        told = site.asked("board-b", "left")["action_result"]
        assert told["result"]["seconds_connected_duration"] > 0
        assert state_of(site, "Board") == ("HOLDING", 1)

        ask(site.account, "reservation_remove", conference_name="Board")
        site.asked("board-a", "left")
        for phone in (ann, ben, cem):
            phone.wait_for("CALL_CLOSED")
        at_ann = ann.heard()

    # Two keys and a little more, of some four.
    assert 0.4 < seconds_of(at_ann, BEN_HZ) < 1.6
    assert ask(site.account, "list", state="HOLDING/ACTIVE") == {}
    assert to_the_room(site, "board-c")["hangup_cause"] == "BUSY(486)"


def test_rooms_of_two_accounts_with_one_name_are_two(site: Site) -> None:
    other = site.cloud.create_account("ann@example.com")
    enter(site, "ours", "Same")
    how = {"name": "Same", "conference_participant": {"beep_on_entry": False}}
    page = site.page("theirs", "first", actions({"connect_to_conference": how}))
    other.write_inbound("theirs", first_page=page, options={"extra_channels": 1})
    with (
        site.phone("same-ann", hertz=ANN_HZ) as ann,
        site.phone("same-ben", hertz=BEN_HZ) as ben,
    ):
        site.call(ben, "theirs")
        site.pages.wait_for("/theirs/first")
        site.call(ann, "ours")
        site.wait_for("ours", "joined")
        ann.press("222")
        rooms = [ask(account, "list")["Same"] for account in (site.account, other)]
        [of_ours], [of_theirs] = [
            ask(account, "participant_list", conference_name="Same")
            for account in (site.account, other)
        ]
        assert of_ours != of_theirs
        wrong = {"conference_name": "Same", "participant": of_theirs}
        assert site.account.get("/conference_participant_eject", **wrong).status == 404
        for phone in (ann, ben):
            phone.hang_up()
            phone.wait_for("CALL_CLOSED")
        at_ann, at_ben = ann.heard(), ben.heard()

    assert [(room["state"], room["participants"]) for room in rooms] == [("HOLDING", 1)] * 2
    assert seconds_of(at_ann, BEN_HZ) == seconds_of(at_ben, ANN_HZ) == 0
