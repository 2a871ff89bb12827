"""Configurations as they are kept: complete, as JSON, the passwords in them sealed."""

import json
from collections.abc import Callable
from typing import Final

from callwright.domain.ids import AccountId
from callwright.services.configuration import Configuration
from callwright.services.options import JsonObject
from callwright.services.ports import Sealer, ServiceKind, StoredService

_PASSWORDS: Final = (("service_password",), ("rest", "authentication", "password"))
"""Where configurations hold what must not lie about in clear."""

_Path = tuple[str, ...]


class SealedConfigurations:
    """Turns configurations into what is kept of them, and back."""

    def __init__(self, sealer: Sealer) -> None:
        """Passwords go through `sealer`."""
        self._sealer = sealer

    def seal(
        self, account_id: AccountId, kind: ServiceKind, name: str, configuration: Configuration
    ) -> bytes:
        """Return what is kept of a service's configuration."""
        sealed = _with_passwords(
            configuration,
            lambda clear, path: self._sealer.seal(
                clear, context=_context(account_id, kind, name, path)
            ),
        )
        return json.dumps(sealed, separators=(",", ":")).encode()

    def unseal(self, stored: StoredService) -> Configuration:
        """Return a configuration with its passwords in clear.

        Raises:
            BrokenSeal: a password was not sealed for this place.

        """
        return _with_passwords(
            kept_of(stored),
            lambda text, path: self._sealer.unseal(
                text, context=_context(stored.account_id, stored.kind, stored.name, path)
            ),
        )


def kept_of(stored: StoredService) -> Configuration:
    """Return a configuration as it is kept: enough for whoever needs no password."""
    kept: Configuration = json.loads(stored.configuration)
    return kept


def _context(account_id: AccountId, kind: ServiceKind, name: str, path: _Path) -> str:
    """Tie a sealed password to its place, so that it opens nothing when it is copied elsewhere."""
    # No name has a colon in it. Outbound services were there first and are named alone.
    place = name if kind is ServiceKind.OUTBOUND else f"{kind}:{name}"
    return f"{account_id}/{place}/{'.'.join(path)}"


def _with_passwords(
    configuration: Configuration, change: Callable[[str, _Path], str]
) -> Configuration:
    """Return a copy with each password changed; null stays null."""
    for path in _PASSWORDS:
        configuration = _changed(configuration, path, path, change)
    return configuration


def _changed(
    tree: JsonObject, path: _Path, rest: _Path, change: Callable[[str, _Path], str]
) -> JsonObject:
    inner = tree.get(rest[0])
    if isinstance(inner, dict):
        return tree | {rest[0]: _changed(inner, path, rest[1:], change)}
    if isinstance(inner, str):
        return tree | {rest[0]: change(inner, path)}
    return tree
