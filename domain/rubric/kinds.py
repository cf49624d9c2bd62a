"""The rule kinds by the word a rubric calls them, and how each kind's parameters are read and written."""

from collections.abc import Mapping
from typing import Any

from domain.rubric import rules
from domain.rubric.codecs import CAP, FLAG, IDENTIFIER, POINTS, TEXT, Codec, whole, word
from domain.rubric.containers import listing, nullable, record, tagged
from domain.rubric.texts import Text

TEXTS = record(Text, zh=TEXT, en=TEXT)
_TIERS = listing(record(rules.Tier, reached=whole(1, 99), earns=whole(0, 100)), least=1)


def _read_below(value: Any, place: str) -> rules.Below:
    if isinstance(value, list):
        return rules.Below("tiers", _TIERS.read(value, place))
    return rules.Below(word("proportional", "zero").read(value, place))


def _write_below(below: rules.Below) -> Any:
    return _TIERS.write(below.tiers) if below.policy == "tiers" else below.policy


BELOW = Codec(_read_below, _write_below)
STEPS = word("whole", "pro-rata")
BASIS = word("mean", "sum")
_BELOW = BELOW.or_else("proportional")
_STEPS = STEPS.or_else("whole")
_LEVELS = listing(record(rules.Level, id=IDENTIFIER, name=TEXTS, points=POINTS)).or_else([])
_ENTRIES = listing(record(rules.Entry, id=IDENTIFIER, name=TEXTS), least=1)
_SHARE = nullable(record(rules.Share, of=whole(1), per=whole(1)))

KINDS: Mapping[str, tuple[type, Codec]] = {
    "ratio": (rules.Ratio, record(rules.Ratio, threshold=whole(1, 100), below=_BELOW)),
    "task": (rules.Task, record(rules.Task, below=_BELOW, derived=_SHARE)),
    "count": (rules.Count, record(rules.Count, minimum=whole(1), below=_BELOW)),
    "checklist": (
        rules.Checklist,
        record(rules.Checklist, entries=_ENTRIES, all_or_nothing=FLAG.or_else(default=False)),
    ),
    "presence": (rules.Presence, record(rules.Presence)),
    "judged": (rules.Judged, record(rules.Judged, steps=listing(POINTS, least=2))),
    "increment": (
        rules.Increment,
        record(
            rules.Increment,
            base=whole(0),
            step=whole(1),
            points=POINTS,
            steps=_STEPS,
            cap=CAP,
            basis=BASIS.or_usually("mean"),
        ),
    ),
    "over_target": (
        rules.OverTarget,
        record(rules.OverTarget, task=IDENTIFIER, step=whole(1), points=POINTS, steps=_STEPS, cap=CAP),
    ),
    "tally": (rules.Tally, record(rules.Tally, points=POINTS, cap=CAP)),
    "award": (rules.Award, record(rules.Award, points=nullable(POINTS), levels=_LEVELS, cap=CAP)),
}


RULE = tagged(KINDS)
