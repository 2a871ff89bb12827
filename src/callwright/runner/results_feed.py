"""Results of one transcription on their way to its page: in order, one request at a time (A-78)."""

from typing import Final, Self

from callwright.domain.outbound_service import PageAddress
from callwright.protocol.pages.media import PageLink
from callwright.protocol.pages.results import Phrase, Transcribed
from callwright.runner.concurrency import Inbox
from callwright.runner.context import ActionContext
from callwright.runner.desk import InstanceDesk
from callwright.runner.next_page import resolve

MAX_WAITING: Final = 1000
"""Phrases that wait for a slow page. Beyond it the oldest interim one is dropped (A-78); where only
final ones wait, the oldest of those."""

MAX_TOLD: Final = 50
"""Phrases in one request: a page that was slow catches up, and no request is huge."""


class ResultsFeed:
    """One for each transcription or translator; whoever puts results in never waits."""

    def __init__(
        self, page: PageAddress | None, action: str, transcription_id: str, desk: InstanceDesk
    ) -> None:
        """Begin to tell; without a page nobody is told."""
        self._action = action
        self._transcription_id = transcription_id
        self._desk = desk
        self._has_page = page is not None
        self._inbox: Inbox[Phrase] = Inbox()
        self._has_dropped = False
        if page is not None:
            desk.jobs.start(self._tell(page))

    @classmethod
    def of(
        cls, link: PageLink | None, action: str, transcription_id: str, context: ActionContext
    ) -> Self:
        """Begin to tell the page that an action names."""
        page = None if link is None else resolve(link, context.base_url)
        return cls(page, action, transcription_id, context.desk)

    def put(self, phrase: Phrase) -> None:
        """Tell of a phrase, or of the state of one."""
        if not self._has_page:
            return
        if len(self._inbox.waiting) >= MAX_WAITING:
            self._drop_one()
        self._inbox.put(phrase)

    def complete(self) -> None:
        """Tell that this was all."""
        self._inbox.close()

    async def _tell(self, page: PageAddress) -> None:
        phrase = await self._inbox.take()
        while phrase is not None:
            phrases = [phrase]
            while self._inbox.waiting and len(phrases) < MAX_TOLD:
                phrases.append(self._inbox.waiting.popleft())
            await self._desk.tell_page(page, self._result(tuple(phrases), is_completed=False))
            phrase = await self._inbox.take()
        await self._desk.tell_page(page, self._result((), is_completed=True))

    def _result(self, phrases: tuple[Phrase, ...], *, is_completed: bool) -> Transcribed:
        return Transcribed(self._action, self._transcription_id, phrases, is_completed)

    def _drop_one(self) -> None:
        waiting = self._inbox.waiting
        oldest = next((phrase for phrase in waiting if not phrase.is_final), waiting[0])
        waiting.remove(oldest)
        if not self._has_dropped:
            self._has_dropped = True
            self._desk.transcript.warning(
                f"the results page is slow: of more than {MAX_WAITING} results the oldest are "
                "dropped"
            )
