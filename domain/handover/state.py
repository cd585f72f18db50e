"""The state of a handover, folded from header and facts only (design idea 4)."""

from uuid import UUID

import msgspec

from domain.handover import events as e

WRONG_PERSON = "wrong_person"


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """One handover as it stands after its workflow stream so far."""

    id: UUID
    version: int
    status: str
    workflow_version: int
    sender_authority: str
    sender_unit: str
    receiver_authority: str | None
    receiver_unit: str | None
    direction: str
    template: str
    template_version: int
    move_from: str
    move_to: str
    document_id: UUID
    """The document that counts now; the nil UUID for an imported case, which has none."""
    document_sha256: str
    document_facts: e.DocumentFacts
    documents: tuple[UUID, ...]
    attachments: tuple[e.AttachmentFact, ...]
    needs_completion: bool
    counts_as_overgangsdokument: bool
    sender_key: str
    receiver_key: str | None = None
    mailbox: UUID | None = None
    mailbox_version: int | None = None
    held_reason: str | None = None
    held_for: str | None = None
    """The authority that it was held on the way to."""
    submitted_at: str
    sent_at: str | None = None
    delivered_at: str | None = None
    opened_at: str | None = None
    acknowledged_at: str | None = None
    taken_over_at: str | None = None
    closed_at: str | None = None
    outcome: str | None = None
    acknowledge_by: str | None = None
    corrected_at: str | None = None
    returned_at: str | None = None
    declined_at: str | None = None
    leg: int = 1
    """How often it has been addressed: a return or a forwarding begins a new leg."""
    returns: int = 0
    addressed: str | None = None
    """The authority it was addressed to first, which the citizen's consent names."""
    by_handlekommune: bool = False
    """Whether it was addressed to whoever acts for the citizen, and not to a unit."""
    former_receivers: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    """Authorities that a party of it has taken the place of."""
    questions: tuple[UUID, ...] = ()
    """Questions that wait for an answer."""
    withdrawal_asked: bool = False
    insisted: bool = False
    unresolved_at: str | None = None
    """Since when nobody says yes; None while responsibility is not disputed."""
    resolved_to: str | None = None
    handed_to: str | None = None
    """The authority that has it where it was handed over by other means."""
    assignee: UUID | None = None
    notes: tuple[UUID, ...] = ()
    """Sealed texts that belong to steps: questions, answers, remarks."""
    senders_own: tuple[UUID, ...] = ()
    """Documents and notes that the sender wrote when it had come back: they reach no receiver."""
    documents_before: int = 0
    """How many documents were replaced before this receiver got the one that counted then."""
    notes_before: int = 0
    """How many notes were written before this receiver was a party."""
    shut: str | None = None
    """Why nobody opens the document, whatever its status is by now: `misdirected`, `wrong_person` or
    `entered_in_error`. Only another receiver lifts it, and only of a misdirected one."""

    def side_of(self, authority: str) -> str | None:
        """`sender`, `receiver`, or None for an authority that is no party to the case."""
        if authority == self.sender_authority:
            return "sender"
        if authority == self.receiver_authority and self.receiver_key is not None:
            return "receiver"
        return None

    def readable(self, side: str | None) -> tuple[UUID, ...]:
        """The documents and notes that a side has copies of: the receiver those since its delivery."""
        if side == "sender":
            return (*self.documents, *self.notes)
        copies = (*self.documents[self.documents_before :], *self.notes[self.notes_before :])
        return tuple(one for one in copies if one not in self.senders_own)

    def newest(self, side: str | None) -> UUID:
        """The document that counts for a side: the newest that it has a copy of."""
        have = [one for one in self.readable(side) if one in self.documents]
        return have[-1] if have else self.document_id

    @property
    def ever_parties(self) -> tuple[str, ...]:
        """Everybody who has, or had, a part in it; also whoever was succeeded: its lane of rights is kept."""
        now = (self.sender_authority, self.receiver_authority)
        known = dict.fromkeys((*now, *self.former_receivers, *self.predecessors))
        return tuple(one for one in known if one is not None)

    @property
    def is_back(self) -> bool:
        """Whether it is the sender's alone again: what is written now reaches no receiver."""
        return self.status in ("returned", "misdirected")

    @property
    def quarantined(self) -> bool:
        """Whether nobody opens the document, but a leader who assesses the breach."""
        return self.shut is not None

    def withheld_from(self, authority: str) -> str | None:
        """Why an authority does not take the content with it when it leaves Overgang; None when it does.

        It takes what it may open itself, and as sender the record of what it sent. What is about another
        citizen is nobody's; what went astray is not its receiver's; what an authority has sent back, passed
        on or left to its successor is not its own any more (`not-a-party`).
        """
        side = self.side_of(authority)
        if side is None:
            return "not-a-party"
        return None if side == "sender" and self.shut != WRONG_PERSON else self.shut

    @property
    def reason_unresolved(self) -> str | None:
        """Why responsibility is disputed now: a second return, or both have said no; None when it is not."""
        if self.status == "returned" and self.returns >= 2 and self.resolved_to is None:
            return "second-return"
        if self.status == "declined" and self.insisted and self.resolved_to is None:
            return "both-refuse"
        return None

    def held_by(self) -> str:
        """The authority with the duty to follow the handover up: the sender until taken over, or until it
        has gone over by other means."""
        if self.handed_to is not None:
            return self.handed_to
        if self.taken_over_at is not None and self.receiver_authority is not None:
            return self.receiver_authority
        return self.sender_authority
