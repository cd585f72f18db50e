"""What the steps beside the first line, facts and assessments are asked with: every member filled in."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.api.http.town import REGION, TOWN, ago, document, today

NEIGHBOUR, TEAM = "0330", "rusmiddelcenter-team"
"""Another municipality and another unit of the town's, where a world has them in its register."""


def letter() -> dict[str, Any]:
    """A hearing letter, of a decision that is being prepared."""
    return {
        "right": {
            "event": "hearing-sent",
            "hearing": str(uuid4()),
            "decision": str(uuid4()),
            "assertions": ["risiko"],
            "answer_by": str(today() + timedelta(days=15)),
        },
        "values": {
            "subject": "social stofmisbrugsbehandling",
            "facts": [{"fact": "Tre samtaler blev aflyst.", "source": "ambulatoriet", "weight": "stor"}],
        },
        "signature": {
            "caseworker": "Kim Larsen",
            "title": "sagsbehandler",
            "contact": ["telefon 00 00 00 00"],
        },
        "way": "in-person",
    }


def step_bodies() -> dict[str, dict[str, Any]]:
    """Operation -> a body that it takes from the right person in the right state."""
    remark = {"remark": "En bemærkning til modparten."}
    return {
        "ask_handover": {"concerns": ["medicin", "aftaler"], "text": "Hvem udleverer medicinen?"},
        "answer_question": {"text": "Ambulatoriet udleverer den til og med søndag."},
        "correct_handover": {"document": document(), "reason": "error"},
        "return_handover": {"reason": "wrong-recipient", "suggested": NEIGHBOUR, **remark},
        "redirect_handover": {"receiver_authority": TOWN},
        "forward_handover": {"receiver_authority": NEIGHBOUR, **remark},
        "decline_handover": {"reason": "at-capacity", **remark},
        "insist_handover": remark,
        "resolve_handover": {"authority": TOWN, "decided_by": "own-authority", **remark},
        "distribute_handover": {"unit": TEAM},
        "assign_handover": {"assignee": str(uuid4())},
        "request_withdrawal_handover": {"reason": "citizen-declines", **remark},
        "refuse_withdrawal_handover": {"reason": "citizen-has-approached", **remark},
        "withdraw_handover": {"reason": "other", **remark},
        "enter_in_error_handover": {"reason": "duplicate"},
        "complete_otherwise_handover": {
            "means": "telephone",
            "authority": TOWN,
            "occurred_at": ago(hours=1),
            **remark,
        },
        "report_misdirected_handover": remark,
        "deny_import_handover": remark,
        "record_case_fact": {
            "event": "referral-received",
            "occurred_at": ago(days=1),
            "region": REGION,
            "referrer": "general-practitioner",
        },
        "preview_case_letter": letter(),
        "send_case_letter": letter(),
        "record_case_right": {
            "event": "access-requested",
            "request": str(uuid4()),
            "regime": "fvl",
            "means": "letter",
            "form": "pdf",
        },
        "assess_case_breach": {"outcome": "not-required", "citizen_informed": False},
        "act_in_own_case": {
            "event": "citizen-commented",
            "authority": TOWN,
            "text": "Jeg vil gerne have en fast kontaktperson.",
            "points": [{"assertion": "a1", "text": "Det er rigtigt."}],
        },
        "make_access_package": {
            "way": "letter",
            "others_shown": True,
            "passages": [{"document": str(uuid4()), "pointer": "/sections/risiko", "ground": "fvl:15b"}],
            "outside_reason": "joint-case",
        },
        "open_access_package": {"outside_reason": "joint-case"},
    }
