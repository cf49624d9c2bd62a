"""What a file would change as the record stands; nothing is recorded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import rosters
from domain.acts import importing
from domain.cycle import Cycle
from domain.imports import Change
from domain.refusals import Refused
from domain.year import effective as holds_from
from events.canonical import canonical
from events.entry import Head
from service.auth import permit
from service.commands.manysheets import ManySheets
from service.commands.uploads import Received
from service.office import office

Standing = tuple[Cycle, Head]
"""A cycle and where its stream stands."""


def standing(cycle: str) -> Standing:
    """The cycle as it stands; refuses one that nobody created."""
    found, head = office().cycles.get(cycle)
    if not found.phase:
        raise Refused("unknown-cycle", cycle, cycle)
    return found, head


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change as the record stands; ``digest`` names exactly this, versions and all."""

    kind: str
    received: Received
    changes: Sequence[Change]
    versions: dict[str, int]
    effective: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over the file, since when it holds, every change and the version of every stream it looked at."""
        said = [
            {"key": each.key, "rows": list(each.rows), "change": each.change, "before": dict(each.before),
             "after": dict(each.after), "flaws": [[flaw.code, flaw.row, flaw.column] for flaw in each.flaws]}
            for each in self.changes
        ]  # fmt: skip
        whole = {
            "kind": self.kind, "file": self.received.digest, "effective": self.effective,
            "changes": said, "versions": self.versions,
        }  # fmt: skip
        return hashlib.sha256(canonical(whole)).hexdigest()


def preview_roster(at: Standing, received: Received) -> Preview:
    """What a roster would enrol."""
    permit("administer")
    cycle, head = at
    cohorts = frozenset(each.id for each in office().rules.rubric(cycle.hash).cohorts)
    found = rosters.difference(cycle, cohorts, received.upload.lines)
    return Preview("roster", received, found, {f"cycle/{cycle.id}": head.version})


def preview_figures(at: Standing, received: Received, effective: datetime | None = None) -> tuple[Preview, ManySheets]:
    """What a table of figures would file, true in the world since ``effective``, and the sheets it looked at."""
    permit("import-figures")
    holds = holds_from(at[0], effective, office().now())
    lines = received.upload.lines
    sheets = ManySheets(at[0].id, [(line.values["unit"], line.values["item"]) for line in lines])
    found = importing.difference(lines, sheets.case)
    return Preview("figures", received, found, sheets.versions, holds), sheets
