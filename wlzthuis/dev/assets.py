"""Copy the chosen files of the npm packages to static/vendor, and prune the design tokens to those used."""

import json
import re
import shutil
from pathlib import Path

ICONS = (
    "arrow-left",
    "arrow-right",
    "bell",
    "building-2",
    "calendar",
    "check",
    "chevron-down",
    "chevron-right",
    "circle-alert",
    "circle-check",
    "circle-help",
    "circle-x",
    "clock",
    "download",
    "eye",
    "file-text",
    "history",
    "info",
    "list-checks",
    "lock",
    "log-out",
    "map-pin",
    "menu",
    "message-square",
    "minus",
    "paperclip",
    "pencil",
    "plus",
    "rotate-ccw",
    "search",
    "send",
    "shield-check",
    "trash-2",
    "triangle-alert",
    "upload",
    "user",
    "users",
    "x",
)
# Screens use the variable fonts; static weights are for the PDF, whose renderer embeds one face per weight.
FONT_FILES = {
    "@fontsource-variable/source-serif-4": ["opsz-normal"],
    "@fontsource-variable/atkinson-hyperlegible-next": ["wght-normal"],
    "@fontsource/source-serif-4": ["400-normal", "600-normal", "700-normal"],
    "@fontsource/atkinson-hyperlegible-next": ["400-normal", "600-normal", "700-normal"],
}
SUBSETS = ("latin", "latin-ext")
TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens"
USED = re.compile(r"var\(\s*(--[\w-]+)")
DECLARED = re.compile(r"^\s*(--[\w-]+):\s*(.*?);$", re.MULTILINE)


def copy_assets(root: Path) -> None:
    """Rebuild root/static/vendor from root/node_modules; raises FileNotFoundError naming what is absent."""
    modules, vendor = root / "node_modules", root / "static" / "vendor"
    own_css = [path.read_text() for path in sorted((root / "static" / "css").rglob("*.css"))]
    files = {"nlds.css": design_system(modules, own_css).encode()} | fonts(modules) | icons(modules)
    _sync(vendor, files)


def design_system(modules: Path, own_css: list[str]) -> str:
    """One stylesheet: the tokens that are used, and the CSS of every installed @utrecht component."""
    parts = []
    for package in sorted((modules / "@utrecht").glob("*-css")):
        css = (package / "dist" / "index.min.css").read_text().replace('@charset "UTF-8";', "")
        parts.append(_notice(package) + css)
    return "\n".join([pruned_tokens(modules, parts + own_css), *parts])


def fonts(modules: Path) -> dict[str, bytes]:
    """The chosen woff2 files with their licence, as fonts/<family>[-static]/<file>."""
    found = {}
    for name, faces in FONT_FILES.items():
        family = name.split("/")[1]
        folder = f"fonts/{family}" if "variable" in name else f"fonts/{family}-static"
        found[f"{folder}/LICENSE.txt"] = (modules / name / "LICENSE").read_bytes()
        for file in (f"{family}-{subset}-{face}.woff2" for face in faces for subset in SUBSETS):
            found[f"{folder}/{file}"] = (modules / name / "files" / file).read_bytes()
    return found


def icons(modules: Path) -> dict[str, bytes]:
    """The named icons as lucide/<name>.svg."""
    folder = modules / "lucide-static" / "icons"
    return {f"lucide/{name}.svg": (folder / f"{name}.svg").read_bytes() for name in ICONS}


def pruned_tokens(modules: Path, stylesheets: list[str]) -> str:
    """The voorbeeld tokens that the stylesheets use, directly or through another token, on :root."""
    package = modules / TOKENS
    values = dict(DECLARED.findall((package / "dist" / "variables.css").read_text()))
    waiting = {name for css in stylesheets for name in USED.findall(css)}
    kept: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in values and name not in kept:
            kept.add(name)
            waiting.update(USED.findall(values[name]))
    lines = "".join(f"  {name}: {values[name]};\n" for name in sorted(kept))
    return f"{_notice(package)}:root {{\n{lines}}}\n"


def _notice(package: Path) -> str:
    about = json.loads((package / "package.json").read_text())
    return f"/* {about['name']} {about['version']}, {about['license']} */\n"


def _sync(folder: Path, files: dict[str, bytes]) -> None:
    """Make folder hold exactly these files; unchanged ones keep their time stamp."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, body in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != body:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    for path in [path for path in folder.iterdir() if path.is_dir() and not any(path.iterdir())]:
        shutil.rmtree(path)


if __name__ == "__main__":  # in the image, where nothing else of this package runs
    copy_assets(Path(__file__).resolve().parents[2])
