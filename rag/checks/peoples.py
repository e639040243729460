"""Words that stand for one another in news: a country and its people, an abbreviation and what it is short for. English.

Regular forms (Mali and Malian) are not listed; `is_people_of` tells them.

>>> is_people_of("malian", "mali"), is_people_of("maldivian", "maldives"), is_people_of("calloway", "galloway")
(True, True, False)
>>> sorted(alike("The Dutch left."))
['dutch', 'dutchman', 'holland', 'netherlands']
"""

from __future__ import annotations

import re

from index.terms import words

_ALIKE = """
us, usa, america, american, americans, united states
uk, britain, british, britons, briton, united kingdom, great britain
eu, european union
uae, emirati, emiratis, united arab emirates
un, united nations
france, french, frenchman, frenchwoman
netherlands, dutch, holland, dutchman
spain, spanish, spaniard, spaniards
greece, greek, greeks
denmark, danish, danes, dane
poland, polish, poles, pole
turkey, turkish, turks, turk, türkiye
switzerland, swiss
germany, german, germans
wales, welsh, welshman, welshwoman
ireland, irish, irishman, irishwoman
sweden, swedish, swedes, swede
finland, finnish, finns, finn
scotland, scottish, scots, scot, scotsman
england, english, englishman, englishwoman
portugal, portuguese
norway, norwegian, norwegians
ukraine, ukrainian, ukrainians
thailand, thai, thais
iceland, icelandic, icelanders, icelander
czech, czechia, czechs, czech republic
slovakia, slovak, slovaks
slovenia, slovene, slovenes, slovenian
croatia, croat, croats, croatian
serbia, serb, serbs, serbian
bosnia, bosnian, bosniak, bosniaks
hungary, hungarian, hungarians
belgium, belgian, belgians
flanders, flemish
cyprus, cypriot, cypriots
malta, maltese
luxembourg, luxembourger
latvia, latvian, latvians
afghanistan, afghan, afghans
pakistan, pakistani, pakistanis
bangladesh, bangladeshi, bangladeshis
philippines, filipino, filipinos, filipina, philippine
vietnam, vietnamese
myanmar, burma, burmese
laos, lao, laotian
taiwan, taiwanese
china, chinese
korea, korean, koreans
israel, israeli, israelis
lebanon, lebanese
saudi arabia, saudi, saudis
kurdistan, kurdish, kurds, kurd
peru, peruvian, peruvians
argentina, argentine, argentines, argentinian
ecuador, ecuadorian, ecuadorean
el salvador, salvadoran, salvadorans
puerto rico, puerto rican
dominican republic, dominican
barbados, barbadian, bajan
congo, congolese
niger, nigerien
togo, togolese
gabon, gabonese
ivory coast, ivorian, ivorians, côte d'ivoire
burkina faso, burkinabe
ghana, ghanaian, ghanaians
madagascar, malagasy
lesotho, basotho
swaziland, eswatini, swazi
new zealand, new zealander, new zealanders, kiwi, kiwis
europe, european, europeans
naples, neapolitan, neapolitans
vienna, viennese
moscow, muscovite, muscovites
paris, parisian, parisians
glasgow, glaswegian, glaswegians
manchester, mancunian, mancunians
liverpool, liverpudlian, liverpudlians
milan, milanese
catalonia, catalan, catalans
basque, basques
cornwall, cornish
brittany, breton, bretons
quebec, québécois
jew, jews, jewish
muslim, muslims, islam, islamic
christian, christians, christianity
mp, mps, members of parliament, member of parliament, parliament, lawmaker, lawmakers, legislators
pm, prime minister, premier
ceo, chief executive
cfo, finance chief, chief financial officer
tv, television
hq, headquarters
ai, artificial intelligence
nhs, health service
covid, coronavirus
gdp, gross domestic product
phd, doctorate
north, northern
south, southern
east, eastern
west, western
saint, st
moon, lunar
conservative, conservatives, tory, tories
who, world health organisation, world health organization
"""
_GROUPS = [tuple(" ".join(word for _, word in words(name)) for name in line.split(",")) for line in _ALIKE.strip().splitlines()]
_SHORT = 3
"""Letters of a name that must stand in capitals, as "US" does."""
_PEOPLE = ("ians", "ian", "ans", "an", "ns", "n", "ese", "ish", "is", "i", "ers", "er", "ic", "ites", "ite")
_OF_PLURALS = ("ians", "ian", "ans", "an")
_LANDS = ("", "ia", "land", "istan", "stan")


def alike(text: str) -> set[str]:
    """The words of every name that stands for one in `text`, those in it among them."""
    plain = f" {' '.join(word for _, word in words(text))} "
    abbreviated = re.findall(r"\b[A-Z]{2,}\b", text.replace(".", ""))
    capital = f" {' '.join(abbreviated).lower()} "
    groups = (names for names in _GROUPS if any(f" {name} " in (plain if len(name) > _SHORT else capital) for name in names))
    return {word for names in groups for name in names for word in name.split()}


def is_people_of(one: str, other: str) -> bool:
    """Whether one word is the people or the language of the other: Malian and Mali, Russians and Russia."""
    for longer, shorter in ((one, other), (other, one)):
        bases = {shorter.removesuffix(end) for end in _LANDS} | {shorter.rstrip("aeioy")}
        plural = {shorter.removesuffix(end) for end in ("es", "s") if shorter.endswith("es")} - {shorter}
        if len(shorter) > _SHORT and any(
            longer.endswith(end) and longer.removesuffix(end) in (bases | plural if end in _OF_PLURALS else bases) for end in _PEOPLE
        ):
            return True
    return False
