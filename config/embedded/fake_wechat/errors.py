"""How the gateway says no."""


class ApiError(Exception):
    """A refusal with its HTTP status and the provider's own code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def parameter_error(field: str, issue: str) -> ApiError:
    """Return the refusal of one field of a request."""
    return ApiError(400, "PARAM_ERROR", f"参数错误：{field} {issue}")
