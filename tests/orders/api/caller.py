"""Calls the API and holds every answer to what the schema says of it."""

import json
from functools import cache
from typing import Any

from django.test import Client
from django.urls import resolve
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from orders.models.residents import Resident
from orders.services.resident_tokens import resident_token_issue

ROOT = "/api/v1/"
METHODS = ("get", "post", "patch", "put", "delete")
Json = Any


@cache
def schema() -> dict[str, Any]:
    """The description of the API, with `nullable` spelt as JSON Schema does."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    plain: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return plain


def misfits(part: dict[str, Any], value: Json) -> list[str]:
    """What of a value does not fit a part of the schema."""
    document = _with_nulls({**part, "components": schema()["components"]})
    return [error.message for error in Draft202012Validator(document).iter_errors(value)]


class ApiAnswer:
    """One answer, read."""

    def __init__(self, response: Any) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.body: Json = json.loads(response.content) if response.content else None

    @property
    def code(self) -> str:
        """Which rule said no."""
        return str(self.body["code"])


class ApiCaller:
    """A mini-program in miniature: with a resident it sends their token along."""

    def __init__(self, resident: Resident | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, str] = {}
        if resident is not None:
            issued = resident_token_issue(resident_id=resident.pk, now=timezone.now())
            self.headers["Authorization"] = f"Bearer {issued.text}"

    def get(self, path: str, **query: str) -> ApiAnswer:
        """Ask for something."""
        response = self.client.get(ROOT + path, query, headers=self.headers)
        return _checked("get", path, response)

    def post(self, path: str, body: Json = None, key: str | None = None) -> ApiAnswer:
        """Send JSON, with an idempotency key if one is given."""
        return self._send("post", path, body, key)

    def patch(self, path: str, body: Json) -> ApiAnswer:
        """Change something."""
        return self._send("patch", path, body, None)

    def delete(self, path: str) -> ApiAnswer:
        """End something."""
        return self._send("delete", path, None, None)

    def upload(self, path: str, fields: dict[str, Any], key: str | None = None) -> ApiAnswer:
        """Send a form with files."""
        response = self.client.post(ROOT + path, fields, headers=self._headers(key))
        return _checked("post", path, response)

    def _send(self, method: str, path: str, body: Json, key: str | None) -> ApiAnswer:
        response = self.client.generic(
            method.upper(),
            ROOT + path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=self._headers(key),
        )
        return _checked(method, path, response)

    def _headers(self, key: str | None) -> dict[str, str]:
        return self.headers | ({"Idempotency-Key": key} if key else {})


def _checked(method: str, path: str, response: Any) -> ApiAnswer:
    """Fail unless the schema knows this status of this operation and the body fits."""
    answer = ApiAnswer(response)
    operation = schema()["paths"][_template(path)][method]
    described = operation["responses"].get(str(answer.status))
    assert described, f"{method} {path} answered {answer.status}, which the schema does not know"
    content = described.get("content", {}).get("application/json")
    if content is None:
        assert answer.body is None
        return answer
    problems = misfits(content["schema"], answer.body)
    assert not problems, problems
    return answer


def _template(path: str) -> str:
    """The path of the schema that an address belongs to."""
    route = resolve(ROOT + path.partition("?")[0]).route
    return "/" + route.replace("<str:", "{").replace(">", "}")


def _with_nulls(part: Json) -> Json:
    """OpenAPI 3.0 says `nullable`, JSON Schema a second type."""
    if isinstance(part, list):
        return [_with_nulls(item) for item in part]
    if not isinstance(part, dict):
        return part
    inner = {name: _with_nulls(value) for name, value in part.items() if name != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if part.get("nullable") is True else inner
