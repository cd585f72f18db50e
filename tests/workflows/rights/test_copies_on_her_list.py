"""A copy of all that an authority keeps stands on her list, if the case was there when it was made."""

import msgspec

from audit.replay.bodies import STREAM
from audit.replay.sightings import sightings
from domain.proof.events import BodiesReplayed
from tests.journeys.cast import clinician


def test_a_copy_from_before_the_case_began_is_not_on_her_list(sqlite_house):
    house = sqlite_house
    house.two_authorities()
    handover = house.submit(clinician())
    entries = [one for one in house.events() if one.header.stream == handover]
    first = entries[0].header.position

    def copied(position):
        header = msgspec.structs.replace(
            entries[0].header, event="bodies-replayed", stream=STREAM, position=position, subjects=()
        )
        event = BodiesReplayed(first_position=0, last_position=position)
        return msgspec.structs.replace(entries[0], header=header, event=event)

    copies = [copied(first - 1), copied(entries[-1].header.position + 1)]

    def stream(of):
        return copies if of == STREAM else [one for one in house.events() if one.header.stream == of]

    found = sightings(stream, lambda keys: dict.fromkeys(keys, 0), handover)
    shown = [one.position for one in found.items if one.what == "copied"]
    assert shown == [copies[1].header.position]
