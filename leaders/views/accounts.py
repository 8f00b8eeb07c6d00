"""Log-in, log-out and the way from there to the page of one's role."""

from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_GET

from leaders.forms.accounts import FirstPasswordForm
from leaders.models.accounts import Role, User
from leaders.selectors.access import borrowed_by
from leaders.services.accounts import LOGIN_LINK_TOKENS, login_password_note

# Leaders' pages show orders and goods, so they live in the apps above; this
# app only knows what they are called.
HOME_BY_ROLE = {
    Role.LEADER: "leader-home",
    Role.WAREHOUSE: "night-newest",
    Role.DISPATCHER: "route-plan",
    Role.BUYER: "admin:index",
    Role.DRIVER: "driver-home",
    Role.RECRUITER: "recruiting",
    Role.SERVICE: "service-claims",
    Role.FINANCE: "settlement-desk",
    Role.HELPER: "leader-pickups",
    Role.RECEIVER: "night-newest",
    Role.SORTER: "night-newest",
    Role.COMPLIANCE: "compliance",
    Role.ADMINISTRATOR: "admin:index",
}


class LoginSetView(PasswordResetConfirmView):
    """A new leader sets a password by a link, and is logged in with it."""

    template_name = "registration/login_set.html"
    form_class = FirstPasswordForm
    token_generator = LOGIN_LINK_TOKENS
    success_url = reverse_lazy("home")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Set the password, and note that it was."""
        response = super().form_valid(form)
        login_password_note(user=form.user, now=timezone.now())
        return response


log_in = LoginView.as_view(redirect_authenticated_user=True)
log_out = LogoutView.as_view()
login_set = LoginSetView.as_view()


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the first page of their role."""
    user = request.user
    if not user.is_authenticated:
        return redirect("login")
    if user.is_superuser:
        return redirect("admin:index")
    borrowed = borrowed_by(user)
    return redirect(HOME_BY_ROLE[Role(borrowed.role if borrowed else user.role)])
