"""Patient, organisations, care teams and the course of treatment.

Source: MedCom core 3.0.1 and messaging 4.0.2 over dk-core 3.4.0.
"""

from typing import Final

from workflows.delivery.medcom import identifiers as ids
from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import (
    Entry,
    MessageBundle,
    extensions_of,
    object_of,
    objects_of,
    text_of,
)
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.rules.references import follow
from workflows.delivery.medcom.strict_json import JsonObject
from workflows.delivery.medcom.terminology import terminology

MUNICIPALITY_URL: Final = "http://hl7.dk/fhir/core/StructureDefinition/dk-core-municipalityCodes"
_FIXED_USE: Final = {
    ids.CPR_SYSTEM: "official",
    ids.X_ECPR_SYSTEM: "temp",
    ids.SOR_SYSTEM: "official",
    ids.CVR_SYSTEM: "official",
    ids.KOMBIT_SYSTEM: "official",
    **dict.fromkeys(ids.GLN_SYSTEMS, "official"),
}


def check_patient(bundle: MessageBundle, patient: Entry, found: Findings) -> None:
    """Identifier, official name, and the kommunekode of an address."""
    resource, path = patient.resource, patient.path
    given = objects_of(resource, "identifier")
    if not any(text_of(identifier, "value") for identifier in given):
        found.required(f"{path}.identifier", "The patient needs an identifier with a value")
    for system in (ids.CPR_SYSTEM, ids.X_ECPR_SYSTEM):
        if sum(identifier.get("system") == system for identifier in given) > 1:
            found.error(
                issues.NO_REPEAT, f"{path}.identifier", "A patient has one number of each kind", "structure"
            )
    for position, identifier in enumerate(given):
        _check_person_number(identifier, f"{path}.identifier[{position}]", found)
    official = [name for name in objects_of(resource, "name") if name.get("use") == "official"]
    if len(official) != 1:
        found.required(f"{path}.name", "The patient needs exactly one official name")
    elif text_of(official[0], "family") is None:
        found.required(f"{path}.name.family", "The official name needs a family name")
    if "deceasedBoolean" in resource and not isinstance(resource["deceasedBoolean"], bool):
        found.error(
            issues.DATATYPE, f"{path}.deceasedBoolean", "The value must be true or false", "structure"
        )
    if "managingOrganization" in resource:
        follow(bundle, resource, "managingOrganization", path, ("Organization",), found)
    for position, contact in enumerate(objects_of(resource, "contact")):
        if not {"name", "telecom", "address", "organization"} & contact.keys():
            found.invariant(
                "pat-1", f"{path}.contact[{position}]", "A contact needs a name, number or address"
            )
    for position, address in enumerate(objects_of(resource, "address")):
        _check_municipality(address, f"{path}.address[{position}]", found)


def _check_person_number(identifier: JsonObject, path: str, found: Findings) -> None:
    system, value = identifier.get("system"), text_of(identifier, "value")
    if system not in (ids.CPR_SYSTEM, ids.X_ECPR_SYSTEM):
        return
    if value is None:
        found.required(f"{path}.value", "The number is missing")
    elif system == ids.CPR_SYSTEM and not ids.is_cpr(value):
        found.invariant("cpr", f"{path}.value", "A CPR number is ten digits that begin with a day and month")
    elif system == ids.X_ECPR_SYSTEM and not ids.is_x_ecpr(value):
        found.invariant("x-ecpr", f"{path}.value", "An X-eCPR is DDMMYY, 1 or 7, two capitals and a digit")
    _check_use(identifier, path, found)


def _check_use(identifier: JsonObject, path: str, found: Findings) -> None:
    fixed = _FIXED_USE.get(str(identifier.get("system")))
    if fixed is not None and "use" in identifier and identifier["use"] != fixed:
        found.error(
            "value", f"{path}.use", "The use of this kind of identifier is fixed to another value", "value"
        )


def _check_municipality(address: JsonObject, path: str, found: Findings) -> None:
    given = extensions_of(address, MUNICIPALITY_URL)
    codings = [
        c for extension in given for c in objects_of(object_of(extension, "valueCodeableConcept"), "coding")
    ]
    if len(given) > 1:
        found.error(
            issues.NO_REPEAT, f"{path}.extension", "An address has one municipality code", "structure"
        )
    if any(not terminology().municipality.holds(c.get("system"), c.get("code")) for c in codings):
        found.error(issues.VALUESET, f"{path}.extension", "The municipality code is unknown", "code-invalid")


def check_organisations(bundle: MessageBundle, found: Findings) -> None:
    """SOR-id of every organisation, and GLN of those that take part in the exchange."""
    exchanging = _exchanging(bundle)
    for entry in bundle.of_type("Organization"):
        given = objects_of(entry.resource, "identifier")
        is_receiver = entry.position in exchanging and exchanging[entry.position]
        missing = issues.RECEIVER_MISSING if is_receiver else "required"
        _check_one(entry, {ids.SOR_SYSTEM}, missing, "SOR-id", found)
        if entry.position in exchanging:
            _check_one(entry, ids.GLN_SYSTEMS, missing, "GLN", found)
        for position, identifier in enumerate(given):
            _check_organisation_number(identifier, f"{entry.path}.identifier[{position}]", found)
        for name, key in (("address", "org-2"), ("telecom", "org-3")):
            if any(item.get("use") == "home" for item in objects_of(entry.resource, name)):
                found.invariant(key, f"{entry.path}.{name}", "An organisation has no home")


