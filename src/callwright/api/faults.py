"""What each step's errors are to the caller of the API: one table, one row an error."""

from callwright.api.envelope import HttpFault
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
        case UniqueIdReused():
            return HttpFault(409, str(error))
        case ListNotAllowed() | ServiceIsDisabled():
            return HttpFault(403, str(error))
        case BadConfiguration():
            return HttpFault(400, str(error), details=error.details)
        case BadBody() | BadServiceName():
            return HttpFault(400, str(error))
        case UnknownService() | UnknownUniqueId():
            return HttpFault(404, str(error))
        case StoreBusy():
            return HttpFault(
                503,
                "Service Unavailable: too much waits to be written; nothing of this request was",
                headers=((b"retry-after", b"1"),),
            )
        case StoreUnavailable():
            return HttpFault(
                503,
                "Service Unavailable: the store cannot be used; nothing was changed",
                headers=((b"retry-after", b"5"),),
            )
        case _:
            return None
