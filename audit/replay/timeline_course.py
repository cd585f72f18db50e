"""The facts of the citizen's course told in plain Danish: one sentence an event."""

from collections.abc import Mapping
from datetime import date

from audit.replay import words as w
from audit.replay.danish import danish_moment, listed
from audit.replay.names import Names
from audit.replay.telling import Sentence, actor
from domain.calendar.danish_dates import danish_date as written_out
from domain.course import events as f
from domain.due.events import DeadlineWarned
from domain.due.reminders import known_rules, reminders
from domain.events.header import Header
from domain.events.model import Facts
from domain.identity.health_council import health_councils


def _inquiry(names: Names, header: Header, facts: f.InquiryReceived) -> str:
    wish = "med ønske om behandling" if facts.wishes_treatment else "uden ønske om behandling"
    channel = w.code(facts.NAME, "channel", facts.channel)
    return f"Borgeren henvendte sig til {names.authority(header.authority)} ({channel}), {wish}."


def _referral(names: Names, header: Header, facts: f.ReferralReceived) -> str:
    counts = "" if facts.counts else " Den tæller ikke: regionen havde ikke sagt, at den må henvise."
    referrer = w.code(facts.NAME, "referrer", facts.referrer)
    return f"{names.authority(facts.region)} modtog en henvisning fra: {referrer}.{counts}"


def _visited(names: Names, header: Header, facts: f.VisitationStarted) -> str:
    return f"Borgeren blev visiteret til integreret behandling i {names.authority(facts.region)}."


def _no_longer_visited(names: Names, header: Header, facts: f.VisitationEnded) -> str:
    reason = w.code(facts.NAME, "reason", facts.reason)
    return f"Borgeren er ikke længere visiteret til integreret behandling. Grund: {reason}."


def _admitted(names: Names, header: Header, facts: f.CitizenAdmitted) -> str:
    return "Borgeren blev indlagt."


def _discharged(names: Names, header: Header, facts: f.CitizenDischarged) -> str:
    return "Borgeren blev udskrevet."


def _acting(names: Names, header: Header, facts: f.ActingMunicipalityChanged) -> str:
    basis = w.code(facts.NAME, "basis", facts.basis)
    return f"{names.authority(facts.municipality)} blev handlekommune ({basis})."


def _started(names: Names, header: Header, facts: f.TreatmentStarted) -> str:
    how = " midlertidigt" if facts.provisional else ""
    return f"Behandlingen begyndte{how} hos {names.authority(facts.authority)}."


def _ended(names: Names, header: Header, facts: f.TreatmentEnded) -> str:
    status = w.code(facts.NAME, "status", facts.status)
    return f"Behandlingen hos {names.authority(facts.authority)} blev afsluttet: {status}."


def _followed_up(names: Names, header: Header, facts: f.FollowUpDone) -> str:
    months = "en måned" if facts.after_months == 1 else f"{facts.after_months} måneder"
    status = w.code(facts.NAME, "status", facts.status)
    return f"{actor(names, header)} fulgte op {months} efter behandlingen: {status}."


def _elsewhere(names: Names, header: Header, facts: f.ReferredElsewhere) -> str:
    place = w.code(facts.NAME, "place", facts.place)
    whose = "efter eget valg" if facts.citizens_choice else "efter tilbud"
    return f"Borgeren blev henvist til et andet sted {whose}: {place}."


def _moved(names: Names, header: Header, facts: f.CitizenMoved) -> str:
    where = f" til {names.authority(facts.municipality)}" if facts.municipality else ""
    return f"Borgeren flyttede{where}. Det ændrer ikke i sig selv handlekommunen."


def _deceased(names: Names, header: Header, facts: f.CitizenDeceased) -> str:
    return "Borgeren døde."


def _telephoned(names: Names, header: Header, facts: f.TelephoneContactMade) -> str:
    return f"{actor(names, header)} talte i telefon med modtageren."


def _retracted(names: Names, header: Header, facts: f.CaseFactRetracted) -> str:
    reason = w.code(facts.NAME, "reason", facts.reason)
    return f"{actor(names, header)} trak registreringen ved post {facts.position} tilbage. Grund: {reason}."


def _breach_opened(names: Names, header: Header, facts: f.BreachAssessmentOpened) -> str:
    who = names.authority(header.controller)
    return f"{who} skal vurdere et brud på persondatasikkerheden senest {danish_moment(facts.due)}."


def _breach_assessed(names: Names, header: Header, facts: f.BreachAssessed) -> str:
    outcome = "anmeldt til Datatilsynet" if facts.outcome == "notified" else "skal ikke anmeldes"
    told = "fået besked" if facts.citizen_informed else "ikke fået besked"
    return f"{actor(names, header)} vurderede bruddet: {outcome}. Borgeren har {told}."


def _escalated(names: Names, header: Header, facts: f.HandoverEscalated) -> str:
    to = w.ESCALATED_TO.get(facts.to, facts.to)
    if facts.health_council is not None:
        to = health_councils()[facts.health_council].name
    by = danish_moment(facts.decides_by)
    return f"Sagens nummer gik videre til {to}. Der ventes svar senest {by}."


def _reminded(names: Names, header: Header, facts: DeadlineWarned) -> str:
    rule = known_rules().get(facts.rule)
    name = rule.name if rule else facts.rule
    level = reminders().levels.get(facts.level, facts.level)
    roles = listed([reminders().roles.get(one, one) for one in facts.to])
    last_day = written_out(date.fromisoformat(facts.due))
    return (
        f"{level}: »{name}«, sidste dag {last_day}."
        f" Givet til {roles} i {names.unit(header.controller, facts.unit)}."
    )


COURSE_SENTENCES: Mapping[type[Facts], Sentence] = {
    f.InquiryReceived: _inquiry,
    f.ReferralReceived: _referral,
    f.VisitationStarted: _visited,
    f.VisitationEnded: _no_longer_visited,
    f.CitizenAdmitted: _admitted,
    f.CitizenDischarged: _discharged,
    f.ActingMunicipalityChanged: _acting,
    f.TreatmentStarted: _started,
    f.TreatmentEnded: _ended,
    f.FollowUpDone: _followed_up,
    f.ReferredElsewhere: _elsewhere,
    f.CitizenMoved: _moved,
    f.CitizenDeceased: _deceased,
    f.TelephoneContactMade: _telephoned,
    f.CaseFactRetracted: _retracted,
    f.BreachAssessmentOpened: _breach_opened,
    f.BreachAssessed: _breach_assessed,
    f.HandoverEscalated: _escalated,
    DeadlineWarned: _reminded,
}
"""Event -> sentence, of the course."""
