"""Who asks: Basic at once, Digest when a server wants it, and only where the customer meant it."""

import hashlib
import re
from collections.abc import Sequence

import pytest

from callwright.domain.outbound_service import PageAddress, PageCredentials
from tests.adapters.web.fetching import IVR, fetch, fetch_all
from tests.sim.page_server import Answer, Asked, PageServer, Reaction

OK = Answer(b"{}")


class DigestPage:
    """A page behind Digest authentication that does its own sums."""

    def __init__(
        self,
        algorithm: str = "",
        *,
        qop: str | None = "auth",
        lasts: int = 1000,
        others: Sequence[str] = (),
        says_stale: bool = True,
    ) -> None:
        """`lasts` is how many requests a nonce is good for; `others` are challenges before it."""
        self._algorithm = algorithm
        self._qop = qop
        self._lasts = lasts
        self._others = others
        self._says_stale = says_stale
        self._nonces = 0
        self._used = 0

    def __str__(self) -> str:
        return f"{self._algorithm or 'no algorithm'}, {self._qop}, after {len(self._others)}"

    def __call__(self, asked: Asked) -> Reaction:
        said = _said(asked)
        if not said or said["nonce"] != f"nonce-{self._nonces}":
            return self._challenge(is_stale=bool(said))
        if said["response"] != self._expected(asked, said):
            return self._challenge(is_stale=False)
        if self._used == self._lasts:
            return self._challenge(is_stale=True)
        self._used += 1
        if self._qop is not None:
            assert said["nc"] == f"{self._used:08x}", "a count was used twice or left out"
        return OK

    def _challenge(self, *, is_stale: bool) -> Answer:
        self._nonces, self._used = self._nonces + 1, 0
        parts = ['realm="pages, \\"quoted\\""', f'nonce="nonce-{self._nonces}"', 'opaque="o"']
        if self._qop is not None:
            parts.append(f'qop="{self._qop}"')
        if self._algorithm:
            parts.append(f"algorithm={self._algorithm}")
        if is_stale and self._says_stale:
            parts.append("stale=true")
        challenges = [*self._others, f"Digest {', '.join(parts)}"]
        return Answer(b"who?", 401, [("WWW-Authenticate", one) for one in challenges])

    def _expected(self, asked: Asked, said: dict[str, str]) -> str:
        name = "sha256" if self._algorithm.startswith("SHA-256") else "md5"

        def digest(*texts: str) -> str:
            return hashlib.new(name, ":".join(texts).encode()).hexdigest()

        secret = digest("ivr", 'pages, "quoted"', "ö:pen")
        if self._algorithm.endswith("-sess"):
            secret = digest(secret, said["nonce"], said["cnonce"])
        assert said["uri"] == asked.target
        request = digest(asked.method, said["uri"])
        if self._qop is None:
            return digest(secret, said["nonce"], request)
        return digest(secret, said["nonce"], said["nc"], said["cnonce"], "auth", request)


def _said(asked: Asked) -> dict[str, str]:
    scheme, _, rest = asked.headers.get("Authorization", "").partition(" ")
    if scheme != "Digest":
        return {}
    pairs = re.findall(r'([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^,]*))', rest)
    return {name: quoted or token for name, quoted, token in pairs}


def schemes(server: PageServer) -> list[str]:
    """How each request said who asks."""
    return [asked.headers.get("Authorization", "-").partition(" ")[0] for asked in server.asked]


def test_credentials_are_sent_with_the_first_request() -> None:
    with PageServer() as server:
        server.page("/first", OK)
        fetch(PageAddress(server.url("/first")), IVR)

    assert [asked.login for asked in server.asked] == [("ivr", "ö:pen")]


def test_a_name_in_the_url_wins() -> None:
    with PageServer() as server:
        server.page("/first", OK)
        response = fetch(PageAddress(f"http://me:p%C3%B6@127.0.0.1:{server.port}/first"), IVR)

    assert [asked.login for asked in server.asked] == [("me", "pö")]
    assert response.url == server.url("/first")


def test_a_refusal_without_a_digest_challenge_is_the_answer() -> None:
    with PageServer() as server:
        basic = {"WWW-Authenticate": 'Basic realm="pages"'}
        server.page("/first", Answer(b"no", 401, basic))
        assert fetch(PageAddress(server.url("/first")), IVR).http_status == 401

    assert schemes(server) == ["Basic"]


