"""What authorities and units are called at each point of a replay: names of the register, else known ones."""

from domain.events.model import Recorded
from domain.identity.municipality import municipalities
from domain.identity.region import regions
from domain.register.fold import REGISTER_EVENTS, fold
from domain.register.mailbox import MainMailbox
from domain.register.state import Register

OWN_NAMES = {
    "0000": "Overgang",
    "0101": "Københavns Kommune",
    "0400": "Bornholms Regionskommune",
}
"""Overgang itself, and the municipalities that are not called by their name and `Kommune`."""


class Names:
    """The register as far as it has been replayed."""

    def __init__(self) -> None:
        self._registers: dict[str, Register] = {}

    def take(self, recorded: Recorded) -> bool:
        """Take an event of the register; says whether it was one."""
        if type(recorded.event) not in REGISTER_EVENTS:
            return False
        authority = str(getattr(recorded.event, "authority", ""))
        found = fold(self._registers.get(authority), [recorded])
        if found is not None:
            self._registers[authority] = found
        return True

    def authority(self, code: str | None) -> str:
        """An authority by its code."""
        if code is None:
            return "en modtager, der endnu ikke er fundet"
        if (found := self._registers.get(code)) is not None:
            return found.name
        if code in OWN_NAMES:
            return OWN_NAMES[code]
        if code in regions():
            return f"Region {regions()[code].name}"
        known = municipalities().get(code)
        return f"{known.name} Kommune" if known else f"myndighed {code}"

    def unit(self, authority: str | None, unit: str | None) -> str:
        """A unit with its authority, or the authority alone."""
        if unit is None or authority is None:
            return self.authority(authority)
        found = self._registers.get(authority)
        known = found.units.get(unit) if found else None
        return f"{known.name if known else f'enheden {unit}'}, {self.authority(authority)}"

    def has_unit(self, authority: str | None, unit: str) -> bool | None:
        """Whether a unit stands under an authority; None where nothing of the authority was replayed."""
        found = self._registers.get(authority or "")
        return unit in found.units if found else None

    def mailbox(self, authority: str, mailbox: object) -> MainMailbox | None:
        """A main mailbox as the register has it so far."""
        found = self._registers.get(authority)
        return next((one for key, one in found.mailboxes.items() if key == mailbox), None) if found else None
