"""How long ago something began, from words that tell it: "three weeks now", "since Sunday", "3/12"."""

from __future__ import annotations

from stillwell.knowledge.kept_patterns import compiled
from stillwell.language.number_words import ONES, TENS

ONSETS = (
    "onset_sudden",
    "onset_within_days",
    "onset_weeks_to_months",
    "onset_years",
    "onset_childhood_or_youth",
)
DAYS_OF_ONSET = 14  # the longest beginning that is "within days"
_YEAR = 365.0
_WHOLE_YEAR = 360.0  # twelve months of thirty days, or 52 weeks
_NUMBERS: dict[str, float] = {
    **ONES, **TENS, "a": 1, "an": 1, "half": 0.5, "couple": 2, "few": 3, "some": 3, "several": 5, "many": 5,
}  # fmt: skip
_UNITS = {
    "day": 1.0, "night": 1.0, "wk": 7.0, "week": 7.0, "wek": 7.0, "fortnight": 14.0,
    "mo": 30.0, "mth": 30.0, "month": 30.0, "mnth": 30.0, "yr": _YEAR, "year": _YEAR, "decade": 3650.0,
}  # fmt: skip
_PLURAL = {"days": 4.0, "weeks": 28.0, "months": 90.0, "years": 3 * _YEAR, "decades": 20 * _YEAR}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_COUNTED = compiled(
    rf"(?<![\d.])(\d{{1,3}}(?:\.\d)?|\b(?:{'|'.join(_NUMBERS)}))(?:\s+of)?[\s+-]*"
    rf"(?:or (?:so|two|three)\s+)?(?:odd\s+)?({_UNIT})s?\b"
)
_HALF = compiled(r"\bhalf an? (?=year|month|week|day|decade)")
_FRACTION = compiled(r"\b(\d{1,2})/(7|52|12)\b")
_PER = {"7": 1.0, "52": 7.0, "12": 30.0}
_BARE = compiled(rf"\b({'|'.join(_PLURAL)})\b")
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_RECENT = compiled(
    rf"\b(yesterday|last night|{WEEKDAY}|the weekend|the other day|"
    r"this week|last week)\b"
)
_JUST_NOW = compiled(
    r"\b(minutes?|mins?|seconds?|hours?|hrs?|today|tonight|this (?:morning|afternoon|evening)|"
    r"earlier on|just now|just had)\b"
)
_SEASONAL = compiled(
    r"\b(last month|christmas|xmas|easter|diwali|eid|spring|summer|autumn|winter|new year|"
    r"january|february|march|april|june|july|august|september|october|november|december)\b"
)
_YOUNG = compiled(
    r"\b(childhood|as a (?:child|kid|boy|girl|lad)|(?:little|small|young) (?:boy|girl|lad|kid)|"
    r"(?:a|my) teens?|teenage\w*|at school|all my life|whole life|since birth|i was (?:a )?(?:[5-9]|1\d)\b)"
)
_LONG = compiled(
    r"\b(donkey'?s? years|yonks|ages|forever|last year|years back|decade|(?:19|20)\d\d)\b"
)


# "for the first time in two years": how long something was not done
_NOT_DONE = compiled(
    rf"\bfirst (?:\w+ ){{0,3}}(?:in|for|since) (?:about |around |nearly |almost |over |well over |more than |at least )?"
    rf"(?:(?:\w+ )?(?:or (?:so|two|three) )?(?:{_UNIT})s?\b|ages\b|yonks\b|forever\b|donkey'?s years\b)"
)


# "5 nights a week", "six nights out of seven", "10 puffs a day", "after a day at work": how often or when, not since when
_SPAN = r"(?:day|night|evening|morning|week|weekend|fortnight|month|year|shift|hour)"
_MANY = (
    rf"(?:\d{{1,3}}(?:\.\d)?|{'|'.join([*ONES, *TENS])}|few|several|couple of|most|some|once|twice)"
)
_HOW_OFTEN = compiled(
    rf"\b(?:{_MANY}(?: (?:or|to|times or) {_MANY})? (?:[a-z]+ )?(?:of [a-z]+ )?|once |twice )(?:a|an|per|each|every|of the|of every) {_SPAN}\b"
    r"(?! (?:ago|back|and a half))"
    rf"|\b{_MANY}(?: (?:or|to) {_MANY})? {_SPAN}s? (?:out of|in) (?:every |each |the )?(?:{_MANY})\b(?! {_SPAN}s?\b)"
    rf"|\b{_MANY}(?: (?:or|to) {_MANY})? {_SPAN}s? (?:out of|in) (?:every |each |the )?(?:{_MANY}) {_SPAN}s?\b"
    rf"|\b(?:every|each) (?:other |second |single |(?:{_MANY}) )?{_SPAN}s?\b|\bmost {_SPAN}s\b"
    r"|\bafter (?:a|an|my|his|her|the|each|every|any) (?:[a-z]+ )?(?:(?:day|night|evening)(?:'s)? "
    r"(?:at|in|out|of|spent|work|walk|shift|on (?:my|his|her|their) feet)\b|shift\b)"
)


def tells_how_often(words: str) -> bool:
    """Whether words of time tell only how often or at what time of the day something comes.

    >>> tells_how_often("5 nights a week"), tells_how_often("for 5 nights"), tells_how_often("after a day at work")
    (True, False, True)
    """
    text = words.lower().replace("’", "'")
    return bool(_HOW_OFTEN.search(text)) and onset_told(text) is None


