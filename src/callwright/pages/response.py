"""What a page answers: section 3 of the page protocol."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .media import Cipher
from .node import Action
from .page import Handle, Linking

API_VERSION: Final = "2.0"

HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
}
"""Of every answer: what a page says is for one call at one moment."""

MAX_TOKEN_LENGTH: Final = 5000
"""Characters (published)."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: the actions that run next, in order."""

    actions: Sequence[Action] | Action = ()
    """Kept as a tuple."""
    token: str | None = field(default=None, kw_only=True)
    """Yours: the next page is told it. None clears it."""
    call_recording_cipher: Cipher | None = field(default=None, kw_only=True)
    """Where the recording of whole calls is encrypted, in the first page's answer."""

    def __post_init__(self) -> None:
        """Take one action for a list of one, and refuse what is none.

        Raises:
            TypeError: something else than an action is among them.
            ValueError: the token is too long.

        """
        for action in self.listed:
            if not isinstance(action, Action):
                raise TypeError(f"{action!r} is no action: Play, GetNumber, ... were expected")
        object.__setattr__(self, "actions", self.listed)
        if self.token is not None and len(self.token) > MAX_TOKEN_LENGTH:
            raise ValueError(
                f"token has {len(self.token)} characters: at most {MAX_TOKEN_LENGTH} were expected"
            )

    @property
    def listed(self) -> tuple[Action, ...]:
        """The actions, also where there is only one."""
        return (self.actions,) if isinstance(self.actions, Action) else tuple(self.actions)

    def document(self, linking: Linking | None = None) -> dict[str, object]:
        """Print it as a JSON document; without `linking`, pages go by their paths."""
        to = linking or _by_path
        document: dict[str, object] = {"api_version": API_VERSION}
        if self.token is not None:
            document["token"] = self.token
        if self.call_recording_cipher is not None:
            document["call_recording_cipher"] = self.call_recording_cipher.wire_object(to)
        document["actions"] = [action.action_object(to) for action in self.listed]
        return document

    def body(self, linking: Linking | None = None) -> bytes:
        """Print it as it is sent, with the headers `Response.headers`."""
        return json.dumps(self.document(linking), ensure_ascii=False).encode()

    @property
    def headers(self) -> Mapping[str, str]:
        """What is sent with the body."""
        return HEADERS


def _by_path(page: Handle) -> str:
    return page.path
