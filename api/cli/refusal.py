"""What is said when a command cannot be carried out. Plain Danish; no value that was given or stored."""

from api.bootstrap import StoreBusy
from api.settings import ConfigurationRefused
from audit.exports.export import OutNotEmpty
from audit.replay.faults import LogUnreadable
from audit.replay.readonly import NoStore
from audit.replay.replay import BeyondTheLog, UnknownHandover
from audit.vault.epoch import EpochKeyMissing
from audit.vault.keys import KeyUnusable

TEXTS: dict[type[Exception], str] = {
    NoStore: "Der er ingen log i mappen. Se efter, om --data peger rigtigt. Intet er oprettet.",
    StoreBusy: "En anden proces har loggen åben, for eksempel serveren. Stop den, eller vent på den.",
    EpochKeyMissing: "Nøglen, der åbner boksen, blev ikke fundet eller har ikke den rigtige form.",
    KeyUnusable: "Boksen kan ikke åbnes med denne nøgle.",
    OutNotEmpty: "Mappen, der skal eksporteres til, er ikke tom. Intet er skrevet.",
    UnknownHandover: "Loggen har ingen overgang med dette id.",
}


def refusal_of(error: Exception) -> str:
    """What stopped a command."""
    for kind, text in TEXTS.items():
        if isinstance(error, kind):
            return text
    if isinstance(error, ConfigurationRefused):
        return "Konfigurationen kan ikke bruges:\n" + "\n".join(f"  {fault}" for fault in error.faults)
    if isinstance(error, BeyondTheLog):
        return f"Loggen har {error.length} poster. Den sidste har position {error.length - 1}."
    if isinstance(error, LogUnreadable):
        return f"Posten på position {error.fault.position} kan ikke læses ({error.fault.code})."
    if isinstance(error, OSError):
        return f"Filsystemet sagde nej: {error.strerror or type(error).__name__}."
    return f"Kommandoen blev afbrudt af en uventet fejl ({type(error).__name__})."
