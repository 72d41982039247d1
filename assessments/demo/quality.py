"""How good an invented provider is. One hidden quality lies behind its own scores and the inspector's."""

from providers.demo import dice

LEVELS = ("fails", "largely_fails", "largely_meets", "meets")
GOOD = ("largely_meets", "meets")
CRITERIA = ("W1", "W2", "W3")
# Quality on the scale of the ranks: 1 is fails, 4 is meets; with how many providers are like that.
KINDS = {1.8: 1, 2.4: 3, 2.9: 4, 3.4: 4, 3.8: 2}


class Quality:
    """One provider's quality. Themes differ, the night is hardest for the weak, and years bring growth."""

    def __init__(self, seed: int, kvk: str) -> None:
        self._about = (seed, kvk)
        chance = dice("quality", *self._about)
        self.base = chance.choices(list(KINDS), weights=list(KINDS.values()))[0]
        self.growth = chance.uniform(0.0, 0.35)
        self.optimism = chance.uniform(-0.1, 1.0)

    def own(self, code: str, years_ago: int) -> str:
        """The level that the provider gives itself on an item."""
        return _level(self._score(code, years_ago))

    def judged(self, years_ago: int) -> dict[str, str]:
        """What inspectors would say of the norm and its criteria: soberer than the provider."""
        scores = {code: self._score(code, years_ago) - self.optimism for code in CRITERIA}
        levels = {code: _level(score) for code, score in scores.items()}
        whole = _level(0.3 * scores["W1"] + 0.4 * scores["W2"] + 0.3 * scores["W3"])
        # By hand, and an inspector does not call a whole good when a part of it is bad.
        limit = min(LEVELS.index(level) for level in levels.values()) + 1
        return {"W": LEVELS[min(LEVELS.index(whole), limit, 3)], **levels}

    def _score(self, code: str, years_ago: int) -> float:
        theme = code if code in CRITERIA else code[0]
        score = self.base + self._theme(theme) - self.growth * years_ago
        return score + dice("item", *self._about, code).gauss(0, 0.3)

    def _theme(self, theme: str) -> float:
        offset = dice("theme", *self._about, theme).gauss(0, 0.35)
        if theme == "W2":
            return offset - (0.6 if self.base < 2.6 else 0.1)
        return offset


def _level(score: float) -> str:
    return LEVELS[sum(score >= limit for limit in (1.75, 2.55, 3.3))]
