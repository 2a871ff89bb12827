"""How a command that can't be carried out is answered, each in its own way."""

from callwright.worker import rpc
from callwright.worker.recorders import Ending


def failure(command: rpc.Command, problem: str) -> rpc.Event:
    """What the control process waits for, with the problem in it."""
    match command:
        case rpc.Play(leg, play):
            return rpc.PlayEnded(leg, play, finished=False, duration=0.0, problem=problem)
        case rpc.Record(leg, recording):
            return rpc.RecordEnded(
                leg,
                recording,
                duration=0.0,
                contains_sound=False,
                ended_by=Ending.FAILED,
                problem=problem,
            )
        case _:
            return rpc.CommandFailed(command.leg, type(command).__name__, problem)
