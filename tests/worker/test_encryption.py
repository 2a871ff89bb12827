"""Encrypted recordings and prompts, against the openssl program."""

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.media.frames import Samples
from callwright.media.tones import sines
from callwright.media.wav import Encoding, WavReader, WavWriter
from callwright.worker import rpc
from callwright.worker.encryption import DecryptedFile, EncryptedFile, Undecryptable
from tests.sim.media import Pair, record_command, share_at, sound_in

VECTOR = bytes(range(100, 116))
CIPHERS = [rpc.Cipher(bytes(range(size)), VECTOR) for size in (16, 24, 32)]
CIPHER = CIPHERS[0]


def openssl(path: Path, cipher: rpc.Cipher, *how: str) -> bytes:
    """What the program makes of a file; it fails when the padding is wrong."""
    name = f"-aes-{8 * len(cipher.key)}-cbc"
    secret = ["-K", cipher.key.hex(), "-iv", cipher.initialisation_vector.hex()]
    command = ["openssl", "enc", name, *secret, *how, "-in", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def recorded(pair: Pair, path: Path, **changes: object) -> None:
    """Half a second of a tone that the far worker hears, and more that it sends."""
    pair.connect()
    pair.near.say(1, 600.0)
    pair.far.say(2, 1500.0)
    pair.run(0.3)
    command = record_command(path, max_silence=0.0, starts_with_sound=False, **changes)
    pair.far.loop.execute(command)
    pair.run(0.5)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    assert pair.far.of(rpc.RecordEnded)[0].problem == ""


@pytest.mark.parametrize("cipher", CIPHERS, ids=lambda it: f"{8 * len(it.key)} bits")
@pytest.mark.parametrize("encoding", ["PCMU", "PCMA", "PCM16"])
@pytest.mark.parametrize("side", ["heard", "separate"])
def test_openssl_reads_what_was_recorded(
    pair: Pair, tmp_path: Path, cipher: rpc.Cipher, encoding: str, side: str
) -> None:
    path, clear = tmp_path / "secret.wav", tmp_path / "clear.wav"
    recorded(pair, path, cipher=cipher, encoding=encoding, side=side)
    clear.write_bytes(openssl(path, cipher, "-d"))
    # SoX complains of sizes that don't fit.
    made = subprocess.run(
        ["sox", str(clear), "-t", "raw", "-e", "signed", "-b", "16", "-"],
        check=True,
        capture_output=True,
    )
    assert made.stderr == b""
    channels = np.frombuffer(made.stdout, "<i2").reshape(-1, 2 if side == "separate" else 1).T
    assert [len(it) for it in channels] == [4000] * len(channels)
    for channel, tone in zip(channels, (600.0, 1500.0), strict=False):
        assert share_at(channel, tone) > 0.99


def test_nothing_of_it_is_ever_on_disk_in_clear(pair: Pair, tmp_path: Path) -> None:
    """Looked at after every tick; the same sound in clear shows that the look is sharp."""
    pair.connect()
    for number, cipher in enumerate((CIPHER, None)):
        pair.far.loop.execute(
            record_command(
                tmp_path / f"{number}.wav",
                recording=number,
                cipher=cipher,
                max_silence=0.0,
                starts_with_sound=False,
            )
        )
    seen: list[set[bytes]] = [set(), set()]
    pair.near.say(1, 400.0)  # 20 samples a turn: its pieces repeat
    for _ in range(150):
        pair.run(0.02)
        for number in (0, 1):
            data = (tmp_path / f"{number}.wav").read_bytes()
            seen[number] |= {data[at : at + 16] for at in range(len(data) - 16)}
    assert len(seen[1]) > 50
    assert any(b"RIFF" in it for it in seen[1])
    assert not seen[0] & seen[1]
    assert [it.name for it in sorted(tmp_path.iterdir())] == ["0.wav", "1.wav"]


def test_a_killed_worker_leaves_what_was_written_until_then(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    path = tmp_path / "secret.wav"
    pair.near.say(1, 600.0)
    pair.run(0.3)
    command = record_command(path, cipher=CIPHER, max_silence=0.0, starts_with_sound=False)
    pair.far.loop.execute(command)
    pair.run(4.5)  # nobody closes it
    clear = openssl(path, CIPHER, "-d", "-nopad")
    sound = WavReader(io.BytesIO(clear)).read(1 << 20)
    assert len(sound) > 4 * 8000
    assert share_at(sound, 600.0) > 0.99


def prompt(path: Path, sound: Samples, cipher: rpc.Cipher) -> None:
    """An encrypted prompt as others make it."""
    clear = path.with_suffix(".clear")
    with clear.open("wb") as stream:
        writer = WavWriter(stream, Encoding.PCMU)
        writer.write(sound)
        writer.close()
    path.write_bytes(openssl(clear, cipher))


@pytest.mark.parametrize("cipher", CIPHERS, ids=lambda it: f"{8 * len(it.key)} bits")
@pytest.mark.parametrize("seconds", [0.5, 5.0])
def test_what_openssl_has_encrypted_is_played(
    pair: Pair, tmp_path: Path, cipher: rpc.Cipher, seconds: float
) -> None:
    prompt(tmp_path / "prompt.wav", sines((440.0,), -12.0, 0, int(8000 * seconds)), cipher)
    pair.connect()
    pair.run(0.2)
    item = rpc.PlayFile(str(tmp_path / "prompt.wav"), cipher)
    pair.near.loop.execute(rpc.Play(1, 5, (item,)))
    sound = pair.heard_by(2, tmp_path / "heard.wav", seconds + 0.2)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert (ended.finished, ended.duration) == (True, seconds)
    loud = np.flatnonzero(abs(sound) > 500)
    assert share_at(sound[loud[0] : loud[-1]], 440.0) > 0.99


def test_what_was_recorded_encrypted_is_played_again(pair: Pair, tmp_path: Path) -> None:
    path = tmp_path / "secret.wav"
    recorded(pair, path, cipher=CIPHER, encoding="PCMA")
    pair.near.events.clear()
    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayFile(str(path), CIPHER),)))
    pair.run(0.7)
    assert [it.problem for it in pair.near.of(rpc.PlayEnded)] == ["", ""]
    assert pair.near.of(rpc.PlayEnded)[1].duration == 0.5


