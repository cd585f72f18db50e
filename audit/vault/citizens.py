"""Who a citizen is: a random id, the numbers that lead to it, and merges of numbers.

A number stands in the index as an HMAC, and beside it sealed, so that a letter or an access
package can name it; nothing else leads from the id back to the number.
"""

from uuid import UUID, uuid4

from audit.database.port import Rows
from audit.vault.installation import Installation
from workflows.ports.vault import KeyDestroyed, Person, SubjectUnknown

_HERS = (
    "WITH RECURSIVE hers(id) AS (SELECT CAST(? AS TEXT) UNION"
    " SELECT subject_id FROM citizen JOIN hers ON merged_into = hers.id)"
)
"""A citizen and all who have been merged into her."""


class Citizens:
    """The citizens' rows."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def lookup(self, person: Person) -> bytes:
        """The keyed index value of a person's number."""
        return self._installation.lookup(person.lookup)

    def subject(self, rows: Rows, person: Person | None, key_id: str | None) -> UUID | None:
        """The citizen by one of her key ids or by a number; None for an unknown number, or nobody.

        Raises KeyDestroyed for a key that is not there.
        """
        if key_id is not None:
            row = rows.execute("SELECT subject_id FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
            if row is None:
                raise KeyDestroyed("the citizen's key does not exist any more")
            return UUID(row[0])
        if person is None:
            return None
        row = rows.execute(
            "SELECT subject_id FROM identity_index WHERE lookup = ?", (self.lookup(person),)
        ).fetchone()
        return UUID(row[0]) if row else None

    def new(self, rows: Rows, person: Person | None) -> UUID:
        """A random id; without a person it stands for somebody else in a citizen's case."""
        subject = uuid4()
        if person is not None:
            # Two server processes may meet the same new citizen: the first commit wins.
            made = rows.execute(
                "INSERT INTO identity_index VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING subject_id",
                (self.lookup(person), str(subject)),
            ).fetchone()
            if made is None and (found := self.subject(rows, person, None)) is not None:
                return found
            self._seal(rows, person)
        rows.execute("INSERT INTO citizen VALUES (?, NULL)", (str(subject),))
        return subject

    def _seal(self, rows: Rows, person: Person) -> None:
        """Keep a number, the first time it is met."""
        lookup = self.lookup(person)
        rows.execute(
            "INSERT INTO citizen_number VALUES (?, ?) ON CONFLICT DO NOTHING",
            (lookup, self._installation.seal_number(lookup, person.sealed)),
        )

    def numbers(self, rows: Rows, subject: UUID) -> tuple[bytes, ...]:
        """Every number that leads to a citizen, each as it was sealed. Raises KeyUnusable."""
        found = rows.execute(
            "SELECT lookup, sealed FROM citizen_number JOIN identity_index USING (lookup)"
            " WHERE subject_id = ? ORDER BY lookup",
            (self.merged(rows, str(subject)),),
        ).fetchall()
        return tuple(self._installation.open_number(bytes(lookup), bytes(sealed)) for lookup, sealed in found)

    def of_key(self, rows: Rows, key_id: str) -> UUID | None:
        """The citizen a key belongs to, after all merges."""
        row = rows.execute("SELECT subject_id FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
        return UUID(self.merged(rows, row[0])) if row else None

    def merged(self, rows: Rows, subject: str) -> str:
        """The subject that this one has been merged into, or itself."""
        while True:
            row = rows.execute("SELECT merged_into FROM citizen WHERE subject_id = ?", (subject,)).fetchone()
            if row is None or row[0] is None:
                return subject
            subject = row[0]

    def propose(self, rows: Rows, person: Person, of: Person, by: str) -> UUID:
        """See `Vault.propose_alias`."""
        known = self.subject(rows, of, None)
        if known is None or not self._holds(rows, by, known):
            # One answer for both: who else knows this citizen is not told.
            raise SubjectUnknown("the replacement number is not known here")
        real = self.subject(rows, person, None)
        alias = uuid4()
        lookup, subject = (self.lookup(person), known) if real is None else (self.lookup(of), real)
        self._seal(rows, person)
        rows.execute("INSERT INTO alias VALUES (?, ?, ?, 0)", (str(alias), lookup, str(subject)))
        return alias

    def _holds(self, rows: Rows, controller: str, subject: UUID) -> bool:
        """Whether a controller has a key of this citizen, under any id she has had."""
        row = rows.execute(
            f"{_HERS} SELECT 1 FROM data_key JOIN hers ON subject_id = hers.id WHERE controller = ? LIMIT 1",
            (self.merged(rows, str(subject)), controller),
        ).fetchone()
        return row is not None

    def activate(self, rows: Rows, alias: UUID) -> None:
        """See `Vault.activate_alias`."""
        row = rows.execute(
            "SELECT lookup, subject_id, active FROM alias WHERE alias_id = ?", (str(alias),)
        ).fetchone()
        if row is None or row[2]:
            return
        # Resolved now, not when it was proposed: two aliases must never merge in a circle.
        lookup, subject = bytes(row[0]), self.merged(rows, row[1])
        before = rows.execute("SELECT subject_id FROM identity_index WHERE lookup = ?", (lookup,)).fetchone()
        rows.execute(
            "INSERT INTO identity_index VALUES (?, ?) ON CONFLICT (lookup)"
            " DO UPDATE SET subject_id = excluded.subject_id",
            (lookup, subject),
        )
        if before is not None and before[0] != subject:
            # Whatever other numbers led to the merged citizen lead to the one she is now.
            rows.execute(
                "UPDATE identity_index SET subject_id = ? WHERE subject_id = ?", (subject, before[0])
            )
            rows.execute("UPDATE citizen SET merged_into = ? WHERE subject_id = ?", (subject, before[0]))
        rows.execute("UPDATE alias SET active = 1 WHERE alias_id = ?", (str(alias),))
