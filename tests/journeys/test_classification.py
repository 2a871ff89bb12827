"""Who answered: people, machines and faxes that a real phone plays, and what we do then."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sim.baresip import Baresip
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import RATE_HZ, make_tone, samples_of, seconds_of

pytestmark = pytest.mark.journey

PROMPT_HZ = 1000
BEEP_HZ = 1400
CED_HZ = 2100
"""What a fax machine answers with (ITU-T V.25)."""

GREETING = (
    "Hello, you have reached the mailbox of Ann and Ben Miller. We cannot take your call right "
    "now. Please leave a message after the tone, and we will call you back."
)
FORM = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def spoken(path: Path, text: str) -> Path:
    """Have espeak-ng say a text, as a telephone carries it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = path.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", "en-gb", "-w", str(raw), text], check=True)
    subprocess.run(["sox", str(raw), *FORM, str(path), "vol", "0.7"], check=True)
    return path


def human(folder: Path) -> Path:
    return spoken(folder / "human.wav", "Hello?")


def machine(folder: Path) -> Path:
    greeting = spoken(folder / "greeting.wav", GREETING)
    beep = make_tone(folder / "beep.wav", BEEP_HZ, seconds=0.5)
    path = folder / "machine.wav"
    subprocess.run(["sox", str(greeting), str(beep), str(path)], check=True)
    return path


def fax(folder: Path) -> Path:
    return make_tone(folder / "fax.wav", CED_HZ, seconds=3)


@contextmanager
def answered_by(site: Site, name: str, voice: Path) -> Iterator[Baresip]:
    with Baresip(folder=site.folder / "phones" / name, says=voice, user=name) as phone:
        site.switch.phones[name] = phone.port
        yield phone


def classified(*, machines: bool = False, faxes: bool = False) -> dict[str, Any]:
    """The service's options; whether machines and faxes are hung up on."""
    options = {
        "enabled": True,
        "hang_up_on_answering_machine": machines,
        "hang_up_on_fax_machine": faxes,
    }
    return {"call_configuration": {"far_end_classification": options}}


MakeVoice = Callable[[Path], Path]

VOICES: list[tuple[str, MakeVoice]] = [
    ("human", human),
    ("answering_machine", machine),
    ("fax_machine", fax),
]


@pytest.mark.parametrize(("far_end_type", "voice"), VOICES, ids=[one[0] for one in VOICES])
def test_the_first_page_is_told_who_answered(
    site: Site, far_end_type: str, voice: MakeVoice
) -> None:
    name = far_end_type.replace("_", "-")
    prompt = site.tone("prompt.wav", PROMPT_HZ, seconds=1)
    with answered_by(site, name, voice(site.folder)) as phone:
        ref = site.calls(name, f"sip:{name}@example.com", actions(prompt), **classified())
        site.account.follow(ref)
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    assert site.asked(name, "first")["this_call"]["far_end_type"] == far_end_type
    assert site.final(name)["this_call"]["far_end_type"] == far_end_type
    event = site.wait_for(name, "far_end")
    assert event["far_end_type"] == far_end_type
    assert event["reasons"]
    [cdr] = site.record(name)["cdrs"].values()
    assert cdr["far_end"]["type"] == far_end_type
    assert cdr["far_end"]["timeline"]
    assert seconds_of(heard, PROMPT_HZ) == pytest.approx(1.0, abs=0.3)
    if far_end_type == "answering_machine":
        # The message begins after the beep, not over the greeting.
        assert seconds_of(heard[: 6 * 8000], PROMPT_HZ) == 0


def test_machines_are_hung_up_on_without_a_first_page(site: Site) -> None:
    with answered_by(site, "unwanted", machine(site.folder)) as phone:
        ref = site.calls(
            "unwanted", "sip:unwanted@example.com", actions(), **classified(machines=True)
        )
        site.account.follow(ref)
        phone.wait_for("CALL_CLOSED")

    final = site.final("unwanted")["this_call"]
    assert (final["far_end_type"], final["call_cause"]) == ("answering_machine", "completed")
    assert "/unwanted/first" not in site.pages.paths()


