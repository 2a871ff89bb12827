"""A far end with ears: baresip hears our prompt's tone, and its keys reach our next page."""

from pathlib import Path

import pytest

from tests.sim.baresip import Baresip
from tests.sim.installation import Installation
from tests.sim.page_server import PageServer, actions
from tests.sim.sound import make_tone, samples_of, share_of

pytestmark = pytest.mark.journey

PROMPT_HZ = 1000
VOICE_HZ = 700


@pytest.mark.parametrize("codec", ["pcmu", "pcma"])
def test_sound_and_keys_travel_both_ways(tmp_path: Path, codec: str) -> None:
    voice = tmp_path / "voice.wav"
    make_tone(voice, VOICE_HZ)
    with (
        PageServer() as pages,
        Baresip(folder=tmp_path / "phone", says=voice, codec=codec) as phone,
        Installation(tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}") as cloud,
    ):
        make_tone(cloud.data / "media" / "1" / "prompts" / "tone.wav", PROMPT_HZ)
        record = {"next_page": {"url": "recorded"}, "seconds_max_duration": 1}
        prompt = {"play": {"play_list": [{"file_to_play": "prompts/tone.wav"}]}}
        number = {"next_page": {"url": "keys"}, "digit_count": 4}
        pages.page("/first", actions({"record": record}))
        pages.page("/recorded", actions(prompt, {"get_number": number}))
        pages.page("/keys", actions({"hang_up": {}}))
        account = cloud.create_account("bob@example.com")
        account.write_service("survey", first_page=pages.url("/first"))
        [ref] = account.start("survey", {"to": phone.uri})
        phone.wait_for("CALL_ESTABLISHED")
        for event in account.watch(ref):
            if event["event"] == "action_started" and event["action"] == "get_number":
                phone.press("42#7")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()
        recorded = pages.wait_for("/recorded").info["action_result"]["result"]
        made = cloud.data / "media" / "1" / recorded["filename"]
        pressed = pages.wait_for("/keys").info["action_result"]

    assert share_of(heard, PROMPT_HZ) > 0.9
    assert len(heard) > 2 * 8000
    assert recorded["contains_sound"] is True
    assert share_of(samples_of(made), VOICE_HZ) > 0.9
    assert pressed == {"action": "get_number", "result": {"entered_number": "42"}}
