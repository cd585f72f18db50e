"""Which basis allows disclosure to whom (law.md 5)."""

import pytest

from domain.law.disclosure_table import basis_reaches, disclosure_table
from domain.law.loader import disclosure_references


@pytest.mark.parametrize(
    ("basis", "sender", "receiver", "enough"),
    [
        # between health professionals, consent under SUL §41 or what the current course needs
        ("sul-41-1", "region", "health-staff", True),
        ("sul-41-2-1", "region", "health-staff", True),
        # the social administration is given what she has consented to in writing
        ("sul-43-1", "region", "social", True),
        ("sul-41-1", "region", "social", False),
        ("sul-41-2-1", "region", "social", False),
        ("psyl-13c", "region", "social", True),
        ("rsl-11a", "region", "authority", True),
        # the municipality's own: consent, the plan, or that the region may demand it
        ("fvl-28", "municipality", "social", True),
        ("fvl-31", "municipality", "health-staff", True),
        ("fvl-31", "region", "social", False),
        # without a stated basis the sender disclosed under an assessment of its own
        (None, "region", "social", True),
    ],
)
def test_a_basis_reaches_those_it_is_for(basis, sender, receiver, enough):
    assert basis_reaches(basis, sender, receiver) is enough


def test_every_basis_of_the_table_is_one_that_a_document_may_state():
    for row in disclosure_table().rows:
        for basis in row.allows:
            assert disclosure_references(basis) != disclosure_references(None)
