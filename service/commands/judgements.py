"""Judgements under double marking: drawn leaves are sealed in the vault, and opened with what allows it."""

import os
from datetime import datetime
from typing import Any

from domain import marking
from domain.acts import review
from domain.acts.case import Decided
from domain.acts.marking import First
from domain.cycle_contents import Marking
from events.sealed import Secret, seal
from events.store import Commit
from service.commands.opened import Opened, Place
from service.commands.sheets import act
from service.office import office

_SEED = 32


def new_seed(cycle: str) -> Secret:
    """A fresh secret to draw leaves by; nobody sees it before it draws no more."""
    return Secret(f"cycle/{cycle}", marking.SEED_CONTEXT, os.urandom(_SEED).hex())


def judge(place: Place, leaf: str, points: str, reason: str, effective: datetime | None) -> Commit:
    """Judges a leaf; if it is drawn for a second judgement, only the commitment to this one is recorded.

    Drawn under the rule that is in force when it is recorded: it is asked for again at every try.
    """
    context = marking.sealed(place.cycle, place.unit, leaf)
    secret = Secret(place.stream, context, marking.content(points, reason))
    kept: list[Secret] = []

    def decide(sheet: Opened) -> Decided:
        rule = sheet.case.cycle.marking
        kept[:] = [secret] if rule is not None and _drawn(rule, sheet, leaf) else []
        sealed = marking.Seal(rule.proposal.marking, rule.proposal.limit, secret.commitment) if rule and kept else None
        return review.judge(sheet.case, leaf, points, reason, sealed)

    def keep(connection: Any) -> None:
        for each in kept:
            seal(each)(connection)

    return act(place, "judge", decide, within=keep, effective=effective)


def _drawn(rule: Marking, sheet: Opened, leaf: str) -> bool:
    """Whether the rule draws the leaf. A seed that cannot be read draws everything: no leaf may slip through."""
    fact, case = rule.fact, sheet.case
    if fact is None:
        return False
    percent = marking.percent_of(fact, case.leaf(leaf).department)
    if percent in {0, marking.ALL}:
        return percent == marking.ALL
    seed = office().vault.reveal(fact.seed)
    return seed is None or marking.drawn(seed.content, case.sheet.cycle, case.sheet.unit, leaf, percent)


def first_of(sheet: Opened, leaf: str) -> First | None:
    """The sealed first judgement of a leaf, for the commit that opens it; None when there is none to open."""
    found = sheet.case.sheet.rounds.get(leaf)
    secret = office().vault.reveal(found.seal) if found else None
    if secret is None:
        return None
    points, _, reason = secret.content.partition("\n")
    return First(points, reason, secret.salt.hex())
