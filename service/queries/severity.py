"""Were all units judged alike: severity and agreement by reviewer, what was given by leaf and by unit, each with n."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from domain.judgements import Given, Judgements
from domain.points import show
from domain.rubric.rules import Judged
from domain.severity import FEW, Severity, agreement, kappa, mean, rounded, severity
from service.office import office
from service.queries.pages import cursor_of, opened_cursor
from service.queries.record import walk

Steps = Mapping[tuple[str, str], Sequence[int]]
PERCENT = 100
LISTS = ("reviewers", "leaves", "units", "given_by")
_NAMED = ("person", "leaf", "unit", "person")


def report(cycle: str, query: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Every judgement that is known by now; of a sealed one not even its author's numbers tell.

    A page goes through the four lists one after the other; with the cursor of the next page.
    """
    position, found = office().reads.last(), Judgements(cycle)
    unreadable = walk(position, lambda _, event, fact: found.take(event.subject, event.actor, fact))
    steps = _steps(cycle, found.given)
    lists = [
        [{"person": person, **_severity(each)} for person, each in severity(found, steps).items()],
        [_leaf(cycle, leaf, found) for leaf in sorted({each.leaf for each in found.given})],
        _shares(found.given, steps, "unit"),
        _shares(found.given, steps, "person"),
    ]
    page, cursor = _page(lists, query)
    answer = {
        "cycle": cycle,
        "position": position,
        "unreadable": unreadable,
        "few": FEW,
        "rounds": _rounds(found),
        "agreement": _agreed(len(found.pairs), *agreement(found.pairs, steps)),
    }
    return answer | page, cursor


def _rounds(found: Judgements) -> dict[str, int]:
    pairs = len(found.pairs)
    return {"sealed": found.sealed, "second": pairs, "moderated": found.moderated, "waived": found.waived}


def _page(lists: list[list[dict[str, Any]]], query: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    behind = opened_cursor(query["cursor"], (int, str)) or (-1, "")
    keyed = [((place, row[_NAMED[place]]), row) for place, of in enumerate(lists) for row in of]
    rest = [(key, row) for key, row in keyed if key > behind]
    page = rest[: query["limit"]]
    shown = {name: [row for key, row in page if key[0] == place] for place, name in enumerate(LISTS)}
    return shown, cursor_of(*page[-1][0]) if len(rest) > len(page) else None


def _agreed(pairs: int, exact: int, near: int) -> dict[str, Any]:
    return {
        "n": pairs,
        "exact": exact,
        "within_one_step": near,
        "exact_percent": _percent(exact, pairs),
        "within_one_step_percent": _percent(near, pairs),
        "few": pairs < FEW,
    }


def _severity(found: Severity) -> dict[str, Any]:
    apart = Fraction(found.apart, PERCENT * found.pairs) if found.pairs else None
    return {
        "to_other": {
            "n": found.pairs,
            "sum": show(found.apart),
            "mean": None if apart is None else rounded(apart, 2),
            "few": found.pairs < FEW,
        },
        "to_leaf_mean": {
            "n": found.judged,
            "mean": rounded(found.off / (PERCENT * found.judged), 2),
            "few": found.judged < FEW,
        },
        "agreement": _agreed(found.pairs, found.exact, found.near),
    }


def _leaf(cycle: str, leaf: str, found: Judgements) -> dict[str, Any]:
    points = [each.points for each in found.given if each.leaf == leaf]
    pairs = [pair for pair in found.pairs if pair.first.leaf == leaf]
    value = kappa(pairs) if pairs else None
    counted = sorted(Counter(points).items())
    return {
        "leaf": leaf,
        "department": office().rules.rubric_of(cycle).leaf(leaf).department,
        "n": len(points),
        "mean": rounded(mean(points) / PERCENT, 2),
        "given": {show(step): number for step, number in counted},
        "few": len(points) < FEW,
        "pairs": len(pairs),
        "kappa": None if value is None else rounded(value, 3),
        "kappa_few": len(pairs) < FEW,
    }


def _shares(given: Iterable[Given], steps: Steps, by: str) -> list[dict[str, Any]]:
    """What was given of what could be, by unit or by person, and how often each share of the most possible."""
    own: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for each in given:
        most = max(steps.get((each.unit, each.leaf), ()), default=each.points)
        own[getattr(each, by)].append((each.points, most))
    return [
        {
            by: name,
            "n": len(of),
            "given": show(sum(points for points, _ in of)),
            "possible": show(sum(most for _, most in of)),
            "percent": _percent(sum(points for points, _ in of), sum(most for _, most in of)),
            "few": len(of) < FEW,
        }
        for name, of in sorted(own.items())
    ]


def _percent(part: int, whole: int) -> str | None:
    """A share in percent with two decimals; None of nothing."""
    return rounded(Fraction(part * PERCENT, whole), 2) if whole else None


def _steps(cycle: str, given: Iterable[Given]) -> dict[tuple[str, str], Sequence[int]]:
    rules, rubric = office().rules, office().rules.rubric_of(cycle)
    found: dict[tuple[str, str], Sequence[int]] = {}
    for each in given:
        face = rubric.leaf(each.leaf).faces[rules.unit(cycle, each.unit).cohort]
        found[each.unit, each.leaf] = face.rule.steps if isinstance(face.rule, Judged) else (0, face.points)
    return found
