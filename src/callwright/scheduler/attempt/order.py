"""One attempt as an order: whom it calls, as whom, and what the parties hear."""

from dataclasses import dataclass

from callwright.domain.callback import ExtensionId
from callwright.domain.ids import AccountId
from callwright.scheduler.values import Extension


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody to call: the number that the client gave, and what calling it calls."""

    number: str
    destination: str
    """As `service_start` takes it; empty for a number that reaches nobody here."""
    is_public: bool = False
    """A number of the telephone network, not one of the client's own."""
    extension: Extension | None = None
    """Whose number it is, if it is an extension's."""
    shown: str = ""
    """The number that calls it where no caller ID may be shown; none on the telephone network."""


@dataclass(frozen=True, slots=True)
class TransferRule:
    """With whom the party that stays is connected when the other one hangs up; None: nobody."""

    after_a: Callee | None = None
    """When A hangs up."""
    after_b: Callee | None = None
    """When B does."""
    allows_public: bool = True
    """Whether a public number may be among those who talk, before or after."""

    def after(self, gone: Callee, stays: Callee, *, is_a_gone: bool) -> Callee | None:
        """Return with whom the one that stays is connected."""
        to = self.after_a if is_a_gone else self.after_b
        if to is None or not to.destination:
            return None
        has_public = gone.is_public or stays.is_public or to.is_public
        return to if self.allows_public or not has_public else None


@dataclass(frozen=True, slots=True)
class CallbackOrder:
    """One attempt, with everything looked up that calls need."""

    account_id: AccountId
    a_side: tuple[Callee, ...]
    """The first is who the attempt's start calls."""
    b_side: Callee
    a_caller_id: str
    b_caller_id: str
    ring_timeout: float
    """Seconds that each side may ring."""
    max_duration: float
    """Seconds from the join."""
    rings_one_by_one: bool = False
    announcement: str = ""
    """A media file that A hears before B is called; empty for none."""
    b_announcement: str = ""
    """The same at B's answer, for both."""
    b_keys: str = ""
    """Sent to B at its answer: `0-9*#` and `,`."""
    transfers: TransferRule = TransferRule()
    a_caller_name: str = ""
    """Who calls, as the A side is to know him; told in events alone."""
    b_caller_name: str = ""
    recording: str = ""
    """The media file that the conversation is recorded into; empty for none."""

    def extension_ids(self) -> set[ExtensionId]:
        """Return the extensions that may be called."""
        transfers = (self.transfers.after_a, self.transfers.after_b)
        callees = (*self.a_side, self.b_side, *transfers)
        return {one.extension.extension_id for one in callees if one and one.extension}
