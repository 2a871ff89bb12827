"""REST logs in a folder."""

from pathlib import Path

import pytest

from callwright.adapters.files.names import BadFileName
from callwright.adapters.files.rest_logs import FileRestLogs
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