OTHER_KEY = rpc.Cipher(bytes(16), VECTOR)
OTHER_VECTOR = rpc.Cipher(CIPHER.key, bytes(16))


@pytest.mark.parametrize(
    ("cipher", "keeps_bytes"),
    [
        (OTHER_KEY, None),
        (OTHER_VECTOR, None),
        (rpc.Cipher(b"short", VECTOR), None),
        (rpc.Cipher(CIPHER.key, b"short"), None),
        (CIPHER, 0),
        (CIPHER, 15),
        (CIPHER, 16),
        (CIPHER, 480),
        (CIPHER, 481),
    ],
)
def test_what_does_not_fit_its_cipher_is_told_in_these_words(
    pair: Pair, tmp_path: Path, cipher: rpc.Cipher, keeps_bytes: int | None
) -> None:
    path = tmp_path / "prompt.wav"
    prompt(path, sines((440.0,), -12.0, 0, 8000), CIPHER)
    path.write_bytes(path.read_bytes()[:keeps_bytes])
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayFile(str(path), cipher),)))
    pair.run(0.1)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert ended.problem.startswith("could not be decrypted: ")
    assert not any(word in ended.problem for word in (cipher.key.hex(), repr(cipher.key)))


def test_a_clear_file_does_not_fit_any_cipher(pair: Pair, tmp_path: Path) -> None:
    prompt(tmp_path / "prompt.wav", sines((440.0,), -12.0, 0, 8000), CIPHER)
    pair.connect()
    item = rpc.PlayFile(str(tmp_path / "prompt.clear"), CIPHER)
    pair.near.loop.execute(rpc.Play(1, 5, (item,)))
    pair.run(0.1)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert ended.problem.startswith("could not be decrypted: ")


def test_a_missing_file_is_missing_with_a_cipher_too(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayFile("/nowhere/at/all.wav", CIPHER),)))
    pair.run(0.1)
    assert "No such file" in pair.near.of(rpc.PlayEnded)[0].problem


@given(
    st.binary(min_size=48, max_size=48),
    st.binary(min_size=48, max_size=48),
    st.lists(st.binary(min_size=1, max_size=50), max_size=5),
)
def test_only_the_free_block_of_a_replaced_head_is_lost(
    first: bytes, second: bytes, pieces: list[bytes]
) -> None:
    stream = io.BytesIO()
    sealed = EncryptedFile(stream, CIPHER)
    for piece in (first, *pieces):
        sealed.write(piece)
    sealed.seek(0)
    sealed.write(second)
    sealed.finish()
    clear = DecryptedFile(stream, CIPHER).read()
    assert clear[:16] == second[:16]
    assert clear[32:] == second[32:] + b"".join(pieces)


@given(st.binary(max_size=200))
def test_garbage_is_undecryptable_or_ends(garbage: bytes) -> None:
    try:
        opened = DecryptedFile(io.BytesIO(garbage), CIPHER)
    except Undecryptable:
        return
    assert len(opened.read()) < len(garbage)


def test_a_cipher_shows_its_key_to_nobody() -> None:
    shown = repr(rpc.PlayFile("a.wav", CIPHER)) + str(CIPHER)
    assert str(CIPHER.key) not in shown
    assert "Cipher(...)" in shown


def test_a_prompt_in_clear_is_read_without_a_cipher(tmp_path: Path) -> None:
    prompt(tmp_path / "prompt.wav", sines((440.0,), -12.0, 0, 800), CIPHER)
    assert len(sound_in(tmp_path / "prompt.clear")) == 800
