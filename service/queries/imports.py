"""Imports, and the differences that files would make, as answers show them."""

from typing import Any

from domain import imports as rules
from service.commands.previews import Preview


def difference_shown(found: Preview) -> dict[str, Any]:
    """What a file would change, row by row, and whether it may be imported."""
    count = rules.counts(found.changes)
    return {
        "kind": found.kind,
        "file": found.received.digest,
        "format": found.received.upload.format,
        "difference": found.digest,
        "importable": not count["refused"] and bool(count["new"] + count["changed"]),
        "counts": count,
        "versions": found.versions,
        "changes": [_change(each) for each in found.changes],
    }


def _change(found: rules.Change) -> dict[str, Any]:
    flaws = [
        {"row": flaw.row, "column": flaw.column, "code": flaw.code, "zh": flaw.zh, "en": flaw.en}
        for flaw in found.flaws
    ]
    return {
        "key": found.key, "rows": found.rows, "change": found.change,
        "before": dict(found.before), "after": dict(found.after), "refused": flaws,
    }  # fmt: skip


def import_shown(found: rules.Import) -> dict[str, Any]:
    """An import as it was confirmed, and its reversal where it has one."""
    fact = rules.confirmed(found)
    return {
        "import_id": fact.import_id, "kind": fact.kind, "file": fact.file, "format": fact.format,
        "difference": fact.difference, "rows": fact.rows, "new": fact.new, "changed": fact.changed,
        "unchanged": fact.unchanged, "blank": fact.blank, "reason": fact.reason, "by": found.by,
        "kept": bool(fact.size), "effective": found.effective or None, "recorded_at": found.at,
        "units": sorted(found.touched),
        "reversed_by": found.reversed_by or None, "reversal_reason": found.reason or None,
    }  # fmt: skip
