"""How long a record, the log and the log of readings are kept, as data (law.md 5.21, 8.12, 8.13).

No statute says how long a log of look-ups is kept. MinLog shows two years back, which is the least here;
five years for a reading, and the record's own time for what was disclosed, are our defaults (U).
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from domain.law.deadline_register import Confidence

FILE = "opbevaring-log-1.json"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same in Danish and in English."""

    da: str
    en: str


class RecordPeriod(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a kind of record is kept: `years` from `counted_from`, and longer while `kept_while` holds.

    Without `years` no number is set: it is kept while `kept_while` holds, which the authority assesses.
    """

    da: str
    en: str
    years: int | None
    counted_from: Words | None
    kept_while: Words
    basis: tuple[str, ...]
    certainty: Confidence


class LogPeriod(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a kind of entry is kept: `years`, or as long as the record it belongs to (`as_record`).

    Never shorter than `at_least_years`, counted in calendar years from the day it was recorded.
    """

    da: str
    en: str
    as_record: bool
    years: int | None
    at_least_years: int
    basis: tuple[str, ...]
    certainty: Confidence


class _ClassOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    events: dict[str, str]
    marks: dict[str, str]
    lanes: dict[str, str]


class LogRetention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: periods by class of record and by class of entry, and which entry is of which class.

    `erased_by_overgang`: whether Overgang erases anything on the log by itself when its time is up.
    """

    id: str
    version: int
    valid_from: date
    records: Mapping[str, RecordPeriod]
    log: Mapping[str, LogPeriod]
    counted_from: Words
    class_of: _ClassOf
    erased_by_overgang: bool

    def log_class(self, event: str, *, lane: str, marks: Collection[str]) -> str:
        """The class of an event: by its name, otherwise by what releases keys, otherwise by its lane.

        `marks` are those of `reading`, `replay` and `delivery` that hold. Raises KeyError for a lane that
        the file does not know.
        """
        if event in self.class_of.events:
            return self.class_of.events[event]
        for mark, found in self.class_of.marks.items():
            if mark in marks:
                return found
        return self.class_of.lanes[lane]


@cache
def log_retention() -> LogRetention:
    """The file in use. Raises msgspec.ValidationError if it is damaged."""
    return msgspec.json.decode(files("domain.law.data").joinpath(FILE).read_bytes(), type=LogRetention)
