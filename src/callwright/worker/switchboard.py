"""Who is connected with whom inside the worker, and the keys that go from one to the other.

Sound crosses a bridge by itself, tones of keys in it. Keys that come as RTP events aren't in the
sound: they are sent on, as the leg on the other side sends keys. Across a room of two legs, which
is a call inside the machine, they stay events; in a conference nobody hears others' keys.
"""

from collections.abc import Callable, Mapping
from typing import Final

from callwright.worker import rpc
from callwright.worker.bridges import Bridges
from callwright.worker.key_relay import KeyRelay, Press
from callwright.worker.leg import LEAK, Leg
from callwright.worker.ports import PacketCore
from callwright.worker.sound import Sound

CALL_LEGS: Final = 2
"""Legs in a room that is a call and no conference."""


class Switchboard:
    """Bridges and rooms of all legs."""

    def __init__(
        self,
        *,
        by_row: Mapping[int, Leg],
        sound: Sound,
        core: PacketCore,
        emit: Callable[[rpc.Event], None],
    ) -> None:
        """Look legs up in `by_row`, which its owner keeps up to date."""
        self._by_row = by_row
        self._sound = sound
        self._core = core
        self._emit = emit
        self._bridges = Bridges()

    def bridge(self, leg: Leg, other: Leg) -> None:
        """Let two legs hear each other.

        Raises:
            ValueError: they are one and the same.

        """
        self._bridges.join(leg.row, other.row)

    def part(self, leg: Leg) -> None:
        """End the leg's bridge; a leg without one is left alone."""
        self._bridges.part(leg.row)

    def mix(self) -> None:
        """Add to what bridged legs are sent what their other sides hear."""
        self._bridges.mix(self._sound.heard, self._sound.sent)

    def press(self, leg: Leg) -> Press | None:
        """How the leg sends keys as events or messages; None when it sends them as tones."""
        if leg.socket is not None:
            return leg.socket.press if leg.takes_digits else None
        if leg.peer is None or leg.peer.telephone_event is None:
            return None
        return lambda key, duration_ms: self._core.press(leg.row, key, duration_ms)

    def hear_event(self, leg: Leg, key: str, duration_ms: int, now: float) -> None:
        """Tell of a key that came as an event, and send it on."""
        is_new = self._report(leg, key, duration_ms, now, in_band=False)
        leg.leaks_until = now + LEAK
        row = self._bridges.other(leg.row)
        if row is None:
            return
        other = self._by_row[row]
        rooms = self._sound.rooms
        if other.place is None:
            if is_new or not other.takes_digits:
                self._send_on(other, key)
        elif rooms.size(row) == CALL_LEGS:
            # Rooms and bridges form a chain, which a leg with packets ends: this comes to an end.
            for further in rooms.others(row):
                self.hear_event(self._by_row[further], key, duration_ms, now)

    def hear_tone(self, row: int, key: str, duration_ms: int, now: float) -> None:
        """Tell of a key that was heard in a row's sound, should it be a leg's.

        Its tone crosses a bridge by itself. Only who is told of keys by messages is told here.
        """
        if row not in self._by_row:
            return
        is_new = self._report(self._by_row[row], key, duration_ms, now, in_band=True)
        beyond = self._bridges.other(row)
        if is_new and beyond is not None and self._by_row[beyond].takes_digits:
            self._send_on(self._by_row[beyond], key)

    def hears_key(self, leg: Leg, now: float) -> bool:
        """Whether a key's tone may be in what the leg hears now."""
        return now < leg.leaks_until or leg.row in self._sound.held_keys

    def carries_key(self, leg: Leg, now: float) -> bool:
        """Whether a key's tone may be in what comes to the leg across its bridge now."""
        row = self._bridges.other(leg.row)
        return row is not None and self.hears_key(self._by_row[row], now)

    def sends_key(self, leg: Leg, now: float) -> bool:
        """Whether a key's tone may be in what the leg is sent now."""
        if leg.relay is not None or (leg.player is not None and leg.player.is_pressing):
            return True
        return self.carries_key(leg, now)

    def _send_on(self, leg: Leg, key: str) -> None:
        leg.relay = leg.relay or KeyRelay()
        leg.relay.send(key, self.press(leg))

    def _report(self, leg: Leg, key: str, duration_ms: int, now: float, *, in_band: bool) -> bool:
        """Tell of a press, once; whether it was told."""
        is_new = leg.is_new_press(key, now, in_band=in_band)
        if is_new:
            self._emit(
                rpc.DigitReceived(
                    leg=leg.number, digit=key, duration_ms=duration_ms, in_band=in_band
                )
            )
        return is_new
