"""What somebody said: quoted strings that must occur in the evidence, and reported speech that must stay reported.

English, by patterns: a verb of saying or "according to" makes what stands beside it reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.sentences import sentence_spans
from index.terms import question_stems, stems, words

QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|„([^“”]+)[“”]|(?<![\w’'])‘([^‘]+?)’(?![\w])|(?<![\w’'])'([^']+(?:\w'\w[^']*)*)'(?![\w])"
)
_CONTENT = (
    r"(?= that\b| (?:he|she|it|they|there|this|these|who|how|why|whether)\b"
    r"| (?:the|his|her|its|their|an?) (?:[\w’'-]+ ){1,4}(?:was|were|had|is|are|would|will|has|have|could|should)\b| ?[,:;.”\"]| [“\"‘]|$)"
)
"""What follows a verb that is one of saying only where it has something said beside it: not "the company recalled 2,000 cars"."""
SPEECH_VERB = (
    r"(?:sa(?:id|ys?|ying)|t(?:old(?! by\b| of\b| about\b)|ells?|elling)|alleg(?:es?|ed|ing)|den(?:y|ies|ied|ying)|argu(?:es?|ed|ing)|"
    r"claim(?:ed|ing)|(?<!the )(?<!his )(?<!her )(?<!their )(?<!its )claims|(?<!the )(?<!an )(?<!any )claim(?= that| to\b| the\b| it\b| "
    r"he\b)|"
    r"insist(?:s|ed|ing)?|warn(?:s|ed)?|warning(?= that)|believ(?:es?|ed)|suggest(?:s|ed|ing)?|predict(?:s|ed|ing)?|accus(?:es?|ed|ing)|"
    r"blam(?:es?|ed|ing)|complain(?:s|ed|ing)?|testif(?:y|ies|ied)|describ(?:es?|ed|ing)|disput(?:es|ed|ing)|"
    r"report(?:s|ed)?(?= that|[^.;]{0,60} that\b| on \w+day\b)|(?<!the )(?<!an )(?<!some )(?<!on )estimates|(?<!an )(?<!the )estimated|"
    r"(?<!the )suspect(?:s|ed)?(?= that| the\b| an?\b| him\b| her\b| (?-i:[A-Z]))|(?:think|thinks|thought|fears?|feared)(?= that)|"
    r"(?<!a )(?<!the )dispute(?= that| the\b)|(?<!were )(?<!was )(?<!been )(?:stat(?:ed|ing)|declar(?:es?|ed|ing)|not(?:ed|ing)|"
    r"acknowledg(?:es?|ed|ing)|admit(?:s|ted|ting)?|maintain(?:s|ed)?|assert(?:s|ed|ing)?|conten(?:ds?|ded)|conced(?:es?|ed)|"
    rf"explain(?:s|ed|ing)?|remark(?:s|ed)|recall(?:s|ed|ing)?){_CONTENT}|"
    r"wr(?:ites?|ote)(?=[^.;]{0,40} that\b| ?[,:])|(?:states|notes)(?= that)|(?:add|announce|confirm|promise|expect)(?:s|e?d)(?= that))\b"
)
"""A verb of saying."""
_WHOLE = re.compile(
    r"\baccording to\b|\b(?:reported|alleged|supposed|purported)ly\b|\b(?:by|in) the (?:words|view|opinion|estimate|account|eyes) of\b"
    r"|\b(?:is|was|are|were) (?:said|accused|alleged|believed|estimated|thought|understood|rumoured|suspected|reported) (?:to|of)\b",
    re.I,
)
_VERB = re.compile(rf"\b{SPEECH_VERB}", re.I)
_FORMS = (
    "hear announce add report confirm promise vow pledge expect reject blame call fear hope doubt agree demand reveal disclose inform "
    "assure "
    "hint indicate attribute credit criticise praise condemn dismisse conclude reckon mention cite quote suspect regard consider view urge "
    "recount relate refute calculate forecast project recommend propose advise caution denounce bemoan boast proclaim portray label "
    "term dub "
    "rate diagnose certifie replie respond repeat reiterate stresse emphasise emphasize underline counter comment observe joke quip count "
    "rebut lament apologise detail identifie judge deem want plan intend hail applaud welcome thank deplore denounce slam defend "
    "justifie mock "
    "ridicule brag discusse reason remark claim write answer ask sue advise guess imagine speculate assume anticipate envisage certifie "
    "complain object protest recite testifie vote"
)
_BASES = (
    "maintain contend assert insist argue allege believe suggest predict describe acknowledge concede complain deny announce conclude "
    "reckon "
    "consider regard attribute expect agree recommend propose warn accuse criticise condemn admit declare"
)
_KEPT = re.compile(
    rf"\b{SPEECH_VERB}|\b(?:{_FORMS.replace(' ', '|')})(?:s|e?d)\b|\b(?:{_BASES.replace(' ', '|')})\b"
    r"|\b(?:claim|report|estimate|suspect|fear|hope|dispute|forecast|confirm|promise|say|note)(?= that\b)"
    r"|\b(?:wrote|told|said|talked|talks|hit back|hit out|stands? accused|on trial|charged with|on suspicion|when asked|letter|"
    r"interview|speech"
    r"|accusation|allegation|suspicion|belief|view|opinion|theory|explanation|prediction|forecast|warning|complaint|argument|verdict|"
    r"testimony|statement|assessment|denial|criticism|study|survey|poll|reportedly|alleged|purported|supposed)s?\b"
    r"|\b(?:think|thinks|thought|feels?|felt|swears?|swore|heard|spoke|speaks|speaking|put it|puts it|puts? the|sees|saw|showed|shows?|"
    r"counting|(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )(?<!are )(?:finds?|found|finding)|has it that|have it that)\b"
    r"|\b(?:in|by|on|from|per) (?:[\w’'-]+ ){1,5}?(?:statement|testimony|estimates?|account|words|view|opinion|version|telling|"
    r"evidence|calculations?|figures|reckoning|lawyers?|count|survey|poll|study|research|statistics|eyes|theory|analysis|assessment|"
    r"forecast|projections?|judgement|memory|assertion|admission)\b"
    r"|\b(?:allegations?|accusations?|suspicions?|denials?|claims?|admissions?|warnings?|promises?|assurances?|rumours?|fears|hopes) "
    r"(?:that|of|by|from)\b|\b(?:survey|poll|study|report|records?|data|figures|statement|letter|indictment|lawsuit|complaint|review)\b"
    r"(?=[\w ’',-]{0,40}\b(?:finds?|found|shows?|showed|suggests?|puts?|has|says|points?|gives?)\b)"
    r"|\b(?:apparently|officially|so-called|self-styled|unconfirmed|unverified|baseless|untrue|alleged|purported|supposed|if true)\b",
    re.I,
)
"""What shows in a claim that it is not the writer's own; the widest sense will do."""
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|disput(?:es|ed|ing)|refut(?:es?|ed|ing)|rebut\w*"
    r"|(?:reject|dismiss)(?:s|es|ed|ing) (?:[\w’'-]+ ){0,3}(?:accusation|allegation|claim|charge|suggestion|report|idea|rumour)s?)\b",
    re.I,
)
_DENIED = re.compile(
    rf"{_DENIES.pattern}|\b(?:reject|dismiss|contradict|contest|refus|baseless|untrue|false|wrong|innocen|invent)\w*", re.I
)
"""What a claim may say for it."""
_NOT = re.compile(r"\b(?:not|no|never|none|nobody|neither|nor|without|\w+n[’']t)\b", re.I)
_CLAIMS = re.compile(r"\b(?:claim\w*|alleg\w*|accus\w*|suspect\w*)\b", re.I)
_SURE = re.compile(r"\b(?:confirm\w*|admit\w*|conced\w*|prov(?:ed|en|es)|reveal\w*|show(?:s|ed|n)|establish\w*|acknowledg\w*)\b", re.I)
_LEAST_WORDS = 2
"""Words of a quoted string that is looked for; one alone may be meant ironically."""
_LEAST_SAID = 2
"""Words of a claim that only stand in what somebody said, and that make it a report; and their share of its words."""
_LEAST_SHARE = 0.25
_COMMITS = re.compile(r"(?: that)? (?:it|they|we|he|she) (?:would|will|had (?:decided|agreed)|plans?|planned|intends?|intended)\b(?! have)")
"""What somebody says that they are going to do: it is theirs to say."""
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
    return _verb(text) is not None or bool(_WHOLE.search(text))


