"""What authorities and units are called at each point of a replay: names of the register, else known ones."""

from domain.events.model import Recorded
from domain.identity.municipality import municipalities, region_codes
from domain.register import events as r
from domain.register.state import MainMailbox, Register, fold

OWN_NAMES = {
    "0000": "Overgang",
    "0101": "Københavns Kommune",
    "0400": "Bornholms Regionskommune",
}
"""Overgang itself, and the municipalities that are not called by their name and `Kommune`."""

REGISTER_EVENTS = (r.AuthorityRegistered, r.UnitRegistered, r.MainMailboxRegistered, r.MainMailboxEnded)


class Names:
    """The register as far as it has been replayed."""

    def __init__(self) -> None:
        self._registers: dict[str, Register] = {}

    def take(self, recorded: Recorded) -> bool:
        """Take an event of the register; says whether it was one."""
        if not isinstance(recorded.event, REGISTER_EVENTS):
            return False
        authority = recorded.event.authority
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
        if code in region_codes():
            return f"Region {region_codes()[code]}"
        known = municipalities().get(code)
        return f"{known.name} Kommune" if known else f"myndighed {code}"

    def unit(self, authority: str | None, unit: str | None) -> str:
        """A unit with its authority, or the authority alone."""
        if unit is None or authority is None:
            return self.authority(authority)
        found = self._registers.get(authority)
        known = found.units.get(unit) if found else None
        return f"{known.name if known else f'enheden {unit}'}, {self.authority(authority)}"

    def mailbox(self, authority: str, mailbox: object) -> MainMailbox | None:
        """A main mailbox as the register has it so far."""
        found = self._registers.get(authority)
        return next((one for key, one in found.mailboxes.items() if key == mailbox), None) if found else None
