"""E-mail about the work: whether a person wants it, and what could not be sent."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from visits.editorial import actions
from visits.models import Email, User

from .record import ReadOnlyAdmin


class NoticesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("wants_email",)
        labels = {"wants_email": gettext_lazy("Send me e-mail about what I worked on or have to decide")}
        help_texts = {"wants_email": ""}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_notices(request):
    user = User.objects.get(pk=request.user.pk)
    form = NoticesForm(request.POST if request.method == "POST" else None, instance=user)
    if form.is_valid():
        with actions.saving_record(user, by=user):
            form.save()
        messages.success(request, _("Your choice has been saved."))
        return redirect("account_notices")
    return render(request, "account/notices.html", {"form": form, "is_sent": bool(settings.EMAIL_URL)})


@admin.register(Email)
class EmailAdmin(ReadOnlyAdmin):
    list_display = ("to", "subject", "created_at", "attempts", "next_try_at", "last_error")
    list_filter = (("next_try_at", admin.EmptyFieldListFilter),)
    search_fields = ("to", "subject")
