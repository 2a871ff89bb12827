"""Webhook secrets on the command line, over a real data folder."""

import asyncio
import base64
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


def change(data: Path, *options: str) -> Result:
    return run(data, "client", "set-webhook-secret", BOB, *options)


def keys(data: Path) -> list[bytes]:
    """What a server signs with."""

    async def read() -> list[bytes]:
        async with open_webhook_secrets(data) as secrets:
            return await secrets.keys(AccountId(1))

    return asyncio.run(read())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    result = run(tmp_path, "account", "create", BOB)
    assert result.exit_code == 0, result.output
    return tmp_path


def key_in(printed: str) -> bytes:
    return base64.b64decode(printed.strip().removeprefix("whsec_"))


def test_a_secret_is_made_changed_and_removed(data: Path) -> None:
    first = change(data)
    assert first.stdout.startswith("webhook_secret  whsec_")
    assert first.stderr == "The secret is not shown again.\n"
    assert keys(data) == [key_in(first.stdout.split()[1])]

    second = json.loads(change(data, "--keep-old", "--json").stdout)["webhook_secret"]
    assert keys(data) == [key_in(second), key_in(first.stdout.split()[1])]
    assert change(data, "--drop-old").stdout == (
        f"Events of {BOB} are signed with the newest secret alone.\n"
    )
    assert keys(data) == [key_in(second)]
    assert change(data, "--remove").stdout == f"Events of {BOB} are signed no longer.\n"
    assert keys(data) == []
    assert change(data, "--drop-old").stdout == f"{BOB} has no webhook secret.\n"


@pytest.mark.parametrize("option", [(), ("--keep-old",), ("--drop-old",), ("--remove",)])
def test_an_account_that_is_not_there_is_told_of(data: Path, option: tuple[str, ...]) -> None:
    result = run(data, "client", "set-webhook-secret", "x@y.z", *option)
    assert result.exit_code == 1
    assert "x@y.z" in result.stderr
