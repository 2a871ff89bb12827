"""One instance with everything real but the call: HTTP on loopback, espeak-ng, files on disk."""

import asyncio
import wave
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from callwright.adapters.files.media_store import FileMediaStore
from callwright.adapters.files.rest_logs import FileRestLogs
from callwright.adapters.speech.espeak import EspeakSpeech
from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.page_fetcher import PageFetchers
from callwright.domain.facts import PageAnswered, SpeechUsed
from callwright.domain.outbound_service import PageAddress
from callwright.runner.instance import InstanceRun
from callwright.runner.registry import RunningInstances
from callwright.runner.surroundings import Surroundings
from tests.sim.call import FarEnd, ScriptedCall
from tests.sim.instance import APPLICATION, FakeDownloads, KeptFacts, rest_instance
from tests.sim.page_server import Answer, PageServer, actions
from tests.sim.recogniser import ScriptedRecognisers
from tests.sim.secondaries import ScriptedSecondaries


def test_a_call_is_driven_by_pages_to_its_end(tmp_path: Path) -> None:
    prompt = {"play": {"play_list": [{"text_to_say": "Please enter your number."}]}}
    get_number = {
        "get_number": {
            "next_page": {"url": "entered?shop=7", "method": "GET"},
            "prompt": prompt,
            "digit_count": 3,
        }
    }
    record = {"record": {"next_page": "stored", "recording_available_page": "/available"}}
    facts = KeptFacts()
    with PageServer() as server:
        server.page("/ivr/first", actions(get_number, token="basket"))
        server.page("/ivr/entered", actions(record, token="basket-2"))
        server.page("/ivr/stored", Answer(status=500))
        server.page("/available", Answer(status=204))
        server.page("/ivr/error", Answer(status=204))
        server.page("/ivr/final", Answer(status=204))
        exit_status = asyncio.run(run(server, tmp_path, facts))

    assert exit_status == -1
    assert [asked.method for asked in server.asked if asked.path == "/ivr/entered"] == ["GET"]
    entered = server.wait_for("/ivr/entered")
    assert entered.query["shop"] == "7"
    assert entered.info["action_result"]["result"] == {"entered_number": "902"}
    assert entered.info["token"] == "basket"
    assert entered.login == ("ivr", "open sesame")
    filename = server.wait_for("/available").info["action_result"]["result"]["filename"]
    assert filename.startswith("rest_recordings/")
    assert server.wait_for("/ivr/error").info["error_result"]["code"] == "page_request_failed"
    assert server.wait_for("/ivr/final").info["this_call"]["call_cause"] == "failed"
    assert [fact.page for fact in facts.of(PageAnswered)] == [
        "first",
        "next",
        "next",
        "error",
        "final",
    ]
    assert [fact.seconds > 0.5 for fact in facts.of(SpeechUsed)] == [True]
    log = (tmp_path / "logs" / "1" / rest_instance().log_filename).read_text("utf-8")
    assert f"INFO  notification POST {server.url('/available')}: 204\n" in log
    assert log.endswith("INFO  instance ended with exit status -1\n")


async def run(server: PageServer, folder: Path, facts: KeptFacts) -> int:
    application = replace(
        APPLICATION,
        first_page=PageAddress(server.url("/ivr/first")),
        error_page=PageAddress(server.url("/ivr/error")),
        final_page=PageAddress(server.url("/ivr/final")),
    )
    far_end = FarEnd(keys=tuple((2.2 + n, key) for n, key in enumerate("902")))
    call = ScriptedCall(far_end=far_end, sound_seconds=wav_seconds)
    fetchers = PageFetchers(AddressGuard([ip_network("127.0.0.0/8")]))
    try:
        run = InstanceRun(
            instance=rest_instance(application),
            call=call,
            secondaries=ScriptedSecondaries(call.clock),
            pages=fetchers.new(),
            facts=facts,
            around=Surroundings(
                speech=EspeakSpeech(folder / "speech", clock=call.clock),
                media=FileMediaStore(folder / "media"),
                downloads=FakeDownloads(),
                recognisers=ScriptedRecognisers(),
                logs=FileRestLogs(folder / "logs"),
                clock=call.clock,
                registry=RunningInstances(call.clock),
            ),
        )
        exit_status = await run.run()
        await run.finish()
    finally:
        await fetchers.close()
    return exit_status


def wav_seconds(path: str) -> float:
    with wave.open(path) as wav:
        return float(wav.getnframes() / wav.getframerate())
