"""What somebody said: quoted strings that must occur in the evidence, and reported speech that must stay reported.

English, by patterns: a verb of saying or "according to" makes what stands beside it reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.terms import question_stems, stems, words

QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|„([^“”]+)[“”]|(?<![\w’'])‘([^‘]+?)’(?![\w])|(?<![\w’'])'([^']+(?:\w'\w[^']*)*)'(?![\w])"
)
SPEECH_VERB = (
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|claim(?:s|ed|ing)?|alleg(?:es?|ed|ing)|den(?:y|ies|ied|ying)|argu(?:es?|ed|ing)|"
    r"insist(?:s|ed|ing)?|stat(?:es|ed|ing)|declar(?:es?|ed|ing)|warn(?:s|ed)?|warning(?= that)|believ(?:es?|ed)|acknowledg(?:es?|ed|ing)|"
    r"admit(?:s|ted|ting)?|not(?:es|ed|ing)|report(?:s|ed)(?= that)|suggest(?:s|ed|ing)?|estimat(?:es|ed)|predict(?:s|ed|ing)?|"
    r"accus(?:es?|ed|ing)|blam(?:es?|ed|ing)|complain(?:s|ed|ing)?|maintain(?:s|ed)|assert(?:s|ed|ing)?|conten(?:ds?|ded)|conced(?:es?|ed)|"
    r"testif(?:y|ies|ied)|wr(?:ites?|ote)|explain(?:s|ed|ing)?|remark(?:s|ed)|recall(?:s|ed|ing)?|disput(?:es?|ed|ing)|"
    r"describ(?:es?|ed|ing)|(?:add|announce|confirm|promise|expect)(?:s|e?d)(?= that))\b"
)
"""A verb of saying."""
_WHOLE = re.compile(
    r"\baccording to\b|\b(?:reported|alleged|supposed|purported)ly\b|\b(?:by|in) the (?:words|view|opinion|estimate|account|eyes) of\b"
    r"|\b(?:is|was|are|were) (?:said|accused|alleged|believed|estimated|thought|understood|rumoured) (?:to|of)\b",
    re.I,
)
_VERB = re.compile(rf"\b{SPEECH_VERB}", re.I)
_KEPT = re.compile(
    rf"\b{SPEECH_VERB}|\b(?:hear|announce|add|report|confirm|promise|vow|pledge|expect|reject|blame|call|fear|hope|doubt|agree|demand|reveal|"
    r"disclose|inform|assure|hint|indicate|attribute|credit|criticise|praise|condemn|dismisse?|conclude|reckon|mention|cite|quote|suspect|"
    r"regard|consider|view|urge|recount|relate|refute|calculate|forecast|project)(?:s|e?d)\b|\b(?:think|thinks|thought|feels?|felt|swears?|"
    r"swore|heard|spoke|speaks|put it|puts it|sees|saw)\b"
    r"|\b(?:in|by|on|from|per) (?:[\w’'-]+ ){1,4}?(?:statement|testimony|estimates?|account|words|view|opinion|version|telling|evidence|"
    r"calculations?|figures|reckoning|lawyers?|count)\b|\b(?:allegations?|accusations?|suspicions?|denials?|claims?) (?:that|of|by|from)\b",
    re.I,
)
"""What shows in a claim that it is not the writer's own; the widest sense will do."""
_DENIES = re.compile(r"\b(?:den(?:y|ies|ied|ying|ials?)|reject\w*|disput\w*|refut\w*)\b", re.I)
_NOT = re.compile(r"\b(?:not|no|never|none|nobody|neither|nor|without|\w+n[’']t)\b", re.I)
_CLAIMS = re.compile(r"\b(?:claim\w*|alleg\w*|accus\w*|suspect\w*)\b", re.I)
_SURE = re.compile(r"\b(?:confirm\w*|admit\w*|conced\w*|prov(?:ed|en|es)|reveal\w*|show(?:s|ed|n)|establish\w*|acknowledg\w*)\b", re.I)
_LEAST_WORDS = 2
"""Words of a quoted string that is looked for; one alone may be meant ironically."""
_LEAST_SAID = 2
"""Words of a claim that only stand in what somebody said, and that make it a report; and their share of its words."""
_LEAST_SHARE = 0.25
_AFTER = 3
"""Words after a verb of saying that make what follows it the reported part."""


def invented_quotations(claim: str, evidence: str) -> list[str]:
    """The quoted strings of a claim whose words do not stand in the evidence, one after the other."""
    known = f" {_plain(evidence)} "
    return [quoted for quoted in quotations(claim) if not all(f" {part} " in known for part in _parts(quoted))]


def quotations(text: str) -> list[str]:
    """The quoted strings of a text, without their marks."""
    found = (next(filter(None, match.groups()), "") for match in QUOTED.finditer(text))
    return [quoted for quoted in found if len(_plain(quoted).split()) >= _LEAST_WORDS]


def is_reported(text: str) -> bool:
    """Whether a text says of something that somebody said it."""
    return bool(_VERB.search(text) or _WHOLE.search(text))


def lost_attribution(claim: str, evidence: Sequence[str]) -> str | None:
    """How a claim turns what somebody said into a fact, or into something else; None if it does not.

    Args:
        claim: a sentence.
        evidence: the sentences that it cites.
    """
    if not (is_reported(claim) or _KEPT.search(claim) or QUOTED.search(claim)):
        reported = _stems(part for text in evidence for part in _reported(text))
        plain = _stems(text for text in evidence if not is_reported(text))
        own = set(question_stems(claim))
        said = own & reported - plain
        lost = len(said) >= _LEAST_SAID and len(said) >= _LEAST_SHARE * len(own)
        return "the source only reports that somebody said so" if lost else None
    source = " ".join(evidence)
    if _SURE.search(claim) and _CLAIMS.search(source) and not _SURE.search(source):
        return "the source only speaks of a claim"
    if _DENIES.search(source) and not _DENIES.search(claim) and not _NOT.search(claim) and not _NOT.search(source):
        return "the source reports a denial"
    return None


def _reported(text: str) -> Iterator[str]:
    """The parts of a sentence that are what somebody said."""
    if not is_reported(text):
        return
    yield from (next(filter(None, match.groups()), "") for match in QUOTED.finditer(text))
    if _WHOLE.search(text):
        yield text
        return
    verb = _VERB.search(text)
    if verb is not None:
        yield text[verb.end() :] if _says_after(text, verb) else text[: verb.start()]


def _says_after(text: str, verb: re.Match[str]) -> bool:
    """Whether what is reported follows the verb ("she said that …") rather than going before it ("…, she said")."""
    after = words(text[verb.end() :])
    comes_before = re.search(r"[,”\"’—–] ?(?:[\w’'.-]+ ){0,8}$", text[: verb.start()]) and len(words(text[: verb.start()])) > _AFTER
    if re.match(r" that\b", text[verb.end() :]):
        return True
    return len(after) > _AFTER and not (comes_before and len(after) < 8 and not QUOTED.search(text[verb.end() :]))


def _stems(parts: Iterable[str]) -> set[str]:
    return {stem for part in parts for stem in stems(part)}


def _plain(text: str) -> str:
    return " ".join(word for _, word in words(text))


def _parts(quoted: str) -> list[str]:
    """A quoted string, cut where its writer left something out or put something in."""
    return [part for part in (_plain(piece) for piece in re.split(r"\.{3}|…|\([^)]*\)|\[[^\]]*\]", quoted)) if part]
