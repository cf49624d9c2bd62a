"""Finds texts that speak one language only: in sources, page templates, command lines and rubrics."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import click

CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2}")
WORDS = re.compile(r"[A-Za-z]{2,}[ ,:;]+(?:\S+ )?[A-Za-z]{2,}")
# What says something to people, and so says it twice.
SPEAKERS = frozenset(
    [
        "Problem",
        "Reason",
        "Row",
        "Refused",
        "RubricRefused",
        "UnusableError",
        "StackError",
        "SettingsError",
        "UnfitError",
        "FolderError",
        "BadFigures",
        "BadValue",
        "BadPoints",
        "Step",
        "step",
        "say",
        "complain",
        "click.echo",
    ]
)
_TAGS = re.compile(r"<[^>]*>")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SPOKEN = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\s*\)""")
# Each language is named in itself, and an address is an address.
_OWN_NAME = re.compile(r"English|中文|(?:POST )?/[A-Za-z0-9/-]+")


def in_source(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every Chinese text without its English, and of what is said in English only."""
    tree = ast.parse(source)
    above = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        text = literal(node)
        if text is not None and CHINESE.search(text) and not _documents(node, above) and not _paired(node, text, above):
            yield node.lineno, text  # type: ignore[attr-defined]  # a literal stands on a line
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SPEAKERS and _english_only(node):
            yield node.lineno, ast.unparse(node)


def literal(node: ast.AST) -> str | None:
    """The text of a literal, with {} where something is filled in; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.BinOp):
        left, right = literal(node.left), literal(node.right)
        return None if left is None or right is None else left + right
    return None


def _documents(node: ast.AST, above: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether it is a docstring, which is in the language of the code, or a part of a longer text."""
    return isinstance(above[node], (ast.Expr, ast.JoinedStr)) or literal(above[node]) is not None


def _paired(node: ast.AST, text: str, above: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether its English stands in the same text, next to it, or under the name for it."""
    if ENGLISH.search(re.sub(r"\{[^}]*\}", "", text)):
        return True
    parent = above[node]
    match parent:
        case ast.Call(args=beside) | ast.Tuple(elts=beside) | ast.List(elts=beside) if node in beside:
            place = beside.index(node)  # type: ignore[arg-type]
            pattern_first = isinstance(parent, ast.Tuple) and len(beside) == 2 and place == 1
            return _says_english(beside[0]) if pattern_first else _follows(beside, place)
        case ast.keyword(arg=str(name)):
            call = above[parent]
            return isinstance(call, ast.Call) and any(
                each.arg == name.replace("zh", "en") != name and _says_english(each.value) for each in call.keywords
            )
        case ast.Dict():
            return (_named(parent, node) == "zh" and _other(parent) is not None) or _in_a_table(parent, above)
        case ast.Assign() | ast.AnnAssign():
            return _assigned_beside(parent, above)
    return False


def _named(table: ast.Dict, value: ast.AST) -> str | None:
    """Under which name a dictionary has a value."""
    for key, each in zip(table.keys, table.values, strict=True):
        if each is value and key is not None:
            return literal(key)
    return None


def _other(table: ast.Dict) -> ast.expr | None:
    """What a dictionary has in English."""
    return next(
        (each for key, each in zip(table.keys, table.values, strict=True) if key and literal(key) == "en"), None
    )


def _in_a_table(table: ast.Dict, above: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether the whole table is the Chinese one of two that name the same things."""
    both = above[table]
    english = _other(both) if isinstance(both, ast.Dict) and _named(both, table) == "zh" else None
    return isinstance(english, ast.Dict) and _names(english) == _names(table)


def _names(table: ast.Dict) -> list[str | None]:
    return [literal(key) if key else None for key in table.keys]


def _assigned_beside(node: ast.Assign | ast.AnnAssign, above: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a neighbour is set to English: ``self.zh = …`` and ``self.en = …``."""
    target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    beside = {
        ast.unparse(each.targets[0] if isinstance(each, ast.Assign) else each.target)
        for each in getattr(above[node], "body", ())
        if isinstance(each, (ast.Assign, ast.AnnAssign))
    }
    return target.endswith("zh") and target.removesuffix("zh") + "en" in beside


def _follows(beside: list[ast.expr], place: int) -> bool:
    return place + 1 < len(beside) and _says_english(beside[place + 1])


def _says_english(node: ast.expr) -> bool:
    """Whether it is English, or made elsewhere, where it is looked at by itself."""
    text = literal(node)
    return text is None or (not CHINESE.search(text) and bool(ENGLISH.search(text) or "{}" in text))


def _english_only(call: ast.Call) -> bool:
    texts = [text for each in (*call.args, *(key.value for key in call.keywords)) if (text := literal(each))]
    return any(WORDS.search(text) for text in texts) and not any(CHINESE.search(text) for text in texts)


def in_template(source: str) -> Iterator[str]:
    """Texts of a page that are not said by ``t(zh, en)``, and pairs in which one of both is not its language."""
    for zh, en in _SPOKEN.findall(source):
        if (CHINESE.search(zh) is None and ENGLISH.search(en)) or CHINESE.search(en.replace("Kaohe 考核", "")):
            yield f"{zh} / {en}"
    for text in re.split(r"\s{2,}|\n", _TAGS.sub("\n", _JINJA.sub("", source))):
        if not _OWN_NAME.fullmatch(text.strip()) and (CHINESE.search(text) or ENGLISH.search(text)):
            yield text.strip()


def in_commands(command: click.Command, name: str = "kaohe") -> Iterator[str]:
    """Commands and options whose help is not in both languages."""
    helps = {name: command.help} | {f"{name} {each.name}": getattr(each, "help", None) for each in command.params}
    for place, text in helps.items():
        if text is not None and not (CHINESE.search(text) and ENGLISH.search(text)):
            yield f"{place}: {text}"
    if isinstance(command, click.Group):
        for child in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), child)
            yield from in_commands(found, f"{name} {child}") if found else ()


def in_document(value: Any, place: str = "") -> Iterator[str]:
    """Places of a rubric whose text is not Chinese in "zh" and English in "en"."""
    match value:
        case {"zh": str(zh), "en": en, **rest}:
            if rest or not isinstance(en, str) or not _is_the_english_of(en, zh):
                yield place
        case {"zh": _, **__} | {"en": _, **__}:
            yield place
        case dict():
            for name, member in value.items():
                yield from in_document(member, f"{place}/{name}")
        case list() | tuple():
            for index, member in enumerate(value):
                yield from in_document(member, f"{place}/{index}")


def _is_the_english_of(en: str, zh: str) -> bool:
    """Whether both speak, or neither; English may quote a Chinese term, of the very text it stands for."""
    quoted = re.findall("[\u4e00-\u9fff]+", en)
    speaks = ENGLISH.search(en) is not None or not CHINESE.search(zh)
    return speaks and bool(zh.strip()) == bool(en.strip()) and all(term in zh for term in quoted)
