"""What each step's errors are to the caller of the API: one table, one row an error."""

from typing import Final

from callwright.accounts.caller_ids import (
    BadCallerId,
    OwnNumber,
    TooManyCallerIds,
    UnknownCallerId,
)
from callwright.accounts.pin_trials import AlreadyValidated, TooManyTrials
from callwright.api.envelope import INSANE, HttpFault
from callwright.conferences.overview import UnknownConference, UnknownParticipant
from callwright.conferences.reservation import (
    AlreadyReserved,
    NotReserved,
    ReservationsNotEnabled,
    TooManyReservations,
)
from callwright.conferences.wish import BadReservation
from callwright.dispatch.caller_id_call import (
    NumberIsBlocked,
    TooManyValidations,
    ValidationUnderWay,
)
from callwright.domain.errors import CallwrightError, StoreBusy, StoreUnavailable
from callwright.domain.file_names import BadFileName
from callwright.files.ports import BadFile, DiskFull, NameTaken, ReadOnlyStore, UnknownFile
from callwright.queue.intake import ServiceIsDisabled
from callwright.queue.ports import UniqueIdReused
from callwright.queue.rest_calls import BadRestCalls, ListNotAllowed
from callwright.queue.service_refs import BadServiceRefs
from callwright.queue.status import UnknownUniqueId
from callwright.queue.uas_starts import BadUasStart
from callwright.queue.unique_id import BadUniqueId
from callwright.services.catalogue import BadBody, BadServiceName, UnknownService
from callwright.services.validation import BadConfiguration

_STATUSES: Final[dict[type[CallwrightError], int]] = {
    BadBody: 400,
    BadServiceName: 400,
    BadCallerId: 400,
    ReadOnlyStore: 403,
    UnknownFile: 404,
    NameTaken: 409,
    ListNotAllowed: 403,
    ServiceIsDisabled: 403,
    NumberIsBlocked: 403,
    TooManyCallerIds: 403,
    ReservationsNotEnabled: 403,
    TooManyReservations: 403,
    UnknownService: 404,
    UnknownUniqueId: 404,
    UnknownCallerId: 404,
    NotReserved: 404,
    UnknownConference: 404,
    UnknownParticipant: 404,
    UniqueIdReused: 409,
    AlreadyValidated: 409,
    ValidationUnderWay: 409,
    OwnNumber: 409,
    AlreadyReserved: 409,
}
"""Errors whose text is the answer as it is."""


def fault_of(error: CallwrightError) -> HttpFault | None:
    """Return the answer to an error of a step; None if no step owes the caller an answer."""
    match error:
        case HttpFault():
            return error
        case BadRestCalls() | BadUasStart() | BadUniqueId() | BadServiceRefs() | BadReservation():
            return HttpFault(400, f"Bad Request: {error}", code=error.code)
        case BadConfiguration():
            return HttpFault(400, str(error), details=error.details)
        case BadFileName() | BadFile():
            return HttpFault(400, f"Bad Request: {error}", code=INSANE)
        case DiskFull():
            return HttpFault(507, f"Insufficient Storage: {error}; nothing was changed")
        case TooManyTrials() | TooManyValidations():
            return HttpFault(429, f"Too Many Requests: {error}")
        case StoreBusy() | StoreUnavailable():
            return _unavailable(error)
    kinds = (kind for kind in type(error).__mro__ if kind in _STATUSES)
    status = next((_STATUSES[kind] for kind in kinds), None)
    return None if status is None else HttpFault(status, str(error))


def _unavailable(fault: StoreBusy | StoreUnavailable) -> HttpFault:
    if isinstance(fault, StoreBusy):
        reason, wait = "too much waits to be written; nothing of this request was", b"1"
    else:
        reason, wait = "the store cannot be used; nothing was changed", b"5"
    retry = (b"retry-after", wait)
    return HttpFault(503, f"Service Unavailable: {reason}", headers=(retry,))
