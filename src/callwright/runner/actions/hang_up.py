"""`hang_up`: the end of the call that the list belongs to."""

from callwright.runner.context import EndCall


def run_hang_up() -> EndCall:
    """End the call; the course of its flow hangs up, which is a normal end (A-50)."""
    return EndCall()
