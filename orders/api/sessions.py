"""Logging in and out: a code by message, a bearer token for it."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from leaders.models.leaders import Leader
from orders.api.authentication import caller
from orders.api.endpoints import OpenEndpoint, ResidentEndpoint
from orders.api.fields import FilledField, TextField
from orders.api.profile import ProfileSerializer
from orders.api.schema import problems
from orders.api.throttles import PhoneThrottle
from orders.domain.login_codes import VALID_FOR
from orders.errors import LeaderUnknown, PrivacyNoticeOutdated
from orders.models.legal import RuleKind
from orders.selectors.legal import rule_version_in_force
from orders.selectors.storefront import leader_by_code
from orders.services.login_codes import login_code_check, login_code_hurry, login_code_send
from orders.services.resident_tokens import resident_token_issue, resident_token_revoke
from orders.services.residents import resident_log_in

TAG = "Log-in"


class LoginCodeRequestSerializer(serializers.Serializer[dict[str, str]]):
    """Where the code goes."""

    phone = FilledField(max_length=20, help_text="A mainland mobile number.")


class LoginCodeSerializer(serializers.Serializer[dict[str, int]]):
    """A code is on its way."""

    valid_for_s = serializers.IntegerField(help_text="The code can be used for so many seconds.")


class SessionRequestSerializer(serializers.Serializer[dict[str, str]]):
    """A phone, proved by the code that was sent to it."""

    phone = FilledField(max_length=20)
    code = FilledField(max_length=20)
    leader_code = TextField(
        max_length=20,
        default="",
        allow_blank=True,
        help_text="Whose link was opened; binds a resident who logs in for the first time.",
    )
    privacy_version = FilledField(
        max_length=20, help_text="The version of the privacy notice that was agreed to."
    )


class SessionSerializer(serializers.Serializer[dict[str, object]]):
    """A token and whose it is."""

    token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`.")
    expires_at = serializers.DateTimeField()
    resident = ProfileSerializer()


class LoginCodes(OpenEndpoint):
    """Codes that prove a phone."""

    throttle_classes = [ScopedRateThrottle, PhoneThrottle]
    throttle_scopes = {"POST": "login_code"}

    @extend_schema(
        operation_id="login_code_send",
        summary="Send a log-in code to a phone",
        tags=[TAG],
        request=LoginCodeRequestSerializer,
        responses={
            202: OpenApiResponse(LoginCodeSerializer, description="The code is on its way."),
            **problems(has_body=True),
        },
        examples=[
            OpenApiExample("request", {"phone": "19900001234"}, request_only=True),
            OpenApiExample("answer", {"valid_for_s": 300}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Whether anybody has this phone is not told."""
        asked = LoginCodeRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        code = login_code_send(phone=asked.validated_data["phone"], now=now)
        login_code_hurry(code=code, now=now)
        answer = {"valid_for_s": int(VALID_FOR.total_seconds())}
        return Response(answer, status=status.HTTP_202_ACCEPTED)


class Sessions(OpenEndpoint):
    """Log-ins."""

    throttle_classes = [ScopedRateThrottle, PhoneThrottle]
    throttle_scopes = {"POST": "sessions"}

    @extend_schema(
        operation_id="session_begin",
        summary="Log in with a phone and the code it got",
        tags=[TAG],
        request=SessionRequestSerializer,
        responses={201: SessionSerializer, **problems(409, has_body=True)},
        examples=[
            OpenApiExample(
                "request",
                {
                    "phone": "19900001234",
                    "code": "482913",
                    "leader_code": "A00012",
                    "privacy_version": "2026-03",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Who logs in for the first time is bound to the leader whose link was opened."""
        asked = SessionRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        now = timezone.now()
        leader = leader_by_code(given["leader_code"]) if given["leader_code"] else None
        # Looked at before the code is used up: the same code serves the next try.
        _refuse_bad_terms(given, leader, rule_version_in_force(RuleKind.PRIVACY, now))
        login_code_check(phone=given["phone"], code=given["code"], now=now)
        resident = resident_log_in(
            phone=given["phone"],
            leader=leader,
            now=now,
            privacy_version=given["privacy_version"],
        )
        issued = resident_token_issue(resident_id=resident.pk, now=now)
        answer = {"token": issued.text, "expires_at": issued.expires_at, "resident": resident}
        return Response(SessionSerializer(answer).data, status=status.HTTP_201_CREATED)


class CurrentSession(ResidentEndpoint):
    """The log-in whose token came along."""

    @extend_schema(
        operation_id="session_end",
        summary="Log out",
        tags=[TAG],
        responses={
            204: OpenApiResponse(description="The token opens nothing any more."),
            **problems(401),
        },
    )
    def delete(self, request: Request) -> Response:
        """Other devices stay logged in."""
        resident_token_revoke(token_id=caller(request).token_id, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _refuse_bad_terms(given: dict[str, str], leader: Leader | None, privacy: str) -> None:
    if given["leader_code"] and leader is None:
        raise LeaderUnknown(_("Nobody leads under this code."), leader_code=given["leader_code"])
    if privacy and given["privacy_version"] != privacy:
        raise PrivacyNoticeOutdated(
            _("The privacy notice was renewed. Please read it and agree to it."), version=privacy
        )
