"""What the doctor says of machines that are well and of those that are not."""

import os
import resource
import stat
from pathlib import Path

import pytest

from callwright.cli import checks
from callwright.cli.findings import Finding, Verdict, described, render


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("3.40.1", Verdict.WRONG),
        ("3.51.2", Verdict.WRONG),
        ("3.51.3", Verdict.GOOD),
        ("4.0.0", Verdict.GOOD),
    ],
)
def test_old_sqlite_is_wrong(version: str, verdict: Verdict) -> None:
    assert checks.check_sqlite(version).verdict is verdict


def test_this_python_is_good() -> None:
    assert checks.check_python().verdict is Verdict.GOOD


def test_missing_speech_names_the_package() -> None:
    finding = checks.check_speech("no-such-program")

    assert finding.verdict is Verdict.WRONG
    assert "apt-get install espeak-ng" in finding.advice


def test_speech_that_does_not_run_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "espeak-ng"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))

    finding = checks.check_speech()

    assert finding.verdict is Verdict.WRONG
    assert "status 127" in finding.found


def test_speech_that_runs_is_found_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text("#!/bin/sh\necho eSpeak NG text-to-speech: 1.51 Data at: /x\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert checks.check_speech() == Finding("speech", f"espeak-ng 1.51 at {program}")


def test_a_folder_that_can_be_made_is_good(tmp_path: Path) -> None:
    finding = checks.check_folder(tmp_path / "new" / "deeper")

    assert finding.verdict is not Verdict.WRONG
    assert "can be made" in finding.found


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert checks.check_folder(file).verdict is Verdict.WRONG
    assert checks.check_folder(file / "below").verdict is Verdict.WRONG


def test_a_folder_that_cannot_be_written_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    finding = checks.check_folder(tmp_path)

    assert finding.verdict is Verdict.WRONG
    assert "chown" in finding.advice


def test_the_disk_is_measured_and_nothing_is_left(tmp_path: Path) -> None:
    finding = checks.check_disk(tmp_path)

    assert "ms" in finding.found
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limit", "verdict"),
    [
        (1024, Verdict.DOUBTFUL),
        (4096, Verdict.GOOD),
        (resource.RLIM_INFINITY, Verdict.GOOD),
    ],
)
def test_few_open_files_are_doubtful(limit: int, verdict: Verdict) -> None:
    assert checks.check_open_files(limit).verdict is verdict


def test_a_finding_says_what_to_do_on_a_line_of_its_own() -> None:
    finding = Finding("SQLite", "3.40.1", Verdict.WRONG, "too old")

    assert [line.strip() for line in render(finding).splitlines()][1] == "→ too old"
    assert described(finding) == {
        "subject": "SQLite",
        "found": "3.40.1",
        "verdict": "wrong",
        "advice": "too old",
    }
