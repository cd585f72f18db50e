"""The catalogue of problem codes: what may go wrong over HTTP, in English and Danish.

Each code is stable: a client may branch on it. Texts may be improved, codes and statuses may not
change. The documentation of errors and the OpenAPI responses are generated from this table.
RFC 9457 calls the code's page the problem type.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: its status, its stable code and its texts (RFC 9457 section 3.1).

    `title` is English and the same for every occurrence; `detail` and `detail_da` are the texts
    used when the place that raises the problem has none of its own. No text holds input.
    """

    status: int
    code: str
    title: str
    detail: str
    detail_da: str

    @property
    def uri(self) -> str:
        """The problem type as a relative reference: the address of its page."""
        return f"/problems/{self.code}"


_CATALOGUE: dict[str, ProblemType] = {}


def register_problem_types(types: Iterable[ProblemType]) -> None:
    """Adds problem types to the catalogue.

    Raises ValueError when a code is already taken by another type: a code has one meaning.
    """
    for problem_type in types:
        standing = _CATALOGUE.setdefault(problem_type.code, problem_type)
        if standing != problem_type:
            raise ValueError(f"problem code {problem_type.code} already has another meaning")


def problem_type(code: str) -> ProblemType:
    """The problem type of a code. Raises KeyError when the catalogue lacks it."""
    return _CATALOGUE[code]


def is_problem_code(code: str) -> bool:
    """Whether the catalogue holds the code."""
    return code in _CATALOGUE


def problem_types() -> tuple[ProblemType, ...]:
    """Every known problem type, by status and code."""
    return tuple(sorted(_CATALOGUE.values(), key=lambda kind: (kind.status, kind.code)))


def _kinds(*rows: tuple[int, str, str, str, str]) -> tuple[ProblemType, ...]:
    return tuple(ProblemType(*row) for row in rows)


