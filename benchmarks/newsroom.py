"""What newsrooms do to an article that they take over: cut it, give it another headline, credit the agency, rewrite it lightly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Story:
    """An article as the edits see it."""

    title: str
    paragraphs: tuple[str, ...]


Edit = Callable[[Story, random.Random], Story]

_SENTENCE_END = re.compile(r"(?<=[.!?][\"”’']) +|(?<=[.!?]) +(?=[A-Z“\"‘])")
_REWRITINGS = """
    said: stated, told reporters; says: states, argues; about: around, roughly; more than: over; also: additionally, as well; however:
    but; but: yet, though; many: numerous; people: persons, residents; killed: left dead, slain; began: started; begin: start; after:
    following; before: prior to; because: since, as; while: as, whereas; according to: as per; show: indicate; showed: indicated;
    found: discovered; big: large; large: big, sizeable; help: assist; use: employ; used: employed; get: obtain; got: received;
    children: kids; police: officers; officials: authorities; company: firm; companies: firms; near: close to; early: at an early
    stage; new: fresh; million: m; percent: per cent, %; president: leader; government: administration; announced: made public;
    including: among them; several: a number of; during: in the course of; may: might; would: is set to; first: initial; last: past;
    year: twelve months; could: might; through: via; don't: do not; it's: it is; isn't: is not; can't: cannot; we're: we are; two: 2;
    three: 3; four: 4; five: 5; ten: 10
"""
_SWAPS = {word: others.split(", ") for word, others in (entry.split(": ") for entry in " ".join(_REWRITINGS.split()).split("; "))}
_SWAP = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _SWAPS), key=len, reverse=True)) + r")\b", re.I)
_ASIDE = re.compile(r" \([^()]{3,60}\)|, (?:which|who) [^,.]{5,60},|, however,|, meanwhile,")
_DAY = re.compile(r" on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_REPORTED = re.compile(r"^(?P<what>[“\"][^“”\"]+,[”\"]) (?P<who>(?:[A-Z][\w’'-]+ ?){1,3}) (?P<verb>said)\.$")
_FURNITURE = (
    "Sign up for our morning newsletter and get the day's top stories in your inbox.",
    "Share this story on Facebook, X or WhatsApp",
    "READ MORE: Ten things you may have missed this week",
    "Related: What we know so far",
    "Advertisement",
    "Story continues below",
    "Follow us for the latest updates and breaking news alerts.",
    "Getty Images",
    "Watch: the moment in pictures",
    "Subscribe to continue reading",
    "Have a tip? Write to newsdesk@example.com.",
    "Most read\nLocal bakery wins award\nBridge repairs to last until spring\nTeam wins third match",
    "We use cookies to improve your experience. Accept all",
    "Tags: world, politics, news",
    "The Daily Example is part of Example Media Group. All rights reserved. No part of this page may be reproduced without permission.",
    "3 comments\nJane: Thank you for reporting this.\nOtto: About time somebody wrote it down!",
)
_AGENCIES = (("AFP", "Agence France-Presse"), ("AP", "The Associated Press"), ("Reuters", "Reuters"), ("dpa", "dpa"), ("Xinhua", "Xinhua"))
_CITIES = ("PARIS", "WASHINGTON", "BERLIN", "NAIROBI", "LONDON", "NEW YORK", "DAKAR")


def cut(story: Story, choose: random.Random) -> Story:
    """The first half, or somewhat more or less of it."""
    kept = max(3, round(len(story.paragraphs) * choose.uniform(0.4, 0.7)))
    return replace(story, paragraphs=story.paragraphs[:kept])


def thinned(story: Story, choose: random.Random) -> Story:
    """Cut by paragraphs: the first stays, and of the others a little more than half."""
    first, *rest = story.paragraphs
    kept = [paragraph for paragraph in rest if choose.random() < 0.6]
    return replace(story, paragraphs=(first, *(kept if len(kept) > 1 else rest[:2])))


def reheadlined(story: Story, choose: random.Random) -> Story:
    """Another headline, from the words of the first paragraph, and a standfirst of the paper's own."""
    words = [word.strip(".,:;“”\"'") for word in story.paragraphs[0].split()[:40]]
    picked = sorted(choose.sample(range(len(words)), min(8, len(words))))
    title = " ".join(words[place] for place in picked).capitalize()
    standfirst = choose.choice(
        ["What happened, and what comes next.", "Here is what we know.", f"Our report on {words[-1]} and the rest of it."]
    )
    return Story(title, (*([standfirst] if choose.random() < 0.5 else []), *story.paragraphs))


