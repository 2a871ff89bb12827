"""Accounts on the command line, over a real data folder."""

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


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        program,
        ["account", *arguments, "--data", str(data)],
        obj=World(
            open_accounts,
            open_caller_ids,
            open_numbers,
            open_applications,
            open_webhook_secrets,
            open_client_pauses,
        ),
    )


def created(data: Path, *arguments: str) -> dict[str, object]:
    result = run(data, "create", *arguments, "--json")
    assert result.exit_code == 0, result.output
    described: dict[str, object] = json.loads(result.stdout)
    return described


def test_an_account_is_created_and_printed_for_programs(tmp_path: Path) -> None:
    account = created(tmp_path, "ann@example.com", "--type", "premium", "--cloud-id", "1-2-0")

    key = account.pop("api_access_key")
    assert isinstance(key, str)
    assert len(key) == 22
    assert account == {
        "username": "ann@example.com",
        "type": "premium",
        "channels": 1000,
        "cps": 20.0,
        "guaranteed_cps": 0.0,
        "validates_caller_ids": False,
        "blocked_prefixes": [],
        "g729": False,
        "fax": False,
        "reserved_conferences": False,
        "cloud_id": "1-2-0",
    }


def test_a_person_is_told_what_to_do_with_the_key(tmp_path: Path) -> None:
    result = run(tmp_path, "create", "ann@example.com")

    key = result.stdout.split("API Access Key")[1].split()[0]
    assert f"export CALLWRIGHT_USERNAME=ann@example.com CALLWRIGHT_KEY={key}" in result.stdout


def test_a_new_key_is_another_one(tmp_path: Path) -> None:
    first = created(tmp_path, "ann@example.com")
    second = json.loads(run(tmp_path, "new-key", "ANN@example.com", "--json").stdout)

    assert second["username"] == "ann@example.com"
    assert second["api_access_key"] != first["api_access_key"]


def test_limits_are_changed_one_by_one_and_shown(tmp_path: Path) -> None:
    created(tmp_path, "ann@example.com", "--channels", "7", "--cps", "2.5")

    changed = run(tmp_path, "limits", "ann@example.com", "--cps", "9")

    assert changed.stdout == "ann@example.com: 7 channels, 9 starts/s\n"


def test_a_guarantee_is_shown_beside_the_maximum(tmp_path: Path) -> None:
    created(tmp_path, "ann@example.com", "--cps", "9", "--guaranteed-cps", "2")

    shown = run(tmp_path, "limits", "ann@example.com")

    assert shown.stdout == "ann@example.com: 200 channels, 9 starts/s, 2 of them guaranteed\n"


def test_rules_are_changed_one_by_one_and_shown(tmp_path: Path) -> None:
    created(tmp_path, "ann@example.com", "--validate-caller-ids")

    assert run(
        tmp_path, "rules", "ann@example.com", "--block", "4490", "--block", "1900"
    ).stdout == ("ann@example.com: shows only validated caller IDs; blocked: 1900, 4490\n")
    assert run(tmp_path, "rules", "ann@example.com", "--any-caller-id").stdout == (
        "ann@example.com: shows any caller ID; blocked: 1900, 4490\n"
    )
    described = json.loads(
        run(tmp_path, "rules", "ann@example.com", "--unblock", "1900", "--json").stdout
    )
    assert (described["validates_caller_ids"], described["blocked_prefixes"]) == (False, ["4490"])
    assert "1 blocked" in run(tmp_path, "list").stdout


def test_features_are_given_one_by_one_and_shown(tmp_path: Path) -> None:
    assert created(tmp_path, "bob@example.com", "--fax", "--g729")["fax"] is True
    created(tmp_path, "ann@example.com")

    assert run(tmp_path, "features", "ann@example.com").stdout == "ann@example.com: nothing\n"
    assert run(tmp_path, "features", "ann@example.com", "--fax").stdout == "ann@example.com: fax\n"
    run(tmp_path, "features", "ann@example.com", "--g729")
    assert "starts/s G.729, fax" in run(tmp_path, "list").stdout.splitlines()[0]
    described = json.loads(
        run(tmp_path, "features", "ann@example.com", "--no-fax", "--json").stdout
    )
    assert (described["g729"], described["fax"]) == (True, False)
    on = run(tmp_path, "features", "ann@example.com", "--reserved-conferences").stdout
    assert on == "ann@example.com: G.729, reserved conferences\n"
    off = run(tmp_path, "features", "ann@example.com", "--no-reserved-conferences").stdout
    assert off == "ann@example.com: G.729\n"


def test_all_accounts_are_listed_by_name(tmp_path: Path) -> None:
    created(tmp_path, "bob@example.com")
    created(tmp_path, "ann@example.com", "--type", "developer")

    listed = json.loads(run(tmp_path, "list", "--json").stdout)

    assert [(one["username"], one["type"]) for one in listed] == [
        ("ann@example.com", "developer"),
        ("bob@example.com", "production"),
    ]
    assert "ann@example.com" in run(tmp_path, "list").stdout


def test_without_accounts_the_list_says_how_to_make_one(tmp_path: Path) -> None:
    assert "callwright account create" in run(tmp_path, "list").stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("create", "ann@example.com"), "'ann@example.com' is the username of another account"),
        (("create", "no address"), "'no address'"),
        (("create", "x@y.z", "--channels", "0"), "0 channels"),
        (("create", "x@y.z", "--cps", "nan"), "nan"),
        (("new-key", "nobody@example.com"), "nobody@example.com"),
        (("limits", "ann@example.com", "--cps", "-1"), "-1"),
        (("limits", "ann@example.com", "--guaranteed-cps", "9"), "9.0 guaranteed"),
        (("rules", "ann@example.com", "--block", "0190"), "'0190'"),
        (("rules", "nobody@example.com"), "nobody@example.com"),
        (("features", "nobody@example.com", "--fax"), "nobody@example.com"),
    ],
)
def test_mistakes_are_told_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], text: str
) -> None:
    created(tmp_path, "ann@example.com")

    result = run(tmp_path, *arguments)

    assert result.exit_code == 1
    assert text in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "callwright.sqlite").write_bytes(b"something else entirely" * 50)

    result = run(tmp_path, "list")

    assert (result.exit_code, str(tmp_path) in result.stderr) == (1, True)
