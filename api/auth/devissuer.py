"""The development issuer: mints tokens for the demo and the tests. Production refuses it.

Its ES256 key lies in the data folder, readable by its owner only. Whoever can read that file can be anyone:
this is why `ConfigurationRefused` is raised wherever the environment is production.
"""

import json
import os
import time
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from api.auth.claims import ROLES, caller_from_claims
from api.auth.jwks import Jwks
from api.auth.tokens import Issuer
from api.settings import ConfigurationRefused, Environment

#: The development issuer's name; `.invalid` can never be a real issuer (RFC 6761).
ISSUER = "https://development-issuer.overgang.invalid"
MAX_LIFETIME = 3600
_FILE = "development-issuer.jwk"


class DevelopmentIssuer:
    """An issuer of test tokens with a key of its own in `data_dir`."""

    def __init__(
        self,
        data_dir: Path,
        *,
        environment: Environment,
        audience: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Loads the key, or makes one at the first start.

        Raises ConfigurationRefused in production, and when others than the owner may read the key.
        """
        if environment == "production":
            raise ConfigurationRefused(["development-issuer: production does not run with test tokens"])
        self._audience = audience
        self._clock = clock
        path = data_dir / _FILE
        if not path.exists():
            _make_key(path)
        if path.stat().st_mode & 0o077:
            raise ConfigurationRefused(
                ["development-issuer-key: others than the owner may read the key file"]
            )
        self._key = ECKey.import_key(json.loads(path.read_text("ascii")))

    def mint(
        self,
        *,
        role: str,
        authority: str | None = None,
        unit: str | None = None,
        sor: str | None = None,
        gln: str | None = None,
        cvr: str | None = None,
        subject: str | None = None,
        client_id: str = "development",
        scopes: Collection[str] = (),
        lifetime: int = MAX_LIFETIME,
        handovers: Collection[str] | None = None,
        representative: str | None = None,
        representation: str | None = None,
    ) -> str:
        """A signed token for a test caller. `subject` is a UUID (a random one unless given).

        A citizen and her representative have `handovers` in place of an authority.

        `lifetime` is in seconds, 1 to 3600. Raises ValueError for an unknown role or a lifetime outside
        that, and ClaimRefused (a ValueError) for a claim the verifier would refuse.
        """
        if role not in ROLES:
            raise ValueError("role is not one that a token can carry")
        if not 1 <= lifetime <= MAX_LIFETIME:
            raise ValueError("lifetime must be 1 to 3600 seconds")
        now = int(self._clock())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": self._audience,
            "sub": subject if subject is not None else str(uuid.uuid4()),
            "client_id": client_id,
            "iat": now,
            "exp": now + lifetime,
            "jti": str(uuid.uuid4()),
            "role": role,
            "scope": " ".join(sorted(scopes)),
        }
        optional = {
            "authority": authority,
            "unit": unit,
            "sor": sor,
            "gln": gln,
            "cvr": cvr,
            "handovers": None if handovers is None else sorted(handovers),
            "representative": representative,
            "representation": representation,
        }
        claims.update({name: value for name, value in optional.items() if value is not None})
        caller_from_claims(claims)
        header = {"alg": "ES256", "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=["ES256"])

    def jwks(self) -> dict[str, Any]:
        """The public key set."""
        return {"keys": [dict(self._key.as_dict(private=False))]}

    def as_issuer(self) -> Issuer:
        """This issuer as a trusted one, for the TokenVerifier."""
        return Issuer(ISSUER, self._audience, Jwks(jwks=self.jwks()))


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    draft = path.with_name(f".{_FILE}.{uuid.uuid4()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(key.as_dict(private=True), file)
            file.flush()
            os.fsync(file.fileno())
        # A link fails when another process was first: then its key is the one.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
