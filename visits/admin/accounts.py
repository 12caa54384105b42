"""Staff: how they sign in, the accounts themselves, and the first three of them. There is no public sign-up."""

import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from visits.editorial import actions
from visits.enums import Role
from visits.models import User

from .base import RecordWriting, RefusingAdmin
from .conflicts import VersionedForm


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False


def create_first_staff() -> list[tuple[str, str, str]]:
    """One account for each role, as (username, password, role); nothing at all once any person has an account."""
    with transaction.atomic():
        system = User.objects.system()
        if User.objects.exclude(pk=system.pk).exists():
            return []
        made = []
        for role in Role:
            password = secrets.token_urlsafe(12)
            # The domain is reserved for never being reached: staff replace the address by their own.
            user = User(username=role.value, email=f"{role.value}@staff.invalid", is_staff=True)
            user.set_password(password)
            with actions.saving_record(user, by=system):
                user.save()
                user.groups.set([Group.objects.get(name=role.value)])
                trust_email(user)
            made.append((user.username, password, role.value))
        return made


def trust_email(user: User) -> None:
    """Staff addresses are entered by administrators: an unverified one would block enrolling a second factor."""
    addresses = EmailAddress.objects.filter(user=user)
    addresses.exclude(email=user.email).delete()
    if user.email:
        addresses.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


class StaffFields(forms.ModelForm):
    """What both forms of an account check."""

    # Who fills in the form; set for each request.
    editor: User

    def clean_email(self):
        email = self.cleaned_data["email"].strip().lower()
        if email and User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Another account has this address already."), code="email_taken")
        return email

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk == self.editor.pk and not self.editor.is_superuser:
            groups = {group.name for group in cleaned.get("groups", [])}
            if not (cleaned.get("is_active") and cleaned.get("is_staff") and Role.ADMINISTRATOR.value in groups):
                message = gettext("You cannot take away your own access: ask another administrator to do it.")
                raise forms.ValidationError(message, code="own_access")
        return cleaned


class NewStaffForm(StaffFields, AdminUserCreationForm):
    is_staff = forms.BooleanField(label=_("may sign in to the admin"), initial=True, required=False)


class StaffForm(VersionedForm, StaffFields, UserChangeForm):
    pass


@admin.register(User)
class StaffMemberAdmin(RecordWriting, RefusingAdmin, UserAdmin):
    """Accounts and their roles. What a role may do is in `editorial.roles`; nobody is made a superuser here."""

    form = StaffForm
    add_form_template = None
    add_form = NewStaffForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "wants_email")}),
        (_("Role"), {"fields": ("groups", "is_active", "is_staff")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Role"), {"fields": ("groups", "is_staff")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    list_display = ("username", "first_name", "last_name", "email", "roles", "is_active")
    list_filter = ("groups", "is_active")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user):
        names = (Role(group.name).label if group.name in Role.values else group.name for group in user.groups.all())
        return ", ".join(map(str, names))

    def has_change_permission(self, request, obj=None):
        if obj is not None and (obj.is_system or (obj.is_superuser and not request.user.is_superuser)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        # Accounts are closed by taking away `is_active`: what a person did keeps pointing at somebody.
        return False

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.editor = request.user
        return form

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=Role.values)
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def write(self, request, form, formsets, change):
        super().write(request, form, formsets, change)
        trust_email(form.instance)

    def user_change_password(self, request, id, form_url=""):
        user = self.get_object(request, unquote(id))
        if user is None or request.method != "POST":
            return super().user_change_password(request, id, form_url)
        with actions.saving_record(user, by=request.user):
            return super().user_change_password(request, id, form_url)

    def response_add(self, request, obj, post_url_continue=None):
        if not obj.groups.exists():
            messages.warning(request, gettext("This account has no role yet, so it can do nothing."))
        return super().response_add(request, obj, post_url_continue)