def credited(story: Story, choose: random.Random) -> Story:
    """An agency's name at the top or at the end, in one of the forms that papers use."""
    short, long = choose.choice(_AGENCIES)
    first, *rest = story.paragraphs
    forms: list[tuple[str, ...]] = [
        (f"{choose.choice(_CITIES)} ({short}) — {first}", *rest), (f"{choose.choice(_CITIES)}, 3 June ({short}) - {first}", *rest),
        (f"By {long}", first, *rest), (first, *rest, f"Credited from {short}"), (first, *rest, f"© 2024 {short}"),
        (first, *rest, f"({short})"), (f"{long}", first, *rest), (first, *rest, f"{long} contributed to this report."),
    ]  # fmt: skip
    return replace(story, paragraphs=choose.choice(forms))


def rewritten(story: Story, choose: random.Random) -> Story:
    """A light hand: words exchanged, asides and days dropped, quotes turned round, one sentence in fifteen left out, paragraphs joined."""
    lines: list[str] = []
    for paragraph in story.paragraphs:
        sentences = [_retold(sentence, choose) for sentence in _SENTENCE_END.split(paragraph)]
        kept = [sentence for sentence in sentences if choose.random() > 1 / 15] or sentences[:1]
        if lines and choose.random() < 0.15:
            lines[-1] = f"{lines[-1]} {' '.join(kept)}"
        else:
            lines.append(" ".join(kept))
    return replace(story, paragraphs=tuple(lines))


def _retold(sentence: str, choose: random.Random) -> str:
    sentence = _REPORTED.sub(r"\g<who>\g<verb>: \g<what>", sentence)
    sentence = _ASIDE.sub(lambda match: match.group() if choose.random() < 0.4 else "", sentence)
    sentence = _DAY.sub(lambda match: match.group() if choose.random() < 0.5 else "", sentence)
    return _SWAP.sub(lambda match: match.group() if choose.random() < 0.3 else _swapped(match.group(), choose), sentence)


def _swapped(word: str, choose: random.Random) -> str:
    other = choose.choice(_SWAPS[word.lower()])
    return other.capitalize() if word[0].isupper() else other


def furnished(story: Story, choose: random.Random) -> Story:
    """The page's own lines between the paragraphs and after them."""
    lines = list(story.paragraphs)
    for line in choose.sample(_FURNITURE, choose.randint(2, 6)):
        lines.insert(choose.randint(1, len(lines)), line)
    return replace(story, paragraphs=tuple(lines))


SHORTENED: dict[str, Edit] = {"cut to the first half": cut, "cut by paragraphs": thinned}
EDITS: dict[str, Edit] = {"light rewrite": rewritten, "re-headline": reheadlined, "furniture": furnished, "agency credit": credited}


def copied(story: Story, choose: random.Random) -> tuple[Story, tuple[str, ...]]:
    """A copy by one to five of the edits, in the order in which a newsroom would make them, and their names."""
    shortened = [choose.choice(sorted(SHORTENED))] if choose.random() < 0.6 else []
    chosen = {name for name in EDITS if choose.random() < 0.45} or ({choose.choice(sorted(EDITS))} if not shortened else set())
    names = [*shortened, *(name for name in EDITS if name in chosen)]
    for name in names:
        story = (SHORTENED | EDITS)[name](story, choose)
    return story, tuple(names)
