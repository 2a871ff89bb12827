"""One installation that many journeys share, with a customer, his pages, and phones beside it.

```python
with open_site(tmp_path) as site:
    site.answers("desk", actions({"play": ...}))  # an inbound service and its first page
    with site.phone("ann", hertz=700) as ann:
        site.call(ann, "desk")
        info = site.final("desk")
        record = site.record("desk")
```

Every journey has a service of its own: its name begins the paths of its pages and finds its events.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sim.baresip import Baresip
from tests.sim.installation import AccountClient, Installation
from tests.sim.live_events import LiveEvents
from tests.sim.name_switch import NameSwitch
from tests.sim.page_server import PageServer, Reaction, Script, actions
from tests.sim.ports import LOOPBACK
from tests.sim.sound import make_tone

MEDIA_FILES = "1"
"""The folder of the first account's media files."""


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that a journey needs."""

    folder: Path
    cloud: Installation
    account: AccountClient
    pages: PageServer
    events: LiveEvents
    switch: NameSwitch

    @contextmanager
    def phone(
        self, user: str, *, hertz: int | None = None, seconds: float = 20
    ) -> Iterator[Baresip]:
        """Start a phone that is called by this name and says a tone, or nothing.

        baresip gives up hearing where the path of its file has more than 127 characters.
        """
        voice = None
        if hertz is not None:
            voice = make_tone(self.folder / "voices" / f"{user}.wav", hertz, seconds=seconds)
        with Baresip(folder=self.folder / "phones" / user, says=voice, user=user) as phone:
            self.switch.phones[user] = phone.port
            yield phone

    def tone(self, name: str, hertz: int, *, seconds: float = 2) -> dict[str, object]:
        """Make a media file that holds a tone, and the `play` of it."""
        make_tone(self.media(name), hertz, seconds=seconds)
        return {"play": {"play_list": [{"file_to_play": name}]}}

    def media(self, name: str) -> Path:
        """Where a media file of the account is."""
        return self.cloud.data / "media" / MEDIA_FILES / name

    def page(self, service: str, name: str, *reactions: Reaction | Script) -> str:
        """Script a page of a service's and return its URL."""
        self.pages.page(f"/{service}/{name}", *reactions)
        return self.pages.url(f"/{service}/{name}")

    def asked(self, service: str, name: str, *, times: int = 1) -> Any:
        """Return what a page was told, as soon as it is asked."""
        return self.pages.wait_for(f"/{service}/{name}", times=times).info

    def final(self, service: str) -> Any:
        """Return what the service's final page was told."""
        return self.asked(service, "final")

    def answers(
        self,
        service: str,
        first: Reaction | Script,
        *,
        options: Mapping[str, Any] | None = None,
        **rest: Any,
    ) -> None:
        """Write an inbound service with a first and a final page; `rest` may name others."""
        pages = self._pages_of(service, first) | rest
        self.account.write_inbound(service, options=options, **pages)

    def calls(
        self,
        service: str,
        to: str,
        first: Reaction | Script,
        *,
        options: Mapping[str, Any] | None = None,
        **rest: Any,
    ) -> str:
        """Write an outbound service, start one call of it, and return the reference."""
        pages = self._pages_of(service, first) | rest
        self.account.write_service(service, options=options, **pages)
        [ref] = self.account.start(service, {"to": to, "from": "441908273801"})
        return ref

    def call(self, phone: Baresip, user: str) -> None:
        """Let a phone call somebody here: a service by its name, or a number."""
        phone.command("dial", f"sip:{user}@{LOOPBACK}:{self.cloud.sip[1]}")

    def instance(self, service: str) -> dict[str, Any]:
        """Return how the instance of a service began, as soon as it has."""
        return self.events.wait_for("instance_started", application_name=service)

    def wait_for(
        self, service: str, event: str, *, times: int = 1, **wanted: object
    ) -> dict[str, Any]:
        """Return an event of a service's instance, as soon as it has come."""
        ref = self.instance(service)["service_ref"]
        return self.events.wait_for(event, times=times, service_ref=ref, **wanted)

    def record(self, service: str) -> dict[str, Any]:
        """Return the record of a service's instance, once it is over."""
        self.wait_for(service, "instance_stopped")
        instance_id: str = self.instance(service)["instance_id"]
        return self.account.record(instance_id)

    def rest_log(self, service: str) -> str:
        """Return the REST log of a service's instance so far."""
        name: str = self.instance(service)["rest_log_filename"]
        return (self.cloud.data / "rest-logs" / MEDIA_FILES / name).read_text("utf-8")

    def _pages_of(self, service: str, first: Reaction | Script) -> dict[str, Any]:
        return {
            "first_page": self.page(service, "first", first),
            "final_page": {"address": self.page(service, "final", actions())},
        }


@contextmanager
def open_site(
    folder: Path, *, trunk: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Site]:
    """Start everything; without a trunk, calls go to the phones by their names."""
    with (
        PageServer() as pages,
        NameSwitch() as switch,
        Installation(
            folder / "data", trunk=trunk or f"sip:{LOOPBACK}:{switch.port}", settings=settings
        ) as cloud,
    ):
        account = cloud.create_account("bob@example.com")
        with LiveEvents(account) as events:
            yield Site(folder, cloud, account, pages, events, switch)
