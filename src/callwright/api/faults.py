"""What each step's errors are to the caller of the API: one table, one row an error."""

from callwright.accounts.caller_ids import (
    BadCallerId,
    OwnNumber,
    TooManyCallerIds,
    UnknownCallerId,
)
from callwright.accounts.pin_trials import AlreadyValidated, TooManyTrials
from callwright.api.envelope import HttpFault
from callwright.dispatch.caller_id_call import (
    NumberIsBlocked,
    TooManyValidations,
    ValidationUnderWay,
)
from callwright.domain.errors import CallwrightError, StoreBusy, StoreUnavailable
from callwright.queue.intake import ServiceIsDisabled
from callwright.queue.ports import UniqueIdReused
from callwright.queue.rest_calls import BadRestCalls, ListNotAllowed
from callwright.queue.service_refs import BadServiceRefs
from callwright.queue.status import UnknownUniqueId
from callwright.queue.uas_starts import BadUasStart
from callwright.queue.unique_id import BadUniqueId
from callwright.services.catalogue import BadBody, BadServiceName, UnknownService
from callwright.services.validation import BadConfiguration


def fault_of(error: CallwrightError) -> HttpFault | None:
    """Return the answer to an error of a step; None if no step owes the caller an answer."""
    match error:
        case HttpFault():
            return error
        case BadRestCalls() | BadUasStart() | BadUniqueId() | BadServiceRefs():
            return HttpFault(400, f"Bad Request: {error}", code=error.code)
        case UniqueIdReused() | AlreadyValidated() | ValidationUnderWay() | OwnNumber():
            return HttpFault(409, str(error))
        case ListNotAllowed() | ServiceIsDisabled() | NumberIsBlocked() | TooManyCallerIds():
            return HttpFault(403, str(error))
        case BadConfiguration():
            return HttpFault(400, str(error), details=error.details)
        case BadBody() | BadServiceName() | BadCallerId():
            return HttpFault(400, str(error))
        case UnknownService() | UnknownUniqueId() | UnknownCallerId():
            return HttpFault(404, str(error))
        case TooManyTrials() | TooManyValidations():
            return HttpFault(429, f"Too Many Requests: {error}")
        case StoreBusy() | StoreUnavailable():
            return _unavailable(error)
        case _:
            return None


def _unavailable(fault: StoreBusy | StoreUnavailable) -> HttpFault:
    if isinstance(fault, StoreBusy):
        reason, wait = "too much waits to be written; nothing of this request was", b"1"
    else:
        reason, wait = "the store cannot be used; nothing was changed", b"5"
    retry = (b"retry-after", wait)
    return HttpFault(503, f"Service Unavailable: {reason}", headers=(retry,))
