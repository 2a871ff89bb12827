"""Each action that journeys of their own do not show, over real SIP and RTP."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.page_server import Answer, actions
from tests.sim.site import Site, open_site
from tests.sim.sound import make_tone, seconds_of, share_of

pytestmark = pytest.mark.journey

ONE_HZ, TWO_HZ, THREE_HZ = 1000, 1300, 1600
HANG_UP = actions({"hang_up": {}})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def heard_of(site: Site, service: str, *, keys: tuple[tuple[str, str], ...] = ()) -> list[int]:
    """Call a service from a phone, press keys as actions begin, and return what it heard."""
    with site.phone(f"{service}-a") as phone:
        site.call(phone, service)
        for action, pressed in keys:
            site.wait_for(service, "action_started", action=action)
            phone.press(pressed)
        site.final(service)
        phone.wait_for("CALL_CLOSED")
        return phone.heard()


def result_of(site: Site, service: str, page: str) -> Any:
    return site.asked(service, page)["action_result"]["result"]


def test_play_says_texts_files_downloads_and_keys(site: Site) -> None:
    downloaded = make_tone(site.folder / "download.wav", TWO_HZ, seconds=1).read_bytes()
    url = site.page("plays", "sound.wav", Answer(downloaded))
    make_tone(site.media("one.wav"), ONE_HZ, seconds=1)
    play_list = [
        {"file_to_play": "one.wav"},
        {"text_to_say": "Good morning."},
        {"file_to_play": {"url": url, "method": "GET"}},
        {"digits_to_play": "42#"},
    ]
    site.answers("plays", actions({"play": {"play_list": play_list}}))
    with site.phone("plays-a") as phone:
        site.call(phone, "plays")
        keys = [phone.wait_for("CALL_DTMF_START")["param"] for _ in "42#"]
        site.final("plays")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    assert keys == ["4", "2", "#"]
    assert seconds_of(heard, ONE_HZ) == pytest.approx(1.0, abs=0.3)
    assert seconds_of(heard, TWO_HZ) == pytest.approx(1.0, abs=0.3)
    assert site.record("plays")["adr"]["tts_seconds"] > 0.3


def test_an_encrypted_file_is_played_with_its_cipher(site: Site) -> None:
    key, vector = "00112233445566778899aabbccddeeff", "0f0e0d0c0b0a09080706050403020100"
    clear = make_tone(site.folder / "clear.wav", ONE_HZ, seconds=1)
    stored = site.media("secret.wav")
    stored.parent.mkdir(parents=True, exist_ok=True)
    encrypt = ["openssl", "enc", "-aes-128-cbc", "-K", key, "-iv", vector]
    subprocess.run([*encrypt, "-in", str(clear), "-out", str(stored)], check=True)
    cipher = {"type": "aescbc", "key": key, "initialisation_vector": vector}
    item = {"file_to_play": "secret.wav", "decryption_cipher": cipher}
    site.answers("secret", actions({"play": {"play_list": [item]}}))

    heard = heard_of(site, "secret")
    assert seconds_of(heard, ONE_HZ) == pytest.approx(1.0, abs=0.3)
    assert key not in site.rest_log("secret") + site.cloud.log()


def test_a_key_barges_in_and_waits_for_the_menu(site: Site) -> None:
    long = site.tone("long.wav", ONE_HZ, seconds=30)
    options = [{"digit": key, "next_page": {"url": f"key-{key}"}} for key in "12"]
    site.answers("barge", actions(long, {"run_menu": {"menu_options": options}}))
    site.page("barge", "key-2", HANG_UP)

    heard = heard_of(site, "barge", keys=(("play", "2"),))
    assert result_of(site, "barge", "key-2") == {"selected_digit": "2"}
    assert seconds_of(heard, ONE_HZ) < 5


def test_a_menu_explains_itself_before_it_gives_up(site: Site) -> None:
    prompt = site.tone("prompt.wav", ONE_HZ, seconds=1)
    sorry = site.tone("sorry.wav", TWO_HZ, seconds=1)
    over = site.tone("over.wav", THREE_HZ, seconds=1)
    menu = {
        "prompt": prompt,
        "menu_options": [{"digit": "1", "next_page": {"url": "never"}}],
        "seconds_digit_timeout": 1,
        "on_digit_timeout_messages": [sorry],
        "on_invalid_digit_messages": [],
    }
    site.answers("menu", actions({"run_menu": menu}, over))

    heard = heard_of(site, "menu")
    assert seconds_of(heard, ONE_HZ) == pytest.approx(1.0, abs=0.3)
    assert seconds_of(heard, TWO_HZ) == pytest.approx(1.0, abs=0.3)
    assert seconds_of(heard, THREE_HZ) == pytest.approx(1.0, abs=0.3)
    assert "/menu/never" not in site.pages.paths()


def test_get_input_takes_keys_and_help_repeats_the_prompt(site: Site) -> None:
    get_input = {
        "next_page": {"url": "got"},
        "prompt": site.tone("ask.wav", ONE_HZ, seconds=1),
        "speech_input_mode": "disabled",
        "digit_input_options": {"digit_count": 2},
    }
    site.answers("input", actions({"get_input": get_input}))
    site.page("input", "got", HANG_UP)

    heard_of(site, "input", keys=(("get_input", "*"), ("get_input", "42")))
    assert result_of(site, "input", "got") == {"speech": [], "digits": "42"}


def test_redirect_sleep_and_hang_up(site: Site) -> None:
    wait = {"sleep": {"seconds": 1}}
    away = {"redirect": {"next_page": {"url": "further", "method": "GET"}}}
    never = site.tone("never.wav", ONE_HZ)
    site.answers("goes", actions({"answer": {}}, wait, away, never, token="t1"))
    site.page("goes", "further", actions({"hang_up": {}}, never))

    heard = heard_of(site, "goes")
    further = site.pages.wait_for("/goes/further")
    assert (further.method, further.info["token"]) == ("GET", "t1")
    assert "action_result" not in further.info
    assert share_of(heard, ONE_HZ) < 0.1
    final = site.final("goes")["this_call"]
    assert final["call_cause"] == "completed"
    assert final["seconds_call_duration"] >= 1.0


def test_a_recording_is_told_of_and_deleted_by_the_final_page(site: Site) -> None:
    record = {
        "next_page": {"url": "stored"},
        "id": "visit",
        "seconds_max_duration": 1,
        "milliseconds_max_silence": 0,
        "beep_on_start": True,
        "recording_available_page": {"url": "available"},
    }
    site.answers("keeps", actions({"record": record}))
    site.page("keeps", "available", actions({"dance": {}}))
    site.page("keeps", "stored", HANG_UP)
    with site.phone("keeps-a", hertz=TWO_HZ) as phone:
        site.call(phone, "keeps")
        stored = result_of(site, "keeps", "stored")
        available = site.asked("keeps", "available")
        phone.wait_for("CALL_CLOSED")
    assert stored["id"] == "visit"
    assert stored["seconds_duration"] == pytest.approx(1.0, abs=0.1)
    assert (available["is_notification"], available["action_result"]["result"]) == (True, stored)
    assert site.media(stored["filename"]).exists()

    site.answers("keeps-not", HANG_UP)
    file = {"delete_file": {"file_to_delete": stored["filename"]}}
    gone = {"delete_file": {"file_to_delete": "gone.wav"}}
    site.page("keeps-not", "final", actions(gone, file))
    with site.phone("keeps-not-a") as phone:
        site.call(phone, "keeps-not")
        phone.wait_for("CALL_CLOSED")
    assert site.record("keeps-not")["adr"]["exit_status"] == 0
    assert not site.media(stored["filename"]).exists()
    assert "gone.wav" in site.rest_log("keeps-not")


FOREIGN = {"speech_recognition_options": {"language": "xx-XX"}}
STREAM = {"call_configuration": {"speech_streams": 2}}
FAULTS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "send_fax",
        {"next_page": {"url": "never"}, "fax_to_send": "a.tif"},
        {},
        "invalid_state",
    ),
    ("receive_fax", {"next_page": {"url": "never"}}, {}, "invalid_state"),
    ("start_transcription", {"results_page": {"url": "never"}}, {}, "no_speech_streams"),
    (
        "start_transcription",
        {"results_page": {"url": "never"}} | FOREIGN,
        STREAM,
        "speech_recognition_failed",
    ),
    ("get_input", {"next_page": {"url": "never"}}, {}, "no_speech_streams"),
    ("get_input", {"next_page": {"url": "never"}} | FOREIGN, STREAM, "speech_recognition_failed"),
    (
        "run_speech_menu",
        {"menu_options": [{"word": "yes", "next_page": {"url": "never"}}]},
        {},
        "no_speech_streams",
    ),
]


@pytest.mark.parametrize(("action", "properties", "options", "code"), FAULTS)
def test_what_is_not_there_is_told_to_the_error_page(
    site: Site, action: str, properties: dict[str, Any], options: dict[str, Any], code: str
) -> None:
    # A short one: what a phone heard has a path of at most 127 characters.
    name = f"{action[:9]}-{code[:9]}".replace("_", "-")
    apology = site.tone("apology.wav", THREE_HZ, seconds=1)
    error = {"address": site.page(name, "error", actions(apology))}
    first = actions({"answer": {}}, {action: properties})
    site.answers(name, first, error_page=error, **options)

    heard = heard_of(site, name)
    told = site.asked(name, "error")["error_result"]
    assert (told["action"], told["code"]) == (action, code), told["result"]
    assert seconds_of(heard, THREE_HZ) == pytest.approx(1.0, abs=0.3)
    assert site.final(name)["this_call"]["call_cause"] == "failed"


def test_transcription_may_be_stopped_when_none_runs(site: Site) -> None:
    after = site.tone("after.wav", THREE_HZ, seconds=1)
    site.answers("stops", actions({"answer": {}}, {"stop_transcription": {}}, after))

    assert seconds_of(heard_of(site, "stops"), THREE_HZ) == pytest.approx(1.0, abs=0.3)
    assert site.record("stops")["adr"]["exit_status"] == 0
