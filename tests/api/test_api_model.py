"""The web services against a model, through whatever order of requests Hypothesis finds.

Requests go through the real front door; what the dispatcher does happens behind it. The model
is what the documents say: lists of references, and a word for each.
"""

import asyncio
import json
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from callwright.domain.clock import UnixTime
from callwright.domain.ids import IdMint, ServiceId, ServiceRef
from callwright.queue.ports import CancelResult
from tests.contracts.callback_stores import sqlite_callback_stores
from tests.contracts.stores import (
    NOW,
    STORES,
    OpenStores,
    intent_of,
    memory_stores,
    record_of,
)
from tests.sim.asgi import Reply, basic
from tests.sim.front_door import PASSWORD, SERVICE, Customer, FrontDoor, door_before
from tests.sim.kept import Kept

NAMES = ("a", "b.c+d-e_f")
UNIQUE_IDS = ("u", "v")
STRANGER = "2e891aea_0.1.1"
CALL = {"to": "sip:bob@acompany.com"}
KINDS: dict[str, dict[str, Any]] = {
    "rest": SERVICE,
    "uas": {"service_password": PASSWORD, "uas": {"application_name": "reminder"}},
    "disabled": SERVICE | {"enabled": False},
}
ETA = int(NOW) + 1

Result = TypeVar("Result")

names = st.sampled_from(NAMES)
picks = st.lists(st.integers(0, 10**6), min_size=1, max_size=3)


