"""Reading a norm file: YAML into plain data, checked against the JSON Schema.

Nothing here touches the database. Whatever is wrong comes back as problems, all at once, each with the
file, the place in it and the reason in Dutch.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

DATA = Path(__file__).parent / "data"
SCALES = DATA / "scales.yaml"
SCHEMA = DATA / "schema.v1.json"
SEPARATOR = " › "

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
    def checksum(self) -> str:
        return checksum(self.data)


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses a key twice in one group instead of keeping the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, (key_node, _) in zip(keys, node.value, strict=True):
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(
                    problem=f"{key} staat er twee keer", problem_mark=key_node.start_mark
                )
        return super().construct_mapping(node, deep)


def checksum(data: object) -> str:
    """sha256 of the canonical JSON of plain data."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read(path: Path) -> Document:
    """The file as a document. Raises NormFileError with every problem that the schema sees."""
    name = _display_name(path)
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader of our own
    except OSError as error:
        raise NormFileError([Problem(name, "", f"niet te lezen ({error.strerror})")]) from error
    except UnicodeDecodeError as error:
        raise NormFileError([Problem(name, "", "is geen UTF-8-tekst")]) from error
    except yaml.YAMLError as error:
        raise NormFileError([_yaml_problem(name, error)]) from error
    problems = [Problem(name, *described) for described in _schema_problems(data)]
    if problems:
        raise NormFileError(problems)
    return Document(name, data)


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


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    checker = FormatChecker(formats=["date"])
    return Draft202012Validator(schema, format_checker=checker)


def _schema_problems(data: object) -> Iterator[tuple[str, str]]:
    """(path, reason) per violation; a missing or unknown field is named in the path."""
    for error in _validator().iter_errors(data):
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
