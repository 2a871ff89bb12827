"""The doctor's visit as a whole."""

import json
import socket
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.cli import port_checks
from callwright.cli.main import program


def run(data: Path, *arguments: str) -> Result:
    ports = ("--http", "127.0.0.1:39080", "--sip", "127.0.0.1:39060", "--rtp", "39100-39199")
    return CliRunner().invoke(program, ["doctor", "--data", str(data), *ports, *arguments])


def test_every_subject_has_one_line(tmp_path: Path) -> None:
    result = run(tmp_path, "--json")

    findings = json.loads(result.stdout)
    assert [finding["subject"] for finding in findings] == [
        "Python",
        "SQLite",
        "speech",
        "plug-in",
        "plug-in",
        "data folder",
        "disk",
        "open files",
        "HTTP port",
        "SIP port",
        "RTP ports",
        "loopback",
    ]
    assert all(finding["found"] for finding in findings)
    is_wrong = any(finding["verdict"] == "wrong" for finding in findings)
    assert result.exit_code == int(is_wrong)


def test_what_will_not_work_fails_the_visit_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_checks, "ANSWER_WITHIN", 0.01)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as held:
        held.bind(("127.0.0.1", 0))
        result = run(tmp_path, "--sip", f"127.0.0.1:{held.getsockname()[1]}")

    assert result.exit_code == 1
    assert "callwright serve --sip HOST:PORT" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--http", "8080"),
        ("--http", "127.0.0.1:0"),
        ("--sip", "127.0.0.1:65536"),
        ("--rtp", "100"),
        ("--rtp", "200-100"),
        ("--rtp", "100-70000"),
    ],
)
def test_wrong_options_are_quoted(tmp_path: Path, arguments: tuple[str, str]) -> None:
    result = run(tmp_path, *arguments)

    assert result.exit_code == 2
    assert repr(arguments[1]) in result.stderr


def test_help_teaches() -> None:
    result = CliRunner().invoke(program, ["--help"])

    assert result.exit_code == 0
    for word in ("account create", "service write", "call start", "CALLWRIGHT_KEY", "doctor"):
        assert word in result.stdout
