"""Bearer tokens: what is taken, what is refused, and what a refusal gives away (nothing)."""

import base64
import json
import os
import uuid
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from api.auth.claims import ClaimRefused, caller_from_claims
from api.auth.devissuer import ISSUER, DevelopmentIssuer
from api.auth.jwks import Jwks, JwksRefused, keys_of
from api.auth.tokens import REASONS, Issuer, TokenRefused, TokenVerifier, issuers_from
from api.settings import ConfigurationRefused, Settings

NOW = 1_790_000_000
AUDIENCE = "overgang"
ACTOR = "5f0d7a52-6f3e-4f7a-9d4e-0a4b9c1d2e3f"
CPR = "7001014321"
KEY = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
PUBLIC = {"keys": [dict(KEY.as_dict(private=False))]}


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def claims(**changed: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "iss": "https://issuer.example", "aud": AUDIENCE, "sub": ACTOR, "client_id": "clinic-system",
        "iat": NOW, "exp": NOW + 600, "jti": "id-1", "role": "clinician", "authority": "1085",
        "unit": "unit-1", "sor": "672291000016004", "gln": "5790000121526", "cvr": "29190658",
        "scope": "handover.write",
    }  # fmt: skip
    base.update(changed)
    return {name: value for name, value in base.items() if value is not ...}


def sign(content: dict[str, Any], key: Any = KEY, alg: str = "ES256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": "k1", **header}, content, key, algorithms=[alg])


def verifier(
    jwks: Jwks | None = None, clock: Callable[[], float] | None = None, **given: Any
) -> TokenVerifier:
    keys = jwks if jwks is not None else Jwks(PUBLIC)
    issuer = Issuer("https://issuer.example", AUDIENCE, keys)
    return TokenVerifier([issuer], clock=clock or Clock(NOW + 1), **given)


def refusal(token: str, check: TokenVerifier | None = None) -> str:
    with pytest.raises(TokenRefused) as refused:
        (check or verifier()).verify(token)
    assert CPR not in str(refused.value)
    assert refused.value.reason in REASONS
    return refused.value.reason


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def test_a_valid_token_gives_the_caller_and_its_organisation() -> None:
    caller = verifier().verify(sign(claims()))
    assert caller.subject == ACTOR
    assert (caller.role, caller.authority, caller.unit) == ("clinician", "1085", "unit-1")
    assert (caller.sor, caller.gln, caller.cvr) == ("672291000016004", "5790000121526", "29190658")
    assert caller.scopes == {"handover.write"}
    assert (caller.client_id, caller.token_id, caller.expires_at) == ("clinic-system", "id-1", NOW + 600)
    with pytest.raises(FrozenInstanceError):
        caller.role = "auditor"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256", {"kid": "k1"}), "ES256"),
        (RSAKey.generate_key(2048, {"kid": "k1"}), "PS256"),
        (OKPKey.generate_key("Ed25519", {"kid": "k1"}), "Ed25519"),
    ],
    ids=["ES256", "PS256", "Ed25519"],
)
def test_each_allowed_algorithm_is_taken(key: Any, alg: str) -> None:
    check = verifier(Jwks({"keys": [dict(key.as_dict(private=False))]}))
    assert check.verify(sign(claims(), key, alg)).subject == ACTOR


def test_ed25519_is_taken_under_its_old_name_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    key = OKPKey.generate_key("Ed25519", {"kid": "k1"})
    content = (
        f"{b64(json.dumps({'alg': 'EdDSA', 'kid': 'k1'}).encode())}.{b64(json.dumps(claims()).encode())}"
    )
    private: Any = key.private_key
    token = f"{content}.{b64(private.sign(content.encode()))}"
    assert verifier(Jwks({"keys": [dict(key.as_dict(private=False))]})).verify(token).subject == ACTOR
    assert not recwarn.list


def test_algorithm_none_is_refused() -> None:
    header = b64(b'{"alg":"none","kid":"k1"}')
    assert refusal(f"{header}.{b64(json.dumps(claims()).encode())}.") == "algorithm"


def test_hs256_with_the_public_key_as_secret_is_refused() -> None:
    secret = OctKey.import_key(KEY.as_pem(private=False).replace(b"-----", b""))
    token = jws.serialize_compact({"alg": "HS256", "kid": "k1"}, json.dumps(claims()), secret, ["HS256"])
    assert refusal(token) == "algorithm"


