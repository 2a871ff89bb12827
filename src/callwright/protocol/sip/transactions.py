"""All transactions of one endpoint, and what each message finds there: RFC 3261 17."""

from collections.abc import Callable

from callwright.protocol.sip.client_invite import ClientInvite
from callwright.protocol.sip.client_other import ClientOther
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.matching import (
    ClientKey,
    MergeKey,
    ServerKey,
    client_key,
    merge_key,
    server_key,
)
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.replies import reply_hop
from callwright.protocol.sip.server_invite import ServerInvite
from callwright.protocol.sip.server_other import ServerOther
from callwright.protocol.sip.values import HostPort

OnResponse = Callable[[Response, float], None]
OnTimeout = Callable[[float], None]


class Transactions:
    """Starts transactions, finds them, and forgets those that are over."""

    __slots__ = ("_clients", "_initial", "_initial_bytes", "_link", "_merges", "_servers")

    def __init__(self, link: Link) -> None:
        self._link = link
        self._clients: dict[ClientKey, ClientInvite | ClientOther] = {}
        self._servers: dict[ServerKey, ServerInvite | ServerOther] = {}
        self._initial: dict[ServerKey, MergeKey] = {}
        self._merges: dict[MergeKey, ServerKey] = {}
        self._initial_bytes = 0

    def __len__(self) -> int:
        return len(self._clients) + len(self._servers)

    @property
    def is_full(self) -> bool:
        """Whether strangers have made us remember as much as `Limits` allow."""
        limits = self._link.limits
        return (
            len(self._initial) >= limits.server_transactions
            or self._initial_bytes >= limits.server_bytes
        )

    def invite(
        self,
        request: Request,
        peer: HostPort,
        now: float,
        *,
        on_response: OnResponse,
        on_timeout: OnTimeout,
    ) -> ClientInvite:
        """Send an INVITE."""
        transaction = ClientInvite(
            request,
            peer,
            self._link,
            on_response=on_response,
            on_timeout=on_timeout,
            retire=self._clients.pop,
        )
        self._clients[transaction.key] = transaction
        transaction.start(now)
        return transaction

    def send(
        self,
        request: Request,
        peer: HostPort,
        now: float,
        *,
        on_response: OnResponse,
        on_timeout: OnTimeout,
    ) -> None:
        """Send a request that is neither INVITE nor ACK."""
        transaction = ClientOther(
            request,
            peer,
            self._link,
            on_response=on_response,
            on_timeout=on_timeout,
            retire=self._clients.pop,
        )
        self._clients[transaction.key] = transaction
        transaction.start(now)

    def receive_response(self, response: Response, now: float) -> None:
        transaction = self._clients.get(client_key(response))
        if transaction is None:
            self._link.counters.stray += 1
        else:
            transaction.receive(response, now)

    def find(self, request: Request) -> ServerInvite | ServerOther | None:
        """The transaction of a request that came before, or of the INVITE that an ACK is for."""
        return self._servers.get(server_key(request))

    def find_cancelled(self, cancel: Request) -> ServerInvite | None:
        """The INVITE that a CANCEL means: 9.2."""
        transaction = self._servers.get(server_key(cancel, "INVITE"))
        return transaction if isinstance(transaction, ServerInvite) else None

    def has_merged(self, request: Request) -> bool:
        """Whether the same request is here already, having come another way: 8.2.2.2."""
        return merge_key(request) in self._merges

    def answer_invite(
        self, request: Request, source: HostPort, *, local_tag: str, is_initial: bool
    ) -> ServerInvite:
        """Take an INVITE in; `is_initial` when it came from outside any dialog."""
        key = server_key(request)
        transaction = ServerInvite(
            key,
            reply_hop(request, source),
            self._link,
            local_tag=local_tag,
            size_bytes=len(request.body) + sum(len(value) for _, value in request.headers),
            retire=self._retire_invite,
        )
        self._servers[key] = transaction
        if is_initial:
            self._initial[key] = merge_key(request)
            self._merges[merge_key(request)] = key
            self._initial_bytes += transaction.size_bytes
        return transaction

    def answer_other(self, request: Request, source: HostPort) -> ServerOther:
        """Take in a request inside a call that is neither INVITE nor ACK."""
        key = server_key(request)
        hop = reply_hop(request, source)
        transaction = ServerOther(key, hop, self._link, retire=self._servers.pop)
        self._servers[key] = transaction
        return transaction

    def _retire_invite(self, transaction: ServerInvite) -> None:
        del self._servers[transaction.key]
        merged = self._initial.pop(transaction.key, None)
        if merged is not None:
            del self._merges[merged]
            self._initial_bytes -= transaction.size_bytes
