"""Reading a norm file: YAML into plain data, checked against the JSON Schema.

Nothing here touches the database. Whatever is wrong comes back as problems, all at once, each with the
file, the place in it and the reason in Dutch. A file may come from anywhere: it is read up to a limit, and
what would grow or go too deep is refused before anything is built from it.
"""

import datetime
import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

DATA = Path(__file__).parent / "data"
SCALES = DATA / "scales.yaml"
SCHEMA = DATA / "schema.v1.json"
MAPPINGS_SCHEMA = DATA / "mappings.v1.json"
LIMIT = 1_000_000  # bytes; the largest edition has a tenth of it
DEEPEST = 40  # levels of YAML; an item takes two
SEPARATOR = " › "

# NUL, other control characters and halves of characters.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

TYPE_WORDS = {
    "string": "tekst",
    "integer": "een geheel getal",
    "number": "een getal",
    "boolean": "true of false",
    "array": "een lijst",
    "object": "een groep velden",
    "null": "leeg (null)",
}


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong where; `path` is empty when the whole file is meant."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.path, self.reason) if part)


class NormFileError(Exception):
    """The files cannot be loaded; `problems` holds every reason."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Document:
    """A file that fits the schema. The checksum ignores layout and comments."""

    file: str
    data: dict[str, Any]

    @property
    def is_scales(self) -> bool:
        return "scales" in self.data

    @property
    def is_mappings(self) -> bool:
        return "pairs" in self.data

    @property
    def is_edition(self) -> bool:
        return not (self.is_scales or self.is_mappings)

    @property
    def checksum(self) -> str:
        return checksum(self.data)


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key twice in one group, references, and what is nested too deep."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # A reference to a reference to a reference: a few lines that say they are millions.
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _mistake("verwijzingen met & en * mogen niet; schrijf de tekst uit", event.start_mark)
        self._depth = getattr(self, "_depth", 0) + 1
        if self._depth > DEEPEST:
            raise _mistake(f"gaat dieper dan {DEEPEST} niveaus", event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, (key_node, _) in zip(keys, node.value, strict=True):
            if keys.count(key) > 1:
                raise _mistake(f"{key} staat er twee keer", key_node.start_mark)
        return super().construct_mapping(node, deep)


def _mistake(problem: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def checksum(data: object) -> str:
    """sha256 of the canonical JSON of plain data."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read(path: Path, schema: Path | None = None) -> Document:
    """The file as a document. Raises NormFileError with every problem that the schema sees.

    The schema is that of norms, unless another kind of file brings its own.
    """
    name = _display_name(path)
    try:
        data = yaml.load(_text(path), Loader=_Loader)  # noqa: S506 - a SafeLoader of our own
    except OSError as error:
        raise NormFileError([Problem(name, "", f"niet te lezen ({error.strerror or error})")]) from error
    except UnicodeDecodeError as error:
        raise NormFileError([Problem(name, "", "is geen UTF-8-tekst")]) from error
    except yaml.YAMLError as error:
        raise NormFileError([_yaml_problem(name, error)]) from error
    except ValueError as error:
        # A value in the form of a number or a date that is none, such as 2026-13-45.
        raise NormFileError([Problem(name, "", f"heeft een waarde die niet bestaat ({error})")]) from error
    schema = schema or (MAPPINGS_SCHEMA if isinstance(data, dict) and "pairs" in data else SCHEMA)
    problems = [Problem(name, *described) for described in (*_odd(data), *_schema_problems(data, schema))]
    if problems:
        raise NormFileError(problems)
    return Document(name, data)


def _text(path: Path) -> str:
    """Raises OSError and UnicodeDecodeError."""
    if path.exists() and not path.is_file():
        raise OSError("is geen bestand")
    with path.open("rb") as file:
        content = file.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise OSError(f"is groter dan {LIMIT // 1_000_000} MB")
    return content.decode("utf-8")


