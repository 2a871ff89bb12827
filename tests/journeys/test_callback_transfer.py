"""Who stays when the other one hangs up is connected with a third: the two hear each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.page_server import Answer
from tests.sim.site import Site, open_site
from tests.sim.sound import seconds_of

pytestmark = pytest.mark.journey

HERTZ = {"ann": 700, "ben": 1100, "cid": 1500}
NUMBERS = {"ann": "200", "ben": "201", "cid": "202"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(site: Site) -> CallbackClient:
    made = CallbackClient(site.account)
    for user, number in NUMBERS.items():
        made.extension(user, number, f"sip:{user}@example.com")
    return made


@pytest.mark.parametrize(
    ("key", "leaves", "stays"),
    [("transfer_after_src_hangup", "ann", "ben"), ("transfer_after_dst_hangup", "ben", "ann")],
)
def test_who_stays_talks_to_the_number_for_that(
    site: Site, client: CallbackClient, key: str, leaves: str, stays: str
) -> None:
    queue_id = client.queue(name=key)
    for event in ("success", "after"):
        site.pages.page(f"/{key}/{event}", Answer())
    with (
        site.phone(leaves, hertz=HERTZ[leaves]) as of_leaves,
        site.phone(stays, hertz=HERTZ[stays]) as of_stays,
        site.phone("cid", hertz=HERTZ["cid"]) as of_cid,
    ):
        task = {
            "a_number": NUMBERS["ann"],
            "b_number": NUMBERS["ben"],
            "extension_id": "@200",
            "callback_params": {key: NUMBERS["cid"]},
            "url_success": site.pages.url(f"/{key}/success"),
            "url_after": site.pages.url(f"/{key}/after"),
        }
        [task_id] = client.add(queue_id, task)
        site.pages.wait_for(f"/{key}/success")
        of_leaves.hang_up()
        of_cid.wait_for("CALL_ESTABLISHED")
        assert client.task(queue_id, task_id)["status"] == "executed"
        of_stays.press("42")
        for pressed in "42":
            assert of_cid.wait_for("CALL_DTMF_START")["param"] == pressed
        of_cid.hang_up()
        of_stays.wait_for("CALL_CLOSED")
        told = site.pages.wait_for(f"/{key}/after").info["task"]
        at_stays, at_cid = of_stays.heard(), of_cid.heard()

    assert (told["status"], told["finish_result"]) == ("finished", "success")
    assert seconds_of(at_stays, HERTZ["cid"]) >= 0.3
    assert seconds_of(at_cid, HERTZ[stays]) >= 0.3
    assert seconds_of(at_cid, HERTZ[leaves]) == 0
    history = client.request("GET", f"/call_history/{told['cdr']}").json
    assert history["result"] == "bridged"
    # The call to the extension itself, Ann's, has no part.
    flows = {part["dest_number"]: part["flow"] for part in history["cdr"]}
    assert flows == {NUMBERS["ben"]: "out", NUMBERS["cid"]: "transfer"}
