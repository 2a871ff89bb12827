"""A real PostgreSQL server on loopback, in a temporary folder, for one test session.

```python
with Postgres.shared().database() as url:
    database = await Database.open(url)
```

It needs Debian's package `postgresql` (`make packages`). As root its programs run as the user
`nobody`, since PostgreSQL refuses root.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from tests.sim.ports import LOOPBACK, free_port

READY_WITHIN: Final = 30
"""Seconds until the server takes connections, or has stopped; a bound, never waited out."""

SERVER_USER: Final = "nobody"
"""Who runs the server when the tests are run by root."""

_AS_SERVER_USER: Final = ("runuser", "-u", SERVER_USER, "--") if os.geteuid() == 0 else ()
_DEBIAN: Final = Path("/usr/lib/postgresql")
_numbers: Final = count(1)


class Postgres:
    """One server with fsync on, as in production."""

    def __init__(self) -> None:
        """Make a server with nothing in it; `start` starts it."""
        self._folder = Path(tempfile.mkdtemp(prefix="callwright-postgres-"))
        if _AS_SERVER_USER:
            shutil.chown(self._folder, SERVER_USER)
        self.port = free_port()
        self._run(
            *("initdb", f"--pgdata={self._folder / 'data'}", "--username=callwright"),
            *("--auth=trust", "--no-locale", "--encoding=UTF8"),
        )

    @staticmethod
    @cache
    def shared() -> "Postgres":
        """Return the one server of this session, running."""
        server = Postgres()
        server.start()
        atexit.register(server.remove)
        return server

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a fresh database and give its URL; drop it at the end."""
        url = self.create_database()
        try:
            yield url
        finally:
            self._run("dropdb", *self._address, "--force", url.rpartition("/")[2])

    def create_database(self) -> str:
        """Make a fresh database that lives as long as the server; returns its URL."""
        name = f"test{next(_numbers)}"
        self._run("createdb", *self._address, name)
        return f"postgresql://callwright@{LOOPBACK}:{self.port}/{name}"

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        options = f"-p {self.port} -c listen_addresses={LOOPBACK} -c unix_socket_directories="
        self._control("start", f"--options={options}", f"--log={self._folder / 'log'}")

    def stop(self) -> None:
        """Stop the server at once, as a power cut would, and wait until it has."""
        self._control("stop", "--mode=immediate")

    def remove(self) -> None:
        """Stop the server and delete all that it kept."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder)

    @property
    def pid(self) -> int:
        """The server's process; its children are those of connections and chores."""
        lines = (self._folder / "data" / "postmaster.pid").read_text("ascii").splitlines()
        return int(lines[0])

    @property
    def _address(self) -> tuple[str, ...]:
        return f"--host={LOOPBACK}", f"--port={self.port}", "--username=callwright"

    def _control(self, command: str, *options: str) -> None:
        data = f"--pgdata={self._folder / 'data'}"
        self._run("pg_ctl", command, data, "--wait", f"--timeout={READY_WITHIN}", *options)

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder / "programs.log").open("a+", encoding="utf-8") as log:
            # To a file: a server that pg_ctl starts would keep a pipe open for ever.
            done = subprocess.run(
                [*_AS_SERVER_USER, _program(program), *arguments],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
            log.seek(0)
            assert done.returncode == 0, f"{program} failed:\n{log.read()}"


def _program(name: str) -> str:
    """Find a program: Debian keeps those of the server in a folder a version."""
    newest = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    assert found, f"{name} is missing: apt-get install postgresql (make packages does it)"
    return found
