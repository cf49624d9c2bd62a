"""Within what each role is held: a unit, a department that a published rubric names, or all."""

from collections.abc import Set as AbstractSet

from domain.refusals import Refused

SCOPES = {
    "unit": ("unit",),
    "reviewer": ("department",),
    "approver": ("department", "*"),
    "auditor": ("*",),
    "administrator": ("*",),
    "viewer": ("department", "*"),
}


def sort_of(role: str, scope: str, departments: AbstractSet[str]) -> str:
    """The sort of a scope; refuses one of a sort that the role does not take, by naming what it takes."""
    sort = "*" if scope == "*" else "department" if scope in departments else "unit"
    if sort not in SCOPES.get(role, ()):
        zh, en = _takes(role, ", ".join(sorted(departments)))
        raise Refused("bad-scope", f"{scope}；可用：{zh}", f"{scope}; takes {en}", place="scope")
    return sort


def _takes(role: str, departments: str) -> tuple[str, str]:
    named = (f"部门 {departments}", f"a department: {departments}")
    none_yet = ("部门（尚无已公布的考核表，故无部门）", "a department (there is none before a rubric is published)")
    said = {
        "unit": ("单位编号", "a unit's id"),
        "department": named if departments else none_yet,
        "*": ("* 全部", "* for all"),
    }
    sorts = [said[sort] for sort in SCOPES.get(role, ())]
    return "、".join(zh for zh, _ in sorts), " or ".join(en for _, en in sorts)
