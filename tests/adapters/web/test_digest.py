"""Digest authentication: the RFC's own examples, every kind of challenge, and nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.adapters.web.digest import Challenge, DigestAnswers, digest_challenge

NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def challenge(algorithm: str = "MD5", *, has_qop: bool = True, realm: str = "r") -> Challenge:
    return Challenge(realm, "n", algorithm, has_qop=has_qop, opaque=None, is_stale=False)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616_3_9_1_come_out(algorithm: str, response: str) -> None:
    header = (
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        f'nonce="{NONCE}", opaque="{OPAQUE}"'
    )
    found = digest_challenge([header])
    assert found is not None
    answers = DigestAnswers(found, "Mufasa", "Circle of Life", CNONCE)
    assert answers.authorization("GET", "/dir/index.html") == (
        'Digest username="Mufasa", realm="http-auth@example.org", '
        f'nonce="{NONCE}", uri="/dir/index.html", response="{response}", '
        f'algorithm={algorithm}, opaque="{OPAQUE}", qop=auth, nc=00000001, cnonce="{CNONCE}"'
    )


def test_the_example_of_rfc_2617_comes_out_without_qop() -> None:
    found = digest_challenge(
        ['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"']
    )
    assert found is not None
    answer = DigestAnswers(found, "Mufasa", "Circle Of Life", "").authorization(
        "GET", "/dir/index.html"
    )
    # H(H(A1) ":" nonce ":" H(A2)) of RFC 2069 2.4 with the values of RFC 2617 3.5.
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in answer
    assert "qop" not in answer
    assert "nc=" not in answer
    assert "algorithm" not in answer


def test_a_session_keeps_its_first_random_text() -> None:
    answers = DigestAnswers(challenge("SHA-256-sess"), "u", "p", "c")
    first, second = (answers.authorization("POST", "/") for _ in range(2))
    assert "algorithm=SHA-256-sess" in first
    assert 'nc=00000001, cnonce="c"' in first
    assert 'nc=00000002, cnonce="c"' in second
    plain = DigestAnswers(challenge("SHA-256"), "u", "p", "c").authorization("POST", "/")
    responses = {text.partition("response=")[2][:66] for text in (first, second, plain)}
    assert len(responses) == 3


def test_a_session_without_qop_tells_its_random_text() -> None:
    answers = DigestAnswers(challenge("MD5-sess", has_qop=False), "u", "p", "c")
    assert answers.authorization("GET", "/").endswith('cnonce="c"')


@pytest.mark.parametrize(
    ("username", "printed"),
    [
        ("ivr", 'username="ivr"'),
        ('a"b\\c', r'username="a\"b\\c"'),
        ("Jäsøn Doe", "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe"),
        ("a\r\nX: y", "username*=UTF-8''a%0D%0AX%3A%20y"),
    ],
)
def test_names_are_quoted_or_encoded(username: str, printed: str) -> None:
    answer = DigestAnswers(challenge(), username, "p", "c").authorization("GET", "/")
    assert answer.startswith(f"Digest {printed}, realm=")


FOUND = [
    (['Digest nonce="n"'], "n", ""),
    (["digest NONCE=n,realm=r , Algorithm = MD5"], "n", "MD5"),
    (['Basic realm="a, Digest nonce=\\"x\\"", Digest nonce="n"'], "n", ""),
    (['Basic realm="a"', 'Digest nonce="n"'], "n", ""),
    (['Negotiate abc==, NTLM, Digest nonce="n"'], "n", ""),
    ([',, Digest\tnonce="n" , , qop="auth"'], "n", ""),
    (['Digest nonce="a", algorithm=SHA-512-256, Digest nonce="b", algorithm=md5'], "b", "md5"),
    (['Digest nonce="a", algorithm=SHA-256', 'Digest nonce="b", algorithm=MD5'], "a", "SHA-256"),
    (['Digest nonce="a", qop="auth-int", Digest nonce="b", qop="auth-int , auth"'], "b", ""),
    (['Digest nonce="a\\"b\\\\c"'], 'a"b\\c', ""),
    (['Digest nonce="first", nonce="second"'], "first", ""),
    (['Digest nonce="n", domain="http://elsewhere.example/ /x"'], "n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "nonce", "algorithm"), FOUND)
def test_the_first_challenge_that_can_be_answered_is_found(
    headers: list[str], nonce: str, algorithm: str
) -> None:
    found = digest_challenge(headers)
    assert found is not None
    assert (found.nonce, found.algorithm) == (nonce, algorithm)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Digest",
        'Digest realm="r"',
        'Digest nonce=""',
        'Basic realm="nonce=1"',
        'Digest nonce="n", algorithm=SHA-512-256',
        'Digest nonce="n", qop="auth-int"',
        'Digest nonce="n", qop=""',
        '"quoted" Digest nonce="n"',
        'Digest nonce="never closed',
        'Digest realm="\udcff", nonce="n"',
        f'Digest nonce="{"n" * 8192}"',
    ],
)
def test_what_cannot_be_answered_is_no_challenge(header: str) -> None:
    assert digest_challenge([header]) is None


@pytest.mark.parametrize(
    ("stale", "is_stale"), [("true", True), ('"TRUE"', True), ("false", False), ("1", False)]
)
def test_stale_is_read(stale: str, *, is_stale: bool) -> None:
    found = digest_challenge([f'Digest nonce="n", stale={stale}'])
    assert found is not None
    assert found.is_stale == is_stale


@given(st.lists(st.text(alphabet='Digest nonce="\\,= x\udcff\n', max_size=60), max_size=3))
def test_any_header_is_answered_in_one_line_or_not_at_all(headers: list[str]) -> None:
    found = digest_challenge(headers)
    if found is not None:
        answer = DigestAnswers(found, "u", "p", "c").authorization("GET", "/")
        assert answer.isprintable()
