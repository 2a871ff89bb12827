"""Whole calls in files: both sides mixed or apart, encrypted, without keys, of either call."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sim.baresip import Baresip
from tests.sim.page_server import Answer, actions
from tests.sim.site import Site, open_site
from tests.sim.sound import samples_of, seconds_of, share_of

pytestmark = pytest.mark.journey

PROMPT_HZ, VOICE_HZ, OTHER_HZ = 1000, 700, 500
FIVE_HZ = (770, 1336)
"""The two tones of the key 5 (ITU-T Q.23)."""
CIPHER = {"type": "aescbc", "key": "00112233445566778899aabbccddeeff"}
CIPHER |= {"initialisation_vector": "0f0e0d0c0b0a09080706050403020100"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def with_cipher(*items: dict[str, object]) -> Answer:
    document = {"api_version": "2.0", "actions": items, "call_recording_cipher": CIPHER}
    return Answer(json.dumps(document).encode())


def prompt_and_silence(site: Site) -> list[dict[str, Any]]:
    """Two seconds of our tone, and one in which only the far end is heard."""
    return [site.tone("prompt.wav", PROMPT_HZ), {"sleep": {"seconds": 1}}]


def run(site: Site, service: str, phone: Baresip) -> Path:
    """Let a phone call a service until the end, and return where the recording is."""
    site.call(phone, service)
    told = site.final(service)["this_call"]
    phone.wait_for("CALL_CLOSED")
    site.record(service)
    return site.media(told["call_recording_filename"])


def decrypted(recording: Path, clear: Path) -> Path:
    """Decrypt a recording as its customer would."""
    key, vector = CIPHER["key"], CIPHER["initialisation_vector"]
    subprocess.run(
        [
            *("openssl", "enc", "-d", "-aes-128-cbc", "-K", key, "-iv", vector),
            *("-in", str(recording), "-out", str(clear)),
        ],
        check=True,
    )
    return clear


def test_both_sides_are_mixed_into_one_channel(site: Site) -> None:
    recorded = {"call_recording": {"enabled": True}}
    site.answers("mixed", actions(*prompt_and_silence(site)), **recorded)
    with site.phone("mixed-a", hertz=VOICE_HZ) as phone:
        sound = samples_of(run(site, "mixed", phone))

    assert len(sound) / 8000 == pytest.approx(3.0, abs=0.4)
    # Where both are heard neither is more than half: where one is alone, the other is not.
    assert seconds_of(sound, VOICE_HZ) >= 0.7
    # The same loudness on both sides, so in the first two seconds each has half of the energy.
    halves = [share_of(sound[4000:12000], hertz) for hertz in (VOICE_HZ, PROMPT_HZ)]
    assert all(0.2 < share < 0.8 for share in halves), halves
    events = site.events.of(site.instance("mixed")["service_ref"])
    assert sum(one["event"] == "recording" for one in events) == 1


def test_each_side_has_a_channel_and_only_the_customer_can_read_it(
    site: Site, tmp_path: Path
) -> None:
    recorded = {"call_recording": {"enabled": True, "encryption": True, "mode": "separate"}}
    site.answers("apart", with_cipher(*prompt_and_silence(site)), **recorded)
    with site.phone("apart-a", hertz=VOICE_HZ) as phone:
        recording = run(site, "apart", phone)
    assert not recording.read_bytes().startswith(b"RIFF")
    clear = decrypted(recording, tmp_path / "clear.wav")
    sides = [samples_of(clear, channel=channel) for channel in (1, 2)]
    heard = [{hertz: seconds_of(side, hertz) for hertz in (VOICE_HZ, PROMPT_HZ)} for side in sides]

    assert heard[0][VOICE_HZ] == pytest.approx(3.0, abs=0.4)
    assert heard[1][PROMPT_HZ] == pytest.approx(2.0, abs=0.3)
    assert heard[0][PROMPT_HZ] == heard[1][VOICE_HZ] == 0
    assert CIPHER["key"] not in site.rest_log("apart") + site.cloud.log()


def test_a_first_page_without_a_cipher_is_an_error(site: Site) -> None:
    recorded = {"call_recording": {"enabled": True, "encryption": True}}
    error = {"address": site.page("bare", "error", actions())}
    site.answers("bare", actions(*prompt_and_silence(site)), error_page=error, **recorded)
    with site.phone("bare-a") as phone:
        site.call(phone, "bare")
        phone.wait_for("CALL_CLOSED")

    assert site.asked("bare", "error")["error_result"]["code"] == "cipher_required"


@pytest.mark.parametrize("eliminates", [True, False], ids=["without_keys", "with_keys"])
def test_keys_are_taken_out_if_wanted(
    site: Site,
    eliminates: bool,  # noqa: FBT001 - a column of the table
) -> None:
    name = f"keys-{eliminates}".lower()
    recorded = {"enabled": True, "eliminate_dtmf": eliminates}
    site.answers(
        name,
        actions({"play": {"play_list": [{"digits_to_play": "5,5,5"}]}}, {"sleep": {"seconds": 1}}),
        call_recording=recorded,
    )
    voice = key_tones(site.folder / f"{name}.wav")
    with Baresip(folder=site.folder / "phones" / name, says=voice, user=name) as phone:
        sound = samples_of(run(site, name, phone))

    tones = [share_of(sound, hertz) for hertz in FIVE_HZ]
    if eliminates:
        assert sum(abs(sample) for sample in sound) / len(sound) < 300
    else:
        assert sum(tones) > 0.8, tones


def key_tones(path: Path) -> Path:
    """Write one second of the tones of a key, made by sox."""
    tones = [word for hertz in FIVE_HZ for word in ("sine", str(hertz))]
    form = ["-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer"]
    subprocess.run(
        ["sox", "-n", *form, str(path), "synth", "1", *tones, "remix", "-", "vol", "0.4"],
        check=True,
    )
    return path


def test_a_secondary_call_is_recorded_while_it_is_joined(site: Site) -> None:
    secondary = {"call_recording": True, "call_recording_mode": "separate"}
    secondary |= {"final_page": {"url": "goodbye"}}
    connect = {"destinations": ["sip:second-b@example.com"], "secondary_call": secondary}
    site.answers("second", actions({"connect": connect}), options={"extra_channels": 1})
    site.page("second", "goodbye", actions())
    with (
        site.phone("second-a", hertz=OTHER_HZ) as caller,
        site.phone("second-b", hertz=VOICE_HZ) as callee,
    ):
        site.call(caller, "second")
        site.wait_for("second", "joined", times=2)
        caller.press("123")
        callee.hang_up()
        site.final("second")
        caller.wait_for("CALL_CLOSED")
        site.record("second")
    told = site.asked("second", "goodbye")["this_call"]
    recording = site.media(told["call_recording_filename"])
    theirs, ours = (samples_of(recording, channel=channel) for channel in (1, 2))

    assert seconds_of(theirs, VOICE_HZ) > 0.8
    assert seconds_of(ours, OTHER_HZ) > 0.5
    assert seconds_of(theirs, OTHER_HZ) == seconds_of(ours, VOICE_HZ) == 0
    assert "call_recording_filename" not in site.final("second")["this_call"]