def _of_length(words: str) -> str:
    """Words of time in lower case, without what tells how often, or how long something was not done."""
    text = _NOT_DONE.sub(" ", words.lower().replace("’", "'"))
    return _HOW_OFTEN.sub(" , ", text)


def without_how_often(low: str) -> str:
    """A text in lower case with blanks for what tells how often, each word in its place."""
    return _HOW_OFTEN.sub(lambda m: " " * len(m[0]), low)


def onset_told(words: str) -> str | None:
    """The beginning that words of time tell, or None where they tell no length of time.

    >>> onset_told("for three weeks now"), onset_told("since Sunday"), onset_told("out of the blue")
    ('onset_weeks_to_months', 'onset_within_days', None)
    """
    text = _of_length(words)
    if _YOUNG.search(text):
        return "onset_childhood_or_youth"
    days = days_told(text)
    if days is not None:
        if days <= DAYS_OF_ONSET:
            return "onset_within_days"
        return "onset_weeks_to_months" if days < _WHOLE_YEAR else "onset_years"
    if _RECENT.search(text):
        return "onset_within_days"
    if _LONG.search(text):
        return "onset_years"
    return "onset_weeks_to_months" if _SEASONAL.search(text) else None


_LENGTH = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})(?:\s+of)?[\s+-]*(?:or (?:so|two|three)\s+)?(?:odd\s+)?(?:{_UNIT})s?"
_COUNT = rf"(?:\d{{1,3}}|{'|'.join([*ONES, *TENS])}) (?:{_UNIT})s?"
_BEGAN = compiled(
    rf"\b(?:for|over|in|during|within|since|x|past|last|about|around|nearly|almost|roughly|some)\s+"
    rf"(?:the |about |around |nearly |almost |roughly |at least |well over |over |more than |past |last |best part of |"
    rf"better part of |good |a good ){{0,3}}{_LENGTH}\b"
    rf"|\b{_LENGTH}\s+(?:of|history|hx|now|ago|back|already|and counting|in a row|running|long)\b"
    rf"|^\s*{_COUNT}\b|\b{_COUNT}\s*$|\b\d{{1,2}}\s?(?:mo|mos|mth|mths|wk|wks|yr|yrs)\b|\b\d{{1,2}}/(?:7|52|12)\b"
    rf"|\b(?:ever )?since (?:this|yesterday|last|early|late|mid|my|the|[a-z]+day|spring|summer|autumn|winter|easter|christmas|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\d\d)\b"
    r"|\b(?:started|began|begun|came on|come on|kicked off|set in) (?:early |late )?(?:this|last|yesterday|on [a-z]+day|in [a-z]+)\b"
)
_TODAY = compiled(
    r"\b(?:since|from|started|began|begun|came on|came up|come on|set in|only) (?:early |late |about |around )*(?:this "
    r"(?:morning|afternoon|evening|lunchtime)|today|lunchtime|breakfast|tonight|i woke)\b"
    r"|^\s*(?:only )?(?:early |late )?this (?:morning|afternoon|evening)\b"
)
# "has been numb for ten minutes": it began just now, and goes on; a limb that was sat or slept on is another story
_GOES_ON = compiled(
    rf"\b(?:been|has|have|'s|'ve)\b.{{0,50}}\bfor (?:the |about |around |nearly |over |more than |last |past ){{0,3}}"
    rf"(?:(?:\d{{1,3}}|{'|'.join([*ONES, *TENS])}|a few|a couple of|several) (?:minute|min|hour|hr)s?|half an hour|half hour|an hour)\b"
    r"(?!.*\b(?:sitting|sat|slept|sleeping|lying|lay|crossed|crossing|kneeling|squatting)\b)"
)
_NO_BEGINNING = compiled(
    r"\b(?:each|every|per|lasts?|lasting|at a time|was|were|had|used to|next|until|till|stopped|pregnant|off work|than)\b"
)


def beginning_told(words: str) -> str | None:
    """The beginning that one part of a sentence tells as such ("since this morning"), or None.

    >>> beginning_told("six months of numb feet"), beginning_told("since this morning both legs are weak")
    ('onset_weeks_to_months', 'onset_sudden')
    >>> beginning_told("my leg has been numb for ten minutes")
    'onset_sudden'
    >>> beginning_told("it lasts for two days each time") is None
    True
    """
    text = _of_length(words)
    if _NO_BEGINNING.search(text):
        return None
    if _TODAY.search(text) or _GOES_ON.search(text):
        return "onset_sudden"
    return onset_told(text) if _BEGAN.search(text) else None


def is_recent(words: str) -> bool:
    """Whether words of time speak of the last two weeks: what was over then may still be an alarm.

    >>> is_recent("my face drooped for ten minutes"), is_recent("a fit ten years ago")
    (True, False)
    """
    text = words.lower().replace("’", "'")
    if _YOUNG.search(text) or _LONG.search(text):
        return False
    days = days_told(text)
    if days is not None:
        return days <= DAYS_OF_ONSET
    return bool(_RECENT.search(text) or _JUST_NOW.search(text))


def days_told(text: str) -> float | None:
    """A length of time in days, as counted or named in lower-case words; None where there is none."""
    text = _HOW_OFTEN.sub(" , ", text)
    found = _COUNTED.search(_HALF.sub("half ", text))
    if found:
        number = _NUMBERS.get(found[1])
        return (float(found[1]) if number is None else float(number)) * _UNITS[found[2]]
    short = _FRACTION.search(text)
    if short:
        return int(short[1]) * _PER[short[2]]
    bare = _BARE.search(text)
    return _PLURAL[bare[1]] if bare else None
