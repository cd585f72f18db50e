"""Stream ids. The workflow stream's id is the handover's; the others are derived from it.

Readings, refusals and escalations have streams of their own, so that a colleague's look never
fails a take-over (design section 4).
"""

from uuid import UUID, uuid5

_NAMESPACE = UUID("8b1f3c52-6f0e-5d0e-9a4b-2f6f3f0c7a10")


def readings_of(handover: UUID) -> UUID:
    """Readings of the case's documents, and accesses from outside."""
    return uuid5(_NAMESPACE, f"readings:{handover}")


def refusals_of(handover: UUID) -> UUID:
    """Commands refused on the case."""
    return uuid5(_NAMESPACE, f"refusals:{handover}")


def escalations_of(handover: UUID) -> UUID:
    """Alerts and escalations about the case."""
    return uuid5(_NAMESPACE, f"escalations:{handover}")


def facts_of(handover: UUID) -> UUID:
    """Facts of the citizen's course that were recorded on the case."""
    return uuid5(_NAMESPACE, f"facts:{handover}")


def breaches_of(handover: UUID) -> UUID:
    """Assessments of a breach that the case has led to."""
    return uuid5(_NAMESPACE, f"breaches:{handover}")


def rights_of(handover: UUID, authority: str) -> UUID:
    """An authority's lane of the citizen's rights on a case: no other authority writes there or sees it."""
    return uuid5(_NAMESPACE, f"rights:{handover}:{authority}")


def package_file_of(package: UUID) -> UUID:
    """The file of an access package, whose sealed index is the document `package`."""
    return uuid5(_NAMESPACE, f"package:{package}")


def showings_of(mailbox: UUID) -> UUID:
    """Pages of a mailbox that were shown."""
    return uuid5(_NAMESPACE, f"showings:{mailbox}")


def lists_of(unit: str) -> UUID:
    """Pages of a unit's own list that were shown."""
    return uuid5(_NAMESPACE, f"lists:{unit}")


def refusals_by(authority: str) -> UUID:
    """Commands refused that concern no case in particular."""
    return uuid5(_NAMESPACE, f"refusals-by:{authority}")


def register_of(authority: str) -> UUID:
    """An authority's entries in the register."""
    return uuid5(_NAMESPACE, f"register:{authority}")


def identities_of(authority: str) -> UUID:
    """Merges of replacement numbers by an authority."""
    return uuid5(_NAMESPACE, f"identities:{authority}")


def successions_of(authority: str) -> UUID:
    """What became of an authority's cases when it was succeeded."""
    return uuid5(_NAMESPACE, f"successions:{authority}")


def adoptions() -> UUID:
    """Adoptions of rules, calendars and settings in this installation."""
    return uuid5(_NAMESPACE, "adoptions")


def event_reference(position: int) -> UUID:
    """An event's name as a causation id."""
    return uuid5(_NAMESPACE, f"event:{position}")
