"""What the fold promises beside the projection: that it may compute less, and never anything else."""

from domain.columns import columns, rescored
from domain.sheet import Sheet
from tests.workers.ledger import RUBRIC, acts
from tests.workers.year import city
from workers.item_rules import compile_rules


def test_what_is_scored_again_after_a_fact_is_what_scoring_everything_would_give() -> None:
    units = city(3)
    sheets: dict[str, Sheet] = {}
    scores = {}
    statuses = set()
    for act in acts(units=3, seed=7)[4:]:
        sheet = sheets.setdefault(act.stream, Sheet.of(act.stream))
        rules = compile_rules(RUBRIC, sheet.item, units[sheet.unit])
        before = scores.get(act.stream) or columns(sheet, rules.scorer, rules.rules)
        sheet.evolve(act.fact, act.by.id)
        scores[act.stream] = rescored(sheet, rules.scorer, rules.rules, before, act.fact)
        assert scores[act.stream] == columns(sheet, rules.scorer, rules.rules)
        statuses |= {score.status for score in scores[act.stream].values()}
    assert statuses == {"empty", "pending", "verified", "not-applicable"}
