"""Make the PDF and DOCX articles of the sample corpus from the text held here.

Run `python benchmarks/make_sample_files.py` to write them into `eval/sample/articles`; the bytes are the same on every run.
The other articles of the sample are plain files, edited by hand.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ARTICLES = Path(__file__).parents[1] / "eval" / "sample" / "articles"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One article: its metadata, and its paragraphs; those that begin with `# ` are headings."""

    title: str
    publisher: str
    author: str
    published: datetime
    """Written into the document's properties."""
    dated_in_text: bool
    """Whether the byline shows the date too."""
    text: str

    @property
    def byline(self) -> str:
        """The line under the title."""
        date = f" | Published: {self.published.day} {self.published:%B %Y}" if self.dated_in_text else ""
        return f"{self.publisher} | By {self.author}{date}"

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs, each on one line."""
        return [" ".join(part.split()) for part in self.text.strip().split("\n\n")]


AFRICA_CORPS = Source(
    title="Same runway, new signature: a briefing on the Africa Corps",
    publisher="Alder & Vane Briefing",
    author="Cosmo Aldervane",
    published=datetime(2025, 6, 18, 9, 0, tzinfo=UTC),
    dated_in_text=False,
    text="""
In June 2025 Wagner ended a stay of nearly three years in Mali. Its place is taken by the Africa Corps. This briefing sets out
what is known about the newcomer, what is guessed, and what a reader should watch.

# What it is

The Africa Corps is a military formation of the Russian state. It was put together once Wagner's founder, Yevgeny Prigozhin, had died
in an air crash in August 2023, and it stands under the Defence Ministry. Wagner was in form a private company. The
difference matters less in the field than in the files: pay, pensions, promotions and the chain of command all now lead to one
address in Moscow.

It is not confined to Mali. Its first detachments were seen in Burkina Faso in January 2024 and in Niger that April. In Libya it
runs the air bases through which aircraft and supplies for the Sahel pass.

# How large it is in Mali

Nobody outside has a firm number. American officials have spoken of around 2,000 Russians of both kinds. Tobias Arkwell of Corran
University, a retired supply officer, estimates the instructors among them at 400. He counts flights and beds. "An instructor
needs a bed, a blackboard and a bottle of water," he says. "You can follow all three."

# What it will do

More teaching and less fighting, most observers believe. We see three tests. Will Russians still ride in the front vehicles? Will
drones be flown by Malian crews? And will the small garrisons in the centre be given help when they are attacked at night?

# What to watch

The rains end in October. If the Africa Corps wants to show that it can do what Wagner did, roads to Kidal and Timbuktu will be
opened then. If it prefers to stay in its camps, the army's weakest posts are likely to be given up before that.

Alder & Vane Briefing is an invented newsletter, and Tobias Arkwell is an invented expert; this article was written for the Dateline
sample.
""",
)

AIRLIFT = Source(
    title="What it takes to move an army that is not there",
    publisher="The Corran Standard",
    author="Benedikt Ashgrove",
    published=datetime(2025, 6, 24, 6, 0, tzinfo=UTC),
    dated_in_text=True,
    text="""
Esme Tarrington has a folding chair, a thermos flask and a radio that hears what pilots say. From a roof near the airport of Bamako
the retired air-traffic controller writes down every heavy aircraft that comes in. In the seven days after Wagner's farewell she
noted 14 landings by four-engined transports, against five in an ordinary week.

Most were Ilyushin Il-76s, the workhorse of Russian military transport, which can lift more than forty tonnes. Fully laden they
cannot reach Mali from Russia in one hop. They stop on the Mediterranean coast in Libya, take on fuel, and cross the desert by night.

"What goes in is heavier than what comes out," Ms Tarrington said. "You see it on the tyres." To her that means that equipment is
being brought and people are being changed, not that a force is being taken home.

# By sea and by road

