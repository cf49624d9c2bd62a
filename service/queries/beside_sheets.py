"""What stands beside a sheet, as its reader may know it: the same files, keys and joint claims in other places."""

from dataclasses import asdict
from typing import Any

from domain.acts.case import Case
from domain.keys import normal, stream
from domain.moments import Moment
from domain.sheet import Bonus, Evidence
from service.queries import evidence_uses, register, same_keys
from service.queries.joint import jointly, jointly_then


def also_used(case: Case, files: list[Evidence], moment: Moment | None) -> list[tuple[Evidence, list[str] | None]]:
    """Each file with where else its bytes are used, by what differs; None for who may not compare units."""
    sheet = case.sheet
    uses = evidence_uses.uses_of({each.digest for each in files if _compares(case, each.leaf)})
    if moment is not None:
        uses = evidence_uses.then(uses, moment)
    return [
        (
            each,
            evidence_uses.elsewhere((sheet.unit, sheet.cycle, sheet.item, each.leaf, each.id), uses[each.digest])
            if _compares(case, each.leaf)
            else None,
        )
        for each in files
    ]


def bonuses_shown(case: Case, moment: Moment | None) -> list[dict[str, Any]]:
    """The bonuses; for who may compare, with what became of the same key in other registers and cycles."""
    bonuses = case.sheet.bonuses.values()
    keys = {each.id: (_register(case, each), normal(each.key)) for each in bonuses if _compares(case, each.leaf)}
    beside = same_keys.elsewhere(case.sheet.cycle, set(keys.values()), moment)
    return [
        asdict(each)
        | {"elsewhere": beside.get(keys[each.id]) if each.id in keys else None, "joint": _joint(case, each, moment)}
        for each in bonuses
    ]


def _joint(case: Case, bonus: Bonus, moment: Moment | None) -> dict[str, Any] | None:
    """How far the joint claim of a bonus is, which all its partners may know."""
    if bonus.shares and moment is not None:
        return jointly_then(case.sheet.cycle, case.sheet.item, bonus, moment)
    return jointly(stream(case.sheet.cycle, _register(case, bonus), bonus.key)) if bonus.shares else None


def _register(case: Case, bonus: Bonus) -> str:
    return case.leaf(bonus.leaf).key_register


def _compares(case: Case, leaf: str) -> bool:
    return register.comparing(case.person, case.leaf(leaf).department)
