"""Who may do what: one table of acts, and the rules that two people are needed and conflicts block.

Two-person rules compare people, not roles (design, "People"): holding two roles does not make one person two.
"""

from domain.people import Grant, Person
from domain.refusals import Refused

# act -> (role, sort of scope that must match) in the order in which a person's roles are tried.
ACTS: dict[str, tuple[tuple[str, str], ...]] = {
    "file": (("unit", "unit"),),
    "review": (("reviewer", "department"),),
    "approve": (("approver", "department"),),
    "decide-appeal": (("approver", "department"),),
    "administer": (("administrator", "*"),),
    "import-figures": (("unit", "any"),),
    "see-imports": (("unit", "any"), ("auditor", "*"), ("administrator", "*")),
    "sign-waiver": (("administrator", "*"), ("approver", "any")),
    "recompute": (("auditor", "*"), ("administrator", "*")),
    "erase": (("administrator", "*"), ("approver", "*")),
    "see-erasures": (("administrator", "*"), ("approver", "*"), ("auditor", "*")),
    "audit": (("auditor", "*"),),
    "see-appeals": (("auditor", "*"), ("administrator", "*")),  # who lays them before somebody reads them
    "see-sheet": (
        ("unit", "unit"),
        ("reviewer", "department"),
        ("approver", "department"),
        ("auditor", "*"),
    ),
    "see-evidence": (
        ("unit", "unit"),
        ("reviewer", "department"),
        ("approver", "department"),
        ("auditor", "*"),
    ),
    "compare": (  # what stands beside it in other units and years
        ("reviewer", "department"),
        ("approver", "department"),
        ("auditor", "*"),
        ("administrator", "*"),
    ),
    "see-register": (
        ("unit", "any"),
        ("reviewer", "department"),
        ("approver", "department"),
        ("auditor", "*"),
        ("administrator", "*"),
    ),
    "see-unit": (
        ("unit", "unit"),
        ("reviewer", "any"),
        ("approver", "any"),
        ("viewer", "any"),
        ("auditor", "*"),
        ("administrator", "*"),
    ),
    "see-published": (
        ("unit", "any"),
        ("reviewer", "any"),
        ("approver", "any"),
        ("viewer", "any"),
        ("auditor", "*"),
        ("administrator", "*"),
    ),
    "see-board": (
        ("reviewer", "any"),
        ("approver", "any"),
        ("viewer", "any"),
        ("auditor", "*"),
        ("administrator", "*"),
    ),
}
_BLOCKED_BY_CONFLICT = frozenset({"review", "approve", "decide-appeal"})


def permit(person: Person, act: str, *, unit: str = "", departments: frozenset[str] = frozenset()) -> Grant:
    """The grant under which ``person`` may do ``act`` on a unit's leaf of one of the ``departments``.

    Raises Refused("not-permitted") or Refused("conflict-of-interest").
    """
    for role, sort in ACTS[act]:
        for grant in sorted(person.grants, key=lambda each: (each.role, each.scope)):
            if grant.role == role and _covers(grant.scope, sort, unit, departments):
                if act in _BLOCKED_BY_CONFLICT and conflicted(person, unit):
                    raise Refused("conflict-of-interest", unit, unit)
                return grant
    raise Refused("not-permitted")


def conflicted(person: Person, unit: str) -> bool:
    """Whether the person declared a conflict with the unit, or acts for it: nobody judges his own unit."""
    return unit in person.conflicts or Grant("unit", unit) in person.grants


def unbiased(person: Person, unit: str) -> None:
    """Refuses whoever is in conflict with the unit an act is about: for what an administrator does for one unit."""
    if conflicted(person, unit):
        raise Refused("conflict-of-interest", unit, unit)


def may(person: Person, act: str, *, unit: str = "", departments: frozenset[str] = frozenset()) -> bool:
    """Whether ``permit`` would answer."""
    try:
        permit(person, act, unit=unit, departments=departments)
    except Refused:
        return False
    return True


def second_person(person: Person, *firsts: str) -> None:
    """Refuses an act on what the same person began."""
    if person.id in firsts:
        raise Refused("own-act")


def _covers(scope: str, sort: str, unit: str, departments: frozenset[str]) -> bool:
    match sort:
        case "unit":
            return scope == unit
        case "department":
            return scope == "*" or scope in departments
        case "*":
            return scope == "*"
    return True
