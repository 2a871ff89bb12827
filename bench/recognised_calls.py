"""Calls that are recognised all at once: what that does to the ticks of the media workers.

A real `callwright serve` calls the carrier in a box and plays speech to everybody, first as it is,
then while what is played is recognised: digits, which a small search finds, and free speech, which
takes all that recognition may have. In the same run, and over the same sound; how late ticks began
is read from the server's own metrics while all calls were there.

Everything shares the machine's cores: the carrier and its media worker too.

    .venv/bin/python bench/recognised_calls.py [--calls 20] [--processes 1] [--seconds 20]
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

# The tests' installation and page server.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from tests.sim.installation import AccountClient, Installation
from tests.sim.page_server import PageServer, actions

FAR_END: Final = "4416329609{:02}02"
"""Somebody who says hello and stays."""
TICK_BOUND: Final = 0.005
"""Seconds that a tick may be late (architecture: sound is heard to suffer above)."""
MODES: Final[dict[str, Mapping[str, Any] | None]] = {
    "not at all": None,
    "digits": {"word_hints": [{"words": ["$OOV_CLASS_DIGIT_SEQUENCE"]}]},
    "free speech": {},
}


@dataclass(frozen=True, slots=True)
class Stand:
    """What is measured, and its customer."""

    cloud: Installation
    account: AccountClient
    pages: PageServer
    seconds: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=20, help="at once")
    parser.add_argument("--processes", type=int, default=1, help="of recognition")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each row")
    arguments = parser.parse_args()
    settings = {
        "media_workers": "1",
        "recognition_processes": str(arguments.processes),
        "log_level": "error",
    }
    print(f"{'recognised':>12} {'ticks':>7} {'late p99.9':>11} {'within 5 ms':>12} {'results':>8}")
    with tempfile.TemporaryDirectory() as name, PageServer() as pages:
        data = Path(name) / "data"
        with Installation(data, trunk="sim:", settings=settings) as cloud:
            account = cloud.create_account("bench@example.com", channels=1000, cps=50.0)
            stand = Stand(cloud, account, pages, arguments.seconds)
            _speak(stand, arguments.seconds)
            for mode in MODES:
                print(_row(stand, mode, arguments.calls), flush=True)


def _speak(stand: Stand, seconds: float) -> None:
    """Write speech that lasts as long as a row and its beginning."""
    path = stand.cloud.data / "media" / "1" / "speech.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = path.with_name("raw.wav")
    text = "One, two, three, four. I would like to speak to somebody please. " * 20
    subprocess.run(["espeak-ng", "-v", "en-gb", "-w", str(raw), text], check=True)
    form = ("-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer")
    length = str(seconds + BEGINNING)
    subprocess.run(
        ["sox", str(raw), *form, str(path), "vol", "0.5", "trim", "0", length], check=True
    )


def _row(stand: Stand, mode: str, count: int) -> str:
    service = mode.replace(" ", "-")
    play = {"play": {"play_list": [{"file_to_play": "speech.wav"}], "barge_in_on_digit": False}}
    options = MODES[mode]
    transcription = {
        "start_transcription": {
            "results_page": {"url": "told"},
            "transcription_mode": "outbound",
            "speech_recognition_options": options,
        }
    }
    first = actions(play) if options is None else actions(transcription, play)
    stand.pages.page(f"/{service}/first", first)
    stand.pages.page(f"/{service}/told", actions())
    stand.account.write_service(
        service,
        first_page=stand.pages.url(f"/{service}/first"),
        call_configuration={"speech_streams": 1},
    )
    calls = [{"to": FAR_END.format(number), "from": "443069999876"} for number in range(count)]
    refs = stand.account.start(service, *calls)
    while stand.pages.paths().count(f"/{service}/first") < count:
        time.sleep(0.1)
    time.sleep(SETTLING)
    before = _lateness(stand)
    time.sleep(stand.seconds)
    after = _lateness(stand)
    told = stand.pages.paths().count(f"/{service}/told")
    while not all(
        one["status"].startswith(("completed", "couldnotrun"))
        for one in stand.account.status(*refs).values()
    ):
        time.sleep(0.5)
    late = {bound: after[bound] - before.get(bound, 0.0) for bound in after}
    ticks = late[float("inf")]
    p999 = min(bound for bound, within in late.items() if within >= ticks * 0.999)
    bound_ms = f"<= {p999 * 1000:g} ms"
    share = late[TICK_BOUND] / ticks
    return f"{mode:>12} {ticks:>7.0f} {bound_ms:>11} {share:>12.5f} {told:>8}"


def _lateness(stand: Stand) -> dict[float, float]:
    """How many ticks of all workers were at most so many seconds late."""
    text = stand.cloud.request("GET", "/metrics").body.decode()
    counts: dict[float, float] = {}
    for bound, value in _BUCKET.findall(text):
        counts[float(bound)] = counts.get(float(bound), 0.0) + float(value)
    return counts


SETTLING: Final = 3.0
"""Seconds from the last first page until all recognition has begun."""
BEGINNING: Final = 10.0
"""Seconds that the first call may be there before the row begins."""
_BUCKET: Final = re.compile(
    r'^callwright_media_tick_lateness_seconds_bucket\{.*le="([^"]+)"[^}]*\} (\S+)$', re.MULTILINE
)

if __name__ == "__main__":
    main()
