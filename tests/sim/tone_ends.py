"""Far ends of each kind that a call may have: each says a tone of its own, and knows what it heard.

| Kind | What it is |
|---|---|
| `sip` | a phone, called over the trunk |
| `wss` | a server of the customer's |
| `loc` | an inbound service here, whose application plays the tone |
| `con` | a room in which such an application is already |

They talk until their calls are ended; what an application hears is in the recording of its call.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from tests.sim.baresip import Baresip
from tests.sim.call_socket_servers import CallSocketServer, SeenCall
from tests.sim.page_server import actions
from tests.sim.site import Site
from tests.sim.sound import samples_of

KINDS = ("sip", "wss", "loc", "con")

KEYS = "22222"
"""Two seconds of a phone's time."""

BOTH_SIDES = {"call_recording": {"enabled": True, "mode": "separate"}}

PLAYS = 60
"""Tones of a second that an application plays one after another: more than any test takes."""


class ToneEnd(ABC):
    """One far end. `destination` is what it is called by."""

    destination: str

    @abstractmethod
    def let_talk(self) -> None:
        """Return when it has heard and said something for two seconds more."""

    @abstractmethod
    def heard(self) -> list[int]:
        """What it was told: samples at 8 kHz. Its call is over, or is being ended."""


class Phone(ToneEnd):
    """A phone."""

    def __init__(self, phone: Baresip, user: str) -> None:
        self.destination = f"sip:{user}@example.com"
        self.phone = phone

    def let_talk(self) -> None:
        self.phone.press(KEYS)

    def heard(self) -> list[int]:
        self.phone.wait_for("CALL_CLOSED")
        return self.phone.heard()


class Server(ToneEnd):
    """A server's part of one call."""

    def __init__(self, server: CallSocketServer, name: str, hertz: int) -> None:
        self._path = f"/tone?hertz={hertz}&name={name}"
        self.destination = server.url(self._path)
        self._server = server

    @property
    def call(self) -> SeenCall:
        """The call, which is connected."""
        [call] = [call for call in self._server.calls if call.path == self._path]
        return call

    def let_talk(self) -> None:
        self.call.wait_for_sound(len(self.call.frame_sizes) + 100)

    def heard(self) -> list[int]:
        self.call.wait_until_over()
        return memoryview(bytes(self.call.sound)).cast("h").tolist()


class Application(ToneEnd):
    """An application of a service's, inbound or in a room."""

    def __init__(self, site: Site, service: str, destination: str) -> None:
        self.destination = destination
        self.service = service
        self._site = site

    def let_talk(self) -> None:
        ref = self._site.instance(self.service)["service_ref"]
        played = [one for one in self._site.events.of(ref) if one["event"] == "action_ended"]
        self._site.wait_for(self.service, "action_ended", times=len(played) + 3)

    def heard(self) -> list[int]:
        recording = self._site.final(self.service)["this_call"]["call_recording_filename"]
        self._site.record(self.service)
        return samples_of(self._site.media(recording))


@contextmanager
def tone_end(
    site: Site, kind: str, name: str, hertz: int, server: CallSocketServer
) -> Iterator[ToneEnd]:
    """Make a far end; it is called by its `destination`."""
    match kind:
        case "sip":
            with site.phone(name, hertz=hertz) as phone:
                yield Phone(phone, name)
        case "wss":
            yield Server(server, name, hertz)
        case "loc":
            tone = site.tone(f"tone-{hertz}.wav", hertz, seconds=1)
            site.answers(name, actions(*[tone] * PLAYS), **BOTH_SIDES)
            yield Application(site, name, f"loc:{name}")
        case "con":
            tone = site.tone(f"tone-{hertz}.wav", hertz, seconds=1)
            site.calls(name, f"con:{name}", actions(*[tone] * PLAYS), **BOTH_SIDES)
            site.wait_for(name, "action_started")
            yield Application(site, name, f"con:{name}")
            interrupt(site, name)
        case _:
            raise ValueError(f"{kind!r} is none of {KINDS}")


def interrupt(site: Site, service: str) -> None:
    """End the instance of a service from outside."""
    instance_id = site.instance(service)["instance_id"]
    reply = site.account.get("/rest_interrupt", application_instance_ids=instance_id)
    assert reply.status == 200, reply.body
