"""JSON members by name and kind, each mistake with the path to it.

- `BadInstanceInfo`: the sender's mistake; its text names the path, and never quotes a token
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

Read = TypeVar("Read")
Kind = TypeVar("Kind")


class BadInstanceInfo(ValueError):
    """What was posted is no instance info."""


@dataclass(slots=True)
class Members:
    """One JSON object that is being read. Null and absent are the same (A-01)."""

    path: str
    members: Mapping[str, object]
    _asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: object, path: str) -> "Members":
        """Begin to read a value that has to be an object."""
        if not isinstance(value, dict):
            raise BadInstanceInfo(f"{path or 'the body'} is {kind_of(value)}: an object expected")
        return cls(path, value)

    def at(self, name: str) -> str:
        """Name the path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def value(self, name: str, kind: type[Kind], expected: str) -> Kind | None:
        """Read a member of one kind, or None."""
        self._asked.add(name)
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadInstanceInfo(f"{self.at(name)} is {kind_of(value)}: {expected} expected")
        return value

    def text(self, name: str, default: str = "") -> str:
        """Read a string."""
        value = self.value(name, str, "a string")
        return default if value is None else value

    def maybe_text(self, name: str) -> str | None:
        """Read a string that may be absent."""
        return self.value(name, str, "a string")

    def required_text(self, name: str) -> str:
        """Read a string that has to be there."""
        value = self.value(name, str, "a string")
        if value is None:
            raise BadInstanceInfo(f"{self.at(name)} is missing: a string expected")
        return value

    def flag(self, name: str) -> bool:
        """Read a boolean; an absent one is false."""
        return bool(self.value(name, bool, "true or false"))

    def number(self, name: str) -> float:
        """Read a number; an absent one is 0."""
        return float(self.value(name, int | float, "a number") or 0)  # type: ignore[arg-type] # a union is fine for isinstance

    def maybe_number(self, name: str) -> float | None:
        """Read a number that may be absent."""
        value = self.value(name, int | float, "a number")  # type: ignore[arg-type] # as above
        return None if value is None else float(value)

    def whole(self, name: str) -> int:
        """Read a whole number; an absent one is 0."""
        return self.value(name, int, "a whole number") or 0

    def listed(self, name: str, read: Callable[["Members"], Read]) -> tuple[Read, ...]:
        """Read an array of objects; an absent one is empty."""
        values = self.value(name, list, "an array") or []
        return tuple(
            read(Members.of(value, f"{self.at(name)}[{index}]"))
            for index, value in enumerate(values)
        )

    def inner(self, name: str) -> "Members | None":
        """Begin to read a member that has to be an object; None when it is absent."""
        value = self.value(name, dict, "an object")
        return None if value is None else Members.of(value, self.at(name))

    def extra(self) -> Mapping[str, object]:
        """Return the members that nobody asked for."""
        return MappingProxyType(dict(self._rest()))

    def _rest(self) -> Iterator[tuple[str, object]]:
        return ((name, value) for name, value in self.members.items() if name not in self._asked)


def kind_of(value: object) -> str:
    """Name the kind of a JSON value: values may be secret, kinds are not."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"
