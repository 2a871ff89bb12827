"""A 2xx of ours that still waits for its ACK: RFC 3261 13.3.1.4."""

from callwright.protocol.sip.server_invite import ServerInvite


class UnacknowledgedSuccess:
    """Repeated over any transport, since it passes proxies that don't repeat it for us.

    `interval` is the first wait; `give_up_at` is when the call must end with BYE.
    """

    __slots__ = ("_data", "_interval", "_transaction", "give_up_at", "resend_at", "sequence")

    def __init__(
        self,
        transaction: ServerInvite,
        data: bytes,
        *,
        sequence: int,
        resend_at: float,
        interval: float,
        give_up_at: float,
    ) -> None:
        self.sequence = sequence
        self.resend_at = resend_at
        self.give_up_at = give_up_at
        self._transaction = transaction
        self._data = data
        self._interval = interval

    def send_again(self, now: float, t2: float) -> None:
        """The wait doubles up to `t2` seconds."""
        self._transaction.respond(200, self._data, now)
        self._interval = min(self._interval * 2, t2)
        self.resend_at = now + self._interval
