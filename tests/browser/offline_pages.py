"""A visit without a network, as an inspector works with it in a browser."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.portal import Portal

PASSPHRASE = "vier losse woorden samen"
OFFLINE = "/bezoeken/offline/"
# Everything that a browser keeps for the portal, as one text.
KEPT = """async () => {
  const parts = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      indexedDB.open(name).onsuccess = ({target}) => done(target.result);
    });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        db.transaction(store).objectStore(store).getAll().onsuccess = ({target}) => done(target.result);
      });
      const bytes = (_, value) => {
        const raw = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
        return raw instanceof Uint8Array ? new TextDecoder("latin1").decode(raw) : value;
      };
      parts.push(store, JSON.stringify(rows, bytes));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const type = request.url.match(/\\.(woff2|png)$/);
      parts.push(request.url, type ? "" : await (await cache.match(request)).text());
    }
  }
  return parts.join("\\n");
}"""


def kept(page: Page) -> str:
    return str(page.evaluate(KEPT))


def take_along(page: Page, visit: int) -> None:
    """From the page of the visit, with a passphrase, until it is open on the device."""
    page.goto(f"/bezoeken/{visit}/")
    page.get_by_role("link", name="Offline beschikbaar maken").click()
    page.get_by_label("Wachtzin", exact=True).fill(PASSPHRASE)
    page.get_by_label("Wachtzin nog een keer").fill(PASSPHRASE)
    page.get_by_role("button", name="Meenemen").click()
    expect(page.locator(".tabs")).to_be_visible(timeout=20_000)


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Wachtzin").fill(passphrase)
    page.get_by_role("button", name="Openen").click()


def another_tab(context: BrowserContext) -> Page:
    """The same copy in a second tab; works without a network too."""
    page = context.new_page()
    page.goto(OFFLINE)
    unlock(page)
    expect(page.locator(".tabs")).to_be_visible(timeout=20_000)
    return page


def state(page: Page, words: str) -> None:
    expect(page.locator("#state")).to_contain_text(words, timeout=20_000)


def new_finding(page: Page, text: str, source: str = "Dossier") -> None:
    form = page.locator('[data-form^="finding-new"]')
    form.get_by_label(source, exact=True).check()
    form.get_by_label("Wat hoorde of zag u?").fill(text)
    form.get_by_role("button", name="Bevinding bewaren").click()
    expect(page.locator(".finding").filter(has_text=text)).to_be_visible()


def change_finding(page: Page, old: str, new: str) -> None:
    row = page.locator(".finding").filter(has_text=old)
    row.get_by_role("button", name="Wijzigen").click()
    form = row.locator("form")
    form.get_by_label("Wat hoorde of zag u?").fill(new)
    form.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".finding p").filter(has_text=new).first).to_be_visible()


def judge(page: Page, level: str, reason: str, which: str = "own") -> None:
    form = page.locator(f'[data-form^="{which}-"]')
    form.get_by_label(level, exact=True).check()
    form.get_by_label("Reden").fill(reason)
    form.locator('button[type="submit"]').click()
    expect(form.locator(".save-state, textarea").first).to_be_visible()


def accepted(portal: Portal, visit: int) -> list[tuple[str, str, int, Any]]:
    """The log of a visit: object, field, version and value, in the order of each field's versions."""
    rows = portal.query(
        "SELECT object_id::text, field, version, value FROM assessments_fieldedit WHERE visit_id = %s"
        " ORDER BY object_id, field, version",
        visit,
    )
    return [(key, field, version, value) for key, field, version, value in rows]


def times_accepted(portal: Portal, visit: int, texts: list[str]) -> dict[str, int]:
    """How often each text was accepted."""
    values = [value for *_, value in accepted(portal, visit)]
    return {text: values.count(text) for text in texts}


Somebody = Callable[..., Any]
