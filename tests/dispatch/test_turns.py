"""Who is next: what is owed first, then everybody in turn."""

from dataclasses import dataclass

import pytest

from callwright.dispatch.turns import Turns


@dataclass
class Queue:
    """So many starts, some of them owed."""

    name: str
    length: int
    order: list[str]
    owed: int = 0

    def take(self) -> bool:
        if not self.length:
            return False
        self.length -= 1
        self.order.append(self.name)
        return True


@pytest.mark.parametrize(
    ("queues", "order"),
    [
        ({}, ""),
        ({"a": (3, 0)}, "aaa"),
        ({"a": (3, 0), "b": (1, 0), "c": (2, 0)}, "abcaca"),
        ({"a": (9, 0), "b": (9, 3)}, "bbb" + "ab" * 6 + "aaa"),
        ({"a": (9, 2), "b": (9, 2)}, "abab" + "ab" * 7),
        ({"a": (2, 0), "b": (1, 5)}, "baa"),
    ],
)
def test_the_order(queues: dict[str, tuple[int, int]], order: str) -> None:
    taken: list[str] = []
    turns = Turns([Queue(name, length, taken, owed) for name, (length, owed) in queues.items()])
    while turns.take():
        pass
    assert "".join(taken) == order


def test_what_is_owed_is_no_turn() -> None:
    taken: list[str] = []
    turns = Turns([Queue("a", 9, taken), Queue("b", 9, taken, owed=1)])
    last = [turns.last for _ in range(2) if turns.take()]
    assert [queue and queue.name for queue in last] == [None, "a"]
