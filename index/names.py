"""Names in the lines around an article: its writers in a byline, its paper in a masthead or a copyright line.

A name is told by its form only, so what is no certain name of a person or of a paper is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.stamps import without_dates
from index.titles import title_key

_OUTLETS = frozenset(
    "news times post herald tribune gazette journal daily weekly press today guardian telegraph chronicle observer mail express independent"
    " magazine review bulletin courier dispatch broadcasting radio tv wire ledger standard sentinel echo record star sun mirror argus"
    " examiner inquirer advertiser examiner mercury globe briefing newsletter monitor reporter register banner beacon messenger"
    " zeitung anzeiger bote tagblatt nachrichten rundschau diario periódico gaceta faro correo giornale corriere gazzetta courant krant"
    " dagblad agency service portal watch network".split()
)
_FIRST = frozenset({"radio", "tv", "channel", "diario", "corriere", "gazzetta"})
_GENERIC = frozenset(
    "the a an latest breaking local world national international daily weekly top more all our today live sport sports business city"
    " politics health press online morning evening good special own election foreign home domestic company media".split()
)
_MENU = frozenset(
    "home menu search skip to content sign in log login subscribe newsletter news opinion culture section sections navigation close main"
    " register account share follow us contact support donate advertisement cookies cookie live more weather video".split()
)
_NO_PERSON = frozenset(
    "staff newsroom desk editor editors editorial team agency agencies correspondent correspondents reporter reporters writer writers"
    " bureau redaktion redaction redacción admin administrator webmaster user anonymous unknown author press office service services group"
    " foundation institute university council committee ministry department company ltd inc gmbh home menu search subscribe contact about"
    " culture opinion politics economy business sport sports world travel science health letters archive page volume issue edition quarter"
    " photo photos picture pictures video live update share news read share street road lane square valley river island".split()
)
_PLACE_BEGINS = frozenset(
    "port san santa santo los las new saint st north south east west upper lower mount lake fort cape great bad buenos rio hong sri costa"
    " kuala tel el la le les addis dar den".split()
)
_PLACE_ENDS = frozenset(
    "hall house church chapel school stadium park museum theatre theater centre center library arena club station hotel castle bridge bay"
    " hill mill market garden gardens court airport beach field fields harbour harbor quay town city village county".split()
)
_PARTICLES = frozenset("de da del della di du van von der den bin ibn al el le la ten ter zu af av y e dos das ap mac mc".split())
_BY = re.compile(
    r"(?:(?:reported|written|posted(?: on)?|published|submitted|story|report|text|words|article|analysis|review|column)?[ ,]*by:?"
    r"|(?:words|text|story|author|writer|byline|report|words (?:and|&|\+) pictures?|text and (?:photos?|pictures?))(?: by)?:?"
    r"|from our (?:own |special |staff )?correspondent,?|von|por|par|door|di|tekst:?|text:|texto:?|autor:?|autora:?|autore:?)\s+(?=\S)",
    re.IGNORECASE,
)
_BY_AT_END = re.compile(
    r"(?:^reported for .{3,60}|\b(?:diary|blog|column|story|report|essay|analysis|commentary|review|notes|letters|interview|feature))"
    r" by (?P<names>\S.{2,80})$",
    re.IGNORECASE,
)
_INITIALS = frozenset({"USA", "US", "UK", "BBC", "CNN", "NBC", "ABC", "CBS", "NPR", "AP", "AFP", "EU", "UN", "NY", "LA", "II", "III"})
_AND = re.compile(r"\s*(?:[,;&/+]|\band\b|\bund\b|\bet\b|\by\b|\ben\b|\bwith\b)\s*")
_ROLE = re.compile(r"\s+\b(?:in|at|for|of|reports?|reporting|is|are|was|who|has)\b.*$")
_YEARS = re.compile(
    r"(?:©|\(c\)|copyright|all rights reserved|alle rechte vorbehalten|\b(?:1[89]|20)\d\d\b|since|[-–])[\s,.]*", re.IGNORECASE
)
_ABOUT = re.compile(r"about (?:the )?(?P<name>\S+(?: \S+){1,3})", re.IGNORECASE)
_LONGEST = 160
_MOST_WORDS = 6


def bylines(line: str) -> tuple[str, ...]:
    """The writers that a byline such as "By Ada Holm and Ben Quist, The Lindport Times | 6 June 2025" names."""
    if len(line) > 2 * _LONGEST:
        return ()
    for part in _by_parts(line):
        names = _leading_names(part)
        if names:
            return names
    return ()


def beside_outlet(line: str) -> tuple[str, ...]:
    """The writer in "The Lindport Times — Ada Holm", a line of a paper and a person."""
    parts = without_dates(line)
    found = [part for part in parts if is_person(part)]
    return (spelled(found[0]),) if len(parts) == 2 and len(found) == 1 and any(map(is_outlet, parts)) else ()


def bare_names(parts: Iterable[str], *, text: str) -> tuple[str, ...]:
    """Of the parts of a line with a date, those that are a person's name; not a place that `text` speaks of."""
    names = [name for part in parts for name in _together(part) if not _is_place(name, text)]
    return tuple(dict.fromkeys(map(spelled, names)))


