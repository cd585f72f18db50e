"""A body replay: all that is sealed is opened, after events that say so (design idea 4).

One event for each authority whose keys are released, in its own lane, so that each can see that its
citizens' records were opened; against it only that authority's keys are released. Nobody reads what
is opened. A key that is gone opens nothing and is counted.
"""

from collections import OrderedDict
from collections.abc import Callable, Container, Iterable
from uuid import UUID

from audit.log.entry import (
    EntryDamaged,
    decode_header,
    is_sealed,
    open_sealed,
    sealed_body,
    sealed_of,
    split,
)
from audit.vault.keys import DataKeyOpener, KeyUnusable
from audit.vault.vault import Vault
from domain.events.model import Decided, Recorded
from domain.proof.events import BodiesReplayed
from workflows.handlers.envelope import own_event
from workflows.ports.clock import Ids
from workflows.ports.log import Actor, Append, Log
from workflows.ports.vault import Opener

STREAM = UUID("b8f2a8a0-7f0d-5a43-9a6e-0f6b0f6f5d31")
"""The stream of an installation's body replays."""

REMEMBERED_KEYS = 10_000

Record = Callable[[tuple[str, ...]], dict[str, Recorded]]
"""Puts a body replay on the log for each of these controllers."""


class BodyReplay:
    """Opens what is sealed, for `verify`; made by `begin`, once its events stand on the log."""

    def __init__(self, vault: Vault, record: Record) -> None:
        self._vault = vault
        self._record = record
        self._replays: dict[str, Recorded] = {}
        self._openers: OrderedDict[str, DataKeyOpener | None] = OrderedDict()
        self.forgotten = 0
        """Bodies whose key is gone."""
        self.unreachable: set[UUID] = set()
        """Documents and attachments whose content key is gone, though the citizen's key is there."""

    def announce(self, controllers: Iterable[str]) -> None:
        """Put on the log that keys of these controllers will be released."""
        new = tuple(one for one in controllers if one not in self._replays)
        if new:
            self._replays |= self._record(new)

    def release(self, entries: Iterable[bytes]) -> None:
        """Release the keys of these entries' bodies in one commit; a damaged one is left to its turn."""
        key_ids: set[str] = set()
        for entry in entries:
            try:
                if is_sealed(entry) and (sealed := sealed_body(entry)) is not None:
                    key_ids |= {sealed.key_id, *(field.key_id for field in sealed.fields)}
            except EntryDamaged:
                continue
        try:
            self._released(key_ids)
        except KeyUnusable:
            return

    def __call__(self, entry: bytes) -> bool:
        """Whether an entry's body opens under its header."""
        if not is_sealed(entry):
            return True
        try:
            raw = split(entry)
            sealed = sealed_of(raw)
            if sealed is None:
                return True
            key_ids = {sealed.key_id, *(field.key_id for field in sealed.fields)}
            openers = self.openers(key_ids)
            if sealed.key_id not in openers:
                self.forgotten += 1
                return True
            open_sealed(raw, decode_header(raw.header), sealed, openers)
        except (EntryDamaged, KeyUnusable):
            return False
        return True

    def openers(self, key_ids: set[str]) -> dict[str, Opener]:
        """Those of the keys that exist. Raises KeyUnusable."""
        return dict(self._released(key_ids))

    def content_key(self, document: UUID, key_id: str, known: Container[str]) -> bytes | None:
        """The content key of a document or attachment that an entry names for a citizen's key.

        Every other copy under a key that the log has named (`known`) must hold the same. None when
        the key or its copy is gone. Raises KeyUnusable for a copy that does not open, or differs.
        """
        wrapped = self._vault.wrapped_content(document)
        reaching = {one for one in wrapped if one == key_id or one in known}
        openers = self._released({key_id} | reaching)
        if key_id not in wrapped:
            if key_id in openers:
                self.unreachable.add(document)
            return None
        keys = {openers[one].content_key(document, wrapped[one]) for one in reaching if one in openers}
        if len(keys) > 1:
            raise KeyUnusable("a document's content keys differ")
        return keys.pop() if keys else None

    def destroyed(self, key_ids: Iterable[str]) -> set[str]:
        """Those of the citizens' keys that do not exist."""
        wanted = set(key_ids)
        return wanted - self._vault.controllers_of(wanted).keys()

    def _released(self, key_ids: set[str]) -> dict[str, DataKeyOpener]:
        # Not `key_ids - keys()`: that walks all that is remembered.
        if missing := {key_id for key_id in key_ids if key_id not in self._openers}:
            controllers = self._vault.controllers_of(missing)
            self.announce(sorted(set(controllers.values())))
            self._openers |= dict.fromkeys(missing)
            for controller in sorted(set(controllers.values())):
                keys = {key_id for key_id, held_by in controllers.items() if held_by == controller}
                self._openers |= self._vault.replay_openers(self._replays[controller], keys)
        found = {key_id: opener for key_id in key_ids if (opener := self._openers[key_id]) is not None}
        while len(self._openers) > REMEMBERED_KEYS:
            self._openers.popitem(last=False)
        return found


def begin(log: Log, length: int, vault: Vault, actor: Actor, ids: Ids) -> BodyReplay:
    """Record that what the first `length` entries seal is opened, then hand out the means."""

    def record(controllers: tuple[str, ...]) -> dict[str, Recorded]:
        replayed = BodiesReplayed(first_position=0, last_position=max(0, length - 1))
        recorded = log.append(
            Append(
                events=tuple(
                    own_event(Decided(event=replayed), stream=STREAM, authority=one, purpose="audit")
                    for one in controllers
                ),
                actor=actor,
                correlation_id=ids.uuid(),
            )
        )
        return dict(zip(controllers, recorded, strict=True))

    replay = BodyReplay(vault, record)
    replay.announce(vault.controllers())
    return replay
