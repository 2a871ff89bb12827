"""Reads the members of one JSON object, each by its kind; knows the path to every value.

Null and absent are the same for everything that is optional (A-01), and a name that nobody asked
for is a warning (A-02).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid
from callwright.protocol.pages.json_text import Json, JsonObject, joined
from callwright.protocol.pages.wire_names import WireName

KEYS: Final = frozenset("0123456789ABCD#*")
"""The sixteen keys of ITU-T Q.23."""

LONGEST_WAIT: Final = 86_400
"""Seconds; a longer time counts as this one. No call may last that long, so nobody can tell."""


@dataclass(slots=True)
class Fields:
    """One object of an answer, and which of its members were asked for."""

    members: JsonObject
    path: str
    warnings: list[str]
    _asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: Json, path: str, warnings: list[str]) -> "Fields":
        """Begin to read a value that has to be an object."""
        if not isinstance(value, dict):
            raise invalid(path, value, "an object")
        return cls(value, path, warnings)

    def at(self, name: str | WireName) -> str:
        """Print the path to a member, by the name under which it was given."""
        names = _names(name)
        given = next((n for n in names if n in self.members), names[0])
        return joined(self.path, given)

    def value(self, name: str | WireName) -> Json:
        """Return a member as it is; None when it is absent."""
        names = _names(name)
        self._asked.update(names)
        given = [n for n in names if self.members.get(n) is not None]
        for extra in given[1:]:
            self.warnings.append(f"{joined(self.path, extra)} is ignored beside {given[0]!r}")
        return self.members[given[0]] if given else None

    def required(self, name: str | WireName) -> Json:
        """Return a member that has to be there."""
        value = self.value(name)
        if value is None:
            raise BadAnswer(FaultCode.INVALID_RESPONSE, f"{self.at(name)} is missing")
        return value

    def text(self, name: str | WireName, default: str) -> str:
        """Read a string."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise invalid(self.at(name), value, "a string")
        return value

    def boolean(self, name: str | WireName, *, default: bool) -> bool:
        """Read true or false."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise invalid(self.at(name), value, "true or false")
        return value

    def word(self, name: str | WireName, default: str, allowed: Collection[str]) -> str:
        """Read one of a few words."""
        value = self.text(name, default)
        if value not in allowed:
            *most, last = (repr(str(word)) for word in allowed)
            expected = f"{', '.join(most)} or {last}" if most else last
            raise invalid(self.at(name), value, expected)
        return value

    def texts(self, name: str | WireName) -> tuple[str, ...]:
        """Read an array of strings; an absent one is empty."""
        texts: list[str] = []
        for index, value in enumerate(self.listed(name) or []):
            if not isinstance(value, str):
                raise invalid(f"{self.at(name)}[{index}]", value, "a string")
            texts.append(value)
        return tuple(texts)

    def inner(self, name: str | WireName) -> "Fields | None":
        """Begin to read a member that has to be an object; None when it is absent."""
        value = self.value(name)
        return None if value is None else Fields.of(value, self.at(name), self.warnings)

    def required_text(self, name: str | WireName) -> str:
        """Read a string that has to be there, and not be empty."""
        value = self.required(name)
        if not isinstance(value, str) or not value:
            raise invalid(self.at(name), value, "a string that is not empty")
        return value

    def integer(
        self, name: str | WireName, default: int, *, least: int | None, most: int | None = None
    ) -> int:
        """Read a whole number between two bounds; `5.0` is one, as JSON has no other kind."""
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or (least is not None and value < least)
            or (most is not None and value > most)
        ):
            raise invalid(self.at(name), value, _whole_number(least, most))
        return value

    def whole_seconds(self, name: str | WireName, default: int) -> int:
        """Read a time that counts whole seconds."""
        return int(self._bounded(name, self.integer(name, default, least=0), LONGEST_WAIT))

    def milliseconds(
        self, name: str | WireName, default: int, *, least: int | None = None
    ) -> float:
        """Read a time that counts whole milliseconds, and return it in seconds; negative is 0."""
        value = max(self.integer(name, default, least=least), 0)
        return self._bounded(name, value, LONGEST_WAIT * 1000) / 1000

    def seconds(self, name: str | WireName) -> float:
        """Read a time in seconds, whole or not, that has to be there."""
        value = self.required(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise invalid(self.at(name), value, "a number of at least 0")
        return float(self._bounded(name, value, LONGEST_WAIT))

    def keys(self, name: str | WireName, default: str) -> str:
        """Read a string of keys."""
        value = self.text(name, default)
        if not KEYS.issuperset(value):
            raise invalid(self.at(name), value, "a string of the digits 0123456789ABCD#*")
        return value

    def key(self, name: str | WireName, default: str) -> str:
        """Read one key, or the empty string for none."""
        value = self.keys(name, default)
        if len(value) > 1:
            raise invalid(self.at(name), value, 'one digit or ""')
        return value

    def listed(self, name: str | WireName) -> list[Json] | None:
        """Read an array; None when it is absent."""
        value = self.value(name)
        if value is not None and not isinstance(value, list):
            raise invalid(self.at(name), value, "an array")
        return value

    def finish(self) -> None:
        """Warn of the members that nobody asked for."""
        self.warnings.extend(
            f"{joined(self.path, name)} is not known and ignored"
            for name, value in self.members.items()
            if name not in self._asked and value is not None
        )

    def _bounded(self, name: str | WireName, value: float, most: int) -> float:
        if value <= most:
            return value
        self.warnings.append(f"{self.at(name)} counts as {most}, the longest time there is")
        return most


def _names(name: str | WireName) -> tuple[str, ...]:
    return (name,) if isinstance(name, str) else (name.name, *name.aliases)


def _whole_number(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"a whole number from {least} to {most}"
    if least is not None:
        return f"a whole number of at least {least}"
    return "a whole number"
