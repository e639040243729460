"""Irregular verbs, which stemming does not bring together: "left" is "leave", "withdrew" is "withdraw"."""

from __future__ import annotations

from collections.abc import Iterable

from index.terms import stems

_FORMS = """
begin began begun; break broke broken; bring brought; build built; buy bought; catch caught; choose chose chosen; come came;
draw drew drawn; drive drove driven; eat ate eaten; fall fell fallen; fight fought; find found; flee fled; fly flew flown;
forbid forbade forbidden; freeze froze frozen; give gave given; go went gone; grow grew grown; hear heard; hide hid hidden; hold held;
keep kept; know knew known; lead led; leave left; lend lent; lose lost; make made; meet met; overtake overtook overtaken;
overthrow overthrew overthrown; pay paid; ride rode ridden; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold;
send sent; shake shook shaken; shoot shot; show shown; sink sank sunk; sit sat; speak spoke spoken; spend spent; stand stood;
steal stole stolen; strike struck stricken; swear swore sworn; take took taken; teach taught; tear tore torn; tell told; think thought;
throw threw thrown; understand understood; wear wore worn; win won; withdraw withdrew withdrawn; write wrote written
"""
_BASES = {form: base for verb in _FORMS.split(";") for base, *forms in [stems(verb)] for form in forms if form != base}


def based(found: Iterable[str]) -> set[str]:
    """Some stems, those of irregular forms as the stem of their verb.

    >>> sorted(based(["troop", "left", "withdrew"]))
    ['leav', 'troop', 'withdraw']
    """
    return {_BASES.get(stem, stem) for stem in found}
