"""Dutch register numbers: text with leading zeros, never integers."""

from django.core.validators import RegexValidator


def _digits(name: str, count: int) -> RegexValidator:
    return RegexValidator(
        rf"^[0-9]{{{count}}}\Z",
        f"Vul een {name} van {count} cijfers in. Nullen vooraan horen erbij.",
        code="identifier",
    )


validate_kvk = _digits("KvK-nummer", 8)
validate_agb = _digits("AGB-code", 8)
validate_establishment = _digits("vestigingsnummer", 12)
