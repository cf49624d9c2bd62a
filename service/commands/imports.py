"""Imports: exactly the difference that was seen, as one commit."""

from datetime import datetime
from typing import Any

from domain import facts, imports
from domain.acts import filing, importing
from domain.duties import permit as permitted
from domain.refusals import REASONS, Refused
from events.conflicts import WrongVersion
from events.entry import Actor, Head, new_id
from events.store import Append, Commit
from service.auth import actor, caller, permit
from service.commands.commit import answered, append, to, trace
from service.commands.previews import Preview, Standing, preview_figures, preview_roster
from service.commands.uploads import Received

TRACED = frozenset(code for code, reason in REASONS.items() if reason.traced)


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
