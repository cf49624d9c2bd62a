"""What a unit does on its own sheet: figures, evidence, claims."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import facts, figure_checks
from domain.acts.case import Case, Decided
from domain.figures import BadFigures
from domain.keys import normal
from domain.refusals import Refused
from domain.rubric.rules import Award, OverTarget, Tally
from domain.sheet import Sheet

OPEN_STATES = frozenset({"claimed", "disputed", "proposed", "granted"})


def submit(case: Case, submission: str, filed: Mapping[str, Mapping[str, Any]]) -> Decided:
    """Files figures for some leaves. After the year is closed only a leaf with returned evidence takes new ones."""
    grant = case.by_unit("correct" if filed and all(answers_a_return(case.sheet, leaf) for leaf in filed) else "file")
    if submission in case.sheet.submissions:
        raise Refused("already-exists", submission, submission)
    if not filed:
        raise Refused("nothing-waiting", place="figures")
    for leaf, raw in filed.items():
        check(case, leaf, raw, f"figures.{leaf}")
        if "not_applicable" in raw and "points" in raw:  # a reviewer gives those, nobody himself
            raise Refused("wrong-rule", leaf, leaf, place=f"figures.{leaf}.points")
    return Decided(grant, [facts.FiguresSubmitted(submission, {leaf: dict(raw) for leaf, raw in filed.items()})])


def check(case: Case, leaf: str, raw: Any, place: str) -> None:
    """Refuses figures that the leaf's rule cannot read."""
    if isinstance(case.rule(leaf), Award | OverTarget | Tally):
        raise Refused("wrong-rule", leaf, leaf, place=place)
    try:
        figure_checks.check(case.leaf(leaf), case.cohort, _with_target(case, leaf, raw), place)
    except BadFigures as bad:
        raise Refused("bad-figures", f"{bad.path} {bad.zh}", f"{bad.path} {bad.en}", place=bad.path) from None


def withdraw(case: Case, submission: str, reason: str) -> Decided:
    """Takes a submission back, as long as nobody has verified one of its leaves."""
    grant = case.by_unit("file")
    found = case.sheet.submissions.get(submission)
    if found is None or found.withdrawn:
        raise Refused("unknown-submission", submission, submission)
    if any(leaf in case.sheet.verified for leaf in found.figures):
        raise Refused("already-decided", submission, submission)
    return Decided(grant, [facts.SubmissionWithdrawn(submission, reason)])


def attach(case: Case, evidence: facts.EvidenceAttached) -> Decided:
    """Adds a file to a leaf; it answers the file that was returned there first, if one was and none is named.

    After the year is closed only a leaf with returned evidence takes another file.
    """
    case.leaf(evidence.leaf)
    grant = case.by_unit("correct" if answers_a_return(case.sheet, evidence.leaf) else "file")
    if evidence.evidence in case.sheet.evidence:
        raise Refused("already-exists", evidence.evidence, evidence.evidence)
    returned = [
        each.id for each in case.sheet.evidence.values() if (each.leaf, each.state) == (evidence.leaf, "returned")
    ]
    if evidence.supersedes and evidence.supersedes not in returned:
        raise Refused("unknown-evidence", evidence.supersedes, evidence.supersedes, place="supersedes")
    supersedes = evidence.supersedes or next(iter(returned), "")
    return Decided(grant, [replace(evidence, supersedes=supersedes)])


def withdraw_evidence(case: Case, evidence: str, reason: str) -> Decided:
    """Takes a file back; a reviewed one stays, and one that answers a return may be taken back in the same phases."""
    found = case.sheet.evidence.get(evidence)
    grant = case.by_unit("correct" if found and answers_a_return(case.sheet, found.leaf) else "file")
    if found is None:
        raise Refused("unknown-evidence", evidence, evidence)
    if found.state != "uploaded":
        raise Refused("already-decided", found.state, found.state)
    return Decided(grant, [facts.EvidenceWithdrawn(evidence, reason)])


def claim(case: Case, bonus: str, leaf: str, key: str, title: str) -> Decided:
    """Claims a bonus of items 7 and 27 under a register number or experience key."""
    grant = case.by_unit("file")
    case.rule(leaf, Tally, Award)
    if bonus in case.sheet.bonuses:
        raise Refused("already-exists", bonus, bonus)
    free(case, bonus, leaf, key)
    return Decided(grant, [facts.BonusClaimed(bonus, leaf, key, title)])


def free(case: Case, bonus: str, leaf: str, key: str) -> None:
    """Refuses a key that is none, or that another bonus of this sheet stands under, on whatever leaf of its register.

    Other units: ``domain.claims``. Of the unit's own bonus it is said which, for whoever would move its key.
    """
    wanted = normal(key)
    if not wanted:
        raise Refused("bad-key", place="key")
    register = case.leaf(leaf).key_register
    alike = {each.id for each in case.leaves.values() if each.key_register == register}
    for each in case.sheet.bonuses.values():
        if each.id != bonus and each.leaf in alike and each.state in OPEN_STATES and normal(each.key) == wanted:
            raise Refused(
                "key-taken",
                f"{key}：本单位已在{each.leaf}使用（加分 {each.id}），改用须先由部门不予或撤销该项加分",
                f"{key}: this unit has it on {each.leaf} (bonus {each.id}); to move it, have that declined or revoked",
                place="key",
            )


def _with_target(case: Case, leaf: str, raw: Any) -> Any:
    """Figures of a task whose target was issued need none of their own."""
    target = case.sheet.targets.get(leaf)
    if target is None or not isinstance(raw, Mapping) or "actual" not in raw or {"target", "workers"} & raw.keys():
        return raw
    return {**raw, "target": target}


def answers_a_return(sheet: Sheet, leaf: str) -> bool:
    """Whether evidence of the leaf was returned and what answers it has not been reviewed yet."""
    return any(
        each.state == "returned" or (each.state == "uploaded" and each.supersedes)
        for each in sheet.evidence.values()
        if each.leaf == leaf
    )