def test_a_machine_does_not_win_against_a_human(site: Site) -> None:
    users = ["race-machine", "race-human"]
    connect = {
        "destinations": [f"sip:{user}@example.com" for user in users],
        "classify_callee": {"enable": True},
        "secondary_call": {"final_page": {"url": "goodbye"}},
    }
    site.answers("race", actions({"connect": connect}), options={"extra_channels": 2})
    site.page("race", "goodbye", actions())
    with (
        answered_by(site, "race-machine", machine(site.folder / "race")) as other,
        answered_by(site, "race-human", human(site.folder / "race")) as winner,
        site.phone("race-a", hertz=PROMPT_HZ) as caller,
    ):
        site.call(caller, "race")
        site.wait_for("race", "joined", times=2)
        winner.press("1")
        caller.wait_for("CALL_DTMF_START")
        winner.hang_up()
        caller.wait_for("CALL_CLOSED")
        other.wait_for("CALL_CLOSED")
        winner.wait_for("CALL_CLOSED")
        at_winner, at_machine = winner.heard(), other.heard()

    assert seconds_of(at_winner, PROMPT_HZ) > 0.2
    assert seconds_of(at_machine, PROMPT_HZ) == 0
    told = site.asked("race", "goodbye")["this_call"]
    assert (told["call_to"], told["far_end_type"]) == ("sip:race-human@example.com", "human")


MESSAGE_HZ = 620
MESSAGE = 2.0
"""Seconds of what we say to whoever answers: no beep of the carrier's has its frequency."""

PEOPLE = {
    "30": "answering_machine",
    "31": "answering_machine",
    "32": "answering_machine",
    "33": "fax_machine",
    "34": "fax_machine",
    "35": "answering_machine",
    "36": "answering_machine",
    "40": "human",
    "41": "human",
    "42": "human",
    "43": "human",
    "44": "human",
    "45": "human",
}
"""Who answers at the carrier's numbers, by their last digits; who screens calls is a machine."""

RECORDING = ["30", "31", "35", "36"]
"""Those that record what is said. Not 32: its greeting lasts longer than the ten seconds that the
API has us wait for a machine."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everybody at the carrier, called at the same time; their calls are over one after another."""
    with open_site(tmp_path_factory.mktemp("town"), trunk="sim:") as opened:
        message = opened.tone("message.wav", MESSAGE_HZ, seconds=MESSAGE)
        for digits in PEOPLE:
            opened.calls(f"to{digits}", f"4416329609{digits}", actions(message), **classified())
        yield opened


@pytest.mark.parametrize(("digits", "far_end_type"), PEOPLE.items())
def test_whoever_answers_at_the_carrier_is_told_apart(
    town: Site, digits: str, far_end_type: str
) -> None:
    [cdr] = town.record(f"to{digits}")["cdrs"].values()
    assert cdr["far_end"]["type"] == far_end_type, cdr["far_end"]
    assert cdr["far_end"]["reasons"]
    assert town.asked(f"to{digits}", "first")["this_call"]["far_end_type"] == far_end_type
    assert town.final(f"to{digits}")["this_call"]["far_end_type"] == far_end_type


@pytest.mark.parametrize("digits", RECORDING)
def test_a_machine_records_our_whole_message(town: Site, digits: str) -> None:
    town.record(f"to{digits}")
    lines = (town.cloud.data / "carrier.log").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    [call] = [
        it["sip_call_id"]
        for it in entries
        if it["event"] == "invited" and it["number"].endswith(digits)
    ]
    [begun] = [it for it in entries if it["event"] == "recording" and it["sip_call_id"] == call]
    recorded = samples_of(Path(begun["file"]))
    # Nothing of it was said into the greeting or the beep: the recording begins after them.
    assert seconds_of(recorded, MESSAGE_HZ) == pytest.approx(MESSAGE, abs=0.15)
    assert seconds_of(recorded[: RATE_HZ // 2], MESSAGE_HZ) == 0
