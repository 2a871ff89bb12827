"""The error tree's roots: every error says whose fault it was.

- `CallwrightError`
    - `RemoteFault`: somebody outside got it wrong; expected, answered, costs one request or call
    - `IllegalTransition`: a state machine was asked for an arrow it does not have: our bug
"""


class CallwrightError(Exception):
    """Anything Callwright raises on purpose."""


class RemoteFault(CallwrightError):
    """A mistake of a peer or a customer; its text quotes the value and says what was expected."""


class IllegalTransition(CallwrightError):
    """An event arrived in a state that has no arrow for it: a bug of ours."""
