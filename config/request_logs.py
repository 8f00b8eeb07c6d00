"""The line of each request, under the id that all lines of the request carry."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from config.logs import masked_text


class RequestLogMiddleware(RequestMiddleware):
    """Gives every request an id; names it by its path, without what stands behind the `?`."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The way a request is named in its lines."""
        return f"{request.method} {masked_text(request.path)}"