@dataclass(slots=True)
class Model:
    """What a customer knows from the documents."""

    services: dict[str, tuple[ServiceId, str]] = field(default_factory=dict)
    queues: dict[ServiceId, list[str]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    """In the order of acceptance."""
    claimed: dict[str, ServiceId] = field(default_factory=dict)
    dialled: set[str] = field(default_factory=set)
    """Of those that run."""
    instances: set[str] = field(default_factory=set)
    """Those that were ever dialled."""
    requests: dict[str, tuple[object, list[str]]] = field(default_factory=dict)

    def cancel(self, ref: str) -> str:
        if ref not in self.status:
            return CancelResult.UNKNOWN
        if self.status[ref] != "queued":
            return CancelResult.FAILED
        for queue in self.queues.values():
            if ref in queue:
                queue.remove(ref)
        self.status[ref] = "cancelled"
        return CancelResult.SUCCESS

    def purge(self, service_id: ServiceId) -> list[str]:
        refs, self.queues[service_id] = self.queues[service_id], []
        self.status |= dict.fromkeys(refs, "cancelled")
        return refs

    def end(self, ref: str, status: str) -> None:
        self.status[ref] = status
        self.dialled.discard(ref)
        del self.claimed[ref]

    def restart(self) -> None:
        """Give back what was claimed and not dialled, each to its place."""
        for ref in [ref for ref in self.claimed if ref not in self.dialled]:
            self.queues[self.claimed.pop(ref)].append(ref)
            self.status[ref] = "queued"
        accepted = list(self.status)
        for queue in self.queues.values():
            queue.sort(key=accepted.index)

    def told(self, ref: str) -> dict[str, object]:
        status = self.status.get(ref, "unknown")
        return {
            "status": status,
            "application_status_eta": ETA if status.startswith("completed") else 0,
            "application_instance_id": (
                intent_of(ServiceRef(ref)).instance_id if ref in self.instances else ""
            ),
        }


class ApiAgainstModel(RuleBasedStateMachine):
    """Does everything twice and compares every answer."""

    def __init__(self, open_stores: OpenStores) -> None:
        super().__init__()
        self.open_stores = open_stores
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened = AsyncExitStack()
        self.model = Model()
        self.boots = 0
        self.door = self.run(self.enter())
        self.customer: Customer = self.run(self.door.customer())

    async def enter(self) -> FrontDoor:
        """Open the door, as a server does that starts."""
        self.boots += 1
        data = Path(self.folder.name)
        stores = await self.opened.enter_async_context(self.open_stores(data))
        # Nothing here has to do with callbacks; they stand apart.
        folder = data / "callbacks"
        folder.mkdir(exist_ok=True)
        callbacks = await self.opened.enter_async_context(sqlite_callback_stores(folder))
        kept = Kept(
            stores.accounts,
            stores.services,
            stores.queue,
            stores.records,
            stores.caller_ids,
            stores.numbers,
            stores.reservations,
            callbacks.queues,
            callbacks.tasks,
            callbacks.outbox,
            callbacks.shelf,
            callbacks.registrations,
            callbacks.variables,
            callbacks.pauses,
            callbacks.calls,
            callbacks.progress,
            callbacks.oauth,
        )
        mint = IdMint("2e891aea", "049136ca36e44662", 1366641192 + self.boots)
        await stores.queue.settle_dead()
        return self.opened.enter_context(door_before(kept, data, mint))

    def run(self, story: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(story)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None) -> Reply:
        asked = self.customer.client.request(
            method, path, headers=headers or self.customer.credentials
        )
        return self.run(asked)

    def some(self, numbers: list[int], refs: list[str]) -> list[str]:
        return list(dict.fromkeys(refs[number % len(refs)] for number in numbers)) if refs else []

    @initialize()
    def begin_with_a_service(self) -> None:
        self.write(NAMES[0], "rest")

    @rule(name=names, kind=st.sampled_from(list(KINDS)))
    def write(self, name: str, kind: str) -> None:
        reply = self.run(self.customer.write(name, KINDS[kind]))
        assert reply.status == (200 if name in self.model.services else 201)
        account_id = self.customer.account.account_id
        service_id = self.run(self.door.doors.catalogue.service_id(account_id, name))
        self.model.services[name] = (service_id, kind)
        self.model.queues.setdefault(service_id, [])

    @rule(name=names)
    def delete(self, name: str) -> None:
        reply = self.ask("DELETE", f"/service/v1/outbound/{name}")
        assert reply.status == (204 if name in self.model.services else 404)
        if name in self.model.services:
            service_id, _ = self.model.services.pop(name)
            self.model.purge(service_id)

    @rule(
        name=names,
        count=st.integers(1, 3),
        token=st.sampled_from(["x", "y"]),
        unique_id=st.none() | st.sampled_from(UNIQUE_IDS),
        indent=st.sampled_from([None, 1]),
    )
    def start(
        self, name: str, count: int, token: str, unique_id: str | None, indent: int | None
    ) -> None:
        if name not in self.model.services:
            return
        service_id, kind = self.model.services[name]
        calls = [CALL | {"token": token}] * count
        parameters = (
            {"count": str(count), "outbound_parameters": token}
            if kind == "uas"
            else {"rest_calls": json.dumps(calls, indent=indent)}
        )
        if unique_id is not None:
            parameters["unique_id"] = unique_id
        reply = self.run(self.customer.post_start(name, parameters))
        asked = (name, kind == "uas", count, token)
        earlier, refs = self.model.requests.get(unique_id or "", (asked, []))
        if kind == "disabled":
            assert (reply.status, reply.text) == (403, "Service is disabled")
        elif earlier != asked:
            assert reply.status == 409
        elif refs:
            assert (reply.status, reply.json) == (200, refs)
        else:
            self.accept(service_id, reply, count)
            if unique_id is not None:
                self.model.requests[unique_id] = (asked, reply.json)

    def accept(self, service_id: ServiceId, reply: Reply, count: int) -> None:
        assert (reply.status, len(reply.json)) == (200, count)
        assert not set(reply.json) & set(self.model.status)
        self.model.status |= dict.fromkeys(reply.json, "queued")
        self.model.queues[service_id] += reply.json

    @rule(numbers=picks)
    def cancel(self, numbers: list[int]) -> None:
        refs = [*self.some(numbers, list(self.model.status)), STRANGER]
        reply = self.ask("POST", f"/service_cancel?service_refs={'/'.join(refs)}")
        assert list(reply.json.items()) == [(ref, self.model.cancel(ref)) for ref in refs]

    @rule(name=names, with_password=st.booleans())
    def purge(self, name: str, *, with_password: bool) -> None:
        is_there = name in self.model.services
        headers = basic(f"{self.customer.user}/{name}", PASSWORD)
        reply = self.ask(
            "DELETE",
            f"/service/v1/outbound/{name}/queue",
            headers if with_password and is_there else None,
        )
        assert reply.status == (200 if is_there else 404)
        if is_there:
            refs = self.model.purge(self.model.services[name][0])
            answer = {"service_name": name, "cancelled": len(refs), "service_refs": refs}
            assert reply.json == answer

    @rule(name=names, limit=st.integers(1, 3))
    def claim(self, name: str, limit: int) -> None:
        if name not in self.model.services:
            return
        service_id, _ = self.model.services[name]
        claims = self.run(self.door.queue.claim(service_id, limit=limit, at=NOW))
        queue = self.model.queues[service_id]
        taken, self.model.queues[service_id] = queue[:limit], queue[limit:]
        assert [claim.ref for claim in claims] == taken
        self.model.claimed |= dict.fromkeys(taken, service_id)
        self.model.status |= dict.fromkeys(taken, "running")

    @rule(numbers=picks)
    def refuse(self, numbers: list[int]) -> None:
        waiting = [ref for ref in self.model.claimed if ref not in self.model.dialled]
        for ref in self.some(numbers, waiting):
            reason = "No UAS is connected"
            self.run(self.door.queue.refuse(ServiceRef(ref), reason=reason, at=NOW))
            self.model.end(ref, f"couldnotrun {reason}")

    @rule(numbers=picks)
    def dial(self, numbers: list[int]) -> None:
        waiting = [ref for ref in self.model.claimed if ref not in self.model.dialled]
        for ref in self.some(numbers, waiting):
            self.run(self.door.queue.intend(intent_of(ServiceRef(ref))))
            self.model.dialled.add(ref)
            self.model.instances.add(ref)

    @rule(numbers=picks, exit_status=st.sampled_from([0, -1]))
    def finish(self, numbers: list[int], exit_status: int) -> None:
        for ref in self.some(numbers, sorted(self.model.dialled)):
            done = ServiceRef(ref)
            finished = self.door.queue.finish(
                done, exit_status=exit_status, record=record_of(done), at=UnixTime(NOW)
            )
            self.run(finished)
            self.model.end(ref, f"completed {exit_status}")

    @rule()
    def start_again(self) -> None:
        """Stop the server and start it: what was claimed and not dialled waits again."""
        self.run(self.opened.aclose())
        self.door = self.run(self.enter())
        self.customer.client = self.door.client
        self.model.restart()

    @invariant()
    def tells_what_the_model_tells(self) -> None:
        refs = [*self.model.status, STRANGER]
        told = self.ask("POST", f"/service_status?service_refs={'/'.join(refs[-500:])}").json
        assert told == {ref: self.model.told(ref) for ref in refs[-500:]}
        for unique_id in UNIQUE_IDS:
            job = self.ask("GET", f"/job_status?unique_id={unique_id}")
            _, made = self.model.requests.get(unique_id, (None, []))
            assert job.status == (200 if made else 404)
            assert not made or job.json["service_refs"] == made

    @invariant()
    def measures_what_the_model_measures(self) -> None:
        lengths = {
            name: len(self.model.queues[service_id])
            for name, (service_id, _) in self.model.services.items()
        }
        listed = self.ask("GET", "/service/v1/outbound_queues").json
        assert listed == [
            {"service_name": name, "length": lengths[name]}
            for name in sorted(lengths)
            if lengths[name]
        ]
        for name in NAMES:
            queue = self.ask("GET", f"/service/v1/outbound/{name}/queue")
            assert queue.status == (200 if name in lengths else 404)
            assert name not in lengths or queue.json["length"] == lengths[name]

    def teardown(self) -> None:
        self.run(self.opened.aclose())
        self.runner.close()
        self.folder.cleanup()


@pytest.mark.parametrize("kind", [kind for kind in STORES if kind is not memory_stores])
def test_the_web_services_do_what_the_model_does(kind: OpenStores) -> None:
    make = cast("type[ApiAgainstModel]", lambda: ApiAgainstModel(kind))  # any factory will do
    run_state_machine_as_test(
        make,
        settings=settings(max_examples=12, stateful_step_count=30, deadline=None),
    )
