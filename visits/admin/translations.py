"""The translation desk: which record is translated into which language, the page on which one is, and its steps."""

from collections import Counter

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from visits.editorial import rules, standing, translating
from visits.editorial.translating import LANGUAGES, Work
from visits.enums import Standing, State, Verb
from visits.exceptions import RegisterError, StaleVersion
from visits.models import Edition, Translation, Visit
from visits.models.content import with_texts

from .base import arrived, number_in, reasons_of, typed, with_plain_newlines
from .conflicts import told
from .exports import Exporting
from .transitions import Step
from .translation_desk import SOURCE, DeskForm, Language, changes

PER_PAGE = 50
STEPS = {
    Verb.SUBMIT: Step(
        gettext_lazy("Submit for review"),
        gettext_lazy("A second person reads the translation and approves it or sends it back."),
        gettext_lazy("The translation has been submitted for review: %(title)s."),
        "main",
    ),
    Verb.SEND_BACK: Step(
        gettext_lazy("Send back"),
        gettext_lazy("The translation becomes a draft again. Its translator reads the reason you give here."),
        gettext_lazy("The translation has been sent back: %(title)s."),
    ),
    Verb.REVIEW: Step(
        gettext_lazy("Approve"),
        gettext_lazy("The public reads this translation at once, and searches find it."),
        gettext_lazy("The translation has been approved and is public: %(title)s."),
        "main",
    ),
}


def address_of(visit: int, language: str, step: str = "desk", **query) -> str:
    return reverse(f"admin:visits_translation_{step}", args=[visit, language], query=query or None)


