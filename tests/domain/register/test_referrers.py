"""A henvisning counts as one only where the region has published that this referrer may refer."""

import pytest

from domain.register.referrers import Publication, may_refer

JANUARY, FEBRUARY, MARCH = (f"2026-0{month}-01T00:00:00.000000Z" for month in (1, 2, 3))


@pytest.mark.parametrize("referrer", ["general-practitioner", "hospital"])
def test_some_may_refer_by_law_without_any_publication(referrer):
    found = may_refer((), referrer, JANUARY)
    assert (found.counts, found.rule) == (True, "by-law")


@pytest.mark.parametrize(
    "referrer", ["municipality-health", "municipality-social", "municipality-authority", "other-region"]
)
def test_others_may_once_the_region_has_published_it_and_as_long(referrer):
    published = [Publication(referrer=referrer, valid_from=FEBRUARY, valid_to=MARCH)]
    assert [may_refer(published, referrer, at).rule for at in (JANUARY, FEBRUARY, MARCH)] == [
        "not-published",
        "published",
        "not-published",
    ]
    assert may_refer(published, referrer, FEBRUARY).counts
    assert not may_refer((), referrer, FEBRUARY).counts


def test_a_publication_is_about_its_own_type_only():
    published = [Publication(referrer="other-region", valid_from=JANUARY, valid_to=None)]
    assert not may_refer(published, "municipality-health", FEBRUARY).counts
    assert not may_refer(published, "somebody-else", FEBRUARY).counts
