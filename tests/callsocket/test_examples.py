"""What customers copy: the four example servers as stories, and the code of the guide."""

import asyncio
import re
import ssl
import subprocess
import sys
import wave
from pathlib import Path
from typing import Final

import pytest
from websockets.asyncio.client import connect

from callwright.callsocket import CAUSES, Ended, Origin, loudness, tone
from callwright.callsocket.testing import TestCall
from callwright.callsocket.websockets import port_of, serve
from examples import call_socket_agent, call_socket_echo, call_socket_recorder, call_socket_tone
from tests.sim.sound import share_of

ROOT: Final = Path(__file__).resolve().parent.parent.parent
EXAMPLES: Final = sorted((ROOT / "examples").glob("call_socket_*.py"))
GUIDE: Final = ROOT / "docs" / "call-sockets.md"


def share(sound: bytes, hertz: int) -> float:
    return share_of(memoryview(sound.strip(b"\0")[:-1] + b"\0").cast("h").tolist(), hertz)


def test_an_echo_comes_half_a_second_later_and_the_star_key_ends_it() -> None:
    said = tone(440, 1.0)
    with TestCall(call_socket_echo.echo) as call:
        call.say(said)
        call.wait(1.0)
        call.press("*")
        assert call.ended == Ended(Origin.SERVER, "NORMAL", 0)
    assert call.problems == []
    assert call.heard.find(said[2:320]) / 16000 == pytest.approx(0.5, abs=0.05)
    assert said[2:] in call.heard


def test_each_key_has_its_tone(capsys: pytest.CaptureFixture[str]) -> None:
    with TestCall(call_socket_tone.tones) as call:
        call.wait(1.0)
        call.press("60")
        assert share(call.wait(0.9), 440) > 0.9
        call.press("888")
        assert share(call.wait(1.0), 523) > 0.5
        call.press("*")
        assert loudness(call.wait(0.5)) == 0
    assert call.problems == []
    assert call.finished == ["hello"] * 3 + ["key 6"] + ["key 8"] * 3
    assert "played key 6" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["hang up", "hash key", "too long"])
def test_a_call_is_recorded(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_socket_recorder, "FOLDER", tmp_path / "recordings")
    said = tone(700, 1.0)
    with TestCall(call_socket_recorder.record, caller="sip:../ann@example.com") as call:
        assert share(call.wait(0.5), 1000) > 0.9
        call.say(said)
        if ending == "hash key":
            call.press("#")
        if ending == "too long":
            call.wait(130)
    (path,) = (tmp_path / "recordings").iterdir()
    assert path.name.endswith("-sip_.._ann@example.com.wav")
    with wave.open(str(path)) as file:
        sound = file.readframes(file.getnframes())
    assert said in sound
    assert len(sound) / 16000 <= call_socket_recorder.LONGEST


def test_an_agent_is_silent_when_talked_over_and_says_it_again() -> None:
    with TestCall(call_socket_agent.agent) as call:
        assert loudness(call.wait(1.0)) > 0.05
        call.say(tone(200, 0.3))
        assert loudness(call.say(tone(200, 1.0))) == 0
        call.wait(0.8)
        assert loudness(call.wait(1.0)) > 0.05
        call.wait(15.0)
        assert call.ended == Ended(Origin.SERVER, "NORMAL", 0)
    assert call.problems == []
    assert call.finished == ["sentence 0", "sentence 0 again", "sentence 1", "sentence 2"]


def test_an_agent_does_not_stop_for_a_click_or_a_whisper() -> None:
    with TestCall(call_socket_agent.agent) as call:
        call.wait(0.5)
        call.say(tone(200, 0.06))
        call.say(tone(200, 1.0, loudness=0.02))
        call.wait(10.0)
    assert call.finished == ["sentence 0", "sentence 1", "sentence 2"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_short_and_says_how_to_call_it(example: Path) -> None:
    source = example.read_text("utf-8")
    assert source.count("\n") < 100
    assert f"python examples/{example.name}" in source
    assert "wss://localhost:8443" in source


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_serves_calls_when_it_is_run(example: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(example), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            assert re.fullmatch(r"calls on ws://127\.0\.0\.1:\d+\n", program.stdout.readline())
        finally:
            program.kill()


def test_the_code_of_the_guide_runs_from_its_top_to_its_end() -> None:
    text = GUIDE.read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) > 5
    # Real lines, so that a mistake is told at the document's own line.
    names: dict[str, object] = {"__name__": "guide"}
    for block in blocks:
        line = text[: text.index(block)].count("\n")
        exec(compile("\n" * line + block, str(GUIDE), "exec"), names)  # noqa: S102 - our own document
    with TestCall(names["play_some"]) as call:  # type: ignore[arg-type] # the guide's own handler
        call.wait(2.0)
    assert call.problems == []


def test_a_certificate_made_as_the_guide_says_is_trusted(tmp_path: Path) -> None:
    (command,) = re.findall(
        r"^openssl req .*?(?<!\\)$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    client = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))

    async def story() -> None:
        async with (
            serve(call_socket_echo.echo, port=0, tls=server) as serving,
            connect(f"wss://localhost:{port_of(serving)}/", ssl=client, proxy=None),
        ):
            pass

    asyncio.run(story())


def test_the_guide_has_every_cause() -> None:
    words = set(re.findall(r"`([A-Z_]+)`", GUIDE.read_text("utf-8")))
    assert set(CAUSES) <= words
