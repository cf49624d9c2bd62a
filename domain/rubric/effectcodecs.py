"""How effects and conventions are read and written."""

from collections.abc import Mapping
from typing import Any

from domain.rubric import effects, model
from domain.rubric.codecs import CAP, IDENTIFIER, POINTS, Codec, refuse, word
from domain.rubric.containers import by_id, listing, record, tagged
from domain.rubric.kinds import BASIS, BELOW, STEPS

_WORDS: Mapping[str, tuple[str, ...]] = {
    "bonus": ("on-top", "limited"),
    "empty": ("redistribute", "full", "zero"),
    "cohorts": ("apart", "scaled"),
    "ties": ("share", "dense"),
}
CONVENTIONS = record(
    model.Conventions, **{name: word(*words).or_usually(words[0]) for name, words in _WORDS.items()}
).or_usually({})

_CONVENTION = record(effects.SetConvention, name=word(*_WORDS), value=IDENTIFIER)


def _read_convention(value: Any, place: str) -> effects.SetConvention:
    effect: effects.SetConvention = _CONVENTION.read(value, place)
    words = _WORDS[effect.name]
    if effect.value not in words:
        refuse(f"{place}.value", f"须为其一：{'、'.join(words)}", f"must be one of: {', '.join(words)}")
    return effect


EFFECT = tagged(
    {
        "below": (effects.SetBelow, record(effects.SetBelow, below=BELOW)),
        "steps": (effects.SetSteps, record(effects.SetSteps, steps=STEPS)),
        "basis": (effects.SetBasis, record(effects.SetBasis, basis=BASIS)),
        "caps": (effects.SetCaps, record(effects.SetCaps, caps=by_id(CAP))),
        "points": (
            effects.SetPoints,
            record(effects.SetPoints, points=by_id(POINTS), cohorts=listing(IDENTIFIER).or_usually([])),
        ),
        "role": (effects.SetRole, record(effects.SetRole, role=word("assessed", "responsible"))),
        "convention": (effects.SetConvention, Codec(_read_convention, _CONVENTION.write)),
    }
)
