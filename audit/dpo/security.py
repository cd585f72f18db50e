"""The security of processing as this installation is set up (GDPR art. 32)."""

from audit.dpo.installation import Installation
from audit.dpo.report import Statement, Table
from audit.dpo.words import FAULTS, KEY_SOURCES, STORES
from domain.law import mailbox_rules

SETTINGS_FILE = "api/settings.py"
WRONG_ONE = "Produktion ville nægte at starte med disse indstillinger. Er det den rigtige installation?"
SAME_MACHINE = "på samme maskine"
_MAILED = {True: "det, der sendes som sikker mail", False: "intet: Overgang sender endnu ikke mail"}


def settings_table(installation: Installation) -> Table:
    """The settings that decide on security."""
    one = installation
    rows = (
        ("environment", "Miljø", one.environment),
        ("store", "Lager", STORES[one.store] + (", som intet gemmer" if one.simulated_log else "")),
        ("durable", "Et svar gives først, når hændelsen ligger på disken", one.durable),
        ("vault", "Boksen ligger i", _vault(one)),
        ("key_source", "Nøglen til boksen kommer fra", KEY_SOURCES[one.key_source]),
        ("scanner", "Skanner til vedhæftninger", _scanner(one)),
        ("mail", "Mail", _mail(one)),
        ("issuers", "Udstedere af adgangstokens", one.issuer_hosts or ("ingen",)),
        ("development_issuer", "Udstederen til udvikling er slået til", one.development_issuer),
        ("test_persons", "Testpersoner er tilladt", one.test_persons),
        ("rate_limit", "Kald i minuttet for hver kalder", one.rate_limit_per_minute or "ingen grænse"),
    )
    return Table(
        about=Statement(
            id="settings",
            text="Sådan er denne installation sat op.",
            source=(SETTINGS_FILE,),
            basis=("gdpr:30.1.g", "gdpr:32"),
        ),
        columns={"setting": "Indstilling", "name": "Hvad", "value": "Værdi"},
        rows=tuple({"setting": code, "name": name, "value": value} for code, name, value in rows),
    )


def _vault(one: Installation) -> str:
    if one.store == "sqlite":
        return "en fil for sig i samme mappe som loggen"
    shared = "vault-not-apart" in one.faults
    return "samme database og rolle som loggen" if shared else "en database og rolle for sig"


def _scanner(one: Installation) -> str:
    if one.scanner == "none":
        return "ingen"
    return f"{one.scanner}, {one.scanner_host or SAME_MACHINE}"


def _mail(one: Installation) -> str:
    if one.mail_host is None:
        return "ikke sat op"
    secured = "uden kryptering" if one.mail_security == "none" else one.mail_security.upper()
    return f"{one.mail_host}, {secured}"


def faults_table(installation: Installation) -> Table:
    """What production would refuse to start with."""
    return Table(
        about=Statement(
            id="production-faults",
            text="Med disse indstillinger ville produktion nægte at starte."
            if installation.faults
            else "Ingen indstilling ville få produktion til at nægte at starte.",
            source=(SETTINGS_FILE,),
            basis=("gdpr:32",),
            question=WRONG_ONE if installation.faults else None,
        ),
        columns={"fault": "Kode", "name": "Hvad"},
        rows=tuple({"fault": code, "name": FAULTS.get(code, code)} for code in installation.faults),
    )


def outside_table(installation: Installation) -> Table:
    """Other machines and services that the settings name: each may be a processor or a recipient."""
    one = installation
    rows = [
        *(
            ("udsteder af adgangstokens", host, "hvem der kalder, aldrig om borgere")
            for host in one.issuer_hosts
        ),
        *([("skanner", one.scanner_host, "vedhæftninger, mens de skannes")] if one.scanner_host else []),
        *(
            [("mailserver", one.mail_host, _MAILED[mailbox_rules.delivers("secure-mail")])]
            if one.mail_host
            else []
        ),
        *(
            [("database", "PostgreSQL", "log og boks: hoved og koder i klar tekst, resten forseglet")]
            if one.store == "postgres"
            else []
        ),
    ]
    return Table(
        about=Statement(
            id="outside-services",
            text="Indstillingerne nævner disse andre maskiner og tjenester."
            if rows
            else "Indstillingerne nævner ingen anden maskine eller tjeneste.",
            source=(SETTINGS_FILE,),
            basis=("gdpr:28.2", "gdpr:28.4", "gdpr:28.3.d"),
            question="Hvem driver servere, lagre og tjenester, og er de underdatabehandlere?",
        ),
        columns={"kind": "Tjeneste", "host": "Navn", "gets": "Får"},
        rows=tuple({"kind": kind, "host": host, "gets": gets} for kind, host, gets in rows),
    )