@pytest.mark.parametrize(
    "page",
    [
        DigestPage(),
        DigestPage("MD5"),
        DigestPage("MD5-sess"),
        DigestPage("SHA-256"),
        DigestPage("SHA-256-sess"),
        DigestPage("SHA-256", qop="auth-int,auth"),
        DigestPage(qop=None),
        DigestPage(others=['Basic realm="x, y"', "Negotiate"]),
        DigestPage(others=['Digest realm="r", nonce="x", algorithm=SHA-512-256']),
        DigestPage(others=['Basic realm="a", Digest realm="r", nonce="x", qop="auth-int"']),
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_digest_challenge_is_answered(method: str, page: DigestPage) -> None:
    with PageServer() as server:
        server.page("/first", page)
        response = fetch(PageAddress(server.url("/first?a=%2F%22"), method), IVR)

    assert (response.http_status, response.body) == (200, b"{}")
    assert schemes(server) == ["Basic", "Digest"]


def test_basic_is_not_sent_again_where_digest_is_wanted() -> None:
    with PageServer() as server:
        page = DigestPage("SHA-256-sess")
        server.page("/first", page)
        server.page("/next", page)
        fetch_all([PageAddress(server.url(path)) for path in ("/first", "/next", "/next")], IVR)

    assert schemes(server) == ["Basic", "Digest", "Digest", "Digest"]
    assert len({asked.connection for asked in server.asked}) == 1


@pytest.mark.parametrize("says_stale", [True, False])
def test_a_nonce_that_grew_old_is_replaced(*, says_stale: bool) -> None:
    with PageServer() as server:
        server.page("/first", DigestPage(lasts=1, says_stale=says_stale))
        page = PageAddress(server.url("/first"))
        statuses = [one.http_status for one in fetch_all([page, page, page], IVR)]

    assert statuses == [200, 200, 200]
    assert schemes(server) == ["Basic"] + 5 * ["Digest"]


def test_a_wrong_password_is_tried_once() -> None:
    with PageServer() as server:
        server.page("/first", DigestPage())
        page = PageAddress(server.url("/first"))
        assert fetch(page, PageCredentials("ivr", "wrong")).http_status == 401

    assert schemes(server) == ["Basic", "Digest"]


def test_a_server_that_finds_every_nonce_old_is_given_up() -> None:
    stale = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", stale=true'}
    with PageServer() as server:
        server.page("/first", Answer(status=401, headers=stale))
        assert fetch(PageAddress(server.url("/first")), IVR).http_status == 401

    assert schemes(server) == ["Basic", "Digest", "Digest"]


def test_a_challenge_without_credentials_is_the_answer() -> None:
    with PageServer() as server:
        server.page("/first", DigestPage())
        assert fetch(PageAddress(server.url("/first"))).http_status == 401

    assert schemes(server) == ["-"]


def test_a_name_in_the_url_answers_a_challenge_too() -> None:
    with PageServer() as server:
        server.page("/first", DigestPage())
        url = f"http://ivr:%C3%B6%3Apen@127.0.0.1:{server.port}/first"
        assert fetch(PageAddress(url)).http_status == 200

    assert schemes(server) == ["Basic", "Digest"]


def test_credentials_do_not_follow_to_another_host() -> None:
    with PageServer() as server:
        elsewhere = server.url("/there").replace("127.0.0.1", "localhost")
        server.page("/first", Answer(status=307, headers={"Location": elsewhere}))
        server.page("/there", Answer(status=307, headers={"Location": server.url("/back")}))
        server.page("/back", OK)
        fetch(PageAddress(server.url("/first")), IVR)

    assert [asked.login for asked in server.asked] == [("ivr", "ö:pen"), None, ("ivr", "ö:pen")]


def test_another_hosts_challenge_is_not_answered() -> None:
    with PageServer() as server:
        elsewhere = server.url("/there").replace("127.0.0.1", "localhost")
        space = f'Digest realm="r", nonce="n", qop="auth", domain="{elsewhere}"'
        server.page(
            "/first",
            Answer(status=401, headers={"WWW-Authenticate": space}),
            Answer(status=307, headers={"Location": elsewhere}),
        )
        server.page("/there", DigestPage())
        assert fetch(PageAddress(server.url("/first")), IVR).http_status == 401

    assert schemes(server) == ["Basic", "Digest", "-"]


def test_a_redirect_leads_to_a_challenge_that_is_answered() -> None:
    with PageServer() as server:
        server.page("/first", Answer(status=303, headers={"Location": "/next?b=1"}))
        server.page("/next", DigestPage("SHA-256"))
        assert fetch(PageAddress(server.url("/first")), IVR).http_status == 200

    assert [asked.method for asked in server.asked] == ["POST", "GET", "GET"]
