"""Imports: the difference a file would make, then exactly that difference as one commit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import facts, imports, rosters
from domain.acts import filing, importing
from domain.cycle import Cycle
from domain.duties import permit as permitted
from domain.imports import Change
from domain.refusals import REASONS, Refused
from domain.year import effective as holds_from
from events.canonical import canonical
from events.conflicts import WrongVersion
from events.entry import Actor, Head, new_id
from events.store import Append, Commit
from service.auth import actor, caller, permit
from service.commands.commit import answered, append, to, trace
from service.commands.manysheets import ManySheets
from service.commands.uploads import Received
from service.office import office

TRACED = frozenset(code for code, reason in REASONS.items() if reason.traced)
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


def confirm_roster(at: Standing, received: Received, seen: str, reason: str) -> Commit:
    """Enrols what the difference named by ``seen`` says, in one commit."""
    if (earlier := answered()) is not None:
        return earlier
    by = actor(permit("administer"))
    preview = preview_roster(at, received)
    cycle, head = at
    _exactly(preview, seen, f"cycle/{cycle.id}")
    enrolled = [fact for each in preview.changes for fact in each.act or ()]
    key = new_id()
    units = facts.RosterImported(key, [fact.unit for fact in enrolled])
    stream = f"import/{cycle.id}/{key}"
    received.keep()
    return _commit(
        by,
        to(stream, Head(), [_confirmed(key, preview, reason), units]),
        to(f"cycle/{cycle.id}", head, enrolled),
    )


def confirm_figures(
    at: Standing, received: Received, seen: str, reason: str, effective: datetime | None = None
) -> Commit:
    """Files what the difference named by ``seen`` says, in one commit over all its sheets."""
    if (earlier := answered()) is not None:
        return earlier
    preview, sheets = preview_figures(at, received, effective)
    cycle = at[0]
    _exactly(preview, seen, f"cycle/{cycle.id}")
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for (unit, leaf), figures in importing.to_file(preview.changes).items():
        wanted.setdefault((unit, sheets.item_of(unit, leaf)), {})[leaf] = figures
    key, made, appends = new_id(), dict[str, dict[str, str]](), list[Append]()
    for (unit, item), figures in wanted.items():
        submission = made.setdefault(unit, {})[item] = new_id()
        decided = filing.submit(sheets.case(unit, item), submission, figures)
        appends.append(sheets.append(unit, item, decided, preview.effective))
    happened: list[facts.Fact] = [_confirmed(key, preview, reason)]
    happened += [facts.FiguresImported(key, unit, filed) for unit, filed in made.items()]
    by = actor(permitted(caller(), "file", unit=next(iter(made))))
    received.keep()
    return _commit(by, to(f"import/{cycle.id}/{key}", Head(), happened, preview.effective), *appends)


def _confirmed(key: str, preview: Preview, reason: str) -> facts.ImportConfirmed:
    count, received = imports.counts(preview.changes), preview.received
    return facts.ImportConfirmed(
        key, preview.kind, received.digest, received.upload.format, preview.digest, len(received.upload.lines),
        count["new"], count["changed"], count["unchanged"], count["blank"], reason, received.examined.size,
    )  # fmt: skip


def _exactly(preview: Preview, seen: str, stream: str) -> None:
    """Refuses any other difference than the one that was seen; what the rules blocked leaves a trace."""
    flaws = [flaw for each in preview.changes for flaw in each.flaws]
    for flaw in [each for each in flaws if each.code in TRACED][:1]:
        why = Refused(flaw.code, flaw.zh, f"row {flaw.row}: {flaw.en}")
        trace(why, Actor(caller().id), f"import-{preview.kind}", stream)
    imports.importable(preview.changes)
    if preview.digest != seen:
        raise Refused("import-changed")


def _commit(by: Actor, *appends: Append) -> Commit:
    """One commit; whoever was faster on one of the streams has made the difference another."""
    try:
        return append(by, *appends)
    except WrongVersion:
        raise Refused("import-changed") from None
