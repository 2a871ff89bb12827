"""The map of docs/guide.md, held by a machine: who may import whom, and how large things grow.

Every rule is a function from one parsed module to the sentences about what is wrong with it. The
table at the end shows each rule failing once, so that none of them can fall silent.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = ROOT / "src" / "callwright"
TREES: Final = ("src", "tests", "bench", "examples")

LINES: Final[tuple[frozenset[str], ...]] = (
    frozenset({"app"}),
    frozenset({"api", "console", "cli", "adapters", "carrier"}),
    frozenset({"dispatch", "scheduler"}),
    _words("engine runner uas queue services records accounts conferences files"),
    frozenset({"worker"}),
    frozenset({"media", "protocol"}),
    frozenset({"domain"}),
)
"""A line may import from the lines below it; folders on one line are strangers."""

SDKS: Final = frozenset({"pages", "callsocket"})
"""What customers write with: it stands beside the lines, knows nobody and is known by nobody."""

ROOMS: Final = frozenset[str]().union(*LINES) | SDKS
STEPS: Final = LINES[2] | LINES[3]
PURE: Final = frozenset({"domain", "protocol", "media"})
TEST_ROOMS: Final = ROOMS | {"contracts", "vectors", "sim", "journeys"}

CARRIER_MAY_IMPORT: Final = frozenset({"carrier", "worker", "media", "protocol", "domain"})
"""The carrier in a box is a program of its own: it must not share our idea of a call."""

NO_PROTOCOL: Final = "callwright.protocol.strict_json"
"""What protocols share: a text format, which is nobody's in particular."""

LIBRARIES: Final = {"domain": frozenset[str](), "protocol": frozenset[str](), "media": {"numpy"}}
"""What the pure rooms may import beyond the standard library."""

WORLD: Final = _words("""
    asyncio concurrent ctypes fcntl http.client http.server logging mmap multiprocessing os pathlib
    queue random sched secrets select selectors shutil signal socket socketserver sqlite3 ssl
    subprocess tempfile threading time urllib.request uuid
""")
"""IO, clocks, randomness, threads and logs: none of them in a pure room."""

WORLD_CALLS: Final = frozenset({"open", "print", "input"})
CLOCK_CALLS: Final = frozenset({"now", "utcnow", "today"})
"""The same without an import: files, terminals, and the clock inside `datetime`."""

EVENT_LOOP: Final = frozenset({"asyncio", "uvloop", "anyio"})
KNOW_THE_EVENT_LOOP: Final = frozenset({"loop.py", "handle.py"})
KNOWS_IT_TOO: Final = "runner/concurrency.py"

OUTSIDE: Final = _words("""
    aiohttp apsw fcntl http.client http.server multiprocessing random secrets select selectors
    shutil socket sqlite3 ssl subprocess tempfile threading urllib.request uvicorn
""")
"""Sockets, files, databases and other people's servers: a step asks for them in its ports."""

MAY_NAME_ADAPTERS: Final = frozenset({"app/wiring.py", "app/call_wiring.py", "app/foundation.py"})
"""What puts a node together: its ground, what makes calls, and the rest."""

SDK_NAMES: Final = frozenset(f"callwright.{name}" for name in SDKS)

MAX_FILE_LINES: Final = 400
"""A module that grows past this has two nouns in it (docs/guide.md, Small rules)."""

MAX_FUNCTION_LINES: Final = 60


@dataclass(frozen=True, slots=True)
class Module:
    """One source file, read and parsed."""

    place: str
    """Its path below the repository, `src/callwright/engine/leg.py`."""
    lines: int
    tree: ast.Module

    @property
    def inside(self) -> str:
        """Its path below the package, or nothing outside it."""
        head = "src/callwright/"
        return self.place.removeprefix(head) if self.place.startswith(head) else ""

    @property
    def room(self) -> str:
        """Its folder on the map, or nothing for the package itself and everything outside it."""
        return self.inside.split("/")[0] if "/" in self.inside else ""

    def imports(self) -> Iterator[str]:
        """Every module named by an import, and every name taken out of one, dotted."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                source = "." * node.level + (node.module or "")
                yield from (f"{source}.{alias.name}" for alias in node.names)

    def rooms_imported(self) -> Iterator[tuple[str, str]]:
        """The rooms this module imports from, each with the import."""
        for name in self.imports():
            parts = name.split(".")
            if parts[0] == "callwright" and len(parts) > 1 and parts[1] in ROOMS:
                yield parts[1], name


def module_of(place: str, source: str) -> Module:
    """Parse a source text as if it stood at a place of the repository."""
    return Module(place, source.count("\n"), ast.parse(source))


def imports_go_down_the_map(module: Module) -> Iterator[str]:
    """A line imports from the lines below it; folders on one line don't know each other."""
    line_of = {room: number for number, line in enumerate(LINES) for room in line}
    if module.room not in line_of:
        return
    for room, name in module.rooms_imported():
        if room != module.room and line_of[room] <= line_of[module.room]:
            yield f"imports {name}, which is not below {module.room}"


