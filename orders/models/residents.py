"""Residents (居民), the people who order and pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leaders.models.leaders import Leader


class Resident(models.Model):
    """A buyer, bound to the leader whose group they order in."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="residents", verbose_name=_("leader")
    )
    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    building = models.CharField(_("building"), max_length=30, blank=True)
    room = models.CharField(_("room"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
