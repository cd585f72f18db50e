"""The token of a citizen, or of who represents her: which cases it opens; it names no organisation."""

from typing import Any
from uuid import uuid4

import pytest

from api.auth.claims import MAX_HANDOVERS, ClaimRefused, caller_from_claims
from domain.rights.hers import Standing

CASE, ACTING = uuid4(), uuid4()


def _claims(**changed: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "iss": "https://issuer.example",
        "sub": str(uuid4()),
        "client_id": "own-view",
        "exp": 1_790_000_600,
        "jti": "id-1",
        "role": "citizen",
        "handovers": [str(CASE)],
        "scope": "",
    } | changed
    return {name: value for name, value in stated.items() if value is not ...}


LAWYER = {"role": "representative", "representative": str(ACTING), "representation": "appeal"}


def test_a_citizens_token_names_cases_and_no_organisation() -> None:
    caller = caller_from_claims(_claims())
    assert (caller.role, caller.authority, caller.unit) == ("citizen", "", None)
    assert caller.handovers == {CASE} and caller.standing == Standing(role="citizen")
    one = caller_from_claims(_claims(handovers=..., handover=str(CASE).upper()))
    assert one.handovers == {CASE}


def test_a_representatives_token_names_the_appointment_and_its_scope() -> None:
    caller = caller_from_claims(_claims(**LAWYER))
    assert caller.representative == ACTING
    assert caller.standing == Standing(role="representative", scope="appeal")


@pytest.mark.parametrize(
    ("changed", "claim"),
    [
        ({"authority": "0370"}, "authority"),
        ({"unit": "rusmiddelcenter"}, "unit"),
        ({"cvr": "29189625"}, "cvr"),
        ({"scope": "GLN:5790000121526"}, "gln"),
        ({"handovers": ...}, "handovers"),
        ({"handovers": []}, "handovers"),
        ({"handovers": ["7001014321"]}, "handovers"),
        ({"handovers": str(CASE)}, "handovers"),
        ({"handovers": [str(CASE)] * (MAX_HANDOVERS + 1)}, "handovers"),
        ({"handover": str(CASE)}, "handovers"),
        ({"sub": "7001014321"}, "sub"),
        (LAWYER | {"representative": ...}, "representative"),
        (LAWYER | {"representation": "everything"}, "representation"),
        (LAWYER | {"representation": ...}, "representation"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_never_by_value(changed: dict[str, Any], claim: str) -> None:
    with pytest.raises(ClaimRefused) as refused:
        caller_from_claims(_claims(**changed))
    assert refused.value.claim == claim
    assert "7001014321" not in str(refused.value)


def test_what_staff_claim_opens_no_case_by_that_door() -> None:
    caller = caller_from_claims(
        _claims(role="caseworker", authority="0370", handovers=[str(CASE)], representative=str(ACTING))
    )
    assert caller.handovers == frozenset() and caller.representative is None
    assert not caller.standing.sees("handover-submitted")
