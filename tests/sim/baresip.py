"""A real baresip (Debian 1.0.0) as a far end with ears, a voice and keys, and without a sound card.

It listens on loopback and answers at once. Its voice is a wav file, what it hears is written to a
wav file by its `sndfile` filter, and it is driven by the commands of its `ctrl_tcp` module, which
also tells what happens: netstrings of JSON both ways.

```python
with Baresip(folder=tmp_path, says=tone) as phone:
    ...  # call phone.uri
    phone.wait_for("CALL_ESTABLISHED")
    phone.press("42#")
    phone.wait_for("CALL_CLOSED")
    sound = phone.heard()
```
"""

import json
import socket
import subprocess
import time
import wave
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from tests.sim.ports import LOOPBACK, free_port

WAITS: Final = 15.0
"""Seconds until an event that was promised is overdue; a bound, never waited out."""

KEY_SECONDS: Final = 0.4
"""From one key to the next. baresip holds a key for 160 ms (nine packets and three of its end); the
rest is the gap that ITU-T Q.24 asks for (40 ms), and air for a busy machine."""

RTP_PORTS: Final = "13000-15999"
"""Below those of Callwright's workers and those that the kernel hands out."""

PATIENCE: Final = 120.0
"""Seconds of silence after its voice: baresip hangs up at the end of its wav file."""

_MODULES: Final = "/usr/lib/baresip/modules"

_CONFIG: Final = """\
poll_method             epoll
sip_listen              {host}:{port}
net_interface           {host}
call_max_calls          16
audio_source            aufile,{voice}
audio_player            aubridge,nil
audio_alert             aubridge,nil
ausrc_format            s16
auplay_format           s16
auenc_format            s16
audec_format            s16
jitter_buffer_delay     2-10
rtp_ports               {rtp_ports}
module_path             {modules}
module                  g711.so
module                  sndfile.so
module                  aufile.so
module                  aubridge.so
module_tmp              account.so
module_app              menu.so
module_app              ctrl_tcp.so
ctrl_tcp_listen         {host}:{control_port}
snd_path                {heard}
"""

_ACCOUNT: Final = "<sip:{user}@{host}:{port}>;regint=0;answermode=auto;audio_codecs={codec}\n"


class Baresip:
    """One baresip process."""

    def __init__(
        self,
        *,
        folder: Path,
        says: Path | None = None,
        codec: str = "pcmu",
        user: str = "baresip",
    ) -> None:
        """Write its configuration; entering the context starts it.

        `says`: a wav file, 16 bits, mono, 8 kHz, played once from the answer on; without one it
        is silent. `codec`: `pcmu` or `pcma`, the only one that it takes. `user`: the user part of
        its address, a telephone number for instance; it refuses calls to any other.
        """
        self._folder = folder
        # With SIP on one port it takes the next one too, for TLS.
        self.port = free_port(neighbours=1)
        self._control_port = free_port()
        self._user = user
        self._heard = folder / "heard"
        self._heard.mkdir(parents=True)
        voice = folder / "voice.wav"
        _write_voice(voice, says)
        places = {
            "host": LOOPBACK,
            "port": self.port,
            "control_port": self._control_port,
            "voice": voice,
            "heard": self._heard,
            "rtp_ports": RTP_PORTS,
            "modules": _MODULES,
            "codec": codec,
            "user": user,
        }
        (folder / "config").write_text(_CONFIG.format(**places), "utf-8")
        (folder / "accounts").write_text(_ACCOUNT.format(**places), "utf-8")
        (folder / "contacts").write_text("", "utf-8")
        self._pending = bytearray()
        self._seen: list[dict[str, Any]] = []

    @property
    def uri(self) -> str:
        """Whom to call."""
        return f"sip:{self._user}@{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["baresip", "-f", str(self._folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self._process.stdout is not None
        said: list[str] = []
        for line in self._process.stdout:
            said.append(line.decode("utf-8", "replace"))
            if "baresip is ready" in said[-1]:
                break
        else:
            raise AssertionError("baresip did not start:\n" + "".join(said))
        self._control = socket.create_connection((LOOPBACK, self._control_port), WAITS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        # Reading to the end lets it say its farewell; a full pipe would keep it from leaving.
        self._process.communicate(timeout=WAITS)
        self._control.close()

    def kill(self) -> None:
        """End it without a farewell, which would wait for the answer of a server that is gone."""
        self._process.kill()

    def press(self, keys: str) -> None:
        """Press keys one after another, as RFC 4733 events; returns when the last one is up."""
        for key in keys:
            self.command("sndcode", key)
            self._listen_until(time.monotonic() + KEY_SECONDS)

    def hang_up(self) -> None:
        """End the call."""
        self.command("hangup")

    def command(self, name: str, parameters: str = "") -> None:
        """Give one of baresip's own commands."""
        text = json.dumps({"command": name, "params": parameters}).encode()
        self._control.sendall(b"%d:%b," % (len(text), text))

    def wait_for(self, event: str) -> dict[str, Any]:
        """Return the next event of this type, also one that came before we asked.

        Raises:
            AssertionError: it did not come.

        """
        give_up_at = time.monotonic() + WAITS
        while True:
            for number, found in enumerate(self._seen):
                if found.get("type") == event:
                    del self._seen[: number + 1]
                    return found
            if time.monotonic() >= give_up_at:
                raise AssertionError(f"no {event} within {WAITS} s; came: {self._seen}")
            self._receive(give_up_at)

    def heard(self) -> list[int]:
        """What the far end of the last finished call said: samples at 8 kHz."""
        newest = max(self._heard.glob("*-dec.wav"), key=lambda path: path.stat().st_mtime)
        with wave.open(str(newest)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            assert form == (1, 2, 8000), f"baresip recorded {form}"
            sound = file.readframes(file.getnframes())
        return memoryview(sound).cast("h").tolist()

    def _listen_until(self, moment: float) -> None:
        while time.monotonic() < moment:
            self._receive(moment)

    def _receive(self, until: float) -> None:
        """Take what comes next on the control connection, or nothing until then."""
        self._control.settimeout(max(until - time.monotonic(), 0.001))
        try:
            data = self._control.recv(65_536)
        except TimeoutError:
            return
        assert data, "baresip closed the control connection"
        self._pending += data
        while (colon := self._pending.find(b":")) > 0:
            end = colon + 1 + int(self._pending[:colon])
            if len(self._pending) <= end:
                return
            self._seen.append(json.loads(self._pending[colon + 1 : end]))
            del self._pending[: end + 1]


def _write_voice(path: Path, says: Path | None) -> None:
    sound = b""
    if says is not None:
        with wave.open(str(says)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            assert form == (1, 2, 8000), f"{says} is {form}"
            sound = file.readframes(file.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(sound + bytes(2 * int(8000 * PATIENCE)))
