"""A whole record as CommonMark, in the words of its page."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from visits.catalogue.pages import EngagementEntry, Fact, FindingEntry, Source, VisitPage
from visits.catalogue.wording import day_in_words, listed
from visits.text.markdown import escaped, link, prose

from .addresses import Site

# What the page calls the groups of topics, bodies and findings.
HEADINGS = {
    "focus": gettext_lazy("Focus of the talks"),
    "cross-cutting": gettext_lazy("Also discussed"),
    "mentioned": gettext_lazy("Mentioned in the source"),
    "lead": gettext_lazy("Led by"),
    "progress": gettext_lazy("Progress"),
    "good-practice": gettext_lazy("Good practices"),
    "to-strengthen": gettext_lazy("To strengthen"),
    "assistance": gettext_lazy("Assistance"),
    "statement": gettext_lazy("Statements"),
}


def as_markdown(page: VisitPage, site: Site) -> str:
    country = link(said(page.country.name), site.to("country", page.country.key))
    blocks = [
        f"# {said(page.title.text)}",
        listed([country, *(escaped(part.period) for part in page.dates)]),
        said(page.summary),
        *(f"> {notice}" for notice in notices(page, site)),
    ]
    for heading, parts in sections(page, site):
        if parts := list(filter(None, parts)):
            blocks += [f"## {heading}", *parts]
    return "\n\n".join(filter(None, blocks)) + "\n"


def said(text) -> str:
    """A Text, or what is in the language of the page."""
    written = escaped(str(text))
    return f"{written} ({_('older than the original')})" if getattr(text, "is_older", False) else written


def notices(page: VisitPage, site: Site) -> Iterator[str]:
    if get_language() != "en" and not page.translation.translated:
        yield _("This record has not been translated yet: what it says is in English.")
    elif get_language() != "en" and not page.translation.is_whole:
        yield _("This record is partly translated: the rest is in English.")
    if not page.is_current:
        replaced = _("This is edition %(number)s. It was replaced on %(day)s.")
        replaced %= {"number": page.number, "day": day_in_words(page.superseded_at)}
        yield f"{replaced} {link(_('Read the current edition.'), site.visit(page.slug))}"
    if page.redacted_at:
        redacted = _("Something was redacted on %(day)s, here or in what this record quotes:")
        yield f"{redacted % {'day': day_in_words(page.redacted_at)}} {said(page.redaction_reason)}"


def sections(page: VisitPage, site: Site) -> Iterator[tuple[str, list[str]]]:
    yield _("At a glance"), [items(glance(page, site))]
    aim = [_("What the visit set out to do; not a finding."), said(page.aim.text)]
    yield _("Aim of the visit"), aim if page.aim.text else []
    yield _("Topics"), groups(page.topics, lambda topic: link(said(topic.text), site.to("topic", topic.key)))
    yield _("Findings"), groups(page.findings, lambda finding: of_finding(finding, site))
    yield _("What the delegation did"), [items(of_engagement(row, site) for row in page.engagements)]
    people = ((row.role, filter(None, (row.name, *row.position))) for row in page.people)
    yield _("People"), [items(labelled(role, listed(map(said, told))) for role, told in people)]
    linked = [
        (group.kind, link(said(each.title), site.visit(each.slug))) for group in page.links for each in group.visits
    ]
    yield _("Linked visits"), [items(labelled(kind, visit) for kind, visit in linked)]
    yield _("In the words of the source"), [prose(page.text.text.text)]
    yield _("Sources"), [items(map(of_source, page.sources)), undisclosed(page.undisclosed_sources)]
    published = _("Edition %(number)s, published here on %(day)s.")
    published %= {"number": page.number, "day": day_in_words(page.published_at)}
    yield _("History of this record"), [published, said(page.change_note)]
    yield _("How to cite"), [citation(page, site)]


def glance(page: VisitPage, site: Site) -> Iterator[str]:
    for part in page.dates:
        modality = f"{escaped(part.modality)} ({_('inferred')})" if part.inferred else escaped(part.modality)
        yield labelled(_("Dates"), listed(filter(None, (escaped(part.period), modality, said(part.places)))))
    for kind in page.kinds:
        yield labelled(_("Kind of visit"), listed(filter(None, (said(kind.text), said(kind.detail)))))
    if page.mandate.text:
        yield labelled(_("On behalf of"), said(page.mandate.text))
    for group in page.bodies:
        for body in group.entries:
            yield labelled(HEADINGS.get(group.key, _("With")), of_body(body, site))
    for resolution in page.resolutions:
        symbol = link(escaped(resolution.detail), site.to("resolution", resolution.key))
        yield labelled(_("Resolutions"), listed(filter(None, (symbol, said(resolution.text)))))
    if page.not_recorded:
        yield labelled(_("Not recorded here"), escaped(page.not_recorded))


def of_body(body: Fact, site: Site) -> str:
    told = [link(escaped(body.short), site.to("body", body.key)), said(body.text)]
    if body.detail and str(body.detail) != str(body.text):
        told.append(_("named as “%(name)s”") % {"name": said(body.detail)})
    return listed(told)


def of_finding(finding: FindingEntry, site: Site) -> str:
    told = []
    if finding.speaker:
        told.append(_("According to %(speaker)s") % {"speaker": said(finding.speaker)})
    if finding.direction:
        told.append(escaped(finding.direction))
    if finding.topic:
        told.append(link(said(finding.topic.name), site.to("topic", finding.topic.key)))
    told.append(link(_("Permanent link"), site.finding(finding.uid)))
    return f"{said(finding.text)} ({listed(told)})"


def of_engagement(row: EngagementEntry, site: Site) -> str:
    counterpart = said(row.counterpart)
    if counterpart and row.body:
        counterpart = link(counterpart, site.to("body", row.body.key))
    if counterpart and row.description:
        counterpart = f"{pgettext('whom the delegation met', 'With')} {counterpart}"
    told = [said(row.description), counterpart]
    told += [f"{_('Member of')} {link(said(body.name), site.to('body', body.key))}" for body in row.member_of]
    told.append(f"{_('Place')} {said(row.place) if row.place else _('not stated')}")
    kind = f"{escaped(row.kind)}: {escaped(row.site)}" if row.site else escaped(row.kind)
    return labelled(kind, listed(filter(None, told)))


def of_source(source: Source) -> str:
    title = said(source.title)
    told = [link(title, source.url) if source.url else title, escaped(source.symbol)]
    if source.published_on:
        told.append(f"{_('Published')} {day_in_words(source.published_on)}")
    if source.category:
        told.append(f"{_('Category')} {said(source.category)}")
    if source.sha256:
        told.append(f"SHA-256 {escaped(source.sha256)}")
    return labelled(escaped(source.kind), listed(filter(None, told)))


def undisclosed(number: int) -> str:
    if not number:
        return ""
    sentence = ngettext("%(number)s source is not disclosed.", "%(number)s sources are not disclosed.", number)
    return sentence % {"number": number}


def citation(page: VisitPage, site: Site) -> str:
    line = _("“%(title)s”, %(register)s, edition %(number)s (as at %(day)s).") % {
        "title": said(page.title.text),
        "register": _("Register of CTED visits"),
        "number": page.number,
        "day": day_in_words(timezone.now().date()),
    }
    return f"{line} <{site.edition(page.slug, page.number)}>"


def groups(found: Iterable, entry) -> list[str]:
    return [block for group in found for block in (f"### {HEADINGS[group.key]}", items(map(entry, group.entries)))]


def items(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def labelled(label: str, line: str) -> str:
    return f"**{label}:** {line}"
