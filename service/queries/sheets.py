"""A sheet as its readers see it: columns, what was filed, what was decided, and why."""

from dataclasses import asdict
from typing import Any

import msgspec

from domain.acts.case import Case
from domain.columns import columns
from domain.contents import Round
from domain.duties import may
from domain.moments import Moment
from domain.points import show
from domain.rubric.kinds import RULE
from domain.rubric.texts import Text
from events.store import Recorded
from service.commands.opened import Opened, Place
from service.office import office
from service.queries import issued
from service.queries.beside_sheets import also_used, bonuses_shown
from service.queries.standing import standing


def shown(opened: Opened, moment: Moment | None = None) -> dict[str, Any]:
    """The sheet with its three columns, submissions, evidence, adjustments, bonuses and appeals.

    What stands beside it in other units, items and years is of the ``moment`` it was opened at, too.
    """
    case, sheet = opened.case, opened.case.sheet
    return {
        "cycle": sheet.cycle,
        "unit": sheet.unit,
        "item": sheet.item,
        "cohort": case.cohort,
        "version": opened.head.version,
        "text": both(case.item.text),
        "leaves": _leaves(opened),
        "submissions": [asdict(each) for each in sheet.submissions.values()],
        "evidence": _evidence(case, moment),
        "adjustments": [asdict(each) | {"delta": show(each.delta)} for each in sheet.adjustments.values()],
        "bonuses": bonuses_shown(case, moment),
        "targets": dict(sheet.targets),
        "targets_issued": issued.of_sheet(opened.stream, moment) if sheet.targets else {},
        "rounds": [round_shown(each) for each in sheet.rounds.values()],
        "appeals": [asdict(each) | {"delta": show(each.delta)} for each in sheet.appeals.values()],
    }


def _evidence(case: Case, moment: Moment | None) -> list[dict[str, Any]]:
    files = [each for each in case.sheet.evidence.values() if _may_see(case, each.leaf)]
    names = office().vault.open(each.name for each in files)
    return [
        asdict(each) | {"name": names.get(each.name), "also_used": again}
        for each, again in also_used(case, files, moment)
    ]


def _may_see(case: Case, leaf: str) -> bool:
    """Whether the reader may see a leaf's files: another department's reviewer knows the figures, not the files."""
    department = frozenset({case.leaf(leaf).department})
    return may(case.person, "see-evidence", unit=case.sheet.unit, departments=department)


def both(text: Text) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": text.zh, "en": text.en}


def round_shown(found: Round) -> dict[str, Any]:
    """A round of double marking; of a judgement that is not known yet there is nothing to show."""
    return {
        "leaf": found.leaf,
        "state": found.state,
        "limit": show(found.limit),
        "seal": found.seal,
        "first_by": found.first,
        "first": show(found.points) if found.known else None,
        "first_reason": found.reason or None,
        "second_by": found.second or None,
        "second": show(found.second_points) if found.second else None,
        "second_reason": found.second_reason or None,
        "waived_by": found.signer or None,
        "waiver": found.waiver or None,
        "moderated_by": found.moderator or None,
        "moderated": show(found.moderated_points) if found.moderator else None,
        "moderation": found.moderation or None,
    }


def history(opened: Opened, place: Place, moment: Moment | None, leaf: str | None = None) -> dict[str, Any]:
    """The stream event by event, or what of it concerns one leaf."""
    wanted = None if leaf is None else frozenset(opened.case.sheet.sources.get(opened.case.leaf(leaf).id, ()))
    events = standing(office().store, place.stream, moment)
    return {
        "stream": place.stream,
        "events": [event_shown(each) for each in events if wanted is None or each.envelope.id in wanted],
    }


def event_shown(event: Recorded) -> dict[str, Any]:
    """An event as its entry says it, with its leaf hash and its position where it has one."""
    body: dict[str, Any] = msgspec.json.decode(event.entry)
    body["leaf"] = event.leaf.hex()
    if event.position is not None:
        body["position"] = event.position
    return body


def _leaves(opened: Opened) -> list[dict[str, Any]]:
    sheet = opened.case.sheet
    scores = columns(sheet, opened.rules.scorer, opened.rules.rules)
    return [
        {
            "leaf": leaf,
            "title": both(opened.case.face(leaf).title),
            "department": opened.rules.departments[leaf],
            "rule": RULE.write(opened.case.face(leaf).rule),
            "claimed": show(score.claimed),
            "verified": show(score.verified),
            "final": show(score.final),
            "maximum": None if score.maximum is None else show(score.maximum),
            "status": score.status,
            "filed": sheet.claimed[leaf][1] if leaf in sheet.claimed else None,
            "submission": sheet.claimed[leaf][0] if leaf in sheet.claimed else None,
            "confirmed": sheet.verified.get(leaf),
        }
        for leaf, score in scores.items()
    ]
