"""Clients paused and resumed by the operator, over a real data folder."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.app.wiring import (
    open_accounts,
    open_applications,
    open_caller_ids,
    open_client_pauses,
    open_numbers,
    open_webhook_secrets,
)
from callwright.cli.main import program
from callwright.cli.ports import World
from callwright.domain.ids import AccountId
from callwright.scheduler.client_pause import Pauser

BOB = "bob@example.com"


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        program,
        [*arguments, "--data", str(data)],
        obj=World(
            open_accounts,
            open_caller_ids,
            open_numbers,
            open_applications,
            open_webhook_secrets,
            open_client_pauses,
        ),
    )


def held(data: Path) -> tuple[Pauser, str] | None:
    async def read() -> tuple[Pauser, str] | None:
        async with open_client_pauses(data) as opened:
            pause = await opened.pauses.pause_of(AccountId(1))
            return None if pause is None else (pause.by, pause.reason)

    return asyncio.run(read())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    result = run(tmp_path, "account", "create", BOB)
    assert result.exit_code == 0, result.output
    return tmp_path


def test_a_client_is_paused_and_resumed(data: Path) -> None:
    paused = run(data, "client", "pause", BOB, "--reason", "not paid")
    assert paused.stdout == f"{BOB} is paused.\n", paused.output
    assert held(data) == (Pauser.OPERATOR, "not paid")
    resumed = run(data, "client", "resume", BOB)
    assert resumed.stdout == f"{BOB} is paused no longer.\n", resumed.output
    assert held(data) is None


def test_both_answer_as_json(data: Path) -> None:
    paused = json.loads(run(data, "client", "pause", BOB, "--json").stdout)
    assert paused == {"username": BOB, "status": "paused", "reason": ""}
    resumed = json.loads(run(data, "client", "resume", BOB, "--json").stdout)
    assert resumed == {"username": BOB, "status": "on"}


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_an_account_that_is_not_there_is_told(data: Path, verb: str) -> None:
    refused = run(data, "client", verb, "eve@example.com")
    assert refused.exit_code == 1
    assert "there is no account 'eve@example.com'" in refused.output
