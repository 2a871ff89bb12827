"""`/caller_ids/v1`: the numbers that an account may show, and the call that proves one."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.domain.clock import print_datetime

_encode = msgspec.json.Encoder().encode


async def list_caller_ids(doors: Doors, exchange: Exchange) -> Answer:
    """Return the validated caller IDs, and what is being called for a PIN now."""
    account = await account_of(doors, exchange)
    # In this order a number that is on neither list was called in vain.
    under_way = doors.validations.under_way(account.account_id)
    numbers = await doors.caller_ids.of_account(account.username)
    return Answer(_encode({"caller_ids": numbers, "under_way": under_way}))


async def validate_caller_id(doors: Doors, exchange: Exchange) -> Answer:
    """Call a number and return the PIN that is to be keyed there."""
    account = await account_of(doors, exchange)
    trial = await doors.validations.begin(account, exchange.path_parameters["number"])
    answer = {
        "number": trial.number,
        "pin": trial.pin,
        "expires_datetime": print_datetime(trial.expires_at),
    }
    return Answer(_encode(answer), status=202)


async def delete_caller_id(doors: Doors, exchange: Exchange) -> Answer:
    """Let the account show a number no longer."""
    account = await account_of(doors, exchange)
    await doors.caller_ids.remove(account.username, exchange.path_parameters["number"])
    return Answer(b"", status=204)
