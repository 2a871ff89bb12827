"""The carrier's process, called by a phone that we did not write: baresip."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.sim.baresip import Baresip
from tests.sim.carrier import WAITS, carrier_call, running_carrier

pytestmark = pytest.mark.journey


def test_baresip_hears_a_voice_and_its_keys_are_understood(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as carrier, Baresip(folder=tmp_path / "baresip") as phone:
        phone.command("dial", f"sip:hello@{carrier.address}")
        phone.wait_for("CALL_ESTABLISHED")
        phone.press("42#")
        phone.hang_up()
        phone.wait_for("CALL_CLOSED")
        carrier.parent.close()
        assert carrier.process.wait(WAITS) == 0
        entries = carrier.journal.entries()

    heard = np.array(phone.heard(), float)
    loudest = max(float(np.sqrt(np.mean(part**2))) for part in np.array_split(heard, 10))
    assert loudest > 300, "nothing was said"
    assert [entry["digit"] for entry in entries if entry["event"] == "key"] == ["4", "2", "#"]
    story = [entry["event"] for entry in entries if entry["event"] not in {"key", "heard"}]
    assert story == ["invited", "ringing", "answered", "said", "hung_up", "sound"]
    assert len({entry["sip_call_id"] for entry in entries}) == 1
    sound = entries[-1]
    assert sound["packets_received"] > 0
    assert sound["packets_sent"] > 0


def test_a_busy_far_end_is_busy(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as carrier, Baresip(folder=tmp_path / "baresip") as phone:
        phone.command("dial", f"sip:441632960086@{carrier.address}")
        closed = phone.wait_for("CALL_CLOSED")
        assert "486" in closed["param"]


def test_it_ends_with_its_parent_and_not_at_a_signal_to_the_group(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as carrier:
        carrier.process.terminate()
        assert carrier.process.poll() is None
        carrier.parent.close()
        assert carrier.process.wait(WAITS) == 0


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as carrier:
        second = subprocess.run(
            [sys.executable, "-m", "callwright.carrier", "--sip", carrier.address],
            capture_output=True,
            text=True,
            check=False,
            timeout=WAITS,
        )
    assert second.returncode != 0
    assert second.stdout == ""
    assert "in use" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_caller_who_is_interrupted_hangs_up(tmp_path: Path) -> None:
    with (
        running_carrier(tmp_path) as carrier,
        carrier_call(f"sip:hello@{carrier.address}", "hello", folder=tmp_path) as call,
    ):
        call.journal.wait_for("answered")
        call.process.send_signal(signal.SIGINT)
        assert call.wait() == 0
        assert carrier.journal.wait_for("hung_up")["by"] == "caller"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--to", "mailto:ann@example.com"], "mailto"),
        (["--to", "tel:441632960100"], "sip:USER@HOST"),
        (["--to", "sip:a@127.0.0.1", "--script", "busy"], "invalid choice: 'busy'"),
        (["--to", "sip:a@127.0.0.1", "--from", "a b"], "'a b': a number or a name expected"),
        (["--to", "sip:a@127.0.0.1", "--count", "0"], "'0': 1 or more expected"),
        (["--to", "sip:a@nowhere.invalid"], "nowhere.invalid"),
        ([], "--to"),
    ],
)
def test_a_call_that_makes_no_sense_is_not_made(arguments: list[str], problem: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "callwright.carrier", "call", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=WAITS,
    )
    assert done.returncode != 0
    assert problem in done.stderr
    assert "Traceback" not in done.stderr


def test_several_call_at_once(tmp_path: Path) -> None:
    with running_carrier(tmp_path) as carrier:
        command = [sys.executable, "-m", "callwright.carrier", "call", "--count", "3"]
        command += ["--to", f"sip:hangup@{carrier.address}", "--voice-dir", str(tmp_path / "voice")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAITS)
    assert done.returncode == 0
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert [events.count(event) for event in ("calling", "answered", "hung_up", "sound")] == [3] * 4
