"""Callbacks between SIPp phones, which we did not write: who is called, cancelled, let go."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.page_server import Answer
from tests.sim.rtp_end import RtpEnd
from tests.sim.sipp import Sipp
from tests.sim.site import Site, open_site

pytestmark = pytest.mark.journey

ENDS_WITHIN = 40.0
"""Seconds: phones ring for 5 and stay for 4, one after the other. A bound, never waited out."""

NUMBERS = {"a1": "201", "a2": "202", "a3": "203", "b": "204", "c": "205"}

LET_GO = ["INVITE", "ACK", "BYE"]
CANCELLED = ["INVITE", "CANCEL", "ACK"]
NOT_ANSWERED = ["INVITE", "ACK"]
HUNG_UP_ITSELF = ["INVITE", "ACK"]
"""Its own BYE gets a 200, which is no request."""


@dataclass(frozen=True, slots=True)
class Row:
    """Phones by what they do, and what each is asked."""

    phones: Mapping[str, tuple[str, list[str]]]
    """The scenario of each phone, and the requests that come to it; the A side first."""
    comment: str = ""
    """Empty for a success."""
    params: Mapping[str, object] | None = None
    a_answered: str | None = None
    parts: tuple[tuple[str, str, str], ...] = ()
    """Number, flow and result of each call in the history."""


ROWS = {
    "a busy": Row(
        {"a1": ("busy", NOT_ANSWERED), "b": ("answer", [])},
        "a_busy",
        parts=(("201", "out", "busy"),),
    ),
    "a rejects": Row(
        {"a1": ("reject", NOT_ANSWERED), "b": ("answer", [])},
        "a_rejected",
        parts=(("201", "out", "rejected"),),
    ),
    "a does not answer": Row(
        {"a1": ("no_answer", CANCELLED), "b": ("answer", [])},
        "a_no_answer",
        {"wait_for_pickup": 5},
        parts=(("201", "out", "not answered"),),
    ),
    "b busy": Row(
        {"a1": ("answer", LET_GO), "b": ("busy", NOT_ANSWERED)},
        "b_busy",
        parts=(("201", "out", "answered"), ("204", "out", "busy")),
    ),
    "b rejects": Row(
        {"a1": ("answer", LET_GO), "b": ("reject", NOT_ANSWERED)},
        "b_rejected",
        parts=(("201", "out", "answered"), ("204", "out", "rejected")),
    ),
    "b does not answer": Row(
        {"a1": ("answer", LET_GO), "b": ("no_answer", CANCELLED)},
        "b_no_answer",
        {"wait_for_pickup": 5},
        parts=(("201", "out", "answered"), ("204", "out", "not answered")),
    ),
    "a hangs up while b rings": Row(
        {"a1": ("early_hangup", HUNG_UP_ITSELF), "b": ("no_answer", CANCELLED)},
        "a_hangup",
        parts=(("201", "out", "answered"), ("204", "out", "not answered")),
    ),
    "the first of several wins": Row(
        {
            "a1": ("no_answer", CANCELLED),
            "a2": ("leaves", HUNG_UP_ITSELF),
            "a3": ("no_answer", CANCELLED),
            "b": ("answer", LET_GO),
        },
        a_answered="202",
        parts=(
            ("201", "out", "answered elsewhere"),
            ("202", "out", "answered"),
            ("203", "out", "answered elsewhere"),
            ("204", "out", "answered"),
        ),
    ),
    "one after another": Row(
        {
            "a1": ("busy", NOT_ANSWERED),
            "a2": ("no_answer", CANCELLED),
            "a3": ("leaves", HUNG_UP_ITSELF),
            "b": ("answer", LET_GO),
        },
        params={"src_ring_strategy": "sequential", "wait_for_pickup": 5},
        a_answered="203",
        parts=(
            ("201", "out", "busy"),
            ("202", "out", "not answered"),
            ("203", "out", "answered"),
            ("204", "out", "answered"),
        ),
    ),
    "b is transferred": Row(
        {
            "a1": ("leaves", HUNG_UP_ITSELF),
            "b": ("answer", LET_GO),
            "c": ("early_hangup", HUNG_UP_ITSELF),
        },
        params={"transfer_after_src_hangup": "205"},
        a_answered="201",
        parts=(
            ("201", "out", "answered"),
            ("204", "out", "answered"),
            ("205", "transfer", "answered"),
        ),
    ),
    "nobody answers the transfer": Row(
        {
            "a1": ("leaves", HUNG_UP_ITSELF),
            "b": ("answer", LET_GO),
            "c": ("no_answer", CANCELLED),
        },
        params={"transfer_after_src_hangup": "205", "wait_for_pickup": 5},
        a_answered="201",
        parts=(
            ("201", "out", "answered"),
            ("204", "out", "answered"),
            ("205", "transfer", "not answered"),
        ),
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(site: Site) -> CallbackClient:
    made = CallbackClient(site.account)
    made.extension("Desk", "200")
    for user, number in NUMBERS.items():
        made.extension(user, number, f"sip:{user}@example.com")
    return made


def callback(
    site: Site, client: CallbackClient, name: str, a_side: list[str], params: Mapping[str, object]
) -> dict[str, Any]:
    """Have one callback made, and return its task as its last event tells it."""
    site.pages.page(f"/{name}/after", Answer())
    first, *others = (NUMBERS[user] for user in a_side)
    task = {
        "a_number": first,
        "b_number": NUMBERS["b"],
        "extension_id": "@200",
        "callback_params": {**params, "extended_a_numbers": others},
        "url_after": site.pages.url(f"/{name}/after"),
    }
    client.add(client.queue(name=name), task)
    told: dict[str, Any] = site.pages.wait_for(f"/{name}/after", within=ENDS_WITHIN).info["task"]
    return told


def requests_at(phone: Sipp) -> list[str]:
    """The requests that came, each once: the wire and a busy machine repeat them."""
    came = [one.start_line.split()[0] for one in phone.messages() if one.is_received]
    return [one for one in dict.fromkeys(came) if one.isalpha()]


@pytest.mark.parametrize("name", ROWS)
def test_each_phone_is_asked_what_it_should_be(
    site: Site, client: CallbackClient, tmp_path: Path, name: str
) -> None:
    row = ROWS[name]
    with ExitStack() as stack:
        phones: dict[str, Sipp] = {}
        for user, (scenario, _) in row.phones.items():
            folder = tmp_path / user
            folder.mkdir()
            phones[user] = stack.enter_context(Sipp(scenario, folder=folder))
        site.switch.phones = {user: phone.port for user, phone in phones.items()}
        a_side = [user for user in phones if user.startswith("a")]
        task = callback(site, client, name.replace(" ", "-"), a_side, row.params or {})

    result = "failed" if row.comment else "success"
    assert (task["finish_result"], task["finish_comment"]) == (result, row.comment)
    asked = {user: requests_at(phone) for user, phone in phones.items()}
    assert asked == {user: requests for user, (_, requests) in row.phones.items()}
    assert all(count == 1 for phone in phones.values() for count in phone.invited().values())
    assert [phone.complaints() for phone in phones.values()] == [""] * len(phones)
    if row.a_answered is not None:
        assert task["attempts"][0]["a_answered"] == row.a_answered
    history = client.request("GET", f"/call_history/{task['cdr']}").json
    parts = [(part["dest_number"], part["flow"], part["result"]) for part in history["cdr"]]
    assert sorted(parts) == sorted(row.parts)


def test_they_hear_each_other(site: Site, client: CallbackClient, tmp_path: Path) -> None:
    folders = [tmp_path / user for user in ("a1", "b")]
    for folder in folders:
        folder.mkdir()
    with (
        RtpEnd(700) as sound_of_a,
        RtpEnd(1100) as sound_of_b,
        Sipp("answer", folder=folders[0], sound_port=sound_of_a.port) as a,
        Sipp("answer", folder=folders[1], sound_port=sound_of_b.port) as b,
    ):
        site.switch.phones = {"a1": a.port, "b": b.port}
        task = callback(site, client, "hear", ["a1"], {"call_duration": 3})
        assert sound_of_a.heard(1100) >= 1.0
        assert sound_of_b.heard(700) >= 1.0
        assert sound_of_a.heard(700) == sound_of_b.heard(1100) == 0
    assert task["finish_result"] == "success"
    assert [requests_at(phone) for phone in (a, b)] == [LET_GO, LET_GO]
