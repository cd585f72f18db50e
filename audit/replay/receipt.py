"""The receipt of what a citizen did or said, on paper or on her screen (FVL §7(1), OFL §13).

It says what was registered in the words of the register, and never what she wrote or said.
"""

from collections.abc import Iterator, Sequence

from audit.replay.danish import danish_moment
from audit.replay.names import Names
from audit.replay.own_view import due_written_out
from domain.events.model import Recorded
from domain.rights.hers import CITIZEN, OWN_ROLES
from domain.rights.model import RightsEvent
from domain.rights.rule import rights_rules
from domain.rights.verdict import Verdict
from domain.rights.words import told
from workflows.handlers.contact import Contact

TITLE = "Bekræftelse"
SAID = {
    "consent-given": "Oplysningerne kan gives videre på dit samtykke, så længe det gælder. Du kan altid "
    "trække det tilbage.",
    "consent-withdrawn": "Der gives ikke flere oplysninger videre på dette samtykke. Er dokumentet ikke "
    "åbnet hos modtageren, er det nu låst, medmindre du siger ja igen. Det, der er læst, kan ikke gøres "
    "ulæst.",
    "objection-registered": "Oplysningerne gives ikke videre imod din indsigelse. Er dokumentet ikke "
    "åbnet hos modtageren, er det nu låst, medmindre du opgiver indsigelsen. Det, der er læst, kan ikke "
    "gøres ulæst.",
    "objection-lifted": "Oplysningerne kan igen gives videre, når der er et grundlag for det.",
}
"""What follows of what she has said of disclosure."""


def receipt(
    recorded: Recorded,
    verdicts: Sequence[Verdict],
    names: Names,
    contact: Contact | None,
    *,
    holds: bool,
) -> str:
    """What was registered, when it came and was registered, by whom, what follows, and how to correct it.

    `verdicts` are those of the authority's lane; `contact`: theirs.
    """
    return "\n".join(_lines(recorded, verdicts, names, contact, holds)) + "\n"


def _lines(
    recorded: Recorded, verdicts: Sequence[Verdict], names: Names, contact: Contact | None, holds: bool
) -> Iterator[str]:
    header, event = recorded.header, recorded.event
    assert isinstance(event, RightsEvent)
    authority = names.authority(header.controller)
    yield TITLE
    yield "=" * len(TITLE)
    yield ""
    yield f"Myndighed: {authority}"
    yield f"Sag: {event.handover}"
    yield f"Registrering nummer {header.position}"
    yield ""
    yield f"Hvad vi har registreret: {told(event)}"
    if event.note is not None:
        yield "Det, du har sagt eller skrevet, er gemt på sagen. Det gengives ikke her."
    yield f"Hvornår vi fik det: {danish_moment(header.occurred_at)}"
    yield f"Hvornår det blev registreret: {danish_moment(header.recorded_at)}"
    yield f"Hvem der registrerede det: {_by(names, recorded)}"
    if not holds:
        yield ""
        yield "Registreringen er trukket tilbage. Den gælder ikke længere."
    yield ""
    yield "Hvad der sker nu"
    yield from _next(recorded, verdicts)
    yield ""
    yield "Hvis noget er forkert"
    yield f"  Sig det til {_whom(authority, contact)}."
    yield "  En registrering bliver aldrig slettet. Den bliver trukket tilbage og lavet om, så begge kan ses."


def _by(names: Names, recorded: Recorded) -> str:
    header = recorded.header
    if header.role in OWN_ROLES:
        return "dig selv" if header.role == CITIZEN else "din repræsentant"
    return names.unit(header.controller, header.unit)


def _next(recorded: Recorded, verdicts: Sequence[Verdict]) -> Iterator[str]:
    follows = [
        one
        for one in verdicts
        if one.trigger == recorded.header.position and rights_rules()[one.rule].kind == "after"
    ]
    for one in follows:
        due = due_written_out(one.strict)
        yield f"  {rights_rules()[one.rule].name}" + (f": senest {due}." if due else ".")
    said = SAID.get(recorded.event.NAME)
    if said is not None:
        yield f"  {said}"
    elif not follows:
        yield "  Der følger ingen frist af dette alene. Det indgår i sagen."


def _whom(authority: str, contact: Contact | None) -> str:
    if contact is None:
        return authority
    return f"{contact.name}, telefon {contact.telephone}" if contact.telephone else contact.name
