"""What may be dialled, and the documented reason for what may not."""

import asyncio
from decimal import Decimal

import pytest

from callwright.dispatch.checks import NOT_VALIDATED, Checks, Wish, is_blocked
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.clock import UnixTime
from callwright.domain.destination import parse_destination
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import CallConstraints
from callwright.engine.call_plan import CannotPlace
from callwright.records.tariff import Tariff
from tests.sim.memory_stores import MemoryAccountStore, MemoryCallerIdStore

ACCOUNT = AccountId(1)
OURS = "441908273801"
TARIFF = Tariff(
    telephone={"44": Decimal("0.01"), "": Decimal("0.5")},
    toll_free={"44800": Decimal("0.02")},
    blocked=frozenset({"4490"}),
)
ANYTHING = CallConstraints()


async def asked(
    to: str,
    caller_id: str,
    constraints: CallConstraints,
    *,
    validates: bool = True,
    primary: tuple[str, ...] = (),
) -> str | None:
    """The reason why an account with one validated caller ID may not dial, if it may not."""
    accounts, caller_ids = MemoryAccountStore(), MemoryCallerIdStore()
    await accounts.create(
        "bob@example.com",
        account_type=AccountType.PREMIUM,
        limits=CallLimits(1, 1.0),
        key_hash=b"",
    )
    await accounts.change_rules(
        ACCOUNT, validates_caller_ids=validates, blocked_prefixes=("44871",)
    )
    await caller_ids.add(ACCOUNT, OURS, at=UnixTime(0.0))
    wish = Wish(ACCOUNT, caller_id, parse_destination(to), primary)
    try:
        await Checks(accounts, caller_ids, TARIFF).check(wish, constraints)
    except CannotPlace as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize(
    ("to", "caller_id", "constraints", "reason"),
    [
        ("441908273800", OURS, ANYTHING, None),
        ("441908273800", f"+{OURS}", ANYTHING, None),
        ("441908273800", f"tel:{OURS}", ANYTHING, None),
        ("441908273800", "441908273802", ANYTHING, "Caller ID is not validated"),
        ("441908273800", "", ANYTHING, "Caller ID is not validated"),
        ("441908273800", "sip:bob@example.com", ANYTHING, "Caller ID is not validated"),
        ("sip:ann@example.com", "", ANYTHING, None),
        ("sip:ann@example.com", "", CallConstraints(allowed_prefixes=("44",)), None),
        ("44901234567", OURS, ANYTHING, "Destination is blocked"),
        ("44871234567", OURS, ANYTHING, "Destination is blocked"),
        (
            "44871234567",
            OURS,
            CallConstraints(allowed_prefixes=("44871",)),
            "Destination is blocked",
        ),
        ("441908273800", OURS, CallConstraints(price_cap=Decimal("0.01")), None),
        ("441908273800", OURS, CallConstraints(price_cap=Decimal("0.009")), "Price cap exceeded"),
        ("448001111111", OURS, CallConstraints(price_cap=Decimal("0.01")), "Price cap exceeded"),
        ("15550100", OURS, CallConstraints(price_cap=Decimal("0.01")), "Price cap exceeded"),
        ("sip:ann@example.com", "", CallConstraints(price_cap=Decimal(0)), None),
        # The first reason counts: what may never be called is not asked for its price.
        ("44901234567", "", CallConstraints(price_cap=Decimal(0)), "Destination is blocked"),
        ("15550100", "", CallConstraints(price_cap=Decimal(0)), "Price cap exceeded"),
    ],
)
def test_the_reason(
    to: str, caller_id: str, constraints: CallConstraints, reason: str | None
) -> None:
    assert asyncio.run(asked(to, caller_id, constraints)) == reason


def test_an_account_whose_caller_ids_are_not_validated_may_show_any() -> None:
    assert asyncio.run(asked("441908273800", "1", ANYTHING, validates=False)) is None


def test_a_call_beside_another_may_show_a_number_of_that_one() -> None:
    primary = ("441632960961",)
    for caller_id, reason in (("+441632960961", None), ("441632960962", NOT_VALIDATED)):
        told = asyncio.run(asked("441908273800", caller_id, ANYTHING, primary=primary))
        assert told == reason


@pytest.mark.parametrize(
    ("blocked", "allowed", "is_refused"),
    [
        ((), (), False),
        (("44",), (), True),
        (("45",), (), False),
        ((), ("44",), False),
        ((), ("45",), True),
        (("44",), ("4419",), False),
        (("4419",), ("44",), True),
        (("44",), ("44",), True),
        (("4420",), ("44",), False),
        (("44", "44190"), ("4419",), True),
    ],
)
def test_of_a_services_lists_the_longest_prefix_decides(
    blocked: tuple[str, ...], allowed: tuple[str, ...], *, is_refused: bool
) -> None:
    account = Account(ACCOUNT, "bob@example.com", AccountType.PREMIUM, CallLimits(1, 1.0))
    constraints = CallConstraints(blocked_prefixes=blocked, allowed_prefixes=allowed)
    assert is_blocked("441908273800", account, constraints, Tariff()) is is_refused
