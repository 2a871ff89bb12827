"""Three callers in one room, each with a tone of his own: who hears whom, and who leaves how."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.sim.baresip import Baresip
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import seconds_of, share_of

pytestmark = pytest.mark.journey

TONES_HZ = {"ann": 500, "ben": 700, "cem": 1100}
HOLD_HZ = 1600


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def enter(site: Site, service: str, room: str, **participant: object) -> None:
    """Write a service whose callers enter a room at once, without a beep."""
    how = {"beep_on_entry": False} | participant
    room_action = {"name": room, "conference_participant": how, "next_page": {"url": "left"}}
    first = actions({"connect_to_conference": room_action})
    site.answers(service, first, options={"extra_channels": 1})
    site.page(service, "left", actions({"hang_up": {}}))


def in_the_room(site: Site, service: str) -> None:
    """Wait until a service's caller is in his room."""
    site.wait_for(service, "joined", times=1)


def parts(site: Site, *, phones: dict[str, Baresip]) -> dict[str, dict[str, float]]:
    """Who is how much of what each of them heard."""
    for name in phones:
        site.record(name)
    heard = {name: phone.heard() for name, phone in phones.items()}
    return {
        name: {other: share_of(sound, TONES_HZ[other]) for other in TONES_HZ}
        for name, sound in heard.items()
    }


def test_each_hears_the_others_and_not_himself(site: Site) -> None:
    with ExitStack() as opened:
        phones = {
            name: opened.enter_context(site.phone(name, hertz=hertz))
            for name, hertz in TONES_HZ.items()
        }
        for name, phone in phones.items():
            enter(site, name, "team", exit_digit="#", mute_digit="1")
            site.call(phone, name)
            in_the_room(site, name)
        # Five keys that mean nothing here: two seconds in which all hear all.
        phones["ann"].press("22222")
        phones["cem"].press("#")
        assert site.asked("cem", "left")["action_result"]["action"] == "connect_to_conference"
        for name in ("ann", "ben"):
            phones[name].press("#")
        for phone in phones.values():
            phone.wait_for("CALL_CLOSED")
        shares = parts(site, phones=phones)

    for name, heard in shares.items():
        assert heard[name] < 0.02, shares
        assert all(heard[other] > 0.1 for other in TONES_HZ if other != name), shares
    cdrs = site.record("ann")["cdrs"].values()
    assert sorted((cdr["channel_type"], cdr["dir"]) for cdr in cdrs) == [("p", "in"), ("x", "out")]
    [room] = [cdr for cdr in cdrs if cdr["channel_type"] == "x"]
    assert room["destination_address"] == "con:team"


def test_who_mutes_himself_is_heard_no_more(site: Site) -> None:
    enter(site, "mute-a", "quiet", mute_digit="1")
    enter(site, "mute-b", "quiet")
    with (
        site.phone("mute-a", hertz=TONES_HZ["ann"]) as muted,
        site.phone("mute-b", hertz=TONES_HZ["ben"]) as listener,
    ):
        site.call(muted, "mute-a")
        in_the_room(site, "mute-a")
        muted.press("1")
        site.call(listener, "mute-b")
        in_the_room(site, "mute-b")
        listener.press("222")
        muted.press("1")
        listener.press("222")
        listener.hang_up()
        listener.wait_for("CALL_CLOSED")
        heard = listener.heard()
        muted.hang_up()
        muted.wait_for("CALL_CLOSED")
        at_muted = muted.heard()

    # Silent while muted, a tone after: some three keys each.
    assert seconds_of(heard[: len(heard) // 3], TONES_HZ["ann"]) == 0
    assert seconds_of(heard, TONES_HZ["ann"]) > 0.5
    assert seconds_of(at_muted, TONES_HZ["ben"]) > 1.5


def test_a_room_waits_for_its_host_and_ends_with_him(site: Site) -> None:
    hold = site.tone("waiting.wav", HOLD_HZ, seconds=1)
    enter(site, "guest", "host", start_on_entry=False, while_stopped_media=hold)
    enter(site, "host", "host", destroy_on_exit=True)
    with (
        site.phone("guest", hertz=TONES_HZ["ann"]) as guest,
        site.phone("host", hertz=TONES_HZ["ben"]) as host,
    ):
        site.call(guest, "guest")
        in_the_room(site, "guest")
        guest.press("22")
        site.call(host, "host")
        in_the_room(site, "host")
        host.press("222")
        host.hang_up()
        # The guest's call goes on without the room, to his next page.
        assert site.asked("guest", "left")["action_result"]["action"] == "connect_to_conference"
        guest.wait_for("CALL_CLOSED")
        host.wait_for("CALL_CLOSED")
        at_guest, at_host = guest.heard(), host.heard()

    assert seconds_of(at_guest, HOLD_HZ) > 0.4
    assert seconds_of(at_guest, TONES_HZ["ben"]) > 0.6
    assert seconds_of(at_host, TONES_HZ["ann"]) > 0.6
    assert seconds_of(at_host, HOLD_HZ) == 0


def test_who_only_listens_is_not_heard(site: Site) -> None:
    enter(site, "talks", "lecture")
    enter(site, "listens", "lecture", talker=False)
    with (
        site.phone("talks", hertz=TONES_HZ["ann"]) as speaker,
        site.phone("listens", hertz=TONES_HZ["ben"]) as listener,
    ):
        site.call(speaker, "talks")
        in_the_room(site, "talks")
        site.call(listener, "listens")
        in_the_room(site, "listens")
        listener.press("222")
        for phone in (speaker, listener):
            phone.hang_up()
            phone.wait_for("CALL_CLOSED")
        at_speaker, at_listener = speaker.heard(), listener.heard()

    assert seconds_of(at_listener, TONES_HZ["ann"]) > 0.6
    assert seconds_of(at_speaker, TONES_HZ["ben"]) == 0