def people(names: Iterable[str], *, publisher: str | None = None) -> tuple[str, ...]:
    """Declared authors without papers, desks and web addresses, "By" and roles."""
    kept: list[str] = []
    for raw in names:
        words = " ".join(raw.split())
        if "://" in words or "@" in words or not words:
            continue
        found = _BY.match(words)
        for name in _AND.split(words[found.end() :] if found else words):
            key = title_key(name)
            if key and not (publisher and key == title_key(publisher)) and not is_outlet(name) and not _has_word(name, _NO_PERSON):
                kept.append(spelled(name.strip()))
    return tuple(dict.fromkeys(kept))


def is_person(name: str) -> bool:
    """Whether `name` has the form of a person's full name: two to four words, and no word that people are not called by."""
    words = name.strip().split()
    if not 2 <= len(words) <= 5 or words[0].lower() == "the" or is_outlet(name) or _has_word(name, _NO_PERSON):
        return False
    if not (words[0][0].isupper() and words[-1][0].isupper() and len(words[-1].strip(".")) > 1):
        return False
    return all(_is_part_of_name(word) for word in words)


def is_outlet(name: str) -> bool:
    """Whether `name` has the form of a paper's: at most six words, written as names are, one of them "Times", "Radio" or the like."""
    words = name.strip(" .,:").split()
    if not 2 <= len(words) <= _MOST_WORDS or any(character.isdigit() or character in ":?!" for character in name):
        return False
    keys = [word.lower().strip(".,'’") for word in words]
    if keys[-1] not in _OUTLETS and keys[0] not in _FIRST and not (keys[0] == "the" and keys[1] in _OUTLETS and len(keys) < 4):
        return False
    own = [key for key in keys if key not in _OUTLETS and key not in _GENERIC]
    two_titles = keys[0] == "the" and sum(key in _OUTLETS for key in keys) >= 1
    if not own and not two_titles and not {"sunday", "saturday"} & set(keys):
        return False
    return all(word[0].isupper() or word in {"of", "and", "the", "&", "for", "in", "di", "de", "del", "do", "da"} for word in words)


def outlet_in(line: str) -> str | None:
    """The paper that a masthead, a byline or a copyright line names."""
    if len(line) > 2 * _LONGEST:
        return None
    for part in without_dates(line):
        for piece in (part, _YEARS.sub(" ", part), *re.split(r"\s{3,}", part), re.sub(r"^from:? ", "", part, flags=re.IGNORECASE)):
            name = " ".join(piece.split()).strip(" .,:;|-–—*\"“”'")
            name = re.sub(r"^(?:special (?:for|to)|for|in|from|via|source:?|credit:?) (?=[A-Z])", "", name, flags=re.IGNORECASE)
            if is_outlet(name):
                return spelled(name)
    return None


