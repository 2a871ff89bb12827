"""The secret file is made once, for its owner alone, and its hashes and seals hold."""

import stat
from pathlib import Path

import pytest

from callwright.adapters.secrets import BadSecretFile, InstallationSecret
from callwright.services.ports import BrokenSeal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "secret"


def test_the_file_is_made_once_and_for_its_owner_alone(path: Path) -> None:
    first = InstallationSecret.open_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret"]
    second = InstallationSecret.open_or_make(path)
    assert second.keyed_hash("key", b"x") == first.keyed_hash("key", b"x")
    assert second.unseal(first.seal("p@$$w0rd é", context="1/a"), context="1/a") == "p@$$w0rd é"


def test_installations_have_secrets_of_their_own(tmp_path: Path) -> None:
    one = InstallationSecret.open_or_make(tmp_path / "one")
    two = InstallationSecret.open_or_make(tmp_path / "two")
    assert one.keyed_hash("key", b"x") != two.keyed_hash("key", b"x")
    with pytest.raises(BrokenSeal):
        two.unseal(one.seal("x", context="c"), context="c")


def test_purposes_do_not_meet() -> None:
    secret = InstallationSecret(bytes(32))
    hashes = {
        secret.keyed_hash("ab", b"c"),
        secret.keyed_hash("a", b"bc"),
        secret.keyed_hash("ab", b"d"),
    }
    assert len(hashes) == 3
    assert {len(one) for one in hashes} == {32}


def test_two_seals_of_one_password_differ() -> None:
    secret = InstallationSecret(bytes(32))
    assert secret.seal("x", context="c") != secret.seal("x", context="c")


@pytest.mark.parametrize(
    "break_it",
    [
        lambda sealed: sealed[:-4] + "AAA=",
        lambda sealed: sealed[:10],
        lambda _sealed: "",
        lambda _sealed: "1:",
        lambda _sealed: "p@$$w0rd",
    ],
)
def test_a_broken_seal_is_told(break_it: object) -> None:
    assert callable(break_it)
    secret = InstallationSecret(bytes(32))
    with pytest.raises(BrokenSeal, match="1/reminder"):
        secret.unseal(break_it(secret.seal("p@$$w0rd", context="1/reminder")), context="1/reminder")


def test_a_seal_holds_in_its_own_place_alone() -> None:
    secret = InstallationSecret(bytes(32))
    with pytest.raises(BrokenSeal):
        secret.unseal(secret.seal("x", context="1/a"), context="2/a")


def test_a_file_that_others_can_read_is_refused(path: Path) -> None:
    InstallationSecret.open_or_make(path)
    path.chmod(0o640)
    with pytest.raises(BadSecretFile, match=r"mode 0640.*chmod 600"):
        InstallationSecret.open_or_make(path)


@pytest.mark.parametrize("content", [b"", b"rubbish!", b"c2hvcnQ=\n", b"\xff" * 44])
def test_a_damaged_file_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    InstallationSecret.open_or_make(path)
    path.write_bytes(content)
    with pytest.raises(BadSecretFile, match="restore it from a backup"):
        InstallationSecret.open_or_make(path)
    assert path.read_bytes() == content


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(BadSecretFile, match="the secret file"):
        InstallationSecret.open_or_make(tmp_path / "data" / "secret")
