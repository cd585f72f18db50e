"""What is said when a command cannot be carried out. Plain Danish; no value that was given or stored."""

from api.bootstrap import StoreBusy
from api.settings import ConfigurationRefused
from audit.exports.export import OutNotEmpty
from audit.replay.faults import LogUnreadable
from audit.replay.readonly import NoStore
from audit.replay.replay import BeyondTheLog, UnknownHandover
from audit.vault.epoch import EpochKeyMissing
from audit.vault.keys import KeyUnusable
from domain.calendar.danish_dates import danish_date
from domain.calendar.working_days import CalendarEnds, strict_calendar
from domain.law.deadlines import DeadlineRefused
from workflows.letters.pdf import LetterNotPrinted, ReportExtraMissing

TEXTS: dict[type[Exception], str] = {
    NoStore: "Der er ingen log i mappen. Se efter, om --data peger rigtigt. Intet er oprettet.",
    StoreBusy: "En anden proces har loggen åben, for eksempel serveren. Stop den, eller vent på den.",
    EpochKeyMissing: "Nøglen, der åbner boksen, blev ikke fundet eller har ikke den rigtige form.",
    KeyUnusable: "Boksen kan ikke åbnes med denne nøgle.",
    OutNotEmpty: "Mappen, der skal eksporteres til, er ikke tom. Intet er skrevet.",
    UnknownHandover: "Loggen har ingen overgang med dette id.",
    ReportExtraMissing: "PDF kræver tilvalget »report«, som ikke er installeret. Intet er skrevet.",
    LetterNotPrinted: "Brevet kunne ikke laves som PDF. Udelad --pdf for at læse det som tekst.",
}

DEADLINES = {
    "rule-unknown": "Fristregistret har ingen regel med dette id. Se overgang deadline --list.",
    "moment-needed": "Reglen tæller timer. Skriv dato og klokkeslæt, for eksempel 2026-11-23T08:14:00+01:00.",
    "zone-missing": "Klokkeslættet mangler tidszone. Skriv for eksempel 2026-11-23T08:14:00+01:00.",
    "length-not-taken": "Længden af denne frist ligger fast. Udelad --length.",
    "unit-not-taken": "Enheden ligger fast for denne frist.",
    "length-too-short": "En frist er på mindst 1.",
    "municipality-not-taken": "Denne frist er den samme i alle kommuner. Udelad --municipality.",
    "length-missing": "Kommunen fastsætter selv denne frist. Angiv --length eller --municipality.",
    "length-not-published": "Kommunens offentliggjorte frist er ikke lagt ind. Angiv den med --length.",
}


def refusal_of(error: Exception) -> str:
    """What stopped a command."""
    for kind, text in TEXTS.items():
        if isinstance(error, kind):
            return text
    if isinstance(error, DeadlineRefused):
        return DEADLINES[error.code]
    if isinstance(error, CalendarEnds):
        table = strict_calendar()
        return (
            "Fristen kan ikke regnes ud. Kalenderen rækker ikke så langt: tabellen over helligdage går fra "
            f"{danish_date(table.first)} til {danish_date(table.last)}."
        )
    if isinstance(error, ConfigurationRefused):
        return "Konfigurationen kan ikke bruges:\n" + "\n".join(f"  {fault}" for fault in error.faults)
    if isinstance(error, BeyondTheLog):
        return f"Loggen har {error.length} poster. Den sidste har position {error.length - 1}."
    if isinstance(error, LogUnreadable):
        return f"Posten på position {error.fault.position} kan ikke læses ({error.fault.code})."
    if isinstance(error, OSError):
        return f"Filsystemet sagde nej: {error.strerror or type(error).__name__}."
    return f"Kommandoen blev afbrudt af en uventet fejl ({type(error).__name__})."
