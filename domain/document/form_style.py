"""How the paper form looks: A4, black on white, nothing that must be fetched."""

STYLE = """
:root { color: #000; background: #fff; font: 10pt/1.3 "Liberation Sans", Arial, Helvetica, sans-serif; }
body { max-width: 178mm; margin: 0 auto; padding: 6mm; }
h1 { font-size: 18pt; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 6mm 0 2mm; padding-bottom: 1mm; border-bottom: 2px solid #000;
  break-after: avoid; }
h3 { font-size: 10pt; margin: 0; break-after: avoid; }
p { margin: 0.5mm 0; }
.requirement { font-weight: normal; font-style: italic; }
.notice { border: 2px solid #000; padding: 2mm 3mm; margin: 3mm 0; }
.notice h2 { margin-top: 0; }
.field { margin: 3mm 0; break-inside: avoid; }
.field .field { margin: 1mm 0 1mm 6mm; }
.item { margin: 1mm 0; padding-left: 3mm; border-left: 2px solid #000; break-inside: avoid; }
.choices { display: flex; gap: 0 4mm; margin: 1mm 0; }
.choices p { white-space: nowrap; margin: 0; }
.choices ul { list-style: none; margin: 0; padding: 0; }
.choices li { display: inline-block; margin: 0 5mm 1mm 0; }
.box { display: inline-block; width: 4mm; height: 4mm; margin-right: 2mm; border: 1.5px solid #000;
  vertical-align: -0.6mm; }
.digit { display: inline-block; width: 6mm; height: 7mm; margin-right: 1mm; border: 1.5px solid #000; }
.blank { display: inline-block; min-width: 60mm; border-bottom: 1.5px solid #000; height: 5mm; }
.line { display: block; border-bottom: 1.5px solid #000; height: 7mm; }
table { border-collapse: collapse; width: 100%; margin: 1mm 0; }
th, td { border: 1.5px solid #000; padding: 1mm 2mm; text-align: left; vertical-align: top; }
th { font-weight: bold; }
td { height: 8mm; }
footer { margin-top: 8mm; padding-top: 2mm; border-top: 2px solid #000; font-size: 9pt;
  overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media print {
  body { max-width: none; padding: 0; }
  h2 { break-inside: avoid; }
}
"""
"""Sizes are of paper. Contrast is the highest there is, and nothing is told by colour."""


def page_style(footer: str) -> str:
    """A4 with the footer on every page, where the browser can (CSS paged media), beside the last one."""
    words = footer.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    return (
        "@page { size: A4; margin: 16mm 16mm 20mm; "
        f'@bottom-left {{ content: "{words}"; font: 7pt Arial, sans-serif; }} '
        '@bottom-right { content: "Side " counter(page) " af " counter(pages); '
        "font: 7pt Arial, sans-serif; } }"
    )
