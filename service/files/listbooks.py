"""The review queue and the audit feed as books."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from domain.cycle import Cycle
from domain.rubric.model import Rubric
from domain.rubric.texts import Text
from events.entry import decode, leaf_of
from service.files.book import Book, Column, Omission, Table
from service.files.sheetbook import name_column

_WHERE = (
    Column("position", Text("位置", "position"), "whole", 10),
    Column("department", Text("部门", "department"), width=18),
    Column("unit", Text("单位编号", "unit"), width=16),
)
KINDS = {
    "figures": Text("数据待复核", "figures to review"),
    "evidence": Text("佐证待审核", "evidence to review"),
    "claim": Text("加分申请待提出", "a claim to propose or decline"),
    "bonus": Text("加分待第二人决定", "a bonus for a second person"),
    "adjustment": Text("调整待第二人决定", "an adjustment for a second person"),
    "second-judgement": Text("待第二评", "a second judgement to give"),
    "moderation": Text("待仲裁", "two judgements to moderate"),
    "appeal": Text("申诉待裁决", "an appeal to decide"),
}
_WHAT = (
    Column("item", Text("项目", "item"), width=8),
    Column("leaf", Text("小项", "leaf"), width=8),
    Column("title", Text("小项内容", "leaf title"), width=50),
    Column("kind", Text("待办", "what waits"), width=14, words=KINDS),
    Column("subject", Text("对象", "subject"), width=38),
)
# The attributes of an entry that are texts of their own; the others are absent where they say nothing.
_ATTRIBUTES = (
    "id", "time", "type", "subject", "streamversion", "actor", "actorrole", "actorscope", "effectivetime",
    "correlationid", "causationid", "prevhash", "dataschema", "source",
)  # fmt: skip
_FEED = (
    Column("position", Text("位置", "position"), "whole", 10),
    Column("leaf", Text("叶哈希", "leaf hash"), width=66),
    *(Column(name, Text(name, name), "whole" if name == "streamversion" else "text") for name in _ATTRIBUTES),
    Column("data", Text("内容", "data"), width=80),
)


def queue_book(
    rubric: Rubric, cycle: Cycle, waiting: Sequence[Mapping[str, Any]], scope: Mapping[str, str], position: int,
    hidden: Sequence[str], rest: bool,
) -> Book:  # fmt: skip
    """What waits for review; ``hidden`` departments are not the caller's, ``rest``: there is more than was given."""
    lang, titles = scope["language"], {leaf.id: leaf.faces for leaf in rubric.leaves}
    rows = []
    for row in waiting:
        unit = cycle.ever(row["unit"])
        face = titles[row["leaf"]].get(unit.cohort) if unit else None
        rows.append([row["position"], row["department"], row["unit"], unit.name.in_(lang) if unit else None,
                     row["item"], row["leaf"], face.title.in_(lang) if face else None, row["kind"],
                     row["subject"]])  # fmt: skip
    heading = Text(f"{cycle.title.zh} 待审事项 review queue", f"{cycle.title.en}: review queue").in_(lang)
    table = Table("queue", Text("待审事项", "review queue"), (*_WHERE, name_column(lang), *_WHAT), rows, heading)
    omissions = [
        Omission("other-departments", "不归您审核的部门", "departments you do not review for", hidden),
        Omission("truncated", "已达行数上限，其后未列入", "the limit was reached; what comes behind is left out",
                 [str(rows[-1][0])] if rest else []),
    ]  # fmt: skip
    title = Text(f"{cycle.title.zh} 待审清单", f"{cycle.title.en}: review queue")
    return Book("queue", title, position, scope, [table], omissions)


def feed_book(
    entries: Sequence[tuple[int, bytes]], scope: Mapping[str, str], position: int, erased: Sequence[str], rest: bool
) -> Book:
    """Events of the record in order; ``erased`` subjects can no longer be opened, ``rest``: there is more."""
    table = Table("events", Text("审计流水", "audit feed"), _FEED, [_event(*each) for each in entries])
    last = [str(entries[-1][0])] if rest else []
    omissions = [
        Omission("truncated", "已达行数上限，其后未列入", "the limit was reached; what comes behind is left out", last),
        Omission("sealed", "姓名与文件名在条目中只有承诺值，此处不打开",
                 "names of people and files stand in entries as commitments, which are not opened here", ("names",)),
        Omission("erased", "已依法删除，承诺值仍在", "lawfully erased: only the commitment is left", erased),
        Omission("files", "证据文件只有摘要", "evidence files are named by their digests only", ("evidence",)),
    ]  # fmt: skip
    about = {"first": entries[0][0], "last": entries[-1][0]} if entries else {}
    return Book("feed", Text("审计流水", "audit feed"), position, scope, [table], omissions, about)


def as_lines(entries: Sequence[tuple[int, bytes]]) -> bytes:
    """JSON Lines: position, leaf hash, and the entry's own bytes."""
    return b"".join(
        msgspec.json.encode({"position": position, "leaf": leaf_of(entry).hex(), "entry": msgspec.Raw(entry)}) + b"\n"
        for position, entry in entries
    )


def as_cloudevents(entries: Sequence[tuple[int, bytes]]) -> bytes:
    """The JSON batch format of CloudEvents 1.0 (section 4): the entries' own bytes, which are CloudEvents already."""
    return b"[" + b",".join(entry for _, entry in entries) + b"]"


def _event(position: int, entry: bytes) -> list[str | int | None]:
    said = decode(entry)
    return [position, leaf_of(entry).hex(), *(getattr(said, name) or None for name in _ATTRIBUTES),
            bytes(said.data).decode()]  # fmt: skip
