"""Log-in, log-out and the way from there to the page of one's role."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from leaders.models.accounts import Role

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
}

log_in = LoginView.as_view(redirect_authenticated_user=True)
log_out = LogoutView.as_view()


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the first page of their role."""
    user = request.user
    if not user.is_authenticated:
        return redirect("login")
    if user.is_superuser:
        return redirect("admin:index")
    return redirect(HOME_BY_ROLE[Role(user.role)])