def _odd(data: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """What YAML can say and no database keeps: numbers without end, and characters that are none."""
    match data:
        case dict():
            for key, value in data.items():
                yield from _odd(key, steps)
                yield from _odd(value, (*steps, str(key)))
        case list():
            for index, value in enumerate(data):
                yield from _odd(value, (*steps, index + 1))
        case float() if not math.isfinite(data):
            yield SEPARATOR.join(map(str, steps)), "is geen gewoon getal"
        case str() if UNSTORABLE.search(data):
            yield SEPARATOR.join(map(str, steps)), "bevat een teken dat niet in een tekst hoort"


def place(data: object, steps: list[str | int]) -> str:
    """A path for people: list elements go by their code when they have one, else by number from 1."""
    names = []
    for step in steps:
        data = _step_into(data, step)
        names.append(str(step) if isinstance(step, str) else _element_name(data, step))
    return SEPARATOR.join(names)


def _display_name(path: Path) -> str:
    """The product's own files go by their place in the checkout, others by the path as it was given."""
    root, full = DATA.parent.parent, path.resolve()
    return str(full.relative_to(root)) if full.is_relative_to(root) else str(path)


def _step_into(data: object, step: str | int) -> object:
    """None where there is nothing, as for a field that is missing."""
    if isinstance(data, dict):
        return data.get(step)
    return data[step] if isinstance(data, list) and isinstance(step, int) else None


def _element_name(element: object, index: int) -> str:
    code = element.get("code") if isinstance(element, dict) else None
    return code if isinstance(code, str) and code else str(index + 1)


def _yaml_problem(name: str, error: yaml.YAMLError) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(name, "", "is geen geldige YAML")
    mark = error.problem_mark
    where = f"regel {mark.line + 1}, kolom {mark.column + 1}"
    return Problem(name, where, f"is geen geldige YAML ({error.problem})")


def _pattern(_: Any, wanted: str, found: Any, __: Any) -> Iterator[ValidationError]:
    """In a schema $ is the very end; Python's own allows a line end after it."""
    if isinstance(found, str) and not re.search(re.sub(r"\$$", r"\\Z", wanted), found):
        yield ValidationError(f"{found!r} does not match {wanted!r}")


_Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})


@cache
def _validator(schema: Path) -> Draft202012Validator:
    checker = FormatChecker(formats=["date"])
    return _Validator(json.loads(schema.read_text("utf-8")), format_checker=checker)


def _schema_problems(data: object, schema: Path) -> Iterator[tuple[str, str]]:
    """(path, reason) per violation; a missing or unknown field is named in the path."""
    for error in _validator(schema).iter_errors(data):
        steps = list(error.absolute_path)
        for extra, reason in _described(error):
            yield place(data, steps + extra), reason


def _described(error: ValidationError) -> list[tuple[list[str | int], str]]:
    """The reasons in Dutch, each with what has to be added to the path."""
    wanted: Any = error.validator_value
    found: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "required":
            return [([name], "ontbreekt") for name in wanted if error.message.startswith(f"{name!r} ")]
        case "additionalProperties":
            known = schema["properties"]
            return [([str(name)], "is een onbekend veld") for name in found if name not in known]
        case "dependentRequired":
            missing = {need for name, needs in wanted.items() if name in found for need in needs} - set(found)
            return [([name], "ontbreekt") for name in missing]
        case _:
            return [([], _reason(str(error.validator), wanted, found))]


def _reason(rule: str, wanted: Any, found: Any) -> str:
    match rule:
        case "type":
            return _type_reason([wanted] if isinstance(wanted, str) else wanted, found)
        case "enum":
            return f"is {_shown(found)}, maar moet een van deze zijn: {', '.join(map(str, wanted))}"
        case "pattern" if wanted == r"\S":
            return "is leeg"
        case "pattern":
            return f"is {_shown(found)}, en die vorm mag niet ({wanted})"
        case "format":
            return f"is {_shown(found)}, en dat is geen bestaande datum"
        case "minLength":
            return "is leeg"
        case "maxLength":
            return f"is langer dan {wanted} tekens"
        case "minItems" | "minProperties":
            return f"heeft er {len(found)}, maar minstens {wanted} nodig"
        case "maxItems" | "maxProperties":
            return f"heeft er {len(found)}, maar mag er hooguit {wanted} hebben"
        case "uniqueItems":
            return "noemt iets twee keer"
        case "minimum" | "maximum":
            return f"is {found}, maar de grens is {wanted}"
        case "oneOf":
            names = [name for choice in wanted for name in choice["required"]]
            return f"moet precies één van deze velden hebben: {', '.join(names)}"
    return "is hier niet toegestaan"


def _type_reason(wanted: list[str], found: Any) -> str:
    words = " of ".join(TYPE_WORDS[word] for word in wanted)
    scalar = isinstance(found, bool | int | float | datetime.date)
    hint = "; zet de waarde tussen aanhalingstekens" if "string" in wanted and scalar else ""
    return f"is {_shown(found)}, maar moet {words} zijn{hint}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "leeg"
        case bool():
            return str(value).lower()
        case dict():
            return "een groep velden"
        case list():
            return "een lijst"
    return f"‘{value}’"
