"""Who takes part in the journeys: two regions, two municipalities, and the people in them."""

from uuid import uuid4

from workflows.ports.log import Actor

REGION, OTHER_REGION = "1085", "1084"
EAST = "1099"
"""Region Østdanmark, under the code that Overgang gives it until its own is known."""
MUNICIPALITY, OTHER_MUNICIPALITY = "0370", "0330"
AMBULATORY, OTHER_AMBULATORY = "amb-slagelse", "amb-roskilde"
CENTRE, OTHER_CENTRE = "rusmiddelcenter", "socialafdeling"
SERVING = {
    REGION: AMBULATORY,
    OTHER_REGION: "amb-hilleroed",
    MUNICIPALITY: CENTRE,
    OTHER_MUNICIPALITY: "rusmiddelcenter-slagelse",
}
"""The unit that opens an authority's own main mailbox."""
NAMES = {
    REGION: "Region Sjælland",
    OTHER_REGION: "Region Hovedstaden",
    MUNICIPALITY: "Næstved Kommune",
    OTHER_MUNICIPALITY: "Slagelse Kommune",
    EAST: "Region Østdanmark",
}


def person(role: str, authority: str, unit: str | None = None) -> Actor:
    """Somebody who works somewhere."""
    return Actor(id=uuid4(), role=role, unit=unit, authority=authority)


def clinician(unit: str = AMBULATORY, authority: str = REGION) -> Actor:
    """A clinician of an ambulatory."""
    return person("clinician", authority, unit)


def caseworker(unit: str = CENTRE, authority: str = MUNICIPALITY) -> Actor:
    """A caseworker of a municipal centre."""
    return person("caseworker", authority, unit)


def secretariat() -> Actor:
    """Whoever keeps the register for everybody."""
    return person("registrar", "0000")
