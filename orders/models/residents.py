"""Residents (居民), the people who order and pay, and how we know who they are."""

from django.conf import settings
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
    phone_verified_at = models.DateTimeField(
        _("phone verified at"),
        null=True,
        blank=True,
        help_text=_("Empty: known from an import or a leader, never logged in."),
    )
    openid = models.CharField(_("WeChat openid"), max_length=64, blank=True)
    privacy_version = models.CharField(_("privacy notice agreed to"), max_length=20, blank=True)
    privacy_agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    restricted_at = models.DateTimeField(
        _("restricted at"),
        null=True,
        blank=True,
        help_text=_("From here on the data is kept and protected, and used for nothing."),
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=models.Q(phone_verified_at__isnull=False),
                name="resident_one_per_verified_phone",
                violation_error_message=_("This phone already belongs to a resident."),
            ),
            models.UniqueConstraint(
                fields=["openid"],
                condition=~models.Q(openid=""),
                name="resident_one_per_openid",
                violation_error_message=_("This WeChat account already belongs to a resident."),
            ),
        ]
        indexes = [models.Index(fields=["phone"], name="resident_by_phone")]

    def __str__(self) -> str:
        return self.code


class BindingSource(models.TextChoices):
    """Who bound a resident to a leader."""

    FIRST_VISIT = "first_visit", _("First order page opened")
    RESIDENT = "resident", _("Changed by the resident")
    STAFF = "staff", _("Changed by staff")


class ResidentBinding(models.Model):
    """One binding of a resident to a leader; rows are only ever added."""

    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="bindings", verbose_name=_("resident")
    )
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="bindings", verbose_name=_("leader")
    )
    source = models.CharField(_("source"), max_length=16, choices=BindingSource)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    bound_at = models.DateTimeField(_("bound at"))

    class Meta:
        verbose_name = _("binding")
        verbose_name_plural = _("bindings")
        ordering = ["resident", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=BindingSource.STAFF)
                | (models.Q(changed_by__isnull=False) & ~models.Q(reason="")),
                name="resident_binding_by_staff_has_reason",
                violation_error_message=_("Staff who rebind a resident say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} → {self.leader_id}"


class LoginCode(models.Model):
    """A one-time code sent to a phone; only its digest is kept."""

    phone = models.CharField(_("phone"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("log-in code")
        verbose_name_plural = _("log-in codes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["phone", "-created_at"], name="login_code_by_phone")]

    def __str__(self) -> str:
        return f"{self.pk}"


class ResidentToken(models.Model):
    """A bearer token of the API; only its digest is kept."""

    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("resident")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"


class LinkChannel(models.TextChoices):
    """Where a short link is posted; clicks are told apart by it."""

    GROUP = "group", _("WeChat group")
    MOMENTS = "moments", _("Moments")
    CHAT = "chat", _("One to one")
    POSTER = "poster", _("Printed poster")


class ShortLink(models.Model):
    """A short address of a leader's page, made to be posted in a group."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    leader = models.ForeignKey(
        Leader, on_delete=models.PROTECT, related_name="short_links", verbose_name=_("leader")
    )
    channel = models.CharField(
        _("channel"), max_length=16, choices=LinkChannel, default=LinkChannel.GROUP
    )
    label = models.CharField(_("label"), max_length=40, blank=True)
    reseller = models.ForeignKey(
        Leader,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resale_links",
        verbose_name=_("sold by"),
        help_text=_("Orders that come this way are sold by this leader."),
    )
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    class Meta:
        verbose_name = _("short link")
        verbose_name_plural = _("short links")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.code


class ShortLinkClick(models.Model):
    """Somebody opened a short link; nobody is named."""

    short_link = models.ForeignKey(
        ShortLink, on_delete=models.PROTECT, related_name="clicks", verbose_name=_("short link")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("click")
        verbose_name_plural = _("clicks")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["short_link", "at"], name="short_link_click_by_link")]

    def __str__(self) -> str:
        return f"{self.short_link_id} {self.at}"
