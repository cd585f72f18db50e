"""Every view: those that commit with the append, and those that follow the log."""

from workflows.views.alerts import ALERTS
from workflows.views.due import DUE
from workflows.views.escalations import ESCALATIONS
from workflows.views.successions import SUCCESSIONS
from workflows.views.volume import VOLUME
from workflows.views.worklist import WORKLIST

COMMITTED = (WORKLIST,)
FOLLOWING = (VOLUME, ALERTS, ESCALATIONS, SUCCESSIONS, DUE)
