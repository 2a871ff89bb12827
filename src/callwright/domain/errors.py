"""The error tree's roots: every error says whose fault it was.

- `CallwrightError`
    - `RemoteFault`: somebody outside got it wrong; expected, answered, costs one request or call
    - `StoreUnavailable`: our own store can't take or give this now; nothing was changed
        - `StoreBusy`: too much is waiting to be written; the same request may succeed soon
    - `IllegalTransition`: a state machine was asked for an arrow it does not have: our bug
"""


class CallwrightError(Exception):
    """Anything Callwright raises on purpose."""


class RemoteFault(CallwrightError):
    """A mistake of a peer or a customer; its text quotes the value and says what was expected."""


class StoreUnavailable(CallwrightError):
    """The store failed: disk full, read-only, locked, damaged. What was asked did not happen."""


class StoreBusy(StoreUnavailable):
    """More waits to be written than the store accepts; nothing of this request was written."""


class IllegalTransition(CallwrightError):
    """An event arrived in a state that has no arrow for it: a bug of ours."""
