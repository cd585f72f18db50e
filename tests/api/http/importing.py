"""Cases that were under way before Overgang: imported on the command line, while no server has the store."""

import json
from datetime import timedelta
from pathlib import Path

from tests.api.http.running import command
from tests.api.http.town import AMBULATORY, CENTRE, REGION, TOWN, today

NAME, CPR = "Test Testesen", "7001014321"


def rows(count: int) -> list[dict[str, str]]:
    """So many cases of one citizen from the ambulatory to the centre, each begun on a day of its own."""
    return [
        {
            "person_id_type": "cpr",
            "person_id": CPR,
            "name": NAME,
            "sender_authority": REGION,
            "sender_unit": AMBULATORY,
            "receiver_authority": TOWN,
            "receiver_unit": CENTRE,
            "move_from": "integreret",
            "move_to": "koordineret",
            "began_on": str(today() - timedelta(days=30 + number)),
            "claimed": "taken-over",
            "handlekommune": TOWN,
        }
        for number in range(count)
    ]


def import_cases(folder: Path, count: int) -> list[str]:
    """Import cases into the store in `folder`; returns the handovers."""
    file = folder / "running-cases.json"
    file.write_text(json.dumps(rows(count)), "utf-8")
    told = json.loads(command("import", file, "--data", folder / "data", "--json"))
    assert told["imported"] == count, told
    return [one["handover"] for one in told["results"]]
