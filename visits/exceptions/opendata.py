"""What stands in the way of a data package."""

from django.utils.translation import gettext_lazy

from .base import RegisterError


class NoPackage(RegisterError):
    """Nothing was built yet, or something that it holds was taken back since. Data: none."""

    code = "no_package"
    template = gettext_lazy("The data package is being built anew. Try again in some minutes.")


class PackageOvertaken(RegisterError):
    """Data: `generation`."""

    code = "package_overtaken"
    template = gettext_lazy(
        "While the data package was built, something that it holds was taken back. It was not put in place; build it "
        "again."
    )


class BeingBuilt(RegisterError):
    """Data: `folder`."""

    code = "being_built"
    template = gettext_lazy("A data package is being built in %(folder)s already. Wait until it is there.")


class NotAPackage(RegisterError):
    """Data: `folder`."""

    code = "not_a_package"
    template = gettext_lazy(
        "%(folder)s holds something else than a data package, which would be lost. Name another folder."
    )