register_problem_types(_kinds(
    (400, "bad-request", "Bad request",
     "The request could not be understood.", "Anmodningen kunne ikke forstås."),
    (400, "malformed-body", "Malformed body",
     "The body could not be read as the media type it claims.",
     "Indholdet kunne ikke læses som den angivne medietype."),
    (400, "malformed-json", "Malformed JSON",
     "The body is not valid JSON (RFC 8259).", "Indholdet er ikke gyldig JSON (RFC 8259)."),
    (400, "personal-data-in-address", "Personal data in the address",
     "The path or query holds a value shaped like a CPR number. Addresses get logged: use the body.",
     "Adressen indeholder en værdi, der ligner et CPR-nummer. Adresser logges undervejs: brug indholdet."),
    (400, "host-not-served", "Host not served",
     "This server does not answer for the host named in the request.",
     "Serveren svarer ikke for det værtsnavn, anmodningen angiver."),
    (400, "idempotency-key-missing", "Idempotency-Key missing",
     "Every create needs an Idempotency-Key header, so that a retry is not a second act.",
     "Enhver oprettelse kræver headeren Idempotency-Key, så et genforsøg ikke bliver en ny handling."),
    (400, "idempotency-key-invalid", "Idempotency-Key invalid",
     "The Idempotency-Key must be 1 to 255 printable ASCII characters.",
     "Idempotency-Key skal være 1 til 255 synlige ASCII-tegn."),
    (400, "if-match-invalid", "If-Match invalid",
     "If-Match must hold exactly one strong ETag as this server gave it.",
     "If-Match skal indeholde præcis én stærk ETag, som serveren har givet den."),
    (401, "token-missing", "Token missing",
     "This address needs a bearer token (RFC 6750).", "Adressen kræver et adgangstoken (RFC 6750)."),
    (401, "invalid-token", "Invalid token",
     "The bearer token is not accepted. Fetch a new one from your issuer.",
     "Adgangstokenet godtages ikke. Hent et nyt hos jeres udsteder."),
    (403, "role-not-allowed", "Role not allowed",
     "The caller's role may not do this.", "Rollen giver ikke adgang til denne handling."),
    (403, "scope-insufficient", "Scope insufficient",
     "The token does not carry the scope that this needs.", "Tokenet har ikke det scope, handlingen kræver."),
    (403, "organisation-mismatch", "Organisation mismatch",
     "The organisation in the token is not the one in the payload.",
     "Organisationen i tokenet er ikke den, der står i indholdet."),
    (403, "forbidden", "Forbidden", "The caller may not do this.", "Handlingen er ikke tilladt."),
    (404, "not-found", "Not found",
     "There is nothing here that the caller may see.", "Her er intet, som I har adgang til at se."),
    (405, "method-not-allowed", "Method not allowed",
     "This address does not take the method; Allow lists those it takes.",
     "Adressen tager ikke denne metode; Allow viser dem, den tager."),
    (406, "not-acceptable", "Not acceptable",
     "None of the media types asked for can be produced.", "Ingen af de ønskede medietyper kan leveres."),
    (409, "conflict", "Conflict",
     "The request conflicts with the present state.", "Anmodningen er i strid med den nuværende tilstand."),
    (409, "action-not-allowed", "Action not allowed now",
     "The workflow does not allow this step from the present state; see the allowed actions.",
     "Arbejdsgangen tillader ikke dette skridt fra den nuværende tilstand; se de mulige handlinger."),
    (409, "register-clash", "Clash in a register",
     "The register already holds an entry that excludes this one.",
     "Registret har allerede en oplysning, der udelukker denne."),
    (409, "request-in-progress", "Request in progress",
     "A request with the same Idempotency-Key is still being carried out.",
     "En anmodning med samme Idempotency-Key er stadig i gang."),
    (410, "gone", "Gone", "What stood here has been erased.", "Det, der stod her, er slettet."),
    (412, "version-mismatch", "Version mismatch",
     "The case has changed since the ETag in If-Match. Read it again and decide again.",
     "Sagen er ændret siden den ETag, der står i If-Match. Læs den igen og tag stilling igen."),
    (413, "body-too-large", "Body too large",
     "The body is larger than this address takes.", "Indholdet er større, end adressen tager imod."),
    (414, "address-too-long", "Address too long",
     "The address is longer than this server takes.", "Adressen er længere, end serveren tager imod."),
    (415, "media-type-unsupported", "Media type unsupported",
     "This address does not take the Content-Type sent.", "Adressen tager ikke den sendte Content-Type."),
    (422, "validation-failed", "Validation failed",
     "The request is well formed but breaks the rules listed in errors.",
     "Anmodningen er velformet, men bryder de regler, der står i errors."),
    (422, "idempotency-key-reused", "Idempotency-Key reused",
     "The Idempotency-Key was used before with another request.",
     "Idempotency-Key er tidligere brugt til en anden anmodning."),
    (428, "if-match-missing", "If-Match missing",
     "Every change needs an If-Match header with the ETag of the version it builds on.",
     "Enhver ændring kræver headeren If-Match med ETag for den version, den bygger på."),
    (429, "rate-limited", "Too many requests",
     "Too many requests; try again after the time in Retry-After.",
     "For mange anmodninger; prøv igen efter tiden i Retry-After."),
    (500, "internal-error", "Internal error",
     "Something failed here. Nothing about it is in this answer; quote the correlation id to support.",
     "Noget gik galt hos os. Svaret indeholder intet om det; oplys korrelations-id til support."),
    (503, "unavailable", "Unavailable",
     "The service cannot answer just now; try again.", "Tjenesten kan ikke svare lige nu; prøv igen."),
    (503, "read-only", "Read only",
     "The service is in read-only mode and takes no changes.",
     "Tjenesten kan kun læses fra lige nu og tager ikke imod ændringer."),
    (503, "scanner-unavailable", "Malware scanner unavailable",
     "The attachment cannot be scanned just now, so it is not taken; try again.",
     "Bilaget kan ikke scannes lige nu og modtages derfor ikke; prøv igen."),
    (403, "outside-unit", "Another unit's case",
     "The case belongs to another unit of the authority; a coded reason is needed.",
     "Sagen hører til en anden enhed i myndigheden; der skal angives en grund."),
    (403, "wrong-side", "The other party's step",
     "The step is the other party's.", "Trinnet er den anden parts."),
    (409, "refused", "Refused by a rule",
     "The step is refused by a rule; see the code in errors.",
     "Trinnet afvises af en regel; se koden i errors."),
    (409, "attachment-unknown", "Attachment unknown",
     "An attachment was not uploaded by this unit, or has expired.",
     "Et bilag er ikke uploadet af enheden eller er udløbet."),
    (409, "reading-expired", "Reading expired",
     "The retry of a reading came too late; make a new reading with a new key.",
     "Genforsøget på en læsning kom for sent; foretag en ny læsning med en ny nøgle."),
    (409, "replacement-number-unknown", "Replacement number unknown",
     "The replacement number is not known here.", "Erstatningsnummeret kendes ikke her."),
    (422, "attachment-refused", "Attachment refused",
     "The attachment is refused; see the code in errors.",
     "Bilaget afvises; se koden i errors."),
    (422, "malware-found", "Malware found",
     "The malware scanner refuses the attachment; it was not stored.",
     "Skanneren har fundet skadelig kode; bilaget er ikke gemt."),
    (422, "medcom-refused", "MedCom message refused",
     "The message is not a CareCommunication that can be taken; see errors.",
     "Meddelelsen er ikke en korrespondancemeddelelse, der kan modtages; se errors."),
))  # fmt: skip

#: The code used when a bare status is raised by a library (never with the library's own text).
CODE_OF_STATUS: dict[int, str] = {
    400: "malformed-body", 401: "invalid-token", 403: "forbidden", 404: "not-found",
    405: "method-not-allowed", 406: "not-acceptable", 409: "conflict", 410: "gone",
    412: "version-mismatch", 413: "body-too-large", 414: "address-too-long",
    415: "media-type-unsupported", 422: "validation-failed", 428: "if-match-missing",
    429: "rate-limited", 500: "internal-error", 503: "unavailable",
}  # fmt: skip
