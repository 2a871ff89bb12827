"""REST logs: one line an event, and an end to them."""

import pytest

from callwright.domain.ids import AccountId
from callwright.runner.transcript import MAX_BYTES, Transcript
from tests.sim.clock import VirtualClock
from tests.sim.instance import KeptLogs, rest_instance


def transcript() -> tuple[Transcript, KeptLogs]:
    logs = KeptLogs()
    clock = VirtualClock(seconds=0.0, epoch=1_770_802_202.25)
    return (
        Transcript(
            logs, account_id=AccountId(1), filename=rest_instance().log_filename, clock=clock
        ),
        logs,
    )


def test_a_line_has_time_level_and_text() -> None:
    written, logs = transcript()
    written.info("the call is answered")
    written.warning("odd")
    written.error("wrong")

    assert logs.text == (
        "2026-02-11 09:30:02.250 INFO  the call is answered\n"
        "2026-02-11 09:30:02.250 WARN  odd\n"
        "2026-02-11 09:30:02.250 ERROR wrong\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a\\nb"), ("a\r\x00\x1b[2J", "a\\r\\x00\\x1b[2J"), ("\u2028", "\\u2028")],
)
def test_an_event_stays_one_line(text: str, shown: str) -> None:
    written, logs = transcript()
    written.info(text)
    assert logs.text.endswith(f"INFO  {shown}\n")
    assert logs.text.count("\n") == 1


def test_a_long_text_is_cut() -> None:
    written, logs = transcript()
    written.info("x" * 3000)
    assert logs.text.endswith("x" * 2000 + "...\n")
    assert len(logs.text) < 2100


def test_a_log_ends_at_five_mebibytes_and_says_so() -> None:
    written, logs = transcript()
    for _ in range(MAX_BYTES // 1500):
        written.info("ä" * 1000)

    assert len(logs.text.encode()) <= MAX_BYTES
    assert logs.text.endswith("WARN  the log is full; nothing more is written\n")
    assert logs.text.count("the log is full") == 1
