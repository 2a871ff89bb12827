"""Applications that listen, over real SIP and RTP: espeak-ng speaks at the far end."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.sim.baresip import Baresip
from tests.sim.page_server import actions
from tests.sim.site import Site, open_site
from tests.sim.sound import seconds_of

pytestmark = pytest.mark.journey

PROMPT_HZ = 1000
STREAMS: dict[str, Any] = {"call_configuration": {"speech_streams": 3}}
FAR_END = "441632960941"
"""Who says `Hello?`, then after each turn of ours `Sales.`, `Yes.` and `One, two, three, four.`"""

PHRASES = {"barge_in_phrases": ["operator", "billing"]}

FORM = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation beside the carrier in a box."""
    with open_site(tmp_path_factory.mktemp("town"), trunk="sim:") as opened:
        yield opened


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation beside phones that say what a test has written."""
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@contextmanager
def speaker(site: Site, name: str, *texts: tuple[float, str]) -> Iterator[Baresip]:
    """Start a phone that says these texts once it is answered, each after so many seconds."""
    folder = site.folder / "voices" / name
    folder.mkdir(parents=True)
    pieces: list[str] = []
    for number, (pause, text) in enumerate(texts):
        raw, piece = folder / f"{number}.raw.wav", folder / f"{number}.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(raw), text], check=True)
        subprocess.run(
            ["sox", str(raw), *FORM, str(piece), "vol", "0.5", "pad", str(pause)], check=True
        )
        pieces.append(str(piece))
    voice = folder / "voice.wav"
    subprocess.run(["sox", *pieces, str(voice)], check=True)
    with Baresip(folder=site.folder / "phones" / name, says=voice, user=name) as phone:
        site.switch.phones[name] = phone.port
        yield phone


def said(text: str) -> dict[str, Any]:
    return {"play": {"play_list": [{"text_to_say": text}]}}


def result_of(site: Site, service: str, page: str) -> Any:
    return site.asked(service, page)["action_result"]["result"]


def options(*words: str) -> list[dict[str, Any]]:
    return [{"word": word, "next_page": {"url": word.lower()}} for word in words]


def transcription_of(site: Site, service: str, page: str) -> list[dict[str, Any]]:
    """Return what a results page was told, as soon as it was told that this was all."""
    told: list[dict[str, Any]] = []
    while not told or not told[-1]["completed"]:
        asked = site.asked(service, page, times=len(told) + 1)
        assert asked["is_notification"]
        told.append(asked["action_result"]["result"])
    return told


def test_menus_and_digits_are_answered_by_voice(town: Site) -> None:
    menu = {
        "prompt": said("Sales, support or billing?"),
        "menu_options": options("Sales", "Support", "Billing"),
    }
    sure = {"prompt": said("Are you sure?"), "menu_options": options("Yes", "No")}
    number = {
        "next_page": {"url": "got"},
        "prompt": said("What is your number?"),
        "speech_recognition_options": {"word_hints": [{"words": ["$OOV_CLASS_DIGIT_SEQUENCE"]}]},
    }
    town.page("voice", "sales", actions({"run_speech_menu": sure}))
    town.page("voice", "yes", actions({"get_input": number}))
    town.page("voice", "got", actions({"hang_up": {}}))
    town.calls("voice", FAR_END, actions({"run_speech_menu": menu}), **STREAMS)

    town.wait_for("voice", "instance_stopped")
    assert result_of(town, "voice", "sales") == {"selected_digit": "", "selected_word": "Sales"}
    assert result_of(town, "voice", "yes") == {"selected_digit": "", "selected_word": "Yes"}
    got = result_of(town, "voice", "got")
    assert got["digits"] == ""
    assert got["speech"][0]["alternatives"][0]["text"] == "one two three four"


def test_what_is_said_is_told_in_its_order(town: Site) -> None:
    transcription = {
        "results_page": {"url": "told"},
        "transcription_mode": "inbound",
        "id": "t1",
        "speech_recognition_options": {"word_hints": [{"words": ["$OOV_CLASS_DIGIT_SEQUENCE"]}]},
    }
    turns = [said(f"Please say number {number}.") for number in (1, 2, 3)]
    waits = [{"sleep": {"seconds": 3}}, {"sleep": {"seconds": 3}}, {"sleep": {"seconds": 5}}]
    list_of_turns = [each for turn in zip(turns, waits, strict=True) for each in turn]
    town.page("told", "told", actions())
    first = actions(
        {"start_transcription": transcription}, *list_of_turns, {"stop_transcription": {}}
    )
    town.calls("told", FAR_END, first, **STREAMS)

    town.wait_for("told", "instance_stopped")
    told = transcription_of(town, "told", "told")
    assert {result["id"] for result in told} == {"t1"}
    assert [result["completed"] for result in told] == [False] * (len(told) - 1) + [True]
    phrases = [phrase for result in told for phrase in result["transcription"]]
    assert all(phrase["final"] and phrase["direction"] == "inbound" for phrase in phrases)
    assert phrases[-1]["alternatives"][0]["text"] == "one two three four"


def test_a_word_barges_in_and_waits_for_the_menu(site: Site) -> None:
    site.tone("long.wav", PROMPT_HZ, seconds=30)
    play = {
        "play_list": [{"file_to_play": "long.wav"}],
        "barge_in_on_speech": True,
        "barge_in_on_speech_options": PHRASES,
    }
    menu = {"menu_options": options("Operator", "Billing")}
    site.answers("barge", actions({"play": play}, {"run_speech_menu": menu}), **STREAMS)
    site.page("barge", "operator", actions({"hang_up": {}}))
    with speaker(site, "barge-a", (2.0, "banana"), (2.0, "operator")) as phone:
        site.call(phone, "barge")
        site.wait_for("barge", "instance_stopped")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    chosen = result_of(site, "barge", "operator")
    assert chosen == {"selected_digit": "", "selected_word": "Operator"}
    assert 3.5 < seconds_of(heard, PROMPT_HZ) < 12


def test_any_speech_barges_in_on_a_prompt_and_is_its_answer(site: Site) -> None:
    site.tone("ask.wav", PROMPT_HZ, seconds=30)
    prompt = {"play": {"play_list": [{"file_to_play": "ask.wav"}], "barge_in_on_speech": True}}
    get_input = {"next_page": {"url": "got"}, "prompt": prompt, "speech_input_mode": "auto"}
    site.answers("prompt", actions({"get_input": get_input}), **STREAMS)
    site.page("prompt", "got", actions({"hang_up": {}}))
    with speaker(site, "prompt-a", (2.0, "I would like to speak to somebody please")) as phone:
        site.call(phone, "prompt")
        site.wait_for("prompt", "instance_stopped")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    got = result_of(site, "prompt", "got")
    (phrase,) = got["speech"]
    assert "i would like to speak" in phrase["alternatives"][0]["text"]
    assert 0 < phrase["alternatives"][0]["confidence"] <= 1
    assert got["digits"] == ""
    assert 0.3 < seconds_of(heard, PROMPT_HZ) < 12


def test_other_speech_than_an_option_is_answered_by_the_next_message(site: Site) -> None:
    sorry = site.tone("sorry.wav", PROMPT_HZ, seconds=1)
    menu = {
        "menu_options": options("Sales", "Billing"),
        "seconds_timeout": 10,
        "on_invalid_input_messages": [sorry],
    }
    site.answers("other", actions({"run_speech_menu": menu}), **STREAMS)
    site.page("other", "billing", actions({"hang_up": {}}))
    with speaker(site, "other-a", (1.0, "umbrella"), (4.0, "billing")) as phone:
        site.call(phone, "other")
        site.wait_for("other", "instance_stopped")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    assert result_of(site, "other", "billing")["selected_word"] == "Billing"
    assert seconds_of(heard, PROMPT_HZ) == pytest.approx(1.0, abs=0.3)


def test_a_voice_of_the_original_says_what_the_recogniser_understands(site: Site) -> None:
    """Both directions are told: what we said with a selector of theirs, and the answer."""
    transcription = {
        "start_transcription": {
            "results_page": {"url": "told"},
            "transcription_mode": "separate",
            "enable_interim_results": True,
        }
    }
    text = "Thank you for calling. Please hold the line."
    voiced = {"text_to_say": text, "tts_voice": "English US Male Polly Matthew"}
    unknown = {"text_to_say": "Goodbye.", "tts_voice": "Klingon"}
    play = {"play": {"play_list": [voiced, unknown]}}
    site.answers(
        "both",
        actions(transcription, play, {"sleep": {"seconds": 4}}, {"stop_transcription": {}}),
        **STREAMS,
    )
    site.page("both", "told", actions())
    with speaker(site, "both-a", (5.0, "that is all right with me")) as phone:
        site.call(phone, "both")
        site.wait_for("both", "instance_stopped")
        phone.wait_for("CALL_CLOSED")

    told = transcription_of(site, "both", "told")
    phrases = [phrase for result in told for phrase in result["transcription"]]
    interim = [phrase for phrase in phrases if not phrase["final"]]
    assert interim
    assert all(0 < phrase["stability"] <= 1 for phrase in interim)
    texts = {
        direction: " ".join(
            phrase["alternatives"][0]["text"]
            for phrase in phrases
            if phrase["final"] and phrase["direction"] == direction
        )
        for direction in ("inbound", "outbound")
    }
    assert "thank you" in texts["outbound"]
    assert "all right with me" in texts["inbound"]
    log = site.rest_log("both")
    assert "'Klingon' is not known" in log
    assert "Matthew" not in log


BROKEN: list[tuple[str, str]] = [
    ("open", "<speak>Good <prosody rate='slow'>morning"),
    ("crossed", "<emphasis>Good <prosody rate='slow'>morning</emphasis></prosody>"),
    ("cut", "Good morning <break time='5"),
    ("file", "<speak>Good <audio src='file:///etc/passwd'/>morning<voice name='x'/></speak>"),
    ("entity", "<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><speak>Good &x; day</speak>"),
]


@pytest.mark.parametrize(("kind", "text"), BROKEN)
def test_broken_ssml_is_said_as_far_as_it_goes(kind: str, text: str, site: Site) -> None:
    service = f"ssml-{kind}"
    error = {"address": site.page(service, "error", actions())}
    site.answers(service, actions(said(text)), error_page=error)
    with speaker(site, f"{service}-a", (0.0, "hello")) as phone:
        site.call(phone, service)
        site.wait_for(service, "instance_stopped")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    assert f"/{service}/error" not in site.pages.paths()
    assert max(heard) > 1000
    assert 0.5 < site.record(service)["adr"]["tts_seconds"] < 12.0


def test_a_text_of_a_megabyte_is_told_to_the_error_page_of_its_call_alone(site: Site) -> None:
    error = {"address": site.page("mega", "error", actions(said("Sorry.")))}
    site.answers("mega", actions(said("word " * 200_000)), error_page=error)
    with speaker(site, "mega-a", (0.0, "hello")) as phone:
        site.call(phone, "mega")
        site.wait_for("mega", "instance_stopped")
        phone.wait_for("CALL_CLOSED")
        heard = phone.heard()

    told = site.asked("mega", "error")["error_result"]
    assert (told["action"], told["code"]) == ("play", "tts_failed")
    assert "1000000 characters" in told["result"]
    assert "3000" in told["result"]
    assert "word word" not in str(told)
    assert max(heard) > 1000