def imports_are_absolute(module: Module) -> Iterator[str]:
    """One spelling for each import, so that the other rules see it; the SDK has its own rule."""
    for name in () if module.room in SDKS else module.imports():
        if name.startswith("."):
            yield f"imports {name} relatively"


def the_carrier_is_a_program_of_its_own(module: Module) -> Iterator[str]:
    """It shares the protocols and the sound with us, and nothing of how we run a call."""
    for room, name in module.rooms_imported():
        if module.room == "carrier" and room not in CARRIER_MAY_IMPORT:
            yield f"imports {name}; the carrier knows {sorted(CARRIER_MAY_IMPORT)}"


def the_sdk_can_be_copied_out(module: Module) -> Iterator[str]:
    """It imports its own modules relatively, the standard library, and a framework to bind."""
    framework = module.inside.rpartition("/")[2].removesuffix(".py")
    for name in module.imports():
        top = name.split(".")[0]
        known = name.startswith(".") and not name.startswith("..")
        known = known or top in sys.stdlib_module_names
        if module.room in SDKS and not known and top != framework:
            yield f"imports {name}; a copy of the SDK must run without it"
        if module.room not in SDKS and module.inside and _is_in(name, SDK_NAMES):
            yield f"imports {name}, which is for customers"


def protocols_know_no_one(module: Module) -> Iterator[str]:
    """A protocol imports neither the product's words nor another protocol."""
    if module.room != "protocol":
        return
    own = ".".join(["callwright", *module.inside.removesuffix(".py").split("/")[:2]])
    for _, name in module.rooms_imported():
        if not _is_in(name, frozenset({own, NO_PROTOCOL})):
            yield f"imports {name}; a protocol knows itself alone"


def pure_rooms_do_not_touch_the_world(module: Module) -> Iterator[str]:
    """No IO, clock, randomness, threads or logs in `domain`, `protocol` and `media`."""
    if module.room not in PURE:
        return
    for name in module.imports():
        if _is_in(name, WORLD):
            yield f"imports {name}: the world"
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in WORLD_CALLS or called.rpartition(".")[2] in CLOCK_CALLS:
            yield f"calls {called}(): the world"


def pure_rooms_have_no_libraries(module: Module) -> Iterator[str]:
    """`domain` and `protocol` have the standard library, `media` has numpy too."""
    if module.room not in PURE:
        return
    for name in module.imports():
        top = name.split(".")[0]
        known = top in sys.stdlib_module_names or top == "callwright"
        if not known and top not in LIBRARIES[module.room]:
            yield f"imports {name}: not a library of {module.room}"


def steps_leave_the_event_loop_to_few(module: Module) -> Iterator[str]:
    """In the step folders only loop.py, handle.py and runner/concurrency.py know asyncio."""
    file = module.inside.rpartition("/")[2]
    if module.room not in STEPS or file in KNOW_THE_EVENT_LOOP or module.inside == KNOWS_IT_TOO:
        return
    for name in module.imports():
        if _is_in(name, EVENT_LOOP):
            yield f"imports {name}; only loop.py, handle.py and {KNOWS_IT_TOO} know the event loop"


def steps_reach_the_world_through_ports(module: Module) -> Iterator[str]:
    """Only `adapters` touches sockets, files, databases and other people's servers."""
    if module.room not in STEPS:
        return
    for name in module.imports():
        if _is_in(name, OUTSIDE):
            yield f"imports {name}; a step asks its ports.py"


