"""Values that a client keeps under a name, and that its requests refer to.

Published of them is only that `@{NAME}` in the place of an `extension_id` takes the value of a
client variable, and that values in the body of a callback may refer to one as `$cv(NAME)` (sections
2.2 and 12.1). Assumed:

- A name has 1 to 64 letters, digits and `_`, and capitals count. A value has up to 200 characters,
  and a client up to 1000 variables.
- `@{NAME}` stands for the value as if that were written there: `4410` is an id, `@200` a number.
- `$cv(NAME)` may stand anywhere in a text, several times. It is replaced as the request is read,
  before anything is checked; a later change of the variable changes nothing that was taken.
- What a value refers to is not replaced in its turn. Names of members are not texts.
- There is no way to have `$cv(NAME)` taken literally: in `$$cv(NAME)` the first `$` stays.
- An unknown variable is a fault of the request, so that nobody calls a number named `$cv(BOSS)`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from callwright.domain.ids import AccountId
from callwright.scheduler.requests.fields import BadRequest, Fault, Fields, quoted
from callwright.scheduler.values import ClientVariable

MAX_VALUE: Final = 200
MAX_CLIENT_VARIABLES: Final = 1000
"""Of one client."""

_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)
_REFERENCE: Final = re.compile(r"\$cv\(([^()]*)\)")
"""Whatever stands there is a name: one that can be none is unknown."""
_IN_PLACE_OF_ID: Final = re.compile(r"@\{([^{}]*)\}")
_ID: Final = "extension_id"

Refer = Callable[[str], str | None]
"""Returns the value of a variable, None for one that is not there."""


def read_client_variable(
    body: Mapping[str, object], *, account_id: AccountId, name: str | None = None
) -> ClientVariable:
    """Read a variable; `name` is that of the one that is changed, None for a new one.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    read = ClientVariable(account_id, _name(fields, name), fields.text("value", most=MAX_VALUE))
    if body.get("value") is None:
        fields.wrong("value", f"is missing: a string of up to {MAX_VALUE} characters was expected")
    if fields.faults:
        raise BadRequest("the variable is not valid", tuple(fields.faults))
    return read


def print_client_variable(variable: ClientVariable) -> dict[str, object]:
    """Return a variable's fields."""
    return {"name": variable.name, "value": variable.value}


def is_variable_name(text: str) -> bool:
    """Whether a variable may be named so."""
    return _NAME.fullmatch(text) is not None


def name_in_place_of_id(text: str) -> str | None:
    """Return which variable stands in the place of an id, None for none."""
    found = _IN_PLACE_OF_ID.fullmatch(text)
    return None if found is None else found[1]


def refers(value: object) -> bool:
    """Whether anything in a body refers to a variable."""
    match value:
        case str():
            # Nothing else begins so, and most texts are not even searched.
            return "$cv(" in value or value.startswith("@{")
        case dict():
            return any(map(refers, value.values()))
        case list():
            return any(map(refers, value))
        case _:
            return False


def replaced(
    body: Mapping[str, object], values: Mapping[str, str], *, most: int
) -> dict[str, object]:
    """Return a body with the values of variables in the place of their names.

    `most` is how many characters may be added.

    Raises:
        BadRequest: variables that are not there, or too long a text; every place is named.

    """
    replacement = _Replacement(values, most)
    whole = {name: replacement.of(value, name) for name, value in body.items()}
    if replacement.faults:
        raise BadRequest("the request is not valid", tuple(replacement.faults))
    return whole


@dataclass(slots=True)
class _Replacement:
    values: Mapping[str, str]
    left: int
    """Characters that may still be added."""
    faults: list[Fault] = field(default_factory=list)

    def of(self, value: object, path: str) -> object:
        match value:
            case str() if refers(value):
                return self._of_text(value, path)
            case dict():
                return {name: self.of(one, f"{path}.{name}") for name, one in value.items()}
            case list():
                return [self.of(one, f"{path}[{number}]") for number, one in enumerate(value)]
            case _:
                return value

    def _of_text(self, text: str, path: str) -> str:
        named = name_in_place_of_id(text) if path.rpartition(".")[2] == _ID else None
        if named is not None:
            return self._value(named, text, path)
        return _REFERENCE.sub(lambda found: self._value(found[1], found[0], path), text)

    def _value(self, name: str, reference: str, path: str) -> str:
        value = self.values.get(name)
        if value is None:
            message = f"{quoted(reference)}: the client has no such variable"
            self.faults.append(Fault(path, message, "variable_not_found"))
            return ""
        self.left -= len(value)
        if self.left < 0:
            if self.left + len(value) >= 0:
                self.faults.append(Fault(path, "values of variables make the request too long"))
            return ""
        return value


def _name(fields: Fields, known: str | None) -> str:
    expected = "1 to 64 letters, digits and _ were expected"
    given = fields.values.get("name")
    if known is not None:
        if given not in {None, known}:
            fields.wrong("name", f"{quoted(given)}: a variable keeps its name, {known}")
        return known
    if given is None:
        fields.wrong("name", f"is missing: {expected}")
    elif not isinstance(given, str) or not is_variable_name(given):
        fields.wrong("name", f"{quoted(given)}: {expected}")
    else:
        return given
    return ""
