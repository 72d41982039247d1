"""What is copied from npm is what the pages use, and the locks tell no address."""

import re
from pathlib import Path

import pytest

from wlzthuis.dev import assets
from wlzthuis.dev.shell import ROOT

VENDOR = ROOT / "static" / "vendor"
STYLES = (VENDOR / "nlds.css").read_text()
# All that voorbeeld offers, and what of it is kept.
OFFERED = dict(
    assets.DECLARED.findall((ROOT / "node_modules" / assets.TOKENS / "dist" / "variables.css").read_text())
)
KEPT = dict(assets.DECLARED.findall(STYLES[: STYLES.index("}")]))


def test_every_token_in_use_is_kept_and_no_other() -> None:
    own = "".join(path.read_text() for path in (ROOT / "static" / "css").rglob("*.css"))
    used = set(assets.USED.findall(STYLES + own))
    assert set(KEPT) == used & set(OFFERED)
    assert len(KEPT) < len(OFFERED) / 3


def test_kept_tokens_keep_their_value() -> None:
    assert all(OFFERED[name] == value for name, value in KEPT.items())


def test_every_component_names_its_licence() -> None:
    packages = [path.name for path in (ROOT / "node_modules" / "@utrecht").iterdir()]
    assert all(re.search(rf"/\* @utrecht/{name} [\d.]+, EUPL-1\.2 \*/", STYLES) for name in packages)


def test_every_icon_in_a_template_is_there() -> None:
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r'{%\s*icon "([^"]+)"', templates))
    assert named <= set(assets.ICONS)


def test_copies_follow_their_source(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    assets.copy_assets(tmp_path)
    font = next((tmp_path / "static" / "vendor" / "fonts").rglob("*.woff2"))
    untouched = font.stat().st_mtime_ns
    stale = font.with_name("stale.woff2")
    stale.touch()
    assets.copy_assets(tmp_path)
    assert not stale.exists() and font.stat().st_mtime_ns == untouched


@pytest.mark.parametrize("lock", [*sorted(ROOT.glob("requirements*.lock")), ROOT / "package-lock.json"])
def test_lock_has_hashes_and_no_host(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "sha512-" in text if lock.suffix == ".json" else "--hash=sha256:" in text


def test_every_npm_version_is_exact() -> None:
    versions = re.findall(r'"[@\w/.-]+": "([^"]*\d[^"]*)"', (ROOT / "package.json").read_text())
    assert len(versions) > 30
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions if version != "EUPL-1.2")
