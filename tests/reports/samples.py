"""Contents of fictional reports: a full one, its concept, a bare one, and one with everything too long."""

import json
from pathlib import Path
from typing import Any

FULL = Path(__file__).with_name("full.json")
LEVELS = ("meets", "largely_meets", "largely_fails", "fails", "not_tested")


def full() -> dict[str, Any]:
    """A final report with every part filled in."""
    return json.loads(FULL.read_text(encoding="utf-8"))


def concept() -> dict[str, Any]:
    """The same report before the provider's reaction."""
    content = full()
    content.update(version="0.1", kind="concept", remarks=[])
    content["dates"].update(settled_on=None, reaction_received_on=None)
    return content


def bare() -> dict[str, Any]:
    """As little as the contract allows: nothing handed in, nothing written, nothing found."""
    content = full()
    lists = ("locations", "frameworks", "actions", "remarks", "documents", "norm_text")
    texts = ("summary", "occasion", "provider_text", "method", "next_steps")
    content.update({key: [] for key in lists} | dict.fromkeys(texts, ""))
    content.update(self_assessment=None, no_remarks=True)
    content["items"] = [item("W1", "meets"), item("W2", "not_tested")]
    content["provider"].update(kvk="", agb="", regions=[])
    content["visit"].update(announced=False, ended_on="2025-09-09", inspectors=1)
    content["visit"]["counts"] = {"interviews": 0, "files": 1, "home_visits": 0, "documents": 0}
    content["dates"] = dict.fromkeys(content["dates"])
    return content


def labelled() -> dict[str, Any]:
    """Sixty texts of one to seven points with a long name beside them: some of each begin low on a page."""
    content = full()
    point = "De aanbieder gebruikt wat bij de cliënt past. "
    content["norm_text"] = [
        {
            "code": f"W{n}",
            "title": "Dag en nacht zorg in de nabijheid",
            "questions": [
                {"code": f"W{n}.{m}", "text": point * (1 + n * m % 4)} for m in range(1, 3 + n % 7)
            ],
        }
        for n in range(1, 60)
    ]
    return content


STRANGE = "Ş ğ ı Ž ő € ≥ 2 → ﬁ 𝐁old 😀 日本 \u202e\u0007 <b>&amp;</b> {{ 7|add:1 }} lang" + "woord" * 60
LONG = " ".join(["De zorgverlener vertelt wat er in de nacht gebeurt en wie dan komt."] * 90)


def extreme() -> dict[str, Any]:
    """Very long names and texts, strange signs, two frameworks with many items."""
    content = full()
    content["provider"]["name"] = (
        "Coöperatieve Vereniging voor Persoonsgerichte Wijkverpleging, Langdurige Zorg Thuis en "
        "Mantelzorgondersteuning Noordoost-Overijssel & Zuid-Drenthe «De Łódź-İstanbul» U.A."
    )
    content["locations"] = [
        {"name": f"Team {n} Rijkevoort-De-Walsert", "place": "’s-Hertogenbosch", "establishment": f"{n:012}"}
        for n in range(1, 13)
    ]
    content["summary"] = f"{STRANGE}\n{LONG}"
    content["items"][2]["findings"][0]["text"] = LONG
    content["items"] += _addendum()
    content["remarks"][0].update(text=LONG, answer=LONG, verdict=None)
    content["actions"] += [
        {"number": f"V{n}", "text": STRANGE, "due_on": f"2026-{n:02}-01", "item": "A1"} for n in range(4, 12)
    ]
    content["documents"] = [{"title": f"Document {n} {STRANGE}", "dated": None} for n in range(20)]
    return content


HOSTILE = (
    "شركة الرعاية المنزلية",
    "טיפול ביתי",
    "👩‍⚕️🏠 Zorg & <script>alert(1)</script>",
    "</td></tr></table><h1>Weg</h1>",
    "{% include 'x' %} {{ secret }} <!-- --> ]]>",
)


def hostile() -> dict[str, Any]:
    """Whatever a person could type or leave empty: 200 findings, one of them a book, one a single word."""
    content = full()
    content["provider"]["name"] = f"{HOSTILE[0]} \u202eomgekeerd\u202c Thuiszorg {HOSTILE[2]}"
    content["locations"] = [
        {"name": name, "place": "", "establishment": ""} for name in (*HOSTILE, "x" * 200, "")
    ]
    content["summary"] = "\n".join(HOSTILE)
    content["occasion"] = content["provider_text"] = ""
    texts = [
        "w" * 3_000,
        ("Een zin die steeds terugkomt en nergens over gaat. " * 1_000)[:50_000],
        "",
        *HOSTILE,
        *(f"Feit {n}: in de nacht komt er niemand. {HOSTILE[n % 5]}" for n in range(192)),
    ]
    content["items"] = [
        item("W", "fails", is_whole=True, own_asked=False, grounds=[HOSTILE[1], ""]),
        item("W1", "not_tested", findings=["", HOSTILE[3]]),
        item("W2", "fails", "meets", findings=texts, grounds=["g" * 3_000, HOSTILE[4], ""]),
    ]
    content["items"][2].update(good=[""], better=["b" * 3_000], must=[HOSTILE[2], ""])
    content["actions"] = [
        {"number": f"V{n}", "text": text, "due_on": None, "item": "W2"}
        for n, text in enumerate(("m" * 3_000, HOSTILE[2], ""), start=1)
    ]
    content["remarks"] = [
        {
            "number": 1,
            "passage": "W2-1",
            "text": "r" * 3_000,
            "verdict": "rejected",
            "answer": texts[1][:3_000],
        },
        {"number": 2, "passage": "", "text": "", "verdict": None, "answer": ""},
        {"number": 3, "passage": HOSTILE[0][:30], "text": HOSTILE[1], "verdict": "adopted", "answer": "😀"},
    ]
    content["documents"] = [{"title": title, "dated": None} for title in (*HOSTILE, "d" * 3_000, "")]
    content["fixed_texts"] = [{"key": "x", "title": HOSTILE[3], "text": HOSTILE[2]}]
    return content


def _addendum() -> list[dict[str, Any]]:
    owns = ("meets", "largely_meets", "largely_fails", "fails", "not_applicable", None)
    parts = [
        item(
            f"{letter}{n}",
            LEVELS[(n + ord(letter)) % 5],
            owns[(n * 3 + ord(letter)) % 6],
            findings=[f"Feit {m}. {STRANGE if m == 3 else ''}" for m in range(1, n * 3)],
            grounds=[LONG, STRANGE] if n == 3 else ["Kort."],
        )
        for letter in "ABDEFGH"
        for n in (1, 2, 3)
    ]
    return [item("0", "fails", is_whole=True, own_asked=False), *parts]


def item(
    code: str,
    level: str,
    own: str | None = None,
    findings: list[str] | None = None,
    grounds: list[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A judged item; its findings and grounds share one numbering."""
    found, reasons = findings or [], grounds or []
    return {
        "code": code,
        "title": f"Vereiste {code}: een omschrijving die langer is dan de kolom breed is",
        "text": "",
        "is_whole": False,
        "level": level,
        "own_asked": True,
        "own": {"level": own, "text": ""} if own else None,
        "good": [],
        "better": [],
        "must": [],
        "findings": [
            {"number": f"{code}-{n}", "source": "medication", "source_label": "Medicatie", "text": text}
            for n, text in enumerate(found, start=1)
        ],
        "grounds": [
            {"number": f"{code}-{n}", "text": text, "cites": []}
            for n, text in enumerate(reasons, start=len(found) + 1)
        ],
        **more,
    }
