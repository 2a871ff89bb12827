"""Calls to conferences: the room is entered on the terms of its reservation, or the call diverted.

Before a reserved conference begins, whoever comes is told that it is busy, or talks to the inbound
service that the reservation names. That is a local call like any other.
"""

from dataclasses import replace
from typing import Protocol

from callwright.conferences.registry import Admission
from callwright.domain.destination import ConferenceRoom, LocalService
from callwright.domain.ids import AccountId, InstanceId
from callwright.engine.call_plan import CallOrder, Plan, RoomPlan, plan_call
from callwright.engine.trunk import Trunk


class Admissions(Protocol):
    """The reserved conferences, as far as coming in goes."""

    async def admission(self, account_id: AccountId, name: str) -> Admission:
        """Say what becomes of somebody who comes to an account's conference of that name now."""
        ...


async def plan_entry(
    order: CallOrder,
    instance_id: InstanceId,
    conferences: Admissions,
    *,
    trunk: Trunk,
    sip_domain: str,
) -> Plan:
    """Plan a call of an instance's to anybody; one to a conference as that lets people in now.

    Raises:
        CannotPlace: no way leads to the destination.
        StoreUnavailable: it cannot be known whether the conference is reserved.

    """
    admission: Admission | None = None
    if isinstance(order.destination, ConferenceRoom):
        admission = await conferences.admission(order.account_id, order.destination.name)
        if admission.divert:
            order = replace(order, destination=LocalService(admission.divert))
    plan = plan_call(order, trunk=trunk, sip_domain=sip_domain)
    if admission is not None and isinstance(plan, RoomPlan):
        return replace(plan, instance_id=instance_id, terms=admission.terms)
    return plan
