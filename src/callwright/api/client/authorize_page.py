"""The page on which a person allows a program what it asks: plain HTML, nothing fetched.

No scripts, so that none can read what is typed; in no frame, so that nobody clicks what he does not
see (RFC 6749 10.13).
"""

import base64
import hashlib
from html import escape
from typing import Final
from urllib.parse import urlsplit

from callwright.accounts.authorization import AuthorizationRequest, Return
from callwright.api.envelope import Headers
from callwright.api.exchange import Answer

HTML: Final = b"text/html; charset=utf-8"

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c1e21; --paper: #fff; --edge: #767b84; --act: #1a5fb4;
  --on-act: #fff; --wrong: #a51d2d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ea; --paper: #1d1f23; --edge: #8b909a;
  --act: #8fbdf5; --on-act: #10151c; --wrong: #ff9ba3; } }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 28rem; margin: 3rem auto; padding: 0 1.2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input { width: 100%; font: inherit; color: inherit; background: transparent; padding: .55rem .7rem;
  border: 1px solid var(--edge); border-radius: .4rem; margin-top: .25rem; }
.answers { display: flex; gap: .8rem; margin-top: 1.5rem; }
button { flex: 1; font: inherit; font-weight: 600; padding: .6rem; border-radius: .4rem;
  border: 1px solid var(--act); color: var(--act); background: transparent; cursor: pointer; }
button[value=allow] { color: var(--on-act); background: var(--act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.wrong { color: var(--wrong); font-weight: 600; }
"""

_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def form_page(
    request: AuthorizationRequest,
    *,
    query: str,
    form_token: str,
    fault: tuple[int, str] = (200, ""),
    headers: Headers = (),
) -> Answer:
    """Print who asks for what, with the form; `query` are the request's parameters.

    `fault` is the status and what is wrong with what was sent before.
    """
    name, owner = _named(request.application.name), _named(request.account.username)
    status, wrong = fault
    target = _target(request.where)
    back = f"<p>Afterwards your browser goes back to {target[1]}.</p>"
    described = ' aria-describedby="wrong" aria-invalid="true"' if wrong else ""
    body = f"""<h1>May {name} use the account {owner}?</h1>
{_wrong(wrong)}<p>{name} could make calls at the expense of this account, read its call history, and
change its queues, callbacks and extensions.</p>
{back}<p>To allow it, sign in with the account's username and an API Access Key.</p>
<form method="post" action="?{escape(query)}">
<input type="hidden" name="form_token" value="{escape(form_token)}">
<label for="username">Username</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none"
 spellcheck="false" required autofocus{described}>
<label for="password">API Access Key</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 required{described}>
<div class="answers">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>"""
    title = f"Allow {request.application.name}?"
    return _page(
        (f"Error: {title}" if wrong else title, body), status, headers, form_action=target[0]
    )


def fault_page(status: int, text: str, headers: Headers = ()) -> Answer:
    """Print why nothing can be allowed here, for a request whose program cannot be told."""
    body = f"<h1>This cannot be allowed</h1>\n{_wrong(text)}<p>Tell whoever sent you here.</p>"
    return _page(("This cannot be allowed", body), status, headers, form_action="'none'")


def redirection(location: str) -> Answer:
    """Send the browser back to the program."""
    link = f'<p><a href="{escape(location)}">Go on</a></p>'
    headers = ((b"location", location.encode("ascii")),)
    return _page(("Go on", link), 303, headers, form_action="'none'")


def _page(content: tuple[str, str], status: int, headers: Headers, *, form_action: str) -> Answer:
    title, body = content
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - Callwright</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {form_action}"
    )
    safe = (
        (b"content-security-policy", policy.encode("ascii")),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        # Codes and states stand in addresses.
        (b"referrer-policy", b"no-referrer"),
    )
    return Answer(page.encode(), status=status, content_type=HTML, headers=(*safe, *headers))


def _named(name: str) -> str:
    """Print a name that somebody chose, which may be written from right to left."""
    return f"<strong><bdi>{escape(name)}</bdi></strong>"


def _wrong(text: str) -> str:
    return f'<p id="wrong" class="wrong" role="alert">{escape(text)}</p>\n' if text else ""


def _target(where: Return) -> tuple[str, str]:
    """Say where the form may lead (CSP 3 6.4.2: redirects count), and what a person reads of it."""
    parts = urlsplit(where.redirect_uri)
    if parts.scheme not in {"http", "https"}:
        return f"'self' {parts.scheme}:", f"<strong>{escape(parts.scheme)}</strong>"
    # An address in brackets is no source of a policy; its scheme is.
    source = f"{parts.scheme}:" if "[" in parts.netloc else f"{parts.scheme}://{parts.netloc}"
    return f"'self' {source}", f"<strong>{escape(parts.netloc)}</strong>"