def lost_attribution(claim: str, evidence: Sequence[str]) -> str | None:
    """How a claim turns what somebody said into a fact, or into something else; None if it does not.

    Args:
        claim: a sentence.
        evidence: the sentences that it cites.
    """
    sentences = [text[start:end] for text in evidence for start, end in sentence_spans(text)]
    reported = _stems(part for text in sentences for part in _reported(text))
    shows = any(not reported.issuperset(stems(match.group())) for match in _KEPT.finditer(claim))
    if not (shows or is_reported(claim) or QUOTED.search(claim)):
        plain = _stems(text for text in sentences if not is_reported(text))
        own = set(question_stems(claim))
        said = own & reported - plain
        lost = len(said) >= _LEAST_SAID and len(said) >= _LEAST_SHARE * len(own)
        return "the source only reports that somebody said so" if lost else None
    source = " ".join(evidence)
    if _SURE.search(claim) and _CLAIMS.search(source) and not _SURE.search(source):
        return "the source only speaks of a claim"
    is_denial = _DENIES.search(source) and not is_reported(_DENIES.sub(" ", source)) and not _NOT.search(source)
    if is_denial and not _DENIED.search(claim) and not _NOT.search(claim):
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
    verb = _verb(text)
    if verb is not None:
        said = text[verb.end() :] if _says_after(text, verb) else text[: verb.start()]
        if not _COMMITS.match(said):
            yield said


def _verb(text: str) -> re.Match[str] | None:
    """The first verb of saying that is not part of a comparison: "softer than the drillings suggested"."""
    return next(
        (
            verb
            for verb in _VERB.finditer(text)
            if not re.search(r"\bthan (?:(?!is\b|are\b|was\b|were\b|what\b)[\w’'-]+ ){0,9}$", text[: verb.start()])
        ),
        None,
    )


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