The greater weight goes by water. Cargo ships have unloaded lorries and armoured vehicles in Conakry, the capital of Guinea. From
that port the columns drive some 900 kilometres to Bamako. It is a slow and public way to move an army: children film it, and the
films are online before the last vehicle has passed.

A retired supply officer, Tobias Arkwell, has worked out what a garrison of five hundred needs: eleven tonnes a day in quiet times,
half of it water and fuel, and three times that if it fights. "Romantics study battles," he said. "I would look at who repairs the
tyres. Wagner had a good workshop in Bamako. Whoever has the keys of it now has the succession."

The French knew the sum as well. When they closed their main base at Gao in August 2022, their last in the country, they had been
moving freight for half a year, and some of it went home by way of the port of Abidjan.

# The hard part

Bamako is the easy end. Beyond Sévaré each litre of diesel has to be driven through country where mines are laid at night, or flown
in smaller aircraft to strips of packed earth. Kidal has such a strip. In the rains it is shut for days on end.

Ms Tarrington packed up at dusk. The fifteenth transport was late, she said, and her flask was empty.

The Corran Standard is an invented newspaper and its sources in this article are invented; it was written for the Dateline sample.
""",
)

PEACEKEEPERS = Source(
    title="The blue helmets' last inventory",
    publisher="The Brackwater Observer",
    author="Lorna Tigh",
    published=datetime(2025, 6, 27, 7, 30, tzinfo=UTC),
    dated_in_text=False,
    text="""
When the United Nations left Mali it left lists. Issa Tarramint, who kept one of them, can still recite the end of it: nine
refrigerators, two of them broken; one table-tennis table; one globe.

Mr Tarramint was an interpreter with the mission known as MINUSMA, from its second year to its last. He speaks Tamasheq, Songhay,
French and a careful English. Now he sells seed in Mopti, and when Wagner announced its withdrawal this June he was asked by his
customers to compare.

"We left with forms in five copies," he said. "They left with a video."

# Ten years

The Security Council created the mission in April 2013, to hold together a country that had nearly fallen apart the year before. It
grew to more than 12,000 soldiers and police, and it became the most dangerous of the organisation's operations: over 300 of its
peacekeepers died, more than half of them in attacks. It protected towns, counted the dead, flew ballot boxes, and was blamed for
what it could not prevent.

In June 2023 Mali's government asked it to go, and the Council ended the mandate on the last day of that month. Camp after camp was
closed under fire. By 31 December 2023 the mission had left, as had been laid down.

It was the second great departure in less than two years. The last French soldiers had left in August 2022. After that, the army and
its Russian partners were alone with the war.

# What cannot be packed

Some of what the mission did has found no successor. Its human rights officers travelled to places such as Moura and wrote things
down. Its helicopters brought the wounded out. Mr Tarramint himself, in his free time, presented an hour on a local station in Mopti
in which cattle owners and farmers quarrelled over the air instead of in the fields. The station still exists. It plays music.

Delphine Morrowgate, a historian of peacekeeping, thinks that comparison is unfair to everyone. "A peace mission without a
peace and a mercenary without a victory," she said. "They were sent to the same place to look for what was not there."

Mr Tarramint kept one thing that was on no list. It is a laminated card with the rules of table tennis in Bengali.

The Brackwater Observer is an invented newspaper, and so are the people who speak in this article; it was written for the Dateline
sample.
""",
)

ALGERIA = Source(
    title="The long border: Algeria and Mali stop talking",
    publisher="The Saltmarsh Courier",
    author="Hester Quillfeather",
    published=datetime(2025, 6, 30, 5, 0, tzinfo=UTC),
    dated_in_text=True,
    text="""
The line between Algeria and Mali runs for more than 1,300 kilometres through sand and stone, and for most of its length only a
shepherd could say where it is. Brahim Oulhadji, a truck driver from the south of Algeria, crossed it twice a month for twenty years.
He has not crossed it since April.

The two governments used to need each other. In 2015 it was in Algiers that Bamako and the rebels of the north signed a peace accord,
with Algeria as the chief mediator. The army's march on Kidal in 2023 emptied the text of meaning, and in January 2024 the military
government declared it over.

