"""REST logs in a folder."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callwright.adapters.files.rest_logs import FileRestLogs
from callwright.domain.clock import UnixTime
from callwright.domain.file_names import BadFileName
from callwright.domain.ids import AccountId
from callwright.runner.ports import RestLogs

ANN = AccountId(1)
NAME = "2026/02/11/rest_09_30_02_7f31c2a90be4d816.40217.log"


def test_lines_are_there_at_once_and_in_order(tmp_path: Path) -> None:
    logs: RestLogs = FileRestLogs(tmp_path)
    logs.append(ANN, NAME, "first\n")
    assert (tmp_path / "1" / NAME).read_text() == "first\n"
    logs.append(ANN, NAME, "Straße\n")
    assert (tmp_path / "1" / NAME).read_text("utf-8") == "first\nStraße\n"


def test_a_log_that_cannot_be_written_costs_nothing_but_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1").write_text("a file where the folder should be")
    FileRestLogs(tmp_path).append(ANN, NAME, "4711\n")

    out = capsys.readouterr().out
    assert "rest_log.not_written" in out
    assert "4711" not in out


def test_a_name_that_leads_out_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(BadFileName):
        FileRestLogs(tmp_path).append(ANN, "../x.log", "line\n")


def forgotten(root: Path, day: int, *, limit: int = 100) -> int:
    before = UnixTime(datetime(2026, 2, day, 12, 0, tzinfo=UTC).timestamp())
    return asyncio.run(FileRestLogs(root).forget(started_before=before, limit=limit))


def test_old_days_are_forgotten_and_younger_ones_stay(tmp_path: Path) -> None:
    logs = FileRestLogs(tmp_path)
    for account_id in (ANN, AccountId(2)):
        for day in ("2025/12/31", "2026/02/10", "2026/02/11"):
            for number in range(3):
                logs.append(account_id, f"{day}/rest_09_30_02_7f31c2a90be4d816.{number}.log", "x\n")
    (tmp_path / "1" / "2026" / "02" / "notes").mkdir()

    assert [forgotten(tmp_path, day=10), forgotten(tmp_path, day=10)] == [6, 0]
    assert [forgotten(tmp_path, day=11, limit=4), forgotten(tmp_path, day=11)] == [4, 2]
    left = sorted(str(path.parent.relative_to(tmp_path)) for path in tmp_path.rglob("*.log"))
    assert left == ["1/2026/02/11"] * 3 + ["2/2026/02/11"] * 3
    assert not (tmp_path / "1" / "2026" / "02" / "10").exists()


def test_nothing_is_forgotten_where_nothing_was_kept(tmp_path: Path) -> None:
    assert forgotten(tmp_path / "never written", day=11) == 0
