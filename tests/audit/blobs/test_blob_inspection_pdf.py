"""PDFs: ordinary ones pass, and none with scripts, files, actions, media, secrets or damage."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from audit.blobs.inspection import inspect
from audit.blobs.limits import AttachmentLimits
from audit.blobs.pdf_check import check_pdf
from audit.blobs.refusals import AttachmentRefused, RefusalCode

LIMITS = AttachmentLimits()
Change = Callable[[Pdf], None]


def new_pdf(pages: int = 1) -> Pdf:
    pdf = Pdf.new()
    for number in range(pages):
        pdf.add_blank_page()
        pdf.pages[number].Contents = Stream(pdf, b"0 0 m 100 100 l S\n" * 20)
    return pdf


def saved(pdf: Pdf, path: Path, **options: object) -> Path:
    pdf.save(path, **options)  # type: ignore[arg-type]
    return path


def refusal(path: Path) -> RefusalCode:
    with pytest.raises(AttachmentRefused) as refused:
        check_pdf(path, LIMITS)
    assert path.name not in str(refused.value)
    return refused.value.code


def ordinary(pdf: Pdf) -> None:
    """What clinical systems put into PDFs: outline, link, form field, metadata, picture, opening view."""
    page = pdf.pages[0].obj
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), F=4)
    link.A = Dictionary(S=Name.URI, URI=String("https://example.dk/"))
    page.Annots = Array([pdf.make_indirect(link)])
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
    field = Dictionary(FT=Name.Tx, T=String("navn"), V=String("x"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))
    picture = Stream(pdf, bytes(300), Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10)
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceRGB, 8
    page.Resources = Dictionary(XObject=Dictionary(Im0=picture))
    pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(Type=Name.StructElem, S=Name.Document))
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "Henvisning"


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"linearize": True},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"min_version": "2.0"},
        {"stream_decode_level": pikepdf.StreamDecodeLevel.all, "compress_streams": False},
    ],
)
def test_an_ordinary_pdf_passes_however_it_was_written(tmp_path: Path, options: dict[str, object]) -> None:
    pdf = new_pdf(3)
    ordinary(pdf)
    path = saved(pdf, tmp_path / "a.pdf", **options)
    assert check_pdf(path, LIMITS) == 3
    inspection = inspect(path, "application/pdf", LIMITS)
    assert (inspection.media_type, inspection.pages) == ("application/pdf", 3)
    assert inspection.size == path.stat().st_size


def javascript_action() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def open_javascript(pdf: Pdf) -> None:
    pdf.Root.OpenAction = javascript_action()


def open_javascript_indirect(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(javascript_action())


def named_javascript(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), javascript_action()])))


def javascript_in_a_stream(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=Stream(pdf, b"app.alert(1)"))


def javascript_on_a_field(pdf: Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("a"), AA=Dictionary(K=javascript_action()))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def javascript_after_another_action(pdf: Pdf) -> None:
    go = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=Array([javascript_action()]))
    pdf.Root.OpenAction = go


def javascript_deep_in_direct_objects(pdf: Pdf) -> None:
    held: pikepdf.Object = javascript_action()
    for _ in range(60):
        held = Array([Dictionary(Held=held)])
    pdf.Root.Held = held


def javascript_nobody_refers_to(pdf: Pdf) -> None:
    page = pdf.pages[0].obj
    page.PieceInfo = Dictionary(App=pdf.make_indirect(Dictionary(Private=javascript_action())))


def embedded_file(pdf: Pdf) -> None:
    pdf.attachments["note.txt"] = b"content"


def file_attachment(pdf: Pdf) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(annotation)])


def associated_file(pdf: Pdf) -> None:
    stream = Stream(pdf, b"<xml/>", Type=Name.EmbeddedFile)
    spec = Dictionary(Type=Name.Filespec, F=String("a.xml"), EF=Dictionary(F=stream))
    pdf.Root.AF = Array([pdf.make_indirect(spec)])


def lone_embedded_stream(pdf: Pdf) -> None:
    pdf.Root.Held = Stream(pdf, b"MZ", Type=Name.EmbeddedFile)


def embedded_stream_of_no_type(pdf: Pdf) -> None:
    pdf.Root.AF = Array([Dictionary(F=String("a"), EF=Dictionary(F=Stream(pdf, b"MZ")))])


def portfolio(pdf: Pdf) -> None:
    pdf.Root.Collection = Dictionary(Type=Name.Collection)


def go_to_embedded(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoToE)


def link_with(action: str) -> Change:
    def change(pdf: Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
        link.A = Dictionary(S=Name("/" + action), F=String("cmd.exe"))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    return change


def annotation(subtype: str) -> Change:
    def change(pdf: Pdf) -> None:
        media = Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array([0, 0, 9, 9]))
        pdf.pages[0].obj.Annots = Array([media])

    return change


def open_a_web_page(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.URI, URI=String("https://tracker.example/"))


def open_a_web_page_after_going_to_a_page(pdf: Pdf) -> None:
    open_a_web_page(pdf)
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=String("a"), Next=pdf.Root.OpenAction)


def print_by_itself(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.Named, N=Name.Print)


def page_action(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.GoTo))


def external_stream(pdf: Pdf) -> None:
    pdf.Root.Held = Stream(pdf, b"", F=String("//server/share/file"))


def xfa_form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(pdf, b"<xdp/>"))


def enormous_picture(pdf: Pdf) -> None:
    picture = Stream(pdf, b"", Subtype=Name.Image, Width=100_000, Height=100_000)
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im0=picture))


HOSTILE: list[tuple[Change, RefusalCode]] = [
    (open_javascript, "pdf-javascript"),
    (open_javascript_indirect, "pdf-javascript"),
    (named_javascript, "pdf-javascript"),
    (javascript_in_a_stream, "pdf-javascript"),
    (javascript_on_a_field, "pdf-javascript"),
    (javascript_after_another_action, "pdf-javascript"),
    (javascript_deep_in_direct_objects, "pdf-javascript"),
    (javascript_nobody_refers_to, "pdf-javascript"),
    (embedded_file, "pdf-embedded-file"),
    (file_attachment, "pdf-embedded-file"),
    (associated_file, "pdf-embedded-file"),
    (lone_embedded_stream, "pdf-embedded-file"),
    (embedded_stream_of_no_type, "pdf-embedded-file"),
    (portfolio, "pdf-embedded-file"),
    (go_to_embedded, "pdf-embedded-file"),
    *((link_with(a), "pdf-active-content") for a in ("Launch", "GoToR", "SubmitForm", "ImportData")),
    *((link_with(a), "pdf-active-content") for a in ("Rendition", "Movie", "Sound", "RichMediaExecute")),
    *((annotation(s), "pdf-active-content") for s in ("RichMedia", "Screen", "Movie", "Sound", "3D")),
    (open_a_web_page, "pdf-active-content"),
    (open_a_web_page_after_going_to_a_page, "pdf-active-content"),
    (print_by_itself, "pdf-active-content"),
    (page_action, "pdf-active-content"),
    (external_stream, "pdf-active-content"),
    (xfa_form, "pdf-xfa"),
    (enormous_picture, "image-too-large"),
]


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(("change", "code"), HOSTILE)
def test_a_hostile_pdf_is_refused_by_name(
    tmp_path: Path, change: Change, code: RefusalCode, compressed: bool
) -> None:
    """Objects lie in the open or packed in object streams; the finding is the same."""
    pdf = new_pdf()
    ordinary(pdf)
    change(pdf)
    mode = pikepdf.ObjectStreamMode.generate if compressed else pikepdf.ObjectStreamMode.disable
    assert refusal(saved(pdf, tmp_path / "a.pdf", object_stream_mode=mode)) == code


def test_the_gravest_finding_is_told(tmp_path: Path) -> None:
    pdf = new_pdf()
    for change in (xfa_form, page_action, embedded_file, open_javascript):
        change(pdf)
    assert refusal(saved(pdf, tmp_path / "a.pdf")) == "pdf-javascript"


def raw_pdf(*objects: bytes, version: bytes = b"1.7", trailer: bytes = b"") -> bytes:
    """A PDF written by hand: object 1 is the catalog, 2 the page tree, 3 the page, then ``objects``."""
    body = io.BytesIO()
    body.write(b"%PDF-" + version + b"\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(body.tell())
        body.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = body.tell()
    body.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    body.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    body.write(b"trailer << /Root 1 0 R /Size %d %s >>\n" % (len(objects) + 1, trailer))
    body.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return body.getvalue()


PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >> >>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


@pytest.mark.parametrize("spelling", [b"/JS", b"/J#53", b"/#4a#53"])
def test_a_name_spelt_with_escapes_is_the_same_name(tmp_path: Path, spelling: bytes) -> None:
    path = tmp_path / "a.pdf"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Held << %s (app.alert(1)) >> >>" % spelling
    path.write_bytes(raw_pdf(catalog, PAGES, PAGE))
    assert refusal(path) == "pdf-javascript"


def test_an_object_no_other_object_names_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(raw_pdf(CATALOG, PAGES, PAGE, b"<< /S /JavaScript /JS (app.alert(1)) >>"))
    assert refusal(path) == "pdf-javascript"


def test_what_hides_in_the_trailer_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(raw_pdf(CATALOG, PAGES, PAGE, trailer=b"/Held << /JS (app.alert(1)) >>"))
    assert refusal(path) == "pdf-javascript"


def test_a_size_written_as_nonsense_is_damage_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    for width in (b"(wide)", b"[1]", b"<< /A 1 >>", b"/Wide"):
        picture = b"<< /Subtype /Image /Width %s /Height 4 >>" % width
        path.write_bytes(raw_pdf(CATALOG, PAGES, PAGE, picture))
        with pytest.raises(AttachmentRefused) as refused:
            check_pdf(path, LIMITS)
        assert refused.value.code == "pdf-damaged"


def test_nulls_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(raw_pdf(CATALOG, PAGES, PAGE, b"<< /A null /B [null << /C null >>] >>", b"null"))
    assert check_pdf(path, LIMITS) == 1
