"""Which reference columns exist once per language (read by django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from visits.models import Body, Country, Region, Resolution, Topic


@register([Region, Country, Body])
class NamedOptions(TranslationOptions):
    fields = ("name", "name_origin")


@register(Topic)
class TopicOptions(TranslationOptions):
    fields = ("name", "name_origin", "definition")


@register(Resolution)
class ResolutionOptions(TranslationOptions):
    fields = ("subject", "subject_origin")
