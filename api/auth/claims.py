"""The caller: what a verified token says about who asks, and for which organisation.

The claims follow the Danish health sector's token profile (JTP-H, EHMI services): organisation as
CVR, SOR and GLN, one token per organisation context; `authority`, `unit` and `role` are Overgang's own.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args
from uuid import UUID

from api.http.shapes import has_person_number
from domain.rights.hers import CITIZEN, OWN_ROLES, WHOLE_CASE, Standing
from domain.rights.rule import rights_register

Role = Literal[
    "clinician", "caseworker", "leader", "registrar", "auditor", "steering", "operator", "integration",
    "citizen", "representative",
]  # fmt: skip
#: Every role a token may carry.
ROLES: frozenset[str] = frozenset(get_args(Role))
#: Those of them who work in an authority.
STAFF_ROLES: frozenset[str] = ROLES - OWN_ROLES
#: How many handovers a citizen's token may open.
MAX_HANDOVERS = 100
#: In what somebody may represent a citizen: the codes of the register of rights.
REPRESENTATIONS = frozenset(rights_register().values["representation_scope"])

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SUBJECT = re.compile(
    rf"(?:urn:uuid:|urn:dk:healthcare:eid:uuid:persistent:[a-z]+:)?({_UUID})", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:\-]{0,127}")
_AUTHORITY = re.compile(r"[0-9]{4}")
_SOR = re.compile(r"[0-9]{11,18}")
_GLN = re.compile(r"[0-9]{13}")
_CVR = re.compile(r"[0-9]{8}")
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]{1,128}")


class ClaimRefused(ValueError):
    """A claim is missing or has the wrong form; `claim` names it, its value is nowhere."""

    def __init__(self, claim: str) -> None:
        super().__init__(f"claim {claim} is missing or has the wrong form")
        self.claim = claim


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as a verified token states it.

    `subject` is the pseudonymous actor id (UUID, lower case), never a name or a CPR number. `authority` is
    the code of the authority: four digits of a region ("1085") or a municipality ("0330"); empty for a
    citizen and her representative, who belong to none. `unit` is a unit's id or None for the whole authority.
    `expires_at` is in seconds since 1970 (UTC).
    """

    subject: str
    client_id: str
    role: Role
    authority: str
    unit: str | None
    sor: str | None
    gln: str | None
    cvr: str | None
    scopes: frozenset[str]
    token_id: str
    issuer: str
    expires_at: int
    formerly: tuple[str, str | None] | None = None
    """Authority and unit as the token states them, where a successor stands in their place by now."""
    handovers: frozenset[UUID] = frozenset()
    """The cases that a citizen's or a representative's token opens; nobody else's token opens any so."""
    representative: UUID | None = None
    """The appointment by which a representative acts."""
    representation: str | None = None
    """In what she is represented; a code of the register of rights."""

    @property
    def standing(self) -> Standing:
        """As whom the caller stands before a citizen's case."""
        return Standing(role=self.role, scope=self.representation or WHOLE_CASE)

    @property
    def client_pseudonym(self) -> str:
        """Twelve hexadecimal digits that stand for the client in the log; the same in every process."""
        return hashlib.blake2s(self.client_id.encode(), digest_size=6, person=b"overgang").hexdigest()


def caller_from_claims(claims: Mapping[str, Any]) -> Caller:
    """The caller in a token's verified claims (`exp`, `iss` and `jti` are already checked).

    SOR and GLN may stand as claims or, as EHMI services have them, inside the scope (`SOR:… GLN:…`);
    where both do they must agree. A citizen's token names handovers and no organisation. Raises ClaimRefused.
    """
    scopes = _scopes(claims)
    role = claims.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise ClaimRefused("role")
    subject = claims.get("sub")
    found = _SUBJECT.fullmatch(subject) if isinstance(subject, str) else None
    if found is None:
        raise ClaimRefused("sub")
    if role in OWN_ROLES:
        return _outside_every_authority(claims, cast(Role, role), found.group(1).lower(), scopes)
    return Caller(
        subject=found.group(1).lower(),
        client_id=_needed(claims, "client_id", _NAME),
        role=cast(Role, role),
        authority=_needed(claims, "authority", _AUTHORITY),
        unit=_optional(claims, "unit", _NAME),
        sor=_organisation(claims, scopes, "sor", _SOR),
        gln=_organisation(claims, scopes, "gln", _GLN),
        cvr=_optional(claims, "cvr", _CVR),
        scopes=scopes,
        token_id=_needed(claims, "jti", _NAME),
        issuer=str(claims["iss"]),
        expires_at=int(claims["exp"]),
    )


def _outside_every_authority(
    claims: Mapping[str, Any], role: Role, subject: str, scopes: frozenset[str]
) -> Caller:
    """A citizen, or who acts for her: the token says which cases it opens, and names no organisation."""
    for name in ("authority", "unit", "sor", "gln", "cvr"):
        if claims.get(name) is not None or any(one.startswith(f"{name.upper()}:") for one in scopes):
            raise ClaimRefused(name)
    representative = representation = None
    if role != CITIZEN:
        representative = _uuid(claims.get("representative"), "representative")
        representation = claims.get("representation")
        if representation not in REPRESENTATIONS:
            raise ClaimRefused("representation")
    return Caller(
        subject=subject,
        client_id=_needed(claims, "client_id", _NAME),
        role=role,
        authority="",
        unit=None,
        sor=None,
        gln=None,
        cvr=None,
        scopes=scopes,
        token_id=_needed(claims, "jti", _NAME),
        issuer=str(claims["iss"]),
        expires_at=int(claims["exp"]),
        handovers=_handovers(claims),
        representative=representative,
        representation=representation,
    )


def _handovers(claims: Mapping[str, Any]) -> frozenset[UUID]:
    """`handovers`, a list, or `handover`, one of them; never both."""
    one, many = claims.get("handover"), claims.get("handovers")
    if one is not None and many is not None:
        raise ClaimRefused("handovers")
    stated = [one] if one is not None else many
    if not isinstance(stated, list) or not 0 < len(stated) <= MAX_HANDOVERS:
        raise ClaimRefused("handovers")
    return frozenset(_uuid(value, "handovers") for value in stated)


def _uuid(value: object, claim: str) -> UUID:
    if not isinstance(value, str) or not re.fullmatch(_UUID, value, re.IGNORECASE):
        raise ClaimRefused(claim)
    return UUID(value)


def _needed(claims: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not form.fullmatch(value) or has_person_number(value):
        raise ClaimRefused(name)
    return value


def _optional(claims: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str | None:
    return None if claims.get(name) is None else _needed(claims, name, form)


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    value = claims.get("scope", "")
    if not isinstance(value, str) or len(value) > 2048:
        raise ClaimRefused("scope")
    scopes = value.split()
    if not all(_SCOPE.fullmatch(scope) for scope in scopes):
        raise ClaimRefused("scope")
    return frozenset(scopes)


def _organisation(
    claims: Mapping[str, Any], scopes: frozenset[str], name: str, form: re.Pattern[str]
) -> str | None:
    prefix = f"{name.upper()}:"
    stated = {scope.removeprefix(prefix) for scope in scopes if scope.startswith(prefix)}
    claim = _optional(claims, name, form)
    if claim is not None:
        stated.add(claim)
    # One token per organisation context: two codes would let a payload choose between them.
    if len(stated) > 1 or not all(form.fullmatch(code) for code in stated):
        raise ClaimRefused(name)
    return next(iter(stated), None)
