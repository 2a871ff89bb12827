"""The server's mistakes on a call WebSocket.

CallSocketError
├── BadMessage      not understood, or not possible at that point: the server is told, no more
└── BrokenSocket    the WebSocket protocol or a limit is broken: the connection ends
"""


class CallSocketError(Exception):
    """The root: catch it only where the fault doesn't matter."""


class BadMessage(CallSocketError):
    """What was sent is dropped and answered by an `error` message with this text."""


class BrokenSocket(CallSocketError):
    """Nothing more can be read; `close_code` says why (RFC 6455 7.4.1)."""

    def __init__(self, message: str, *, close_code: int) -> None:
        super().__init__(message)
        self.close_code = close_code