def _exchanging(bundle: MessageBundle) -> dict[int, bool]:
    """Position of each organisation that sends, receives or acts -> whether it is the receiver."""
    header = bundle.header.resource if bundle.header is not None else {}
    acting: list[JsonObject] = [object_of(header, "sender")]
    for provenance in bundle.of_type("Provenance"):
        acting += [object_of(agent, "who") for agent in objects_of(provenance.resource, "agent")]
    positions = {entry.position: False for entry in map(bundle.resolve, acting) if entry is not None}
    receivers = [object_of(destination, "receiver") for destination in objects_of(header, "destination")]
    positions.update({entry.position: True for entry in map(bundle.resolve, receivers) if entry is not None})
    return positions


def _check_one(
    entry: Entry, systems: set[str] | frozenset[str], missing: str, name: str, found: Findings
) -> None:
    values = [i for i in objects_of(entry.resource, "identifier") if i.get("system") in systems]
    if not any(text_of(identifier, "value") for identifier in values):
        found.error(missing, f"{entry.path}.identifier", f"The organisation needs a {name}", "required")
    elif len(values) > 1:
        found.error(
            issues.NO_REPEAT, f"{entry.path}.identifier", f"The organisation has one {name}", "structure"
        )


def _check_organisation_number(identifier: JsonObject, path: str, found: Findings) -> None:
    system, value = identifier.get("system"), text_of(identifier, "value")
    _check_use(identifier, path, found)
    if value is None:
        return
    if system in ids.GLN_SYSTEMS:
        fault = ids.gln_fault(value)
        if fault is not None:
            found.invariant(fault, f"{path}.value", "A GLN is 13 digits, the last of them its check digit")
    elif system == ids.SOR_SYSTEM:
        if not ids.is_sor(value):
            found.invariant("min-digits-sor", f"{path}.value", "A SOR-id is at least 11 digits")
        elif not ids.sor_check_digit_holds(value):
            found.warn("sor-check-digit", f"{path}.value", "The SOR-id's check digit does not hold", "value")
    elif system == ids.CVR_SYSTEM:
        fault = ids.cvr_fault(value)
        if fault is not None:
            found.invariant(fault, f"{path}.value", "A CVR number is 8 digits that pass modulus 11")
    elif system == ids.KOMBIT_SYSTEM and not ids.is_urn_uuid(value):
        found.invariant("uuid", f"{path}.value", "The identifier must be a urn:uuid in lower case")


def check_units(bundle: MessageBundle, found: Findings) -> None:
    """PractitionerRole, CareTeam and Encounter."""
    for role in bundle.of_type("PractitionerRole"):
        for name, target in (("organization", "Organization"), ("practitioner", "Practitioner")):
            if name in role.resource:
                follow(bundle, role.resource, name, role.path, (target,), found)
    for team in bundle.of_type("CareTeam"):
        if text_of(team.resource, "name") is None:
            found.required(f"{team.path}.name", "A care team needs a name")
        if len(objects_of(team.resource, "managingOrganization")) > 1:
            found.error(
                issues.NO_REPEAT, f"{team.path}.managingOrganization", "At most one organisation", "structure"
            )
        for position, participant in enumerate(objects_of(team.resource, "participant")):
            member = bundle.resolve(object_of(participant, "member"))
            if "onBehalfOf" in participant and member is not None and member.type != "Practitioner":
                path = f"{team.path}.participant[{position}]"
                found.invariant("ctm-1", path, "Only a Practitioner takes part on behalf of an organisation")
    for encounter in bundle.of_type("Encounter"):
        follow(bundle, encounter.resource, "subject", encounter.path, ("Patient",), found)
        if "account" in encounter.resource:
            found.error("structure", f"{encounter.path}.account", "The profile has no account", "structure")
        _check_lpr3(encounter, found)


def _check_lpr3(encounter: Entry, found: Findings) -> None:
    identifiers = [
        object_of(episode, "identifier") for episode in objects_of(encounter.resource, "episodeOfCare")
    ]
    lpr3 = [identifier for identifier in identifiers if identifier.get("system") == ids.LPR3_SYSTEM]
    path = f"{encounter.path}.episodeOfCare.identifier"
    if len(lpr3) > 1:
        found.error(issues.NO_REPEAT, path, "At most one LPR3 identifier", "structure")
    for identifier in lpr3:
        if not ids.is_urn_uuid_v5(text_of(identifier, "value") or ""):
            found.invariant("uuidv5", path, "An LPR3 identifier is a urn:uuid of version 5")
