"""What a newcomer's machine is promised: pinned wheels, no machine's paths, documents that hold."""

import re
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest

from callwright.app.settings import Settings
from callwright.domain.account import DEFAULT_LIMITS

ROOT: Final = Path(__file__).resolve().parent.parent
PIN: Final = re.compile(r"([A-Za-z0-9._-]+)==[0-9][0-9A-Za-z.+!-]*")
LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, f"no name in {requirement!r}"
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _pins() -> list[str]:
    text = (ROOT / "requirements.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_each_wheel_is_pinned_by_name_and_version_alone() -> None:
    assert [line for line in _pins() if not PIN.fullmatch(line)] == []


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["test"],
        *project["build-system"]["requires"],
    ]
    assert {_name(one) for one in declared} <= {_name(pin) for pin in _pins()}


def test_every_dependency_has_its_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    decision = (ROOT / "docs/decisions/0002-dependencies.md").read_text("utf-8")
    named = {_name(name) for name in re.findall(r"`([A-Za-z0-9._-]+)`", decision)}
    declared = {_name(one) for one in project["project"]["dependencies"]}
    declared |= {_name(one) for one in project["project"]["optional-dependencies"]["test"]}
    assert declared <= named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_tree_lead_somewhere(document: Path) -> None:
    targets = [a or b for a, b in LINK.findall(document.read_text("utf-8"))]
    local = [target for target in targets if not re.match(r"[a-z]+:|#", target)]
    broken = [
        target
        for target in local
        if not (document.parent / unquote(target.partition("#")[0])).exists()
    ]
    assert broken == []


def test_paths_named_in_documents_exist() -> None:
    named = {
        (document.name, path)
        for document in DOCUMENTS
        for path in re.findall(
            r"`((?:src|tests|bench|examples|docs|scripts)/[A-Za-z0-9_./-]+)`",
            document.read_text("utf-8"),
        )
    }
    assert sorted((where, path) for where, path in named if not (ROOT / path).exists()) == []


def test_the_map_of_the_guide_shows_what_is_there() -> None:
    guide = (ROOT / "docs/guide.md").read_text("utf-8")
    plan = guide.split("```text\n")[1].split("```")[0]
    package = ROOT / "src/callwright"
    room, missing, rooms = "", [], set()
    for indent, name in re.findall(r"^( *)([a-z_/]+(?:\.py)?)(?= |$)", plan, re.MULTILINE):
        if not indent:
            room = name
            rooms.add(name.rstrip("/"))
        if not (package / (room + name if indent else name)).exists():
            missing.append(room + name)
    assert missing == []
    assert rooms == {path.parent.name for path in package.glob("*/__init__.py")}


def test_every_setting_is_documented() -> None:
    operations = (ROOT / "docs/operations.md").read_text("utf-8")
    undocumented = [
        row
        for one in fields(Settings)
        if (row := f"| `{one.name}` | {_default(one.default)} | {one.metadata['help']} |")
        not in operations
    ]
    assert undocumented == []


def test_every_account_type_is_documented() -> None:
    operations = (ROOT / "docs/operations.md").read_text("utf-8")
    shown = re.findall(
        r"^\| `([a-z]+)`.*\| (\d+) \| (\d+) \| (yes|no) \|$", operations, re.MULTILINE
    )
    assert shown == [
        (kind, f"{it.channels}", f"{it.maximum_cps:g}", "yes" if kind.may_start_lists else "no")
        for kind, it in DEFAULT_LIMITS.items()
    ]


def _default(value: object) -> str:
    return f"`{value}`" if str(value) else "empty"


def test_scripts_are_read_by_a_plain_shell() -> None:
    for script in [ROOT / ".ci/run", *sorted((ROOT / "scripts").glob("*.sh"))]:
        assert script.stat().st_mode & 0o111, f"{script} is not executable"
        subprocess.run(["sh", "-n", str(script)], check=True)
