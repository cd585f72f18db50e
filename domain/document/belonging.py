"""What has no place in Overgang is refused as soon as it is written down, even in a draft.

SEL §101a and SUL §141(7) are anonymous; an acute case is telephoned (design section 5).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.document.problems import DocumentRefused, Problem
from domain.document.template import Field, Template, Value


def refuse_what_does_not_belong(document: Mapping[str, Any], template: Template) -> None:
    """Raise DocumentRefused for a value that the template refuses by name; look at nothing else."""
    sections = document.get("sections")
    found = []
    for section in template.sections:
        written = sections.get(section.id) if isinstance(sections, Mapping) else None
        if not isinstance(written, Mapping):
            continue
        for field in section.fields:
            for value in _refused(template, field, written.get(field.name)):
                assert value.refused is not None
                found.append(
                    Problem(
                        pointer=f"/sections/{section.id}/{field.name}",
                        code=value.refused.code,
                        detail=value.refused.detail,
                        detail_en=value.refused.detail_en,
                    )
                )
    if found:
        raise DocumentRefused(tuple(found))


def _refused(template: Template, field: Field, written: object) -> Iterator[Value]:
    if field.kind not in ("code", "codes"):
        return
    for code in written if isinstance(written, list) else [written]:
        value = template.value(field.value_set, code)
        if value is not None and value.refused is not None:
            yield value
