"""`make lock`: pin every package with its hashes, without the address of any registry."""

import json

from .bootstrap import prepare, uv, uv_environ
from .shell import ROOT, call

# Which lock holds which groups of pyproject.toml; with the project's own dependencies or without.
LOCKS = {
    "requirements.lock": ["pyproject.toml"],
    "requirements-dev.lock": ["pyproject.toml", "--group", "embedded", "--group", "test", "--group", "lint"],
    "requirements-uv.lock": ["--group", "uv"],
    "requirements-node.lock": ["--group", "node"],
    "requirements-prove.lock": ["--group", "prove"],
}
OPTIONS = "-q --universal --generate-hashes --upgrade --no-header --no-emit-index-url --no-emit-find-links"


def lock() -> None:
    """Choose the newest allowed versions anew and write all lock files."""
    prepare()
    for name, sources in LOCKS.items():
        call([*uv(), "pip", "compile", *OPTIONS.split(), *sources, "--output-file", name], env=uv_environ())
    call(["npm", "install", "--package-lock-only"])
    _without_addresses()


def _without_addresses() -> None:
    """npm also notes where to give money to a package's author; drop that."""
    path = ROOT / "package-lock.json"
    content = json.loads(path.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(content, indent=2) + "\n")