@admin.register(Translation)
class TranslationAdmin(Exporting, admin.ModelAdmin):
    """No row stands for itself here: what is shown and decided is a record in a language."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        of_record = "<int:pk>/<str:language>/"
        steps = [
            path(f"{of_record}{verb.value}/", self.page(self.step_view), {"verb": verb}, f"visits_translation_{verb}")
            for verb in STEPS
        ]
        return [
            path("", self.page(self.matrix_view), name="visits_translation_changelist"),
            path("export/<str:format>/", self.page(self.export_view), name="visits_translation_export"),
            path(of_record, self.page(self.desk_view), name="visits_translation_desk"),
            *steps,
        ]

    def page(self, view):
        def answer(request, *args, **kwargs):
            if not self.has_view_permission(request):
                raise PermissionDenied
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "POST"])
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(answer)

    def context(self, request, **values) -> dict:
        return {**self.admin_site.each_context(request), "opts": self.opts, **values}

    # Which record into which language

    def matrix_view(self, request):
        matrix = Matrix(self.admin_site, request)
        paginator = Paginator(matrix.visits, PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        return TemplateResponse(
            request,
            "admin/visits/translation/matrix.html",
            self.context(
                request,
                title=_("Translations"),
                asked=matrix.asked,
                page=page,
                pages=paginator.get_elided_page_range(page.number),
                languages=[Language.of(code, LANGUAGES[code]) for code in matrix.languages],
                every_language=LANGUAGES.items(),
                standings=Standing.choices,
                rows=[(visit, matrix.cells_of(visit)) for visit in page],
                totals=totals(matrix.cells, matrix.published.count()),
            ),
        )

    def exported(self, request):
        matrix = Matrix(self.admin_site, request)
        headings = [_("Record"), _("Title"), *(LANGUAGES[code] for code in matrix.languages)]
        return headings, (
            [visit.slug, visit.title, *(words_of(cell) for _code, cell in matrix.cells_of(visit))]
            for visit in matrix.visits
        )

    # One record in one language

    def desk_view(self, request, pk, language):
        work, posted = self.work(pk, language), with_plain_newlines(request.POST)
        is_post = request.method == "POST"
        edition = (read_before(work, posted) if is_post else None) or work.edition
        if edition is None:
            raise Http404
        spoken = Language.of(language, LANGUAGES[language])
        form, refusals, happened, conflict = DeskForm(posted if is_post else None, work, edition, spoken), [], [], []
        if is_post and form.is_valid():
            try:
                return self.saved(request, form, edition)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
                since = list(work.events.filter(pk__gt=form.cleaned_data["seen"] or 0).order_by("pk"))
                happened = told(since)
                data, conflict = form.against(since)
                form = DeskForm(data, work, edition, spoken)
        sent_back = work.events.filter(verb__in=(Verb.SEND_BACK, Verb.REVIEW)).first()
        context = self.context(
            request,
            title=str(work),
            subtitle=edition.title,
            work=work,
            edition=edition,
            language=spoken,
            source=SOURCE,
            form=form,
            # The nonce lets the editor's import map through the content security policy.
            media=Media.from_media(form.media, nonce=str(request.csp_nonce)),
            # What was typed stays in its field, also where it cannot be saved any more.
            editable=is_post or not translating.why_not(Verb.SAVE, work, request.user),
            steps=self.steps(work, request.user),
            sent_back=sent_back if sent_back and sent_back.verb == Verb.SEND_BACK and work.state else None,
            refusals=refusals,
            happened=happened,
            conflict=conflict,
            cell=standing.cells(work.visit.pk).get((work.visit.pk, language)),
            others=[(code, name) for code, name in LANGUAGES.items() if code != language],
        )
        status = 409 if refusals else 200
        return TemplateResponse(request, "admin/visits/translation/desk.html", context, status=status)

    def saved(self, request, form: DeskForm, edition: Edition):
        work = form.work
        # Without a number that can be read nobody can say what was on the page: never the latest.
        changed = translating.save(
            work.visit,
            work.language,
            form.texts,
            edition,
            by=request.user,
            confirmed=form.confirmed,
            seen=form.cleaned_data["seen"] or 0,
        )
        if changed:
            arrived(request, _("The translation has been saved: %(title)s.") % {"title": work})
        else:
            arrived(request, _("Nothing was different, so nothing was saved."), messages.INFO)
        if "_submit" in request.POST:
            seen = work.events.latest_pk()
            return HttpResponseRedirect(address_of(work.visit.pk, work.language, Verb.SUBMIT, seen=seen))
        return HttpResponseRedirect(request.path)

    def work(self, pk: int, language: str) -> Work:
        if language not in LANGUAGES:
            raise Http404
        return Work(get_object_or_404(Visit.objects.select_related("country"), pk=pk), language)

    def steps(self, work: Work, user) -> list[dict]:
        seen = work.events.latest_pk()
        return [
            {
                "step": STEPS[option.verb],
                "url": address_of(work.visit.pk, work.language, option.verb, seen=seen),
                "reasons": option.reasons,
                "verb": option.verb,
            }
            for option in translating.available(work, user)
        ]

    # A step, confirmed on a page of its own

    def step_view(self, request, pk, language, verb):
        work, refusals = self.work(pk, language), []
        permissions = translating.STEPS[verb].permissions
        needed = [permissions[work.state]] if work.state in permissions else permissions.values()
        if not any(rules.may(request.user, permission) for permission in needed):
            raise PermissionDenied
        is_post, note = request.method == "POST", typed(request)
        seen = number_in((request.POST if is_post else request.GET).get("seen", ""))
        if is_post:
            try:
                translating.ACTIONS[verb](work.visit, language, by=request.user, note=note, seen=seen or 0)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
            else:
                arrived(request, STEPS[verb].done % {"title": work})
                return HttpResponseRedirect(address_of(pk, language))
        latest = work.events.latest_pk()
        if not is_post and seen not in (None, latest):
            refusals = [StaleVersion(row=work, held=seen, stored=latest)]
        standing_against = translating.why_not(verb, work, request.user)
        since = work.events.filter(pk__gt=latest if seen is None else seen).order_by("pk")
        context = self.context(
            request,
            title=capfirst(STEPS[verb].button),
            subtitle=str(work),
            trail=[
                (reverse("admin:visits_translation_changelist"), _("Translations")),
                (address_of(pk, language), work),
            ],
            seen=latest,
            happened=told(since) if any(isinstance(refusal, StaleVersion) for refusal in refusals) else [],
            step=STEPS[verb],
            reasons=refusals if is_post else refusals + standing_against,
            was_refused=is_post,
            possible=not standing_against,
            note=note,
            note_required=translating.STEPS[verb].reason_required,
            changes=changes(work) if verb != Verb.SEND_BACK and work.edition and work.in_work else None,
            language=Language.of(language, LANGUAGES[language]),
        )
        return TemplateResponse(request, "admin/visits/confirm.html", context, status=409 if is_post else 200)


class Matrix:
    """The records that were asked for, each with how it stands in the languages that were asked for."""

    def __init__(self, admin_site, request):
        self.asked = {name: request.GET.get(name, "") for name in ("q", "language", "state")}
        self.languages = [self.asked["language"]] if self.asked["language"] in LANGUAGES else list(LANGUAGES)
        self.cells = standing.cells()
        self.published = Visit.objects.filter(editions__state=State.PUBLISHED)
        visits = self.published.annotate(title=F("editions__title")).select_related("country").order_by("slug")
        search = admin_site.get_model_admin(Visit).get_search_results
        visits, has_duplicates = search(request, visits, self.asked["q"].replace("\0", ""))
        visits = visits.distinct() if has_duplicates else visits
        self.visits = of_standing(visits, self.asked["state"], self.languages, self.cells)

    def cells_of(self, visit: Visit) -> list[tuple[str, standing.Cell | None]]:
        return [(code, self.cells.get((visit.pk, code))) for code in self.languages]


def words_of(cell: standing.Cell | None) -> str:
    return (cell.standing if cell else Standing.MISSING).label


def read_before(work: Work, posted) -> Edition | None:
    """The edition whose texts stood on the page, also when another one has been published since."""
    editions = Edition.objects.filter(visit=work.visit, pk=number_in(posted.get("edition", ""))).exclude(number=None)
    return with_texts(editions).first()


def of_standing(visits, asked: str, languages: list[str], cells: standing.Cells):
    """The visits that stand so in one of these languages."""
    if asked not in Standing:
        return visits
    if asked != Standing.MISSING:
        return visits.filter(
            pk__in={visit for (visit, code), cell in cells.items() if code in languages and cell.standing == asked}
        )
    of_visit = Counter(visit for visit, code in cells if code in languages)
    return visits.exclude(pk__in=[visit for visit, number in of_visit.items() if number == len(languages)])


def totals(cells: standing.Cells, visits: int) -> list[tuple[Language, list[tuple[Standing, int]]]]:
    """Of each language, how many records stand how."""
    counted = Counter((code, cell.standing) for (_visit, code), cell in cells.items())
    for code in LANGUAGES:
        counted[code, Standing.MISSING] = visits - sum(counted[code, state] for state in Standing)
    return [
        (Language.of(code, name), [(state, counted[code, state]) for state in Standing])
        for code, name in LANGUAGES.items()
    ]
