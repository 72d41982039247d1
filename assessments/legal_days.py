"""Days on which a term of the law does not end (Algemene termijnenwet, articles 1 and 3).

Days that a royal decree puts on a par with these, such as the Friday after Ascension Day, are not known here.
"""

from datetime import date, timedelta

# Days from Easter: Good Friday, Easter Monday, Ascension Day, Whit Monday.
AROUND_EASTER = (-2, 1, 39, 50)


def first_working_day(day: date) -> date:
    """The day itself, or the first one after it that is no Saturday, Sunday or public holiday."""
    while day.weekday() >= 5 or day in holidays(day.year):
        day += timedelta(days=1)
    return day


def holidays(year: int) -> set[date]:
    """The public holidays of the law that can fall on a working day."""
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= timedelta(days=1)
    fixed = {date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    return fixed | {easter(year) + timedelta(days=days) for days in AROUND_EASTER}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
