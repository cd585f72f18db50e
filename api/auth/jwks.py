"""The keys of a trusted issuer: a JWKS (RFC 7517) from the settings or from a file that may change.

Only public signature keys with a `kid` are taken, of kinds that the allowed algorithms use. A set that
holds a private or a symmetric key is refused whole: it should not have been where it was found.
"""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

#: Signature algorithms taken: those of the Danish health API profile (interop 5). EdDSA means Ed25519
#: here, under its old name and the fully specified one of RFC 9864.
ALGORITHMS: frozenset[str] = frozenset({"ES256", "PS256", "EdDSA", "Ed25519"})
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_RECHECK_SECONDS = 30.0
_MAX_FILE_BYTES = 1_000_000


class JwksRefused(Exception):
    """A key set that cannot be trusted or read; the text names the fault and holds nothing of the set."""


def keys_of(jwks: Mapping[str, Any]) -> dict[str, tuple[Key, frozenset[str]]]:
    """The usable keys of a set by kid, each with the algorithms it may verify.

    Keys of other kinds or other uses are passed over (RFC 7517 section 5). Raises JwksRefused for a
    malformed set, a private or symmetric key, a key without kid, two keys of one kid, or none usable.
    """
    entries = jwks.get("keys")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise JwksRefused("jwks-malformed: the set has no list of keys")
    keys: dict[str, tuple[Key, frozenset[str]]] = {}
    for entry in entries:
        if _PRIVATE & entry.keys() or entry.get("kty") == "oct":
            raise JwksRefused("jwks-holds-secret: a key set must hold public keys only")
        algorithms = _algorithms(entry)
        if not algorithms or entry.get("use", "sig") != "sig":
            continue
        kid = entry.get("kid")
        if not isinstance(kid, str) or not kid or kid in keys:
            raise JwksRefused("jwks-kid: every key needs a kid of its own")
        keys[kid] = (_import(entry), algorithms)
    if not keys:
        raise JwksRefused("jwks-empty: no key of the set can verify an allowed algorithm")
    return keys


def _algorithms(entry: Mapping[str, Any]) -> frozenset[str]:
    kind = (entry.get("kty"), entry.get("crv"))
    if kind == ("EC", "P-256"):
        usable = frozenset({"ES256"})
    elif kind == ("OKP", "Ed25519"):
        usable = frozenset({"EdDSA", "Ed25519"})
    elif kind[0] == "RSA":
        usable = frozenset({"PS256"})
    else:
        usable = frozenset()
    stated = entry.get("alg")
    return usable if stated is None else usable & {stated}


def _import(entry: dict[str, Any]) -> Key:
    kinds: dict[str, type[ECKey | OKPKey | RSAKey]] = {"EC": ECKey, "OKP": OKPKey, "RSA": RSAKey}
    try:
        key = kinds[entry["kty"]].import_key(entry)
        size = key.public_key.key_size if isinstance(key, RSAKey) else 2048
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise JwksRefused("jwks-key: a key of the set cannot be read") from fault
    if size < 2048:
        raise JwksRefused("jwks-key: an RSA key is shorter than 2048 bits")
    return key


class Jwks:
    """The current keys of one issuer. A file is read again when it changes; a bad file gives no keys."""

    def __init__(
        self,
        jwks: Mapping[str, Any] | None = None,
        path: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Exactly one of `jwks` and `path`. Raises JwksRefused when the set is not good at the start."""
        if (jwks is None) == (path is None):
            raise JwksRefused("jwks-source: an issuer needs either a key set or a file with one")
        self._path = path
        self._clock = clock
        self._checked = clock()
        self._stamp = self._stamp_now()
        self._keys = keys_of(jwks) if jwks is not None else self._read()
        self.generation = 0

    def key(self, kid: str, algorithm: str) -> Key | None:
        """The key of this kid if it may verify the algorithm, else None."""
        key, algorithms = self._keys.get(kid, (None, frozenset()))
        return key if algorithm in algorithms else None

    def refresh(self) -> bool:
        """Reads the file again if it has changed (looked at twice a minute); True when the keys were renewed.

        A file that has become unreadable leaves no keys: a withdrawn key must not live on in memory.
        """
        if self._path is None or self._clock() - self._checked < _RECHECK_SECONDS:
            return False
        self._checked = self._clock()
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._keys = self._read()
        except JwksRefused:
            self._keys = {}
        self.generation += 1
        return True

    def _stamp_now(self) -> tuple[int, int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> dict[str, tuple[Key, frozenset[str]]]:
        assert self._path is not None
        try:
            if self._path.stat().st_size > _MAX_FILE_BYTES:
                raise JwksRefused("jwks-file: the file is too large for a key set")
            document = json.loads(self._path.read_bytes())
        except (OSError, ValueError) as fault:
            raise JwksRefused("jwks-file: the file cannot be read as JSON") from fault
        if not isinstance(document, dict):
            raise JwksRefused("jwks-malformed: the set has no list of keys")
        return keys_of(document)
