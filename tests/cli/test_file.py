"""Files on the command line, over real HTTP against the real front door."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.cli.main import program
from tests.sim.file_stores import wav
from tests.sim.front_door import CLOUD_ID
from tests.sim.served import Served, served


def run(server: Served, *arguments: str) -> Result:
    environment = {
        "CALLWRIGHT_SERVER": server.url,
        "CALLWRIGHT_CLOUD_ID": CLOUD_ID,
        "CALLWRIGHT_USERNAME": server.customer.account.username,
        "CALLWRIGHT_KEY": server.customer.key,
    }
    return CliRunner().invoke(program, ["file", *arguments], env=environment)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "server") as one:
        yield one


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "my sound.wav"
    path.write_bytes(wav(300_000))
    return path


def test_a_file_goes_to_the_server_and_comes_back(
    server: Served, sound: Path, tmp_path: Path
) -> None:
    put = run(server, "put", str(sound), "prompts/a.wav")
    assert (put.exit_code, put.stdout) == (0, "prompts/a.wav: 300,058 bytes\n"), put.output
    listed = run(server, "list", "prompts/")
    assert listed.stdout.startswith("      300,058  2")
    assert listed.stdout.endswith("  prompts/a.wav\n")

    target = tmp_path / "again.wav"
    target.write_text("what was there before")
    got = run(server, "get", "prompts/a.wav", "-o", str(target))
    assert (got.exit_code, target.read_bytes()) == (0, sound.read_bytes()), got.output
    assert run(server, "get", "prompts/a.wav", "-o", "-").stdout_bytes == sound.read_bytes()


def test_programs_are_told_in_json(server: Served, sound: Path) -> None:
    put = run(server, "put", str(sound), "a.wav", "--json")
    assert json.loads(put.stdout) == {"filename": "a.wav", "size": 300_058}
    assert json.loads(run(server, "list", "--json").stdout)["a.wav"]["size"] == 300_058
    assert json.loads(run(server, "delete", "a.wav", "--json").stdout) == {"a.wav": "success"}


def test_what_is_said_of_a_file_is_told_to_the_server(
    server: Served, sound: Path, tmp_path: Path
) -> None:
    cat = tmp_path / "cat.png"
    cat.write_bytes(b"meow")
    put = run(server, "put", str(cat), "--type", "msg_media", "--content-type", "image/x-cat")
    assert put.exit_code == 0, put.output
    assert "cat.png" in run(server, "list", "--type", "msg_media").stdout
    secret = tmp_path / "secret.wav"
    secret.write_bytes(bytes(range(64)))
    assert run(server, "put", str(secret), "--encrypted").exit_code == 0
    assert run(server, "list").stdout.endswith("  secret.wav  (encrypted)\n")
    refused = run(server, "put", str(sound), "a.wav", "--encrypted", "--convert")
    assert "an encrypted file cannot be converted" in refused.stderr


def test_a_file_is_renamed_and_deleted(server: Served, sound: Path) -> None:
    run(server, "put", str(sound), "a.wav")
    assert run(server, "rename", "a.wav", "b.wav").exit_code == 0
    again = run(server, "rename", "a.wav", "b.wav")
    assert (again.exit_code, "the file a.wav does not exist" in again.stderr) == (1, True)

    deleted = run(server, "delete", "b.wav", "c.wav")
    assert (deleted.exit_code, "There is no file c.wav." in deleted.stderr) == (1, True)
    nothing = run(server, "list")
    assert (nothing.stdout, nothing.stderr) == ("", "There is no such file.\n")


def test_a_download_that_fails_leaves_what_was_there(server: Served, tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.write_text("what was there before")
    refused = run(server, "get", "a.wav", "-o", str(target))
    assert (refused.exit_code, target.read_text()) == (1, "what was there before")
    assert "the file a.wav does not exist (status 404)" in refused.stderr
    nowhere = run(server, "get", "a.wav", "-o", str(tmp_path / "no" / "a.wav"))
    assert (nowhere.exit_code, "No such file" in nowhere.stderr) == (1, True)
    assert list(tmp_path.glob("*.part")) == []
