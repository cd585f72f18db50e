"""A body replay: every body is opened under its header, after an event that says so (design idea 4).

Nobody reads what is opened. A key that has been destroyed opens nothing, and that is no fault:
the citizen has been forgotten, and the ciphertext's hash still holds.
"""

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from audit.log.entry import EntryDamaged, open_body, sealed_body
from audit.vault.keys import KeyUnusable
from audit.vault.vault import Vault
from domain.events.model import Decided, Recorded
from domain.proof.events import BodiesReplayed
from workflows.handlers.envelope import own_event
from workflows.ports import Actor, Append, Ids, Log, Opener

STREAM = UUID("b8f2a8a0-7f0d-5a43-9a6e-0f6b0f6f5d31")
"""The stream of an installation's body replays."""

REMEMBERED_KEYS = 10_000


class BodyReplay:
    """Opens bodies for `verify`; made by `begin`, once its event stands on the log."""

    def __init__(self, vault: Vault, recorded: Recorded) -> None:
        self._vault = vault
        self._recorded = recorded
        self._openers: OrderedDict[str, Opener | None] = OrderedDict()
        self.forgotten = 0

    def release(self, entries: Iterable[bytes]) -> None:
        """Release the keys of these entries' bodies in one commit; a damaged one is left to its turn."""
        key_ids: set[str] = set()
        for entry in entries:
            try:
                if (sealed := sealed_body(entry)) is not None:
                    key_ids |= {sealed.key_id, *(field.key_id for field in sealed.fields)}
            except EntryDamaged:
                continue
        try:
            self._released(key_ids)
        except KeyUnusable:
            return

    def __call__(self, recorded: Recorded) -> bool:
        """Whether an entry's body opens under its header."""
        try:
            sealed = sealed_body(recorded.entry)
            if sealed is None:
                return True
            key_ids = {sealed.key_id, *(field.key_id for field in sealed.fields)}
            openers = self._released(key_ids)
            if sealed.key_id not in openers:
                self.forgotten += 1
                return True
            open_body(recorded.entry, openers)
        except (EntryDamaged, KeyUnusable):
            return False
        return True

    def _released(self, key_ids: set[str]) -> dict[str, Opener]:
        missing = key_ids - self._openers.keys()
        if missing:
            released = self._vault.replay_openers(self._recorded, missing)
            for key_id in missing:
                self._openers[key_id] = released.get(key_id)
        found = {key_id: opener for key_id in key_ids if (opener := self._openers[key_id]) is not None}
        while len(self._openers) > REMEMBERED_KEYS:
            self._openers.popitem(last=False)
        return found


def begin(log: Log, length: int, vault: Vault, actor: Actor, ids: Ids) -> BodyReplay:
    """Record that the bodies of the first `length` entries are opened, then hand out the means."""
    (recorded,) = log.append(
        Append(
            events=(
                own_event(
                    Decided(event=BodiesReplayed(first_position=0, last_position=max(0, length - 1))),
                    stream=STREAM,
                    authority=actor.authority,
                    purpose="audit",
                ),
            ),
            actor=actor,
            correlation_id=ids.uuid(),
        )
    )
    return BodyReplay(vault, recorded)
