"""Verification of bearer tokens (JWT, RFC 7519; best practice RFC 8725; access tokens RFC 9068).

Everything fails closed, and a refusal has a reason for the metrics only: the client is told the same
whatever was wrong, and nothing of the token. Verified tokens are remembered by their SHA-256 until they
expire, because a signature check costs more than all else an open request does.
"""

import hashlib
import json
import threading
import time
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from api.auth.claims import Caller, ClaimRefused, caller_from_claims
from api.auth.jwks import ALGORITHMS, Jwks
from api.jsontext import unique_members
from api.settings import Settings

#: Why a token may be refused; stable names for the metrics, never told to the client.
REASONS = (
    "malformed", "algorithm", "type", "critical-header", "issuer", "key", "signature", "audience", "expired",
    "not-yet-valid", "lifetime", "token-id", "bound-to-certificate", "claims",
)  # fmt: skip
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
_MAX_TOKEN = 8192


class TokenRefused(Exception):
    """A token that is not accepted. `reason` is one of `REASONS`; nothing of the token is in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"token refused: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Issuer:
    """A trusted issuer: its `iss`, the audience its tokens must name, and its keys."""

    issuer: str
    audience: str
    jwks: Jwks


class _Registry(JWSRegistry):
    """joserfc's registry with our allow-list; without its warning on the name EdDSA, here Ed25519."""

    max_header_length = 2048

    def __init__(self) -> None:
        super().__init__(algorithms=sorted(ALGORITHMS), strict_check_header=False)

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError("not on the allow-list")
        return self.algorithms[name]


_REGISTRY = _Registry()


class TokenVerifier:
    """Verifies bearer tokens of the trusted issuers. Safe to use from several threads."""

    def __init__(
        self,
        issuers: Iterable[Issuer],
        *,
        leeway: int = 10,
        max_lifetime: int = 3600,
        cache_size: int = 4096,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`leeway` and `max_lifetime` in seconds; `clock` gives seconds since 1970.

        Raises ValueError when two issuers have one name.
        """
        self._issuers: dict[str, Issuer] = {}
        for issuer in issuers:
            if issuer.issuer in self._issuers:
                raise ValueError("an issuer is named twice")
            self._issuers[issuer.issuer] = issuer
        self._leeway = leeway
        self._max_lifetime = max_lifetime
        self._cache_size = cache_size
        self._clock = clock
        self._cache: OrderedDict[bytes, Caller] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, token: str) -> Caller:
        """The caller of a valid token. Raises TokenRefused, and nothing else whatever the token holds."""
        self._forget_withdrawn_keys()
        if len(token) > _MAX_TOKEN or not token.isascii():
            raise TokenRefused("malformed")
        digest = hashlib.sha256(token.encode("ascii")).digest()
        with self._lock:
            caller = self._cache.get(digest)
            if caller is not None:
                if self._clock() < caller.expires_at:
                    self._cache.move_to_end(digest)
                    return caller
                del self._cache[digest]
        caller = self._verify(token)
        with self._lock:
            self._cache[digest] = caller
            if len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return caller

    def _forget_withdrawn_keys(self) -> None:
        renewed = False
        for issuer in self._issuers.values():
            renewed |= issuer.jwks.refresh()
        if renewed:
            # A remembered token may have been signed with a key that has just been withdrawn.
            with self._lock:
                self._cache.clear()

    def _verify(self, token: str) -> Caller:
        parts = token.split(".")
        if len(parts) != 3:
            raise TokenRefused("malformed")
        header, unverified = _json_part(parts[0]), _json_part(parts[1])
        algorithm, kid, issuer_name = header.get("alg"), header.get("kid"), unverified.get("iss")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise TokenRefused("algorithm")
        if str(header.get("typ", "JWT")).lower() not in _TYPES:
            raise TokenRefused("type")
        if "crit" in header or "b64" in header:
            raise TokenRefused("critical-header")
        issuer = self._issuers.get(issuer_name) if isinstance(issuer_name, str) else None
        if issuer is None:
            raise TokenRefused("issuer")
        # Keys named in the token's own header (jwk, jku, x5u) are never looked at (RFC 8725 section 3.10).
        key = issuer.jwks.key(kid, algorithm) if isinstance(kid, str) else None
        if key is None:
            raise TokenRefused("key")
        try:
            verified = jws.deserialize_compact(token, key, registry=_REGISTRY)
        except (JoseError, ValueError, TypeError) as fault:
            raise TokenRefused("signature") from fault
        if verified.payload != _decode(parts[1]):
            raise TokenRefused("malformed")
        self._check_times(unverified)
        audience = unverified.get("aud")
        if issuer.audience not in (audience if isinstance(audience, list) else [audience]):
            raise TokenRefused("audience")
        if not unverified.get("jti"):
            raise TokenRefused("token-id")
        if "cnf" in unverified:
            # RFC 8705 section 3: a bound token must be checked against the client's certificate, which
            # this server does not see yet.
            raise TokenRefused("bound-to-certificate")
        try:
            return caller_from_claims(unverified)
        except ClaimRefused as fault:
            raise TokenRefused("claims") from fault

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        expires, issued = _time(claims.get("exp")), _time(claims.get("iat"))
        not_before = _time(claims.get("nbf", issued))
        if now >= expires + self._leeway:
            raise TokenRefused("expired")
        if max(issued, not_before) > now + self._leeway:
            raise TokenRefused("not-yet-valid")
        if not 0 < expires - issued <= self._max_lifetime:
            raise TokenRefused("lifetime")


def _time(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise TokenRefused("lifetime")
    return value


def _decode(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _json_part(part: str) -> dict[str, Any]:
    try:
        # RFC 7519 section 4: two readers must not see two different claims in one token.
        value = json.loads(_decode(part), object_pairs_hook=unique_members)
    except (ValueError, RecursionError) as fault:
        raise TokenRefused("malformed") from fault
    if not isinstance(value, dict):
        raise TokenRefused("malformed")
    return value


def issuers_from(settings: Settings) -> list[Issuer]:
    """The trusted issuers of the settings, with their keys read (the development issuer is not among them).

    Raises JwksRefused when a key set is not good: a server must not start half trusting.
    """
    return [
        Issuer(issuer.issuer, issuer.audience or settings.audience, Jwks(issuer.jwks, issuer.jwks_file))
        for issuer in settings.issuers
    ]
