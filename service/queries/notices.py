"""What everybody may read of published results: the table as published, checked against its digest, without a name."""

import hashlib
from typing import Any

import msgspec

from domain import notice
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.points import show
from domain.refusals import Refused
from domain.rubric.model import Cohort, Rubric
from events.entry import utc_text
from service.evidence import Damaged
from service.office import office
from service.queries.outdated import moved_since

Table = dict[str, dict[str, Any]]


def laid_open() -> list[dict[str, Any]]:
    """The cycles of which something is open to everybody, with what the newest is."""
    found = [office().cycles.get(key)[0] for key in office().names("cycle/")]
    newest = [(cycle, every[-1]) for cycle in found if (every := notice.noticed(cycle))]
    return [
        {"cycle": cycle.id, "title": cycle.title, "final": last.proposal.stage == "final"} for cycle, last in newest
    ]


def noticed(cycle: str, number: int | None = None) -> dict[str, Any]:
    """The newest open publication of a cycle, or that of ``number``; unknown where there is none, whatever there is."""
    found, _ = office().cycles.get(cycle)
    if not found.phase:
        raise Refused("unknown-publication", str(number or ""), str(number or ""))
    wanted = notice.find(found, number)
    dates, _ = office().notices.get(cycle)
    newest = notice.find(found) is wanted
    return {
        "cycle": found,
        "number": wanted.proposal.publication,
        "proposal": wanted.proposal,
        "position": wanted.position,
        "epoch": wanted.epoch,
        "final": wanted.proposal.stage == "final",
        "reopened": newest and wanted.epoch < found.epoch,
        "superseded": not newest,
        "moved": moved_since(found, wanted),
        "published": dates.published[wanted.proposal.publication],
        "objections": _objections(found, wanted, dates),
        "cohorts": _cohorts(found, wanted),
        "others": [_named(each, dates) for each in notice.noticed(found) if each is not wanted],
    }


def _objections(cycle: Cycle, found: Publication, dates: notice.Dates) -> dict[str, Any] | None:
    if not notice.takes_objections(cycle, found):
        return None
    return {
        "began": dates.began.get(found.epoch),
        "ends": notice.ends(cycle, dates),
        "open": notice.is_open(cycle, utc_text(office().now())),
    }


def _named(found: Publication, dates: notice.Dates) -> dict[str, Any]:
    number = found.proposal.publication
    return {"number": number, "final": found.proposal.stage == "final", "published": dates.published[number]}


def _cohorts(cycle: Cycle, found: Publication) -> list[dict[str, Any]]:
    rubric, table = office().rules.rubric(found.proposal.rubric), _table(found)
    return [
        _cohort(cycle, rubric, cohort, table)
        for cohort in rubric.cohorts
        if any(row["cohort"] == cohort.id for row in table.values())
    ]


def _cohort(cycle: Cycle, rubric: Rubric, cohort: Cohort, table: Table) -> dict[str, Any]:
    mine = {unit: row for unit, row in table.items() if row["cohort"] == cohort.id}
    groups = [each for each in rubric.groups if any(each.id in row["groups"] for row in mine.values())]
    return {
        "name": cohort.name,
        "points": show(cohort.points),
        "groups": groups,
        "rows": [
            {
                "rank": row["rank"],
                "name_zh": cycle.units[unit].name_zh,
                "name_en": cycle.units[unit].name_en,
                "total": row["total"]["final"],
                "base": row["base"]["final"],
                "bonus": row["bonus"]["final"],
                "groups": [row["groups"].get(each.id, {}).get("final", "–") for each in groups],
            }
            for unit, row in sorted(mine.items(), key=lambda each: (each[1]["rank"], each[0]))
        ],
    }


def _table(found: Publication) -> Table:
    """The table behind the digest; raises Damaged rather than show another than was published."""
    body = office().store.document(found.proposal.digest)
    if body is None or hashlib.sha256(body).hexdigest() != found.proposal.digest:
        raise Damaged(found.proposal.digest)
    return msgspec.json.decode(body, type=Table)
