"""What the sentences of a timeline share: who acted, ready for a verb."""

from collections.abc import Callable
from typing import Any

from audit.replay import words as w
from audit.replay.names import Names
from domain.events.header import Header
from domain.rights.hers import OWN_ROLES

Sentence = Callable[[Names, Header, Any], str]


def actor(names: Names, header: Header) -> str:
    """Who acted, ready for a verb: `En sagsbehandler i Rusmiddelcentret, Næstved Kommune,`.

    She herself, who represents her, and Overgang are of no authority.
    """
    who = w.role(header)
    if header.role not in OWN_ROLES and header.authority != "0000":
        who = f"{who} i {names.unit(header.authority, header.unit)}"
        if header.unit is not None:
            who += ","
    return who[:1].upper() + who[1:]
