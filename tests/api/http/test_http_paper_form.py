"""A form that was filled in on paper is registered afterwards, and keeps the day that it was written."""

from datetime import timedelta

from domain.calendar.working_days import start_of_day
from domain.events.instant import to_instant
from tests.api.http.handover import Case, sent
from tests.api.http.town import Town, ago, document, ok, on_paper, refused, submission, today


def test_a_paper_form_is_submitted_as_of_the_day_it_was_written(town: Town) -> None:
    # given a form that was written three days ago, when there was no screen
    written = today() - timedelta(days=3)
    before = ago(seconds=0)
    case = sent(town, **on_paper(days_ago=3))
    # then the handover was submitted on that day, and delivered only now
    shown = case.shown(town.clinician)
    assert shown["submitted_at"] == to_instant(start_of_day(written))
    assert shown["delivered_at"] > before
    assert shown["status"] == "delivered"
    # and the log has both times
    auditor = town.server.caller("auditor", "1085")
    first = ok(auditor.get(f"/v1/audit/handovers/{case.id}"), 200).json()
    assert first["state"]["submitted_at"] == shown["submitted_at"]
    # and the receiver sees that it was on paper, and when
    closing = case.open(town.caseworker)["sections"]["afslutning"]
    assert (closing["on_paper"], closing["paper_written_on"]) == (True, str(written))


def test_the_hours_of_an_urgent_one_count_from_the_paper(town: Town) -> None:
    contact = {"at": f"{today() - timedelta(days=2)}T08:00:00+01:00", "with_whom": "Visitator"}
    case = sent(
        town,
        **on_paper(days_ago=2),
        overgang__urgency="hurtig-72h",
        overgang__telephone_contact=contact,
    )
    written = start_of_day(today() - timedelta(days=2))
    assert case.shown(town.caseworker)["take_over_by"] == to_instant(written + timedelta(hours=72))


def test_what_is_stated_of_the_paper_fits_together(town: Town) -> None:
    without_day = document(afslutning__on_paper=True)
    without_paper = document(afslutning__paper_written_on=str(today()))
    for made in (without_day, without_paper):
        problem = refused(
            town.clinician.post("/v1/handovers", submission(made=made)), 422, "validation-failed"
        )
        assert [one["pointer"] for one in problem["errors"]] == [
            "/document/sections/afslutning/paper_written_on"
        ]


def test_what_was_handed_over_by_other_means_is_registered_with_its_time(town: Town) -> None:
    # given a handover that cannot be sent, because the citizen objects, and was read out on the telephone
    body = submission(made=document(samtykke__objection=True))
    case = Case(ok(town.clinician.post("/v1/handovers", body), 201).headers["Location"])
    said = {"means": "telephone", "authority": "0370", "remark": "Talte med visitator."}
    in_an_hour = case.refused(town.clinician, "other-means", said | {"occurred_at": ago(hours=-1)})
    assert in_an_hour == "in-the-future"
    own = said | {"authority": "1085", "occurred_at": ago(hours=1)}
    assert case.refused(town.clinician, "other-means", own) == "receiver-is-sender"
    # when the sender registers it, with the moment at which it was done
    at = ago(hours=2)
    case.take(town.clinician, "other-means", said | {"occurred_at": at})
    # then it is over, as of that moment
    shown = case.shown(town.clinician)
    assert (shown["status"], shown["closed_at"]) == ("completed_otherwise", at)
    assert (shown["sent_at"], shown["delivered_at"]) == (None, None)
