"""The words that report speech, and those that end or rule out a speaker: the tables of `attribution`."""

from __future__ import annotations

import re

_SAYS = (
    "said say says told tell tells added adds announced announces warned warns warn concluded concludes argued argues argue described "
    "describes describe reported reports report wrote writes write tweeted posted replied replies admitted admits suggested suggests "
    "suggest stated states confirmed confirms explained explains noted notes shouted insisted insists insist declared declares predicted "
    "predicts predict estimated estimates estimate acknowledged acknowledges conceded concedes recalled recalls promised promises vowed "
    "vows pledged pledges threatened threatens complained complains complain found finds showed shows show revealed reveals disclosed "
    "discloses testified testifies remarked commented cautioned cautions stressed stresses emphasised emphasized emphasises maintained "
    "maintains maintain asserted asserts contended contends observed observes believed believes believe thinks think feared fears fear "
    "quoted quotes asked asks called calls hinted joked whispered cried answered continued continues urged urges indicated indicates "
    "forecast forecasts ruled rules demanded demands proposed proposes cited criticised criticized criticises condemned praised boasted "
    "lamented remembered repeated reiterated responded swore reckons reckoned advised advises recommended recommends signalled signaled "
    "reasoned informed assured countered counters objected retorted quipped mused confided confessed proclaimed protested guessed "
    "guesses doubts doubted understands learned learnt expressed expresses voiced voices apologised apologized defended reminded "
    "notified disputed disputes refuted expects hopes hoped ordered snapped laughed sighed muttered yelled screamed chanted murmured"
).split()
_ALLEGES = (
    "accused accuses accuse alleged alleges allege blamed blames blame suspected suspects suspect claimed claims claim charged charges"
).split()
_DENIES = "denied denies deny rejected rejects reject dismissed dismisses dismiss".split()