Worse came this spring. In the night to 1 April Algeria shot down a Malian drone near Tinzaouaten. Algiers said that it had come into
Algerian airspace; Bamako said that it had not. Mali, Burkina Faso and Niger called their ambassadors home, Algeria answered in kind,
and each side closed its sky to the aircraft of the other.

# A neighbour of the Russians

Algeria buys most of its weapons in Moscow, yet it was Russians in Wagner's pay who drove up to its own frontier. Nadir Belkhourine,
who lectures on North African politics at Quillhaven College, believes that the change of June is a chance. "With a
company there is nobody to telephone," he said. "With a ministry there is a switchboard, at least."

He lists what could be discussed: a line for emergencies, a stretch along the frontier over which no drones are flown, passage for
traders. None of it needs friendship.

# What the border eats

For the people of the frontier the quarrel has a price in pasta. Northern Mali eats what comes from Algeria. A carton that cost
Mr Oulhadji's customers the equivalent of four euros in winter now costs seven, when there is one.

He has parked the truck under an acacia and taken a job in a tyre shop. Most evenings he looks at the weather over the Malian side. "It
rains there first," he said, "and they do not send it back."

The Saltmarsh Courier is an invented newspaper, and Mr Oulhadji and Mr Belkhourine are invented people; this article was written for
the Dateline sample.
""",
)

SOURCES: Mapping[str, Source] = {
    "alder-vane-africa-corps.pdf": AFRICA_CORPS,
    "corran-standard-airlift.pdf": AIRLIFT,
    "brackwater-observer-peacekeepers.docx": PEACEKEEPERS,
    "saltmarsh-courier-algeria.docx": ALGERIA,
}


def make(name: str) -> bytes:
    """Make the bytes of the file `name`, a key of `SOURCES`."""
    source = SOURCES[name]
    return _pdf(source) if name.endswith(".pdf") else _docx(source)


def _pdf(source: Source) -> bytes:
    from html import escape

    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.utils import TimeStamp
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    def date_the_file(canvas: Canvas, _: SimpleDocTemplate) -> None:
        """Make the creation date the article's date and not now."""
        stamp = TimeStamp(invariant=1)
        stamp.YMDhms = source.published.timetuple()[:6]
        canvas._doc._timeStamp = stamp

    styles = getSampleStyleSheet()
    story = [Paragraph(escape(source.title), styles["Title"]), Paragraph(escape(source.byline), styles["Italic"]), Spacer(1, 12)]
    for paragraph in source.paragraphs:
        heading = paragraph.startswith("# ")
        story += [Paragraph(escape(paragraph.removeprefix("# ")), styles["Heading3" if heading else "BodyText"]), Spacer(1, 4)]
    buffer = io.BytesIO()
    properties = {"title": source.title, "author": source.author, "subject": source.publisher, "creator": source.publisher}
    SimpleDocTemplate(buffer, invariant=1, **properties).build(story, onFirstPage=date_the_file)
    return buffer.getvalue()


def _docx(source: Source) -> bytes:
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.category = source.title, source.author, source.publisher
    properties.comments, properties.last_modified_by, properties.language = "", source.author, "en-GB"
    properties.created = properties.modified = source.published.replace(tzinfo=None)
    document.add_heading(source.title, level=0)
    document.add_paragraph(source.byline)
    for paragraph in source.paragraphs:
        if paragraph.startswith("# "):
            document.add_heading(paragraph.removeprefix("# "), level=1)
        else:
            document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_times(buffer.getvalue())


def _without_times(archive: bytes) -> bytes:
    """Set the time of every member of a zip archive to the earliest that the format knows."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name), before.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()


def main() -> int:
    """Write every file of `SOURCES`."""
    for name in SOURCES:
        (ARTICLES / name).write_bytes(make(name))
        print(f"{name}: {(ARTICLES / name).stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