@pytest.mark.parametrize("alg", ["RS256", "PS512"])
def test_algorithms_off_the_list_are_refused(alg: str) -> None:
    key = RSAKey.generate_key(2048, {"kid": "k1"})
    check = verifier(Jwks({"keys": [dict(key.as_dict(private=False))]}))
    assert refusal(sign(claims(), key, alg), check) == "algorithm"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": NOW - 30, "iat": NOW - 600}, "expired"),
        ({"exp": ...}, "lifetime"),
        ({"iat": ...}, "lifetime"),
        ({"exp": True}, "lifetime"),
        ({"exp": str(NOW + 600)}, "lifetime"),
        ({"exp": float("nan")}, "lifetime"),
        ({"exp": NOW + 4000}, "lifetime"),
        ({"exp": NOW + 1, "iat": NOW + 1}, "lifetime"),
        ({"iat": NOW + 60}, "not-yet-valid"),
        ({"nbf": NOW + 60}, "not-yet-valid"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["another"]}, "audience"),
        ({"aud": ...}, "audience"),
        ({"aud": {"overgang": 1}}, "audience"),
        ({"iss": "https://other.example"}, "issuer"),
        ({"iss": ...}, "issuer"),
        ({"iss": ["https://issuer.example"]}, "issuer"),
        ({"jti": ...}, "token-id"),
        ({"cnf": {"x5t#S256": "abc"}}, "bound-to-certificate"),
        ({"role": ...}, "claims"),
        ({"role": "king"}, "claims"),
        ({"authority": ...}, "claims"),
        ({"authority": 1085}, "claims"),
        ({"client_id": ...}, "claims"),
        ({"sub": "Kirsten Hansen"}, "claims"),
        ({"sub": CPR}, "claims"),
        ({"unit": CPR}, "claims"),
        ({"gln": "123"}, "claims"),
        ({"scope": "SOR:5791000016003"}, "claims"),
        ({"scope": "GLN:5790000121526 GLN:5790000121519"}, "claims"),
        ({"scope": ["a"]}, "claims"),
    ],
)
def test_a_token_with_this_wrong_is_refused(changed: dict[str, Any], reason: str) -> None:
    assert refusal(sign(claims(**changed))) == reason


def test_the_organisation_may_stand_in_the_scope_alone() -> None:
    scope = "EDS system/AuditEvent.crs SOR:672291000016004 GLN:5790000121526"
    caller = verifier().verify(sign(claims(sor=..., gln=..., scope=scope)))
    assert (caller.sor, caller.gln) == ("672291000016004", "5790000121526")


def test_the_subject_may_be_the_health_sectors_urn() -> None:
    urn = f"urn:dk:healthcare:eid:uuid:persistent:system:{ACTOR.upper()}"
    assert verifier().verify(sign(claims(sub=urn))).subject == ACTOR


def test_a_few_seconds_of_clock_skew_are_forgiven() -> None:
    check = verifier(clock=Clock(NOW - 5))
    assert check.verify(sign(claims())).subject == ACTOR


@pytest.mark.parametrize("kid", ["k2", ..., 7])
def test_an_unknown_or_missing_kid_is_refused(kid: Any) -> None:
    header = {"alg": "ES256"} | ({} if kid is ... else {"kid": kid})
    content = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims()).encode())}"
    assert refusal(f"{content}.{b64(bytes(64))}") == "key"


def test_a_key_in_the_tokens_own_header_is_not_looked_at() -> None:
    own = ECKey.generate_key("P-256")
    token = sign(claims(), own, jwk=dict(own.as_dict(private=False)))
    assert refusal(token) == "signature"


@pytest.mark.parametrize("extra", [{"crit": ["exp"], "exp": 1}, {"b64": False}])
def test_critical_headers_are_refused(extra: dict[str, Any]) -> None:
    header = b64(json.dumps({"alg": "ES256", "kid": "k1", **extra}).encode())
    assert refusal(f"{header}.{b64(json.dumps(claims()).encode())}.{b64(bytes(64))}") == "critical-header"


def test_an_id_token_type_is_refused() -> None:
    assert refusal(sign(claims(), typ="dpop+jwt")) == "type"


@given(st.data())
def test_no_tampered_token_is_taken(data: st.DataObject) -> None:
    token = sign(claims())
    at = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("ABab01-_."))
    changed = token[:at] + character + token[at + 1 :]
    signature = changed.rpartition(".")[2]
    same = changed.rpartition(".")[0] == token.rpartition(".")[0] and _same(signature, token)
    if not same:
        refusal(changed)


def _same(signature: str, token: str) -> bool:
    # The last character of 64 encoded bytes carries two bits of padding that no decoder reads.
    whole = token.rpartition(".")[2]
    return signature.count(".") == 0 and signature[:-1] == whole[:-1]


@given(st.text(max_size=200))
def test_no_text_at_all_breaks_the_verifier(text: str) -> None:
    refusal(text)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_header_or_payload_breaks_the_verifier(header: bytes, payload: bytes) -> None:
    refusal(f"{b64(header)}.{b64(payload)}.{b64(bytes(64))}")


def test_a_member_that_stands_twice_is_refused() -> None:
    payload = json.dumps(claims())[:-1] + ',"role":"auditor"}'
    token = jws.serialize_compact({"alg": "ES256", "kid": "k1"}, payload, KEY, ["ES256"])
    assert refusal(token) == "malformed"


def test_a_verified_token_is_remembered_only_until_it_expires() -> None:
    clock = Clock(NOW + 1)
    check = verifier(clock=clock)
    token = sign(claims())
    assert check.verify(token) is check.verify(token)
    clock.now = NOW + 700
    assert refusal(token, check) == "expired"


def test_the_memory_of_verified_tokens_is_bounded() -> None:
    check = verifier(cache_size=2)
    for number in range(5):
        check.verify(sign(claims(jti=f"id-{number}")))
    assert len(check._cache) == 2


