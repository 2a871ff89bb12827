"""Pages, as actions name them: by a handle, a link or a plain URL."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias


class Handle(Protocol):
    """A page of an application: what `Application.page` makes of a function."""

    @property
    def path(self) -> str:
        """Where the page stands in its application, `/first`."""
        ...

    @property
    def method(self) -> str:
        """How it wants to be asked: `POST` or `GET`."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """A page by its URL, which may be relative to the page that answers with it."""

    url: str
    method: str = "POST"
    """`POST` or `GET`."""

    def __post_init__(self) -> None:
        """Refuse what no platform asks."""
        if not self.url or any(character <= " " for character in self.url):
            raise ValueError(f"url is {self.url!r}: a URL without blanks was expected")
        if self.method not in {"GET", "POST"}:
            raise ValueError(f"method is {self.method!r}: 'GET' or 'POST' was expected")


Page: TypeAlias = Handle | Link | str
"""Whatever can stand where an action wants a page; a string is a URL."""

Linking = Callable[[Handle], str]
"""What URL a page of the application has, seen from the page that answers."""


def page_object(page: Page, linking: Linking) -> dict[str, object]:
    """Print a page as actions hold it."""
    if isinstance(page, str):
        page = Link(page)
    url = page.url if isinstance(page, Link) else linking(page)
    return {"url": url} if page.method == "POST" else {"url": url, "method": page.method}
