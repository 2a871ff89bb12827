"""Any commands in any order: each is answered as its contract says, and nothing breaks."""

import tempfile
from collections import Counter
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callwright.worker import rpc
from tests.sim.media import SteppedClock, Worker, run

LEGS = st.integers(1, 4)
NUMBERS = st.integers(1, 2)
SIDES = st.sampled_from(["heard", "sent", "mixed", "separate", "neither"])
ITEMS = st.sampled_from(
    [
        rpc.PlayTone((697.0, 1209.0), 50),
        rpc.PlayTone((), 0),
        rpc.PlayDigits("1,2"),
        rpc.PlayDigits("x"),
        rpc.PlayFile("/nowhere/at/all.wav"),
        rpc.PlayFile("/nowhere/at/all.wav", rpc.Cipher(b"short", b"")),
    ]
)
COMMANDS = st.one_of(
    st.builds(rpc.OpenLeg, LEGS, st.booleans()),
    st.builds(rpc.OpenRoomLeg, LEGS, NUMBERS, st.booleans(), st.booleans()),
    st.builds(rpc.SetRoomLeg, LEGS, st.booleans(), st.booleans()),
    st.builds(
        rpc.ConnectLeg,
        LEGS,
        st.just("127.0.0.1"),
        st.just(11499),
        st.just(11499),
        st.sampled_from(["PCMU", "PCMA"]),
        st.just(0),
        st.sampled_from([None, 101]),
    ),
    st.builds(rpc.Bridge, LEGS, LEGS),
    st.builds(rpc.Unbridge, LEGS),
    st.builds(rpc.StopPlay, LEGS, NUMBERS),
    st.builds(rpc.StopRecord, LEGS, NUMBERS),
    st.builds(rpc.StopListening, LEGS, NUMBERS),
    st.builds(rpc.Classify, LEGS, st.just("network_connect"), st.sampled_from([0, 100])),
    st.builds(rpc.CloseLeg, LEGS),
    st.builds(rpc.Play, LEGS, NUMBERS, st.tuples(ITEMS), st.booleans()),
    st.builds(rpc.Listen, LEGS, NUMBERS, SIDES),
    st.builds(
        rpc.Record,
        LEGS,
        NUMBERS,
        st.just("any.wav"),
        st.sampled_from(["PCMU", "PCM16", "MP3"]),
        st.sampled_from([0.0, 0.1]),
        st.sampled_from([0.0, 0.1]),
        st.sampled_from([0.0, 0.1]),
        st.booleans(),
        st.booleans(),
        SIDES,
        st.booleans(),
        st.sampled_from([None, rpc.Cipher(bytes(16), bytes(16))]),
    ),
)


def count(worker: Worker, kind: type[rpc.Event]) -> int:
    return len(worker.of(kind))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(COMMANDS, st.integers(0, 4)), min_size=5, max_size=40))
def test_each_command_is_answered_as_often_as_it_was_given(
    steps: list[tuple[rpc.Command, int]],
) -> None:
    clock = SteppedClock()
    worker = Worker(clock, range(11480, 11490))
    given_commands = Counter(type(command) for command, _ in steps)
    with tempfile.TemporaryDirectory() as folder:
        for command, ticks in steps:
            worker.loop.execute(in_folder(command, folder))
            run(clock, ticks * 0.02, worker)
        worker.loop.close()
    failures = Counter(it.command for it in worker.of(rpc.CommandFailed))
    assert "" not in failures  # no leg was ended by a bug
    assert count(worker, rpc.PlayEnded) == given_commands[rpc.Play]
    assert count(worker, rpc.RecordEnded) == given_commands[rpc.Record]
    assert count(worker, rpc.LegClosed) == count(worker, rpc.LegOpened)
    opened = given_commands[rpc.OpenLeg] + given_commands[rpc.OpenRoomLeg]
    assert count(worker, rpc.LegOpened) == opened - failures["OpenLeg"] - failures["OpenRoomLeg"]
    last = [it for it in worker.of(rpc.SoundHeard) if it.is_last]
    assert len(last) == given_commands[rpc.Listen] - failures["Listen"]


def in_folder(command: rpc.Command, folder: str) -> rpc.Command:
    """The command with a folder of its own to record into."""
    if not isinstance(command, rpc.Record):
        return command
    return msgspec.structs.replace(command, path=str(Path(folder) / "any.wav"))
