"""A person's browser before the front door, as far as the page of authorizations needs one."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from tests.sim.asgi import ADDRESS, Reply
from tests.sim.front_door import FrontDoor

AUTHORIZE = "/oauth/authorize"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Form(HTMLParser):
    """What a browser sees of the page."""

    action: str = ""
    token: str = ""
    wrong: str = ""
    labels: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of_tag = dict(attrs)
        self.tags.add(tag)
        match tag:
            case "form":
                self.action = of_tag["action"] or ""
            case "label":
                self.labels.add(of_tag["for"] or "")
            case "input" if of_tag.get("name") == "form_token":
                self.token = of_tag["value"] or ""
            case "p" if of_tag.get("role") == "alert":
                self.wrong = "?"

    def handle_data(self, data: str) -> None:
        if self.wrong == "?":
            self.wrong = data


@dataclass
class Browser:
    """A person's browser, which keeps a cookie and follows no redirection by itself."""

    door: FrontDoor
    cookie: str = ""
    address: str = ADDRESS

    async def open(self, **asked: str) -> tuple[Reply, Form]:
        """Go to the page, as a program sends one."""
        return await self.send("GET", f"{AUTHORIZE}?{urlencode(asked)}")

    async def answer(self, form: Form, **typed: str) -> tuple[Reply, Form]:
        """Send the form."""
        body = urlencode({"form_token": form.token} | typed).encode()
        return await self.send("POST", f"{AUTHORIZE}{form.action}", body)

    async def send(self, method: str, target: str, body: bytes = b"") -> tuple[Reply, Form]:
        headers = ({"cookie": self.cookie} if self.cookie else {}) | (FORM if body else {})
        reply = await self.door.client.request(
            method, target, body=body, headers=headers, address=self.address
        )
        if "set-cookie" in reply.headers:
            self.cookie = reply.headers["set-cookie"].partition(";")[0]
        form = Form()
        form.feed(reply.body.decode())
        return reply, form