def adapters_are_named_in_one_place(module: Module) -> Iterator[str]:
    """Which adapter stands behind which port is decided where things are wired."""
    if module.room != "app" or module.inside in MAY_NAME_ADAPTERS:
        return
    for room, name in module.rooms_imported():
        if room == "adapters":
            yield f"imports {name}; only {sorted(MAY_NAME_ADAPTERS)} name an adapter"


def private_names_stay_private(module: Module) -> Iterator[str]:
    """Nobody imports a name that starts with an underscore from another module."""
    if not module.inside:
        return
    for name in module.imports():
        private = [part for part in name.split(".") if part.startswith("_") and part[1:2] != "_"]
        if name.startswith("callwright.") and private:
            yield f"imports {name}, which is private"


def files_stay_small(module: Module) -> Iterator[str]:
    """A module holds one noun."""
    if module.lines > MAX_FILE_LINES:
        yield f"has {module.lines} lines; at most {MAX_FILE_LINES}"


def functions_stay_small(module: Module) -> Iterator[str]:
    """About 10 lines; 30 is long, 60 is the limit."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{node.name}() has {lines} lines; at most {MAX_FUNCTION_LINES}"


def folders_are_on_the_map(module: Module) -> Iterator[str]:
    """No room beside the map's, neither in the package nor in the tests that mirror it."""
    parts = module.place.split("/")
    if parts[:2] == ["src", "callwright"] and len(parts) > 3 and parts[2] not in ROOMS:
        yield f"{parts[2]} is no room of the map"
    if parts[0] == "tests" and len(parts) > 2 and parts[1] not in TEST_ROOMS:
        yield f"tests/{parts[1]} mirrors no room of the map"


def _is_in(name: str, modules: frozenset[str]) -> bool:
    return any(name == module or name.startswith(module + ".") for module in modules)


Rule = Callable[[Module], Iterator[str]]

RULES: Final[tuple[Rule, ...]] = (
    imports_go_down_the_map,
    imports_are_absolute,
    the_carrier_is_a_program_of_its_own,
    the_sdk_can_be_copied_out,
    protocols_know_no_one,
    pure_rooms_do_not_touch_the_world,
    pure_rooms_have_no_libraries,
    steps_leave_the_event_loop_to_few,
    steps_reach_the_world_through_ports,
    adapters_are_named_in_one_place,
    private_names_stay_private,
    files_stay_small,
    functions_stay_small,
    folders_are_on_the_map,
)


def every_module() -> list[Module]:
    """Read the whole repository once."""
    return [
        module_of(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for tree in TREES
        for path in sorted((ROOT / tree).rglob("*.py"))
    ]


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return every_module()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_whole_tree_keeps(rule: Rule, modules: list[Module]) -> None:
    assert [f"{module.place} {fault}" for module in modules for fault in rule(module)] == []


def test_the_tree_was_really_read(modules: list[Module]) -> None:
    places = {module.place for module in modules}
    assert {"src/callwright/worker/rpc.py", "tests/test_architecture.py"} <= places


def test_every_room_says_what_it_is_for() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [
        str(folder.relative_to(ROOT))
        for folder in sorted(folders)
        if not (folder / "__init__.py").is_file()
        or ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) is None
    ] == []


