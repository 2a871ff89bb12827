"""Which transaction a message belongs to: RFC 3261 17.1.3 and 17.2.3."""

from typing import Final

from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.values import HostPort

MAGIC_COOKIE: Final = "z9hG4bK"
"""What a branch begins with when whoever chose it knew RFC 3261: 8.1.1.7."""

ClientKey = tuple[str, str]
"""Branch and method."""

ServerKey = tuple[str, ...]

MergeKey = tuple[str, str, int]
"""Call-ID, From tag and CSeq number of a request that came from outside any dialog: 8.2.2.2."""


def own_key(request: Request) -> ClientKey:
    """The key of a request of ours, whose Via ends in its branch (`Link.new_via`)."""
    return request.headers.all("Via")[0].rpartition("branch=")[2], request.method


def client_key(response: Response) -> ClientKey:
    """17.1.3: the branch that we chose, and the method, since a CANCEL shares its INVITE's."""
    return response.via.branch, response.cseq.method


def server_key(request: Request, method: str | None = None) -> ServerKey:
    """17.2.3. An ACK finds its INVITE; with `method`, so does a CANCEL.

    Without a usable branch, RFC 2543 compares the request itself. The To tag is left out there,
    since an ACK has one and its INVITE has none; the rest tells any two INVITEs apart.
    """
    via = request.via
    name = method or ("INVITE" if request.method == "ACK" else request.method)
    host, port = via.sent_by
    branch = via.branch
    if branch.startswith(MAGIC_COOKIE) and branch != MAGIC_COOKIE:
        return branch, host, str(port), name
    cseq = str(request.cseq.number)
    return request.uri_text, via.text, request.from_.tag, request.call_id, cseq, name


def merge_key(request: Request) -> MergeKey:
    return request.call_id, request.from_.tag, request.cseq.number


def is_for(response: Response, local: HostPort) -> bool:
    """Whether the topmost Via is the one that we write: 18.1.2."""
    return response.via.sent_by == (local.host.lower(), local.port)
