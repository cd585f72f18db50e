"""Whom the citizen calls: always somebody, even while it is unresolved whose duty it is (design 5)."""

from datetime import datetime

import msgspec

from domain.course.responsibility import Duty
from domain.events.instant import to_instant
from domain.handover.state import Handover
from workflows.handlers.routing import register
from workflows.handlers.services import MAILBOX_PURPOSE
from workflows.ports.log import Log


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """An authority by its registered name, with the telephone of its main mailbox where it has given one."""

    authority: str
    name: str
    telephone: str | None


def contact_of(log: Log, state: Handover, duty: Duty, now: datetime) -> Contact | None:
    """Who has the statutory duty now; where nobody has it or it is unresolved, who follows the handover up.

    None where the register does not know the authority. A unit's own main mailbox comes before the
    authority's, and any of its main mailboxes with a telephone before none.
    """
    authority = duty.authority or state.held_by()
    found = register(log, authority)
    if found is None:
        return None
    units = {state.sender_authority: state.sender_unit, state.receiver_authority: state.receiver_unit}
    instant = to_instant(now)
    mailboxes = [found.main_mailbox(unit, MAILBOX_PURPOSE, instant) for unit in (units.get(authority), None)]
    mailboxes += [one for one in found.mailboxes.values() if one.valid_at(instant)]
    telephone = next((one.telephone for one in mailboxes if one is not None and one.telephone), None)
    return Contact(authority=authority, name=found.name, telephone=telephone)
