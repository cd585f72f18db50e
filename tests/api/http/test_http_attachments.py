"""Attachments over real HTTP: streamed in, claimed by one handover, streamed out byte for byte."""

from uuid import UUID, uuid4

import httpx2
import pikepdf

from tests.api.http.running import Caller
from tests.api.http.town import REGION, Town, ok, pdf, refused, submission

PDF_TYPE = {"Content-Type": "application/pdf"}


def _upload(who: Caller, content: bytes, key: str | None = None) -> httpx2.Response:
    return who.post("/v1/attachments", content=content, headers=PDF_TYPE, key=key)


def test_an_attachment_goes_with_its_handover_and_comes_out_the_same(town: Town) -> None:
    # given an uploaded PDF
    content = pdf()
    uploaded = ok(_upload(town.clinician, content), 201).json()
    assert (uploaded["media_type"], uploaded["size"]) == ("application/pdf", len(content))
    # when it is submitted
    body = submission(attachments=[uploaded["id"]])
    handover = ok(town.clinician.post("/v1/handovers", body), 201).json()["id"]
    path = f"/v1/handovers/{handover}"
    assert [one["id"] for one in ok(town.clinician.get(path), 200).json()["attachments"]] == [uploaded["id"]]
    # then the receiver opens it, and so does the sender
    reading = f"{path}/attachments/{uploaded['id']}/readings"
    for who in (town.caseworker, town.clinician):
        key = str(uuid4())
        opened = ok(who.post(reading, {}, key=key), 201)
        assert opened.content == content and opened.headers["content-type"] == "application/pdf"
        assert ok(who.post(reading, {}, key=key), 201).content == content
    readings = ok(town.leader.get(f"{path}/readings"), 200).json()["items"]
    assert [one["attachment"] for one in readings] == [uploaded["id"]]
    # and it belongs to that handover alone
    refused(town.clinician.post("/v1/handovers", body), 409, "register-clash")
    refused(town.caseworker.post(f"{path}/attachments/{uuid4()}/readings", {}), 404, "not-found")


def test_the_stored_file_is_sealed(town: Town) -> None:
    content = pdf()
    uploaded = ok(_upload(town.clinician, content), 201).json()
    folder = town.server.folder / "data"
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and UUID(uploaded["id"]).hex in path.name.replace("-", "")
    ]
    assert files
    assert all(content[:100] not in path.read_bytes() for path in files)
    assert not list((folder / "spool").iterdir())


def test_a_retried_upload_is_the_same_upload(town: Town) -> None:
    content, key = pdf(), str(uuid4())
    first = ok(_upload(town.clinician, content, key), 201)
    again = ok(_upload(town.clinician, content, key), 201)
    assert (first.json(), first.headers["Location"]) == (again.json(), again.headers["Location"])
    refused(_upload(town.clinician, pdf() + b"\n%%EOF\n", key), 422, "idempotency-key-reused")


def test_another_units_upload_is_unknown(town: Town) -> None:
    uploaded = ok(_upload(town.clinician, pdf()), 201).json()["id"]
    other = town.server.caller("clinician", REGION, unit="ambulatorium-andet")
    body = submission(sender=(REGION, "ambulatorium-andet"), attachments=[uploaded])
    refused(other.post("/v1/handovers", body), 409, "attachment-unknown")
    refused(
        town.clinician.post("/v1/handovers", submission(attachments=[str(uuid4())])),
        409,
        "attachment-unknown",
    )


def test_what_is_not_what_it_says_is_refused_with_a_reason(town: Town) -> None:
    problem = refused(_upload(town.clinician, b"GIF89a not a pdf"), 422, "attachment-refused")
    assert problem["errors"][0]["code"]
    with pikepdf.Pdf.new() as made:
        made.add_blank_page()
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        folder = town.server.folder / "data"
        made.save(folder / "script.pdf")
    scripted = (folder / "script.pdf").read_bytes()
    refused(_upload(town.clinician, scripted), 422, "attachment-refused")
    for kind in ("text/html", "application/zip", ""):
        answer = town.clinician.post("/v1/attachments", content=pdf(), headers={"Content-Type": kind})
        refused(answer, 415, "media-type-unsupported")
    refused(_upload(town.registrar, pdf()), 403, "role-not-allowed")


def test_an_upload_needs_its_key(town: Town) -> None:
    headers = {"Authorization": f"Bearer {town.clinician.token}", **PDF_TYPE}
    answer = town.server.client.post("/v1/attachments", content=pdf(), headers=headers)
    refused(answer, 400, "idempotency-key-missing")
