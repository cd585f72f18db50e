"""What the rules of a template file must keep to.

A refusing rule must be one that the published JSON Schema can say, section by section: whoever fills
a document in by machine is never refused for something the schema let through.
"""

from collections.abc import Iterator

from domain.document.template import Rule, Template
from domain.document.template_fault import TemplateFault, template_fault

_FIELDS = {"differ": 2, "not-before": 2, "same": 2}
_SAID_BY_THE_SCHEMA = frozenset({"differ", "required", "absent", "one-of", "alone"})
_NEED_VALUES = frozenset({"one-of", "alone"})


def rule_faults(template: Template, rule: Rule) -> Iterator[TemplateFault]:
    """Every way in which the rule breaks the format."""
    if len(rule.fields) != _FIELDS.get(rule.kind, 1):
        yield template_fault("rule-fields", rule.id)
    named = [*rule.fields]
    named += [condition.field for condition in (rule.when, rule.unless) if condition]
    if any(template.field_or_member(field_id) is None for field_id in named):
        yield template_fault("rule-unknown-field", rule.id)
        return
    if rule.severity == "error":
        if rule.kind not in _SAID_BY_THE_SCHEMA:
            yield template_fault("rule-only-warns", rule.id)
        if len({field_id.partition(".")[0] for field_id in named}) > 1:
            yield template_fault("rule-spans-sections", rule.id)
        if any(template.field(field_id) is None for field_id in named):
            yield template_fault("rule-on-a-member", rule.id)
    if rule.kind in _NEED_VALUES and not rule.values:
        yield template_fault("rule-values", rule.id)
    first = template.field_or_member(rule.fields[0])
    if rule.kind == "alone" and (first is None or first.kind != "codes"):
        yield template_fault("rule-kind", rule.id)
