"""Synthesised speech in a folder, bounded."""

from pathlib import Path

from callwright.adapters.speech.sound_cache import IN_USE, SoundCache
from tests.sim.clock import VirtualClock


def test_what_was_added_is_found_by_its_key_alone(tmp_path: Path) -> None:
    cache = SoundCache(tmp_path / "new", max_bytes=100, clock=VirtualClock())
    path = cache.add(b"sound", "text", "voice")

    assert path.read_bytes() == b"sound"
    assert cache.find("text", "voice") == path
    assert cache.find("text", "other") is None
    assert cache.find("textvoice", "") is None
    assert [file.name for file in (tmp_path / "new").iterdir()] == [path.name]


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    clock = VirtualClock()
    cache = SoundCache(tmp_path, max_bytes=25, clock=clock)
    for text in ("a", "b"):
        cache.add(b"x" * 10, text)
        clock.advance(1)
    cache.find("a")
    clock.advance(IN_USE + 1)
    cache.add(b"x" * 10, "c")

    assert [bool(cache.find(text)) for text in ("a", "b", "c")] == [True, False, True]


def test_what_is_in_use_stays_however_full_it_is(tmp_path: Path) -> None:
    clock = VirtualClock()
    cache = SoundCache(tmp_path, max_bytes=25, clock=clock)
    for text in "abcd":
        cache.add(b"x" * 10, text)
        clock.advance(IN_USE / 10)

    assert all(cache.find(text) for text in "abcd")
