"""Checks of the machine, each a question with one finding for its answer."""

import os
import re
import resource
import shutil
import statistics
import subprocess  # fixed programs, without a shell
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import apsw

from callwright.cli.findings import Finding, Verdict
from callwright.runner.speech_plug_ins import SpeechGroup, installed

OLDEST_PYTHON: Final = (3, 11)

OLDEST_SQLITE: Final = (3, 51, 3)
"""Older ones can damage a database when a write-ahead log is reset."""

SLOW_FSYNC: Final = 0.02
"""Seconds. A start is answered after one; at 20 ms a lone client gets 50 starts a second."""

FSYNCS: Final = 20
"""Enough for a median, done in a second on a slow disk."""

FREE_SPACE: Final = 1_000_000_000
"""Bytes: about a million starts with their records."""

OPEN_FILES: Final = 4096
"""Two sockets a call in progress and one a customer's page; the usual soft limit is 1024."""

VERSION_WITHIN: Final = 5.0
"""Seconds for a program to print its version."""


def check_python() -> Finding:
    """Is Python new enough?"""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding("Python", found)
    return Finding("Python", found, Verdict.WRONG, "too old: install Python 3.11 or newer")


def check_sqlite(found: str = apsw.sqlite_lib_version()) -> Finding:
    """Is SQLite free of the bug that damages databases?"""
    if tuple(int(part) for part in found.split(".")[:3]) >= OLDEST_SQLITE:
        return Finding("SQLite", found)
    return Finding(
        "SQLite",
        found,
        Verdict.WRONG,
        "too old, it can damage the database: pip install --upgrade 'apsw>=3.51.3'",
    )


def check_speech(program: str = "espeak-ng") -> Finding:
    """Can text be spoken?"""
    path = shutil.which(program)
    if path is None:
        return Finding(
            "speech",
            f"{program} is not installed",
            Verdict.WRONG,
            "prompts given as text cannot be spoken: apt-get install espeak-ng",
        )
    printed = subprocess.run(  # noqa: S603  the path comes from PATH, the argument is fixed
        [path, "--version"], capture_output=True, text=True, timeout=VERSION_WITHIN, check=False
    )
    version = re.search(r"\d+(\.\d+)+", printed.stdout)
    if printed.returncode != 0 or version is None:
        return Finding(
            "speech",
            f"{path} does not run (status {printed.returncode})",
            Verdict.WRONG,
            "install it again: apt-get install --reinstall espeak-ng",
        )
    return Finding("speech", f"{program} {version[0]} at {path}")


def check_speech_plug_ins() -> Iterator[Finding]:
    """Which speech plug-ins are installed, and do they load?"""
    for group in SpeechGroup:
        for plug_in in installed(group):
            where = f"{plug_in.name} of {group}: {plug_in.place}"
            if plug_in.fault:
                yield Finding(
                    "plug-in",
                    where,
                    Verdict.DOUBTFUL,
                    f"does not load: {plug_in.fault}; install it again, or remove it",
                )
            else:
                yield Finding("plug-in", where)


def check_folder(data: Path) -> Finding:
    """Can the data folder be written, and is there room?"""
    place = _existing(data)
    if not place.is_dir():
        return Finding(
            "data folder", f"{place} is not a folder", Verdict.WRONG, "name another with --data"
        )
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding(
            "data folder",
            f"{place} cannot be written by user {os.geteuid()}",
            Verdict.WRONG,
            f"give it to the user that runs the server: chown {os.geteuid()} {place}",
        )
    free = shutil.disk_usage(place).free
    found = f"{data} {'is' if place == data else 'can be made,'} writable, {free / 1e9:.1f} GB free"
    if free < FREE_SPACE:
        return Finding("data folder", found, Verdict.DOUBTFUL, "make room before calling in bulk")
    return Finding("data folder", found)


def check_disk(data: Path) -> Finding:
    """How long does the disk take to make a write safe?"""
    place = _existing(data)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            times = [_write_safely(file.fileno()) for _ in range(FSYNCS)]
    except OSError as problem:
        return Finding(
            "disk", f"cannot write: {problem.strerror}", Verdict.WRONG, "see the data folder"
        )
    median = statistics.median(times)
    found = f"a safe write takes {median * 1000:.2f} ms"
    if median <= SLOW_FSYNC:
        return Finding("disk", found)
    return Finding(
        "disk",
        found,
        Verdict.DOUBTFUL,
        f"a lone client gets {1 / median:.0f} starts a second; put the data folder on an SSD",
    )


def check_open_files(limit: int | None = None) -> Finding:
    """May the server open enough sockets?"""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if limit is None else limit
    if soft == resource.RLIM_INFINITY or soft >= OPEN_FILES:
        return Finding("open files", f"up to {'any number' if soft < 0 else soft}")
    return Finding(
        "open files",
        f"up to {soft}",
        Verdict.DOUBTFUL,
        f"enough for about {soft // 3} calls at once; before starting: ulimit -n {OPEN_FILES}",
    )


def _existing(data: Path) -> Path:
    """Return the folder, or where it would be made."""
    place = data.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return data if place == data.absolute() else place


def _write_safely(file: int) -> float:
    before = time.perf_counter()
    os.write(file, b"\0" * 4096)
    os.fsync(file)
    return time.perf_counter() - before
