"""Interleaved rounds: every contender meets the same minutes of the same machine."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Load:
    """What a closed loop of clients did: acts per second, and each act's latency in seconds."""

    rate: float
    latencies: Sequence[float]

    @property
    def p99(self) -> float:
        """The latency (seconds) that 99 of 100 acts did not exceed."""
        return percentile(self.latencies, 0.99)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0-1) of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def interleave(contenders: Mapping[str, Callable[[], Answer]], rounds: int) -> dict[str, list[Answer]]:
    """What each contender answered in each round; who goes first changes from round to round."""
    names = list(contenders)
    answers: dict[str, list[Answer]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            answers[name].append(contenders[name]())
    return answers


def against(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The middle of the ratios of each round, which a minute in which others work moves less than either rate."""
    return statistics.median(one / other for one, other in zip(ours, floor, strict=True))


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)
