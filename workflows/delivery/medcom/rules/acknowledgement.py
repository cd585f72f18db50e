"""MedCom Acknowledgement 2.0.3 (FCTL), as far as a check of its validity needs.

It stands on messaging 2.1.0 and not 4.0.2; what is asked here is the same in both. Source:
medcom-messaging-acknowledgement, -acknowledgementHeader and -operationoutcome 2.0.3.
"""

from workflows.delivery.medcom import issues
from workflows.delivery.medcom.bundle import Entry, MessageBundle, object_of, objects_of, text_of
from workflows.delivery.medcom.issues import Findings
from workflows.delivery.medcom.rules.everywhere import check_everywhere
from workflows.delivery.medcom.rules.frame import check_frame
from workflows.delivery.medcom.rules.header import check_routing
from workflows.delivery.medcom.rules.parties import check_organisations
from workflows.delivery.medcom.rules.provenance import check_provenance
from workflows.delivery.medcom.rules.references import follow
from workflows.delivery.medcom.terminology import terminology

_PROFILE = (
    "http://medcomfhir.dk/ig/acknowledgement/StructureDefinition/medcom-messaging-acknowledgementHeader"
)


def check_acknowledgement(bundle: MessageBundle, found: Findings) -> None:
    """Every rule on an acknowledgement Bundle of FHIR shape."""
    check_frame(bundle, found)
    header = bundle.header
    if header is not None:
        _check_header(bundle, header, found)
    check_organisations(bundle, found)
    _check_provenances(bundle, found)
    for outcome in bundle.of_type("OperationOutcome"):
        _check_outcome(outcome, found)
    check_everywhere(bundle, found)


def _check_header(bundle: MessageBundle, header: Entry, found: Findings) -> None:
    check_routing(bundle, header, found)
    profiles = object_of(header.resource, "meta").get("profile")
    if not isinstance(profiles, list) or not any(str(name).startswith(_PROFILE) for name in profiles):
        found.invariant(
            "medcom-acknowledgement-2",
            f"{header.path}.meta.profile",
            "The header must name the acknowledgement profile",
        )
    response, path = object_of(header.resource, "response"), f"{header.path}.response"
    if text_of(response, "identifier") is None:
        found.required(f"{path}.identifier", "The acknowledged message's header id is required")
    code = response.get("code")
    if code not in terminology().response.codes:
        found.error(
            issues.VALUESET,
            f"{path}.code",
            "The response is ok, transient-error or fatal-error",
            "code-invalid",
        )
    elif code != "ok" and not bundle.of_type("OperationOutcome"):
        found.invariant(
            "medcom-acknowledgement-1", path, "A response other than ok needs an OperationOutcome"
        )
    if "details" in response:
        follow(bundle, response, "details", path, ("OperationOutcome",), found)


def _check_provenances(bundle: MessageBundle, found: Findings) -> None:
    provenances = bundle.of_type("Provenance")
    if not provenances:
        found.invariant("medcom-messaging-2", "Bundle.entry", "There must be at least one Provenance")
    for entry in provenances:
        check_provenance(bundle, entry, terminology().activity, found)
    current = bundle.current_provenance
    if provenances and (current is None or bundle.activity != "acknowledgement"):
        found.error(
            "business-rule",
            "Bundle.entry.resource.ofType(Provenance)",
            "Exactly one Provenance, an acknowledgement, must have this MessageHeader as its target",
            "business-rule",
        )
    elif current is not None and len(provenances) != 2:
        # Governance for acknowledgement: the received message's last Provenance and the new one.
        found.warn("incomplete", "Bundle.entry", "An acknowledgement has two Provenances", "incomplete")


def _check_outcome(outcome: Entry, found: Findings) -> None:
    codes = (terminology().acknowledgement_error, terminology().operation_outcome)
    for position, issue in enumerate(objects_of(outcome.resource, "issue")):
        for coding in objects_of(object_of(issue, "details"), "coding"):
            if not any(known.holds(coding.get("system"), coding.get("code")) for known in codes):
                found.error(
                    issues.VALUESET,
                    f"{outcome.path}.issue[{position}].details.coding",
                    "The detail is not in the value set",
                    "code-invalid",
                )
