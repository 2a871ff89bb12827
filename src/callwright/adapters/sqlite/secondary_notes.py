"""Notes of secondary calls in SQLite."""

from collections.abc import Sequence

from callwright.adapters.note_rows import note_bindings, noted_facts
from callwright.adapters.sqlite.database import Database, run
from callwright.dispatch.ports import SecondaryFact
from callwright.domain.ids import InstanceId


class SqliteSecondaryNotes:
    """`SecondaryNotes`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def note(self, instance_id: InstanceId, fact: SecondaryFact) -> None:
        """Write down what happened."""
        bindings = note_bindings(instance_id, fact)
        await self._database.write(lambda c: run(c, "record_note", bindings))

    async def read(self, instance_id: InstanceId) -> Sequence[SecondaryFact]:
        """Return what was written down of an instance that has no record."""
        return noted_facts(self._database.read("record_notes", {"instance_id": instance_id}))