def copyright_owner(line: str) -> str | None:
    """Whoever a copyright line names: a short name written as names are."""
    if len(line) > _LONGEST or not re.search(r"©|\(c\)|copyright", line, re.IGNORECASE):
        return None
    for part in re.split(r"[.|·•]\s*", _YEARS.sub(" ", line)):
        name = " ".join(part.split()).strip(" .,:;|-–—")
        words = name.split()
        if 1 <= len(words) <= 5 and all(word[0].isupper() or word in {"of", "and", "the", "&"} for word in words) and len(name) > 2:
            return spelled(name)
    return None


def nameplate(line: str) -> str | None:
    """The short name that a page's banner begins with."""
    part = re.split(r"\s+[|·–—:-]+\s+|\s*[|·•]\s*|\s{2,}", line.strip()[:_LONGEST])[0].strip(" .,:")
    words = part.split()
    written = 1 <= len(words) <= 4 and all(word[0].isupper() or word in {"of", "and", "the", "&"} for word in words)
    generic = all(word.lower().strip(".,") in _GENERIC or word.lower() in _MENU for word in words)
    return spelled(part) if written and not generic and not any(map(str.isdigit, part)) and not is_person(part) else None


def about(line: str) -> str | None:
    """The name in a link such as "About Radio Torrin"."""
    for part in re.split(r"\s*[|·•]\s*", line[: 2 * _LONGEST]):
        found = _ABOUT.fullmatch(part.strip())
        name = found["name"] if found else ""
        if name and all(word[0].isupper() for word in name.split()) and name.lower().split()[0] not in {"us", "this"}:
            return name
    return None


def spelled(name: str) -> str:
    """`name`, in ordinary letters where it is written in capitals."""
    letters = [character for character in name if character.isalpha()]
    if not letters or not all(map(str.isupper, letters)) or len(letters) < 5:
        return name
    return " ".join(_titled(word) for word in name.split())


def _titled(word: str) -> str:
    if word in _INITIALS:
        return word
    return word.lower() if word in {"OF", "AND", "FOR"} else "-".join(part.capitalize() for part in word.split("-"))


def _together(part: str) -> list[str]:
    """The people of "Ada Holm & Ben Quist", if it is nothing but people."""
    names = [name.strip() for name in _AND.split(part)]
    return names if all(map(is_person, names)) else []


def _by_parts(line: str) -> Iterable[str]:
    parts = without_dates(line)
    joined = " | ".join(parts)
    for position, part in enumerate(parts):
        found = _BY.match(part)
        if found and len(part) <= _LONGEST:
            yield ", ".join([part[found.end() :], *parts[position + 1 :]])
        elif at_end := _BY_AT_END.search(part):
            yield at_end["names"]
    if found := _BY.match(joined):
        yield joined[found.end() :].replace(" | ", ", ")


def _leading_names(words: str) -> tuple[str, ...]:
    """The names that `words` begins with, up to the first that is none."""
    names: list[str] = []
    for part in _AND.split(words):
        name = _ROLE.sub("", part).strip(" .,:;-–—*|")
        if name.count(" ") and len(name) < _LONGEST and part.rstrip().endswith(" Jr."):
            name += "."
        if not is_person(name):
            break
        names.append(spelled(name))
    return tuple(dict.fromkeys(names))


def _is_part_of_name(word: str) -> bool:
    bare = word.strip("().,'’")
    return bare in _PARTICLES or (bool(bare) and bare[0].isupper() and all(letter.isalpha() or letter in ".-'’" for letter in bare))


def _is_place(name: str, text: str) -> bool:
    words = name.split()
    return (
        words[0].lower() in _PLACE_BEGINS
        or words[-1].lower() in _PLACE_ENDS
        or any(f"{word} {name}" in text for word in ("in", "at", "of", "from", "to", "near"))
    )


def _has_word(name: str, words: frozenset[str]) -> bool:
    return any(word.lower().strip(".,:'’") in words for word in name.split())
