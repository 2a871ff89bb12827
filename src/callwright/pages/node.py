"""The shape of everything that an answer is made of: properties that check and print themselves."""

from dataclasses import MISSING, fields
from typing import ClassVar, Final

from .checks import check_property
from .page import Link, Linking, page_object

PAGE_PROPERTIES: Final = frozenset(
    {
        "next_page",
        "first_page",
        "final_page",
        "error_page",
        "results_page",
        "transcription_results_page",
        "recording_available_page",
        "progress_page",
        "fax_available_page",
    }
)
"""Where a property is a page, whatever the action."""


class Node:
    """An object on the wire. Its fields have the wire's names; None and defaults are left out."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Check each property by its name, then what properties owe each other."""
        for one in fields(self):  # type: ignore[arg-type] # every Node is a dataclass
            check_property(one.name, getattr(self, one.name))
        self._check_together()

    def wire_object(self, linking: Linking) -> dict[str, object]:
        """Print it as the protocol has it."""
        printed: dict[str, object] = {}
        for one in fields(self):  # type: ignore[arg-type] # every Node is a dataclass
            value = getattr(self, one.name)
            if value is None or (one.default is not MISSING and value == one.default):
                continue
            if one.name in PAGE_PROPERTIES:
                printed[one.name] = page_object(value, linking)
            else:
                printed[one.name] = _printed(value, linking)
        return printed

    def _check_together(self) -> None:
        """Raise ValueError for what is wrong between properties."""


class Action(Node):
    """Something a page can tell the platform to do."""

    __slots__ = ()
    wire_name: ClassVar[str] = ""

    def action_object(self, linking: Linking) -> dict[str, object]:
        """Print it as `actions` lists it: an object whose one member is the action."""
        return {self.wire_name: self.wire_object(linking)}


def _printed(value: object, linking: Linking) -> object:
    match value:
        case Action():
            return value.action_object(linking)
        case Node():
            return value.wire_object(linking)
        case Link():
            return page_object(value, linking)
        case tuple() | list():
            return [_printed(one, linking) for one in value]
        case _:
            return value
