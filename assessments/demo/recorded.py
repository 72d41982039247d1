"""What invented inspectors find, judge and write at a visit."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from assessments import report_text
from assessments.demo.quality import GOOD, LEVELS
from assessments.demo.story import RANK, Story
from assessments.demo.texts import texts
from assessments.field_edits import FINDING, JUDGEMENT, Edit
from assessments.models import Finding, Passage
from norms.models import Item

# So often a second inspector sees a level of difference.
DIFFERS = 0.4
# Good and bad findings at each level.
FINDINGS = {"meets": (3, 0), "largely_meets": (3, 1), "largely_fails": (1, 3), "fails": (0, 4)}


def _items(story: Story) -> dict[str, Item]:
    return {item.code: item for item in Item.objects.filter(version__in=story.visit.editions.all())}


def finding_edits(story: Story) -> Iterable[Edit]:
    """The edits that make the visit's findings."""
    items = _items(story)
    for code in ("W1", "W2", "W3"):
        for found in _findings(story, code):
            key = uuid.uuid4()
            values = {
                "source": found["source"],
                "text": found["text"],
                "items": [items[i].pk for i in found["items"]],
            }
            for name, value in values.items():
                yield Edit(uuid.uuid4(), FINDING, key, name, 0, value)


def _findings(story: Story, code: str) -> list[dict]:
    """Good and bad ones as the level asks, never two that speak of the same question."""
    pool = texts("visits")["findings"][code]
    good, bad = FINDINGS[story.levels[code]]
    first, then = ((good, "good"), (bad, "bad")) if good > bad else ((bad, "bad"), (good, "good"))
    chosen: list[dict] = []
    for count, kind in (first, then):
        told = {item for found in chosen for item in found["items"]}
        free = [found for found in pool[kind] if told.isdisjoint(found["items"])]
        chosen += story.chance.sample(free, min(count, len(free)))
    return chosen


def own_edits(story: Story, *, differs: bool = False) -> Iterable[Edit]:
    """One inspector's judgements from before the team agreed."""
    items = _items(story)
    reason = story.chance.choice(texts("visits")["own_reasons"])
    codes = ("W1", "W2", "W3", "W") if story.apart else ("W1", "W2", "W3")
    for code in codes:
        level = story.levels[code]
        if differs and story.chance.random() < DIFFERS:
            level = LEVELS[abs(LEVELS.index(level) - 1)]
        yield from _judgement(items[code], {"level": level, "reason": reason}, common=False)


def common_edits(story: Story) -> Iterable[Edit]:
    """The team's judgements, each citing the findings under its questions."""
    items = _items(story)
    findings = list(Finding.objects.filter(visit=story.visit).prefetch_related("items"))
    for code, level in story.levels.items():
        reason = texts("visits")["reasons"][code][level].format(**story.words)
        values: dict[str, object] = {"level": level, "reason": reason}
        cited = [str(f.pk) for f in findings if any(i.code.startswith(code + ".") for i in f.items.all())]
        if cited:
            values["findings"] = cited
        yield from _judgement(items[code], values, common=True)


def _judgement(item: Item, values: dict[str, object], *, common: bool) -> Iterable[Edit]:
    key = uuid.uuid4()
    for name, value in values.items():
        yield Edit(uuid.uuid4(), JUDGEMENT, key, name, 0, value, item.pk, common)


def write_report(story: Story) -> None:
    """Fill the passages that composing leaves to people."""
    words = texts("visits")
    write(story, "summary", words["summaries"][story.levels["W"]].format(**story.words))
    write(story, "provider_text", words["provider_text"].format(**story.words))
    write(story, "documents", "\n".join(story.chance.sample(words["documents"], 4)))
    night = _items(story)["W2"]
    for passage in Passage.objects.filter(visit=story.visit).exclude(item=None).select_related("item"):
        points = _points(story, passage)
        if points:
            due = _due(story, is_night=passage.item == night)
            _save(story, passage, "\n".join(points), due if passage.key == "must" else None)


def _due(story: Story, *, is_night: bool) -> date:
    """The night cannot wait as long as the rest. Who signs in finds work of today."""
    if story.cast.index == 0:
        return story.today + timedelta(days=-6 if is_night else 45)
    return story.start + timedelta(days=76 if is_night else 150)


def _points(story: Story, passage: Passage) -> list[str]:
    """The better the level, the more goes well; what must be better stands under low levels only."""
    code = passage.item.code if passage.item else ""
    level, points = story.levels[code], texts("visits")["points"][code][passage.key]
    good = {"meets": 2, "largely_meets": 2, "largely_fails": 1, "fails": 0}[level]
    count = {"good": good, "better": 1 if good else 2, "must": 0 if level in GOOD else 2}[passage.key]
    return points[:count]


def write(story: Story, key: str, text: str) -> None:
    """Write a passage that is about no single item."""
    _save(story, Passage.objects.get(visit=story.visit, key=key, item=None), text)


def _save(story: Story, passage: Passage, text: str, due_on: date | None = None) -> None:
    report_text.save_passage(passage.pk, text, due_on, passage.version, by=story.lead)


def place_of(content: dict, where: str) -> str:
    """A passage that a remark can be about: a heading, or a finding or ground of the worst criterion."""
    if where == "heading":
        return "De aanbieder"
    criteria = [item for item in content["items"] if not item["is_whole"]]
    worst = min(criteria, key=lambda item: RANK[item["level"]])
    passages = worst["findings"] if where == "finding" else worst["grounds"]
    return passages[-1]["number"] if passages else ""