BREAKS: Final[tuple[tuple[Rule, str, str], ...]] = (
    (imports_go_down_the_map, "domain/ids.py", "from callwright.media import g711"),
    (
        imports_go_down_the_map,
        "engine/leg.py",
        "from callwright.runner.instance import InstanceRun",
    ),
    (imports_go_down_the_map, "cli/main.py", "import callwright.adapters.clock"),
    (imports_go_down_the_map, "worker/legs.py", "from callwright import engine"),
    (imports_are_absolute, "engine/leg.py", "from . import trunk"),
    (the_carrier_is_a_program_of_its_own, "carrier/loop.py", "from callwright.engine import leg"),
    (the_sdk_can_be_copied_out, "pages/info.py", "from callwright.domain.ids import CallId"),
    (the_sdk_can_be_copied_out, "pages/info.py", "from callwright.pages.media import Play"),
    (the_sdk_can_be_copied_out, "pages/info.py", "from ..domain.ids import CallId"),
    (the_sdk_can_be_copied_out, "pages/info.py", "import flask"),
    (the_sdk_can_be_copied_out, "callsocket/call.py", "import numpy as np"),
    (the_sdk_can_be_copied_out, "callsocket/call.py", "from websockets import connect"),
    (the_sdk_can_be_copied_out, "runner/flow.py", "from callwright.pages import Play"),
    (the_sdk_can_be_copied_out, "worker/socket_leg.py", "from callwright.callsocket import Call"),
    (protocols_know_no_one, "protocol/sip/uri.py", "from callwright.domain.ids import CallId"),
    (protocols_know_no_one, "protocol/sip/uri.py", "from callwright.protocol.sdp import x"),
    (protocols_know_no_one, "protocol/sip/uri.py", "from callwright.protocol.sippy import x"),
    (pure_rooms_do_not_touch_the_world, "media/wav.py", "import os.path"),
    (pure_rooms_do_not_touch_the_world, "media/wav.py", "from pathlib import Path"),
    (pure_rooms_do_not_touch_the_world, "media/wav.py", "open('x')"),
    (pure_rooms_do_not_touch_the_world, "domain/clock.py", "datetime.datetime.now(UTC)"),
    (pure_rooms_do_not_touch_the_world, "protocol/sip/endpoint.py", "from time import monotonic"),
    (pure_rooms_have_no_libraries, "domain/ids.py", "import numpy as np"),
    (pure_rooms_have_no_libraries, "media/wav.py", "import scipy.signal"),
    (steps_leave_the_event_loop_to_few, "runner/interpreter.py", "import asyncio"),
    (steps_leave_the_event_loop_to_few, "engine/instance.py", "from asyncio import sleep"),
    (steps_reach_the_world_through_ports, "engine/loop.py", "import socket"),
    (steps_reach_the_world_through_ports, "records/ledger.py", "from apsw import Connection"),
    (adapters_are_named_in_one_place, "app/supervisor.py", "from callwright.adapters import clock"),
    (private_names_stay_private, "engine/leg.py", "from callwright.engine.trunk import _pick"),
    (private_names_stay_private, "engine/leg.py", "from callwright.engine._parts import pick"),
    (files_stay_small, "engine/leg.py", "x = 1\n" * 401),
    (functions_stay_small, "engine/leg.py", "def f():\n" + "    x = 1\n" * 60),
    (functions_stay_small, "engine/leg.py", "async def f():\n" + "    x = 1\n" * 60),
    (folders_are_on_the_map, "utils/text.py", "x = 1"),
)


@pytest.mark.parametrize(("rule", "place", "source"), BREAKS)
def test_a_rule_sees_what_breaks_it(rule: Rule, place: str, source: str) -> None:
    assert list(rule(module_of(f"src/callwright/{place}", source)))


def test_every_rule_is_shown_failing() -> None:
    assert {rule for rule, _, _ in BREAKS} == set(RULES)


KEEPS: Final = (
    (
        "engine/leg.py",
        "from callwright.worker import rpc\nfrom callwright.domain.ids import CallId",
    ),
    ("engine/loop.py", "import asyncio"),
    ("pages/application.py", "import asyncio\nfrom .info import InstanceInfo"),
    ("pages/flask.py", "import flask"),
    ("callsocket/websockets.py", "from websockets.asyncio.server import serve"),
    ("runner/concurrency.py", "import asyncio"),
    ("protocol/sip/uri.py", "import re\nfrom callwright.protocol.sip.grammar import TOKEN"),
    ("media/wav.py", "import math\nimport numpy as np\nfrom callwright.media.g711 import decode"),
    ("carrier/loop.py", "import asyncio\nfrom callwright.worker.loop import MediaLoop"),
    ("app/wiring.py", "from callwright.adapters.clock import Clock"),
    ("engine/leg.py", "x = 1\n" * 400),
)


@pytest.mark.parametrize(("place", "source"), KEEPS)
def test_what_is_allowed_passes_every_rule(place: str, source: str) -> None:
    module = module_of(f"src/callwright/{place}", source)
    assert [fault for rule in RULES for fault in rule(module)] == []


def test_a_folder_of_tests_must_mirror_a_room() -> None:
    assert list(folders_are_on_the_map(module_of("tests/misc/test_x.py", "")))
    assert not list(folders_are_on_the_map(module_of("tests/sim/wire.py", "")))
