"""Interrupting application instances from outside."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from callwright.domain.account import AccountType
from callwright.domain.ids import InstanceId
from callwright.domain.outbound_service import PageAddress
from callwright.runner.registry import Interruption, InterruptResult
from tests.sim.front_door import Customer, FrontDoor, at_the_door

RUNNING = InstanceId("7f31c2a90be4d816.40217")
ENDED = InstanceId("7f31c2a90be4d816.40218")
PAGE = "https://app.example.com/ivr/other?x=1"


@dataclass
class Instances:
    """Two of an account: one that runs and one that has ended."""

    action: str = "connect"
    redirects: list[PageAddress | None] = field(default_factory=list)

    def register(self, door: FrontDoor, customer: Customer) -> None:
        for instance_id in (RUNNING, ENDED):
            account_id = customer.account.account_id
            door.doors.running.begin(account_id, instance_id, self._interrupt)
        door.doors.running.end(ENDED)

    def _interrupt(self, redirect: PageAddress | None) -> Interruption:
        self.redirects.append(redirect)
        return Interruption(InterruptResult.INTERRUPTED, self.action)


def test_each_instance_is_answered_for(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer, instances = await door.customer(), Instances()
        instances.register(door, customer)

        reply = await customer.get(
            "/rest_interrupt",
            application_instance_ids=f"{RUNNING}/{ENDED}/0000000000000000.1/nonsense/{RUNNING}",
        )

        assert reply.status == 200
        assert reply.json == {
            RUNNING: {"result": "interrupted", "action": "connect"},
            ENDED: {"result": "application already completed"},
            "0000000000000000.1": {"result": "no such application"},
            "nonsense": {"result": "no such application"},
        }
        assert instances.redirects == [None]

    at_the_door(tmp_path, story)


def test_an_action_that_is_not_known_is_not_named(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        Instances(action="").register(door, customer)

        reply = await customer.get("/rest_interrupt", application_instance_ids=RUNNING)
        assert reply.json == {RUNNING: {"result": "interrupted"}}

    at_the_door(tmp_path, story)


REDIRECTS = [
    ({"redirect_page": PAGE}, PageAddress(PAGE, "POST")),
    ({"redirect_page": PAGE, "redirect_method": "GET"}, PageAddress(PAGE, "GET")),
    ({"redirect_page": PAGE, "redirect_method": "POST"}, PageAddress(PAGE, "POST")),
    ({"redirect_page": "", "redirect_method": ""}, None),
    ({"redirect_method": "GET"}, None),
]


@pytest.mark.parametrize(("parameters", "redirect"), REDIRECTS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_redirect_page_is_handed_on(
    tmp_path: Path, parameters: dict[str, str], redirect: PageAddress | None, method: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer, instances = await door.customer(), Instances()
        instances.register(door, customer)

        sent = urlencode({"application_instance_ids": RUNNING} | parameters)
        form = {"content-type": "application/x-www-form-urlencoded"}
        target = "/rest_interrupt" if method == "POST" else f"/rest_interrupt?{sent}"
        reply = await customer.client.request(
            method,
            target,
            body=sent.encode() if method == "POST" else b"",
            headers=customer.credentials | (form if method == "POST" else {}),
        )
        assert reply.status == 200
        assert instances.redirects == [redirect]

    at_the_door(tmp_path, story)


def test_instances_of_others_do_not_exist(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        instances = Instances()
        instances.register(door, await door.customer())
        other = await door.customer("eve@example.com", AccountType.PREMIUM)

        reply = await other.get("/rest_interrupt", application_instance_ids=f"{RUNNING}/{ENDED}")
        assert {one["result"] for one in reply.json.values()} == {"no such application"}
        assert instances.redirects == []

    at_the_door(tmp_path, story)


BAD = [
    ({}, "0001", "application_instance_ids is missing"),
    ({"application_instance_ids": ""}, "0001", "application_instance_ids is missing"),
    ({"application_instance_ids": "//"}, "0001", "application_instance_ids is empty"),
    (
        {"application_instance_ids": "/".join(str(n) for n in range(501))},
        "0002",
        "application_instance_ids has 501 ids: at most 500",
    ),
    ({"redirect_method": "PUT"}, "0002", "redirect_method is 'PUT': GET or POST"),
    ({"redirect_method": "get"}, "0002", "redirect_method is 'get': GET or POST"),
    *(
        ({"redirect_page": url}, "0002", "redirect_page is")
        for url in (
            "next",
            "/next",
            "//app.example.com/next",
            "ftp://app.example.com/",
            "http://",
            "https:///next",
            "http://[::1",
            "http://host:99999/",
            "http://host/" + "x" * 2048,
        )
    ),
]


@pytest.mark.parametrize(("parameters", "code", "text"), BAD)
def test_bad_parameters_interrupt_nothing(
    tmp_path: Path, parameters: dict[str, str], code: str, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer, instances = await door.customer(), Instances()
        instances.register(door, customer)
        named = {"application_instance_ids": RUNNING} if code == "0002" else {}

        reply = await customer.get("/rest_interrupt", **(named | parameters))

        assert reply.status == 400
        assert reply.json["error"]["code"] == code
        assert text in reply.json["error"]["text"]
        assert instances.redirects == []

    at_the_door(tmp_path, story)


def test_it_wants_the_api_access_key(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask(f"/rest_interrupt?application_instance_ids={RUNNING}")
        assert reply.status == 401

    at_the_door(tmp_path, story)
