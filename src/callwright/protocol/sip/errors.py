"""The errors of this stack; each says whose fault it was.

SipError
├── LocalSipError    our own program asked for something impossible: a bug, let it crash
└── RemoteSipError   the peer sent something wrong: expected, answered, never more than counted
"""


class SipError(Exception):
    """The root: catch it only where the fault doesn't matter."""


class LocalSipError(SipError):
    """A caller of this stack broke its contract."""


class RemoteSipError(SipError):
    """A peer broke the protocol.

    `status` is the response that a request with this fault deserves, `rule` the text that it
    breaks. A response with a fault is dropped (RFC 3261 8.1.3), whatever its `status` says.
    """

    def __init__(self, message: str, *, status: int = 400, rule: str = "RFC 3261 25.1") -> None:
        super().__init__(message)
        self.status = status
        self.rule = rule
