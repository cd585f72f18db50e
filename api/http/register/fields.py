"""The kinds of values of the register: codes of the local agreement, addresses, days, numbers."""

from typing import Annotated, get_args

from pydantic import AfterValidator, Field

from api.http import fields as f
from domain.calendar.counting import DayUnit
from domain.document import formats
from domain.law.deadline_register import publication_sources
from domain.law.mailbox_rules import codes
from domain.law.referral_rules import referrers
from domain.rights.rule import rights_register

_CONTACT_POINT = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
ADDRESS = f"^(?:{f.ADDRESS[1:-1]}|{f.GLN[1:-1]}|{_CONTACT_POINT})$"
TELEPHONE = "^[2-9][0-9]{7}$"
KLE = r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$"

_MEANS, _CHANNELS = codes("means_of_asking"), codes("channels")
_KINDS, _EVIDENCE = codes("receiver_kinds"), codes("evidence")
_DOUBTS, _WITHDRAWN = codes("unconfirmed"), codes("withdrawn")
_SUCCESSION, _REFERRERS = codes("succession"), referrers()
_LEGAL_BASES, _UNITS = tuple(rights_register().values["legal_basis"]), get_args(DayUnit)
_SOURCES = tuple(publication_sources())
LONGEST = 999

Means = Annotated[str, AfterValidator(f.listed(_MEANS)), Field(json_schema_extra=f.enum(_MEANS))]
ChannelCode = Annotated[str, AfterValidator(f.listed(_CHANNELS)), Field(json_schema_extra=f.enum(_CHANNELS))]
ReceiverKind = Annotated[
    str,
    AfterValidator(f.listed(_KINDS)),
    Field(json_schema_extra=f.enum(_KINDS), description="Who opens what comes; mixed counts as social."),
]
Evidence = Annotated[str, AfterValidator(f.listed(_EVIDENCE)), Field(json_schema_extra=f.enum(_EVIDENCE))]
Doubt = Annotated[str, AfterValidator(f.listed(_DOUBTS)), Field(json_schema_extra=f.enum(_DOUBTS))]
Withdrawn = Annotated[str, AfterValidator(f.listed(_WITHDRAWN)), Field(json_schema_extra=f.enum(_WITHDRAWN))]
Basis = Annotated[str, AfterValidator(f.listed(_SUCCESSION)), Field(json_schema_extra=f.enum(_SUCCESSION))]
Referrer = Annotated[str, AfterValidator(f.listed(_REFERRERS)), Field(json_schema_extra=f.enum(_REFERRERS))]
LegalBasis = Annotated[
    str,
    AfterValidator(f.listed(_LEGAL_BASES)),
    Field(json_schema_extra=f.enum(_LEGAL_BASES), description="Of which decisions."),
]
LengthUnit = Annotated[str, AfterValidator(f.listed(_UNITS)), Field(json_schema_extra=f.enum(_UNITS))]
Source = Annotated[
    str,
    AfterValidator(f.listed(_SOURCES)),
    Field(json_schema_extra=f.enum(_SOURCES), description="Where it stands published."),
]
Length = Annotated[
    int, Field(ge=1, le=LONGEST, description="The day of the application is not counted."), f.Integral
]
FromDay = Annotated[
    str,
    AfterValidator(f.whole(formats.DATE)),
    Field(json_schema_extra={"pattern": formats.DATE}, description="The Danish day from which it holds."),
]

Address = Annotated[
    str,
    AfterValidator(f.whole(ADDRESS)),
    Field(
        json_schema_extra={"pattern": ADDRESS},
        description="A functional address, never a person's; a GLN (medcom); a contact point (digital-post).",
    ),
]
Telephone = Annotated[
    str,
    AfterValidator(f.whole(TELEPHONE)),
    Field(json_schema_extra={"pattern": TELEPHONE}, description="The number of a function, eight digits."),
]
Kle = Annotated[str, AfterValidator(f.whole(KLE)), Field(json_schema_extra={"pattern": KLE})]
Day = Annotated[
    str,
    AfterValidator(f.whole(formats.DATE)),
    Field(json_schema_extra={"pattern": formats.DATE}, description="A Danish day, not in the future."),
]
MailboxRef = Annotated[
    str,
    AfterValidator(f.whole(f.UUID_FORM, "not-a-uuid")),
    Field(json_schema_extra={"format": "uuid", "pattern": f.UUID_FORM}),
]
