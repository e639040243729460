"""Past forms of verbs that news uses, and their base forms: what tells a sentence's verb, and what "did" needs."""

from __future__ import annotations

_REGULAR = """
abandon abolish accept accuse achieve acquire add adopt agree aim announce appear appoint approve arrest arrive attack attend award ban
block bomb call cancel capture carry cast cause celebrate change charge claim climb close collapse collect complete conclude condemn
confirm contain contract convict cover crash create cross cut damage declare decide defeat defend deliver deny deploy design destroy
detain develop die discover discuss dismiss dissolve divide double earn elect employ end enter establish evacuate expand expel explode
face fail fill fine finish fire float follow force form found free gather guide halve handle happen help hire host identify impose include
increase inherit injure inspire install intend introduce invade invest invite join jump kick kidnap kill land last launch license limit
link list live load locate lock loot manage march mark marry merge miss move murder name negotiate nominate note occupy occur offer open
operate oppose order organise organize outlaw own paint participate pass perform place plant play plunge postpone produce promise promote
propose protest prove publish pull purchase raid raise rank ratify reach rebuild receive recognise recognize record recover recruit reduce
reelect refuse register reject release remain remove rename renew reopen replace rescue resign restore restrict resume retire return
reveal review rise rule sail sanction score search seize separate serve settle share sign slash sponsor stage start stay stop storm
strengthen study succeed suffer supply support surpass surrender suspend target test top total tour train transfer travel treat triple
turn unveil use vaccinate visit vote vow warn wound
"""
_DOUBLED = "ban slam stop plan ship transfer"
_IRREGULAR = """
become became; begin began begun; break broke broken; bring brought; build built; buy bought; catch caught; choose chose chosen; come came
come; cost cost; cut cut; draw drew drawn; drive drove driven; fall fell fallen; fight fought; find found; flee fled; fly flew flown;
forbid forbade forbidden; get got; give gave given; go went gone; grow grew grown; have had; hit hit; hold held; keep kept; lay laid; lead
led; leave left; lend lent; lose lost; make made; meet met; overthrow overthrew overthrown; pay paid; put put; rise rose risen; run ran
run; see saw seen; sell sold; send sent; set set; shoot shot; shut shut; sink sank sunk; speak spoke spoken; spend spent; spread spread;
stand stood; steal stole stolen; strike struck; swear swore sworn; take took taken; teach taught; win won; withdraw withdrew withdrawn;
write wrote written
"""
AUXILIARIES = frozenset("was were is are will has have had would".split())
SPEECH = frozenset(
    "said says say told tells added adds argued argues asked asks believe believed believes claimed claims denied denies explained "
    "hopes hoped insisted noted reported reports stated states suggested suggests thinks thought warned warns wrote according".split()
)
"""Words whose clause is somebody's word: what happened is in a clause within it."""


def _past(base: str) -> str:
    """The regular past form."""
    if base in _DOUBLED.split():
        return f"{base}{base[-1]}ed"
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ied"
    return f"{base}ed"


_FORMS = [verb.split() for verb in _IRREGULAR.split(";")]
_NOT_REGULAR = {forms[0] for forms in _FORMS} | {"found"}
BASES = {_past(base): base for base in _REGULAR.split() if base not in _NOT_REGULAR} | {
    forms[1]: forms[0] for forms in _FORMS if len(forms) > 1
}
"""Past form -> base form."""
PARTICIPLES = frozenset({_past(base) for base in _REGULAR.split() if base not in _NOT_REGULAR} | {forms[-1] for forms in _FORMS})
