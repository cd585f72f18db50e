"""A newer version of Overgang may give a view another shape: it is then made anew from the log."""

import msgspec
import pytest

from audit.projector.projector import Projector
from audit.projector.table import table_of
from tests.journeys.cast import clinician
from workflows.views.model import Column
from workflows.views.volume import VOLUME
from workflows.views.worklist import WORKLIST

WIDER = Column("something_new", "BIGINT", 7)


@pytest.fixture
def filled(house):
    """An installation with a handover, its views up to date."""
    house.two_authorities()
    house.submit(clinician())
    house.project()
    return house


def _views_of(house, view):
    with house.database.read() as rows:
        return rows.execute(f"SELECT * FROM {table_of(view)} ORDER BY key").fetchall()


def _widened(view):
    return msgspec.structs.replace(view, columns=(*view.columns, WIDER))


def test_a_view_of_another_shape_is_rebuilt_when_the_store_is_made_ready(filled):
    before = _views_of(filled, WORKLIST), _views_of(filled, VOLUME)

    newer = Projector(filled.database, filled.log, (_widened(VOLUME),), (_widened(WORKLIST),))
    newer.migrate()

    assert _views_of(filled, WORKLIST) == [(*row, 7) for row in before[0]]
    assert _views_of(filled, VOLUME) == [(*row, 7) for row in before[1]]
    assert newer.lag() == 0


def test_a_view_from_before_shapes_were_kept_is_rebuilt(filled):
    def forget(rows):
        rows.execute("DELETE FROM view_shape")
        rows.execute(f"UPDATE {table_of(WORKLIST)} SET status = ?", ("nonsense",))

    before = _views_of(filled, WORKLIST)
    filled.database.write(forget)

    filled.projector.migrate()

    assert _views_of(filled, WORKLIST) == before


def test_a_view_that_has_its_shape_is_left_alone(filled):
    filled.database.write(lambda rows: rows.execute(f"UPDATE {table_of(VOLUME)} SET month = ?", ("1900-01",)))

    filled.projector.migrate()

    assert "1900-01" in {row[1] for row in _views_of(filled, VOLUME)}