def _words(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PHRASES = (
    r"point(?:ed|s)? out|rule[sd]? out|(?:spoke|speaks?|talk(?:ed|s)?) of|ma(?:de|kes?) (?:it )?(?:clear|known|plain)|let it be known|"
    r"went on|puts?(?= the (?:\w+ ){1,3}at )"
)
VERB = re.compile(
    rf"(?<![\w’'-])(?:(?P<alleged>{_words(_ALLEGES)})|(?P<denied>{_words(_DENIES)})|(?P<said>{_PHRASES}|{_words(_SAYS)}))(?![\w’'-])"
)
DENIES = re.compile(_words(_DENIES))
_THAT = r"(?:[^,.;:\"·]{0,90}?|,[^.;:\"·]{1,80}?,) (?:that|how|why|whether|what|if)\b"
_CLAIMED = (
    r"claims?|reports?|allegations?|accusations?|suggestions?|charges?|criticism|rumou?rs?|stor(?:y|ies)|idea|notion|figures?|account|version|"
    r"knowledge|involvement|responsibility|wrongdoing|speculation|complaints?|concerns?|findings?|part|roles?|links?|theft|fraud|bribery|guilt|"
    r"affair"
)
CONTENT = tuple(
    (re.compile(verbs), re.compile(content))
    for verbs, content in (
        (
            r"(?:sa(?:id|ys?)|admit|repl|alleg|conced|acknowledg|point)",
            r" (?!(?:was|is)\b|(?:nothing|little|goodbye|yes|no)[.,;])[\w\"£$€]|, |[.…\"]*$",
        ),
        (
            r"(?:insist|argu|suggest|fear|thought|think|believ|reckon)",
            rf" (?!(?:by|with|for|on|of|in|to|from|over|about|against)\b)(?:[\w’'-]+ ){{2}}|, |{_THAT}",
        ),
        (r"report", rf" (?!from\b|to\b|for\b|back\b|by\b|in\b|at\b|on\b)\w|{_THAT}"),
        (
            r"(?:announc|accus|blam|suspect|describ|quot|estimat|predict|warn|rule[sd]? out|\w+ of$|recommend|express|voice|apolog|put)",
            r" (?!by\b|for\b|in\b|to\b)[\w\"£$€]",
        ),
        (r"t(?:old|ell)", r" (?!(?:\S+ ){0,4}?(?:tales?|stor(?:y|ies)|truth|time|lies?|jokes?)\b)(?:\S+ ){1,6}?\S+ \S"),
        (r"claim", r" (?:that|to [a-z]+|responsibility|he|she|it|they|there|his|her|its|their)\b"),
        (
            r"(?:den|reject|dismiss|disput|refut)",
            rf" (?:that|having|being|\w+ing|any|all|it|ever)\b|[^.;]{{0,40}} (?:{_CLAIMED})\b| [^,.;]{{1,60}} as \w",
        ),
        (r"(?:promis|vow|pledg|threaten|propos|demand)", rf" to\b|{_THAT}"),
        (r"call", r" (?:for|on)\b"),
        (r"(?:urg|ask|advis|expect)", rf"(?: [\w’'-]+){{1,5}}? to [a-z]|{_THAT}"),
        (r"(?:critici|condemn|prais)", r" [^.;]{1,60} (?:as|for|over|saying)\b"),
        (r"", _THAT),
    )
)
"""What must follow a verb for it to report: the first row whose verb fits decides, and quotation marks do for every verb."""
NOUNS = re.compile(r"(?:report|claim|forecast|suspect|blame|quote|estimate|promise|demand|fear|show|note|find|call|hope)\b")
"""Verbs that are nouns as often: they report only after a plural."""
INVERTED = re.compile(
    r"sa(?:id|ys)|add(?:ed|s)|explain(?:ed|s)|wrote|writes|warn(?:ed|s)|insist(?:ed|s)|argue[sd]|recall(?:ed|s)|note[sd]|admit|reported"
)
"""Verbs that may stand before their speaker without quotation marks: ", said Gus Hadley"."""

_ABBREVIATIONS = "".join(rf"(?<!\b{title})" for title in "Mr Dr Ms Mrs St Gov Sen Rep Gen Lt Col Capt Sgt Rev Prof [A-Z]".split())
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
TIME = (
    r"(?:(?:(?:late |early )?on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?|yesterday|today|"
    rf"tonight|later|earlier|meanwhile|afterwards|still|however|then|now|(?:last|this|earlier this) \w+|"
    rf"at (?:noon|dawn|midnight|first)|on \d+ {_MONTH}|in {_MONTH}(?: \d{{4}})?|in \d{{4}}|"
    r"(?:\w+ )?(?:days|weeks|months|years|moments) (?:later|earlier))"
)
AUXILIARY = re.compile(
    r"(?<![\w’'-])(?:(?:not|never|has|have|had|did|does|do|always|long|just|even|all|both|first|also|later|then|once|again|already|"
    r"now|still|earlier|recently|since|repeatedly|in turn|[a-z]{3,}ly) )+$"
)
NEGATED = re.compile(r"\b(?:not|never|hardly)\b|n[’']t\b")
NOBODY = re.compile(r"(?:neither|no one|nobody|none|nothing|no|few)\b", re.I)
NO_SPEAKER_END = re.compile(
    r"(?:^|[ ·])(?:who|which|that|what|to|be|been|being|is|are|was|were|and|or|the|a|an|of|as|by|goes|with|in|on|at|for|from|without|would|"
    r"will|could|can|may|might|must|should|not|when|where|why|how|while|if|than|about|but|"
    r"so|then)$",
    re.I,
)
NO_SPEAKER_START = re.compile(
    r"(?:I|we|you)(?![\w.])|[a-z]+s (?:a|an|the|his|her|its|their) |(?:in|on|at|by|of|to|as|for|from|with|about|after|before|during|under|"
    rf"over|into|that|which|who|if|not|so|let|{TIME})\b",
    re.I,
)
FINITE = re.compile(
    r"\b(?:was|were|is|are|been|being|has|have|had|will|would|could|can|should|must|may|might|did|does|do|fell|rose|left|"
    r"came|went|began|took|made|won|lost|ran|said|says|told|(?!unnamed|retired|united|convicted|armed|elected|named|appointed|informed)(?<!-)[a-z]{2,}ed)\b"
)
CLAUSE = re.compile(
    r"(?:^|[ ,])(?:but|while|when|after|before|because|although|though|where|if|until|that|what|as|and yet)(?= )|[;:–—·\"]", re.I
)
LEAD = re.compile(
    rf" +|(?:And|But|So|Or|and|but|or)(?: then)? |(?i:{TIME})(?: |, )"
    r"|(?:In|At|On|After|During|Following|Under|Despite|With|From|For|By|Outside|Asked|Speaking)(?: (?:its|his|her|their|an?|the))?"
    r"(?: [a-z’'-]+){1,4}? (?=(?:the|an?|its|his|her|their|one|two|three|some|both) |[A-Z])"
    r"|(?:In|At|On|Outside|From|By) [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)? (?=(?:the|an?|its|his|her|one|two|three|some|both|[a-z]+s)\b|[A-Z])"
)
STOP = re.compile(
    rf"[,;:!?·\"()–—]|{_ABBREVIATIONS}\.(?!\w)| (?:who|which|that|when|while|as|after|before|during|because|whose|"
    r"at an? (?:\w+ )?(?:news|press|meeting|hearing|rally)|speaking|adding|urging|referring|describing|asking|citing|noting|warning|"
    r"in an? (?:[\w’'-]+ ){0,2}?(?:statement|interview|letter|speech|post|tweet|email|memo|release)|in (?:his|her|their) (?:letter|speech)|"
    rf"on (?:social|television|state|condition)|{TIME})\b"
)
MEASURE = re.compile(
    r"(?:(?:the|an?|his|her|its|their|each|our) )?(?:[\w’'-]+ ){0,2}?(?:sizes?|plans?|needs?|ranks?|custom|traditions?|rules?|schedule|"
    r"recipes?|taste|colou?r|age|weight|height|length|depth|merit|ability|income|seasons?|circumstances?|instructions?|types?|kind|order|value|price|"
    r"roles?|numbers?|levels?|amount|demand|methods?|principles?|standards?|formula|patterns?|scale|strength|speed|distance|tides?|winds?|weather|"
    r"how|whether|what|which|where)(?=$| (?:of|and|or|in|on|at)\b)",
    re.I,
)
"""What things are done by: no source after "according to"."""
