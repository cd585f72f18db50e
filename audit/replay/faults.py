"""What can be wrong with a log. The codes are stable; the words are for the auditor."""

from types import MappingProxyType

import msgspec

WORDS = MappingProxyType(
    {
        # The files of an export.
        "manifest-missing": "Eksporten har ingen manifest.json. Den er ikke fuldført eller ikke en eksport.",
        "manifest-damaged": "manifest.json kan ikke læses eller modsiger sig selv.",
        "manifest-version": "manifest.json er skrevet i et format, som denne version ikke kender.",
        "file-missing": "En fil, som manifestet nævner, mangler.",
        "file-unlisted": "Der ligger en fil, som manifestet ikke nævner.",
        "file-length": "Filen har et andet antal poster, end manifestet siger.",
        "file-hash": "Filens SHA-256 er en anden, end manifestet siger.",
        "root-hash": "Posternes rodhash er en anden, end manifestet siger.",
        # The row around an entry.
        "position-gap": "Positionerne følger ikke tæt efter hinanden: en post mangler.",
        "row-differs": "Rækkens position, strøm, version eller hændelse er en anden end i postens hoved.",
        "leaf-hash": "Postens bytes passer ikke til det gemte bladhash.",
        "head-row": "Loggen ender et andet sted, end hovedrækken siger.",
        # The entry itself.
        "entry-damaged": "Bytes er ikke en post, eller hovedet eller den forseglede del kan ikke læses.",
        "entry-too-large": "Posten er større end 65.535 bytes.",
        "not-canonical": "Posten er ikke kanonisk JSON (RFC 8785).",
        "unknown-event": "Posten har en hændelse, som denne version ikke kender.",
        "schema-too-new": "Posten er skrevet af en nyere version, end denne kan læse.",
        "facts-damaged": "Kendsgerningerne passer ikke til hændelsens skema.",
        "controller-not-visible": "Den dataansvarlige er ikke blandt dem, der må se hændelsen.",
        "subjects-unsorted": "Borgernøglerne står ikke i orden, eller en står to gange.",
        "body-key": "Den forseglede del har en nøgle, som posten ikke nævner.",
        # The order of things.
        "recorded-at-backwards": "Registreringstiden går baglæns.",
        "stream-version-gap": "Versionerne i strømmen følger ikke tæt efter hinanden.",
        "subject-counter-gap": "Borgernøglens tæller følger ikke tæt efter sig selv.",
        "subject-counter-table": "Tabellen over borgernøglernes tællere siger noget andet end posterne.",
        # The tables that commit with the log.
        "view-differs": "Postkassevisningen siger noget andet end posterne.",
        "idempotency-missing": "En oprettelse i loggen mangler i tabellen over gentagelser.",
        "idempotency-differs": "Tabellen over gentagelser har en oprettelse, som loggen ikke har der.",
        "claim-missing": "Et entydigt kendetegn, som en post optager, er ikke optaget af den.",
        # The workflow.
        "workflow-missing": "Et trin i arbejdsgangen nævner ikke, hvilken version sagen kører under.",
        "workflow-unknown": "Sagen kører under en arbejdsgang, som ikke findes i denne version.",
        "workflow-changed": "Sagen skifter arbejdsgang midtvejs uden en flytning.",
        "migration-not-described": "Sagen er flyttet til en arbejdsgang på en måde, som den ikke beskriver.",
        "step-not-allowed": "Trinnet er ikke tilladt i den version af arbejdsgangen, sagen kører under.",
        "step-role": "Rollen må ikke tage dette trin.",
        # What the entries name.
        "document-missing": "Et dokument, som posten nævner, mangler.",
        "document-hash": "Et dokuments SHA-256 er en anden, end posten siger.",
        "attachment-missing": "Et bilag, som posten nævner, mangler.",
        "attachment-hash": "Et bilags SHA-256 er en anden, end posten siger.",
        "body-unopened": "Den forseglede del kan ikke åbnes under sit hoved.",
        "document-unopened": "Et dokument kan ikke åbnes med sin nøgle.",
        "attachment-unopened": "Et bilag kan ikke åbnes med sin nøgle.",
        "keys-missing": "Der mangler nøgler uden en sletning på loggen.",
        "release-without-reading": (
            "En nøgle er frigivet mod en post, der hverken er en læsning eller en levering af den."
        ),
    }
)
"""Stable code -> what the auditor reads."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault. `position` is that of the entry; where a whole file or the end of the log is
    concerned, that of the first entry it touches; None when there is none to name."""

    code: str
    position: int | None
    file: str | None = None

    @property
    def words(self) -> str:
        """What is wrong, in Danish."""
        return WORDS[self.code]


class LogUnreadable(Exception):
    """An entry cannot be read for replay. Holds the fault; `overgang audit verify` says more."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code} at position {fault.position}")
        self.fault = fault