def test_a_withdrawn_key_ends_its_tokens_though_they_were_remembered(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(PUBLIC))
    ticking = Clock(0)
    jwks = Jwks(path=file, clock=ticking)
    check = verifier(jwks)
    token = sign(claims())
    assert check.verify(token).subject == ACTOR
    other = ECKey.generate_key("P-256", {"kid": "k2"})
    file.write_text(json.dumps({"keys": [dict(other.as_dict(private=False))]}))
    os.utime(file, (1, 1))
    ticking.now = 31
    assert refusal(token, check) == "key"


def test_an_unreadable_key_file_leaves_no_keys(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(PUBLIC))
    ticking = Clock(0)
    check = verifier(Jwks(path=file, clock=ticking))
    token = sign(claims())
    check.verify(token)
    file.write_text("{")
    ticking.now = 31
    assert refusal(token, check) == "key"


@pytest.mark.parametrize(
    ("jwks", "code"),
    [
        ({}, "jwks-malformed"),
        ({"keys": [dict(KEY.as_dict(private=True))]}, "jwks-holds-secret"),
        ({"keys": [{"kty": "oct", "kid": "k1"}]}, "jwks-holds-secret"),
        ({"keys": []}, "jwks-empty"),
        ({"keys": [PUBLIC["keys"][0], PUBLIC["keys"][0]]}, "jwks-kid"),
        ({"keys": [{**PUBLIC["keys"][0], "alg": "ES384"}]}, "jwks-empty"),
        ({"keys": [{**PUBLIC["keys"][0], "use": "enc"}]}, "jwks-empty"),
        ({"keys": [{**PUBLIC["keys"][0], "x": "AA"}]}, "jwks-key"),
        # e = 65537 and a modulus of 1024 bits
        (
            {"keys": [{"kty": "RSA", "kid": "k", "e": "AQAB", "n": b64(b"\xc1" + bytes(126) + b"\x01")}]},
            "jwks-key",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Key size")
def test_a_key_set_that_cannot_be_trusted_is_refused(jwks: dict[str, Any], code: str) -> None:
    with pytest.raises(JwksRefused, match=code):
        keys_of(jwks)


def test_keys_of_kinds_we_do_not_use_are_passed_over() -> None:
    keys = keys_of({"keys": [{"kty": "AKP", "kid": "pq"}, PUBLIC["keys"][0]]})
    assert list(keys) == ["k1"]


def test_the_development_issuers_tokens_are_taken(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer(tmp_path, environment="test", audience=AUDIENCE)
    check = TokenVerifier([issuer.as_issuer()])
    caller = check.verify(issuer.mint(role="caseworker", authority="0330", unit="u", subject=ACTOR))
    assert (caller.issuer, caller.role, caller.authority, caller.subject) == (
        ISSUER,
        "caseworker",
        "0330",
        ACTOR,
    )
    again = DevelopmentIssuer(tmp_path, environment="test", audience=AUDIENCE)
    assert check.verify(again.mint(role="auditor", authority="1085")).role == "auditor"
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
    assert "d" not in issuer.jwks()["keys"][0]


def test_the_development_issuer_refuses_production_and_an_open_key_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match="development-issuer"):
        DevelopmentIssuer(tmp_path, environment="production", audience=AUDIENCE)
    assert not list(tmp_path.iterdir())
    DevelopmentIssuer(tmp_path, environment="test", audience=AUDIENCE)
    next(tmp_path.iterdir()).chmod(0o644)
    with pytest.raises(ConfigurationRefused, match="development-issuer-key"):
        DevelopmentIssuer(tmp_path, environment="test", audience=AUDIENCE)


@pytest.mark.parametrize(
    "given", [{"role": "king"}, {"lifetime": 3601}, {"lifetime": 0}, {"subject": CPR}, {"authority": "x"}]
)
def test_the_development_issuer_mints_no_token_that_would_be_refused(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    issuer = DevelopmentIssuer(tmp_path, environment="test", audience=AUDIENCE)
    with pytest.raises(ValueError) as refused:
        issuer.mint(**{"role": "leader", "authority": "0330", **given})
    assert CPR not in str(refused.value)


def test_claims_are_refused_by_name_and_never_by_value() -> None:
    with pytest.raises(ClaimRefused) as refused:
        caller_from_claims(claims(sub=CPR))
    assert refused.value.claim == "sub"
    assert CPR not in str(refused.value)


def test_the_clients_pseudonym_is_stable_and_not_its_name() -> None:
    one, two = (verifier().verify(sign(claims(jti=str(uuid.uuid4())))) for _ in range(2))
    assert one.client_pseudonym == two.client_pseudonym
    assert len(one.client_pseudonym) == 12 and "clinic" not in one.client_pseudonym


def test_trusted_issuers_come_from_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(PUBLIC))
    settings = Settings.model_validate(
        {"issuers": [{"issuer": "https://issuer.example", "jwks_file": file}], "audience": AUDIENCE}
    )
    check = TokenVerifier(issuers_from(settings), clock=Clock(NOW + 1))
    assert check.verify(sign(claims())).subject == ACTOR
