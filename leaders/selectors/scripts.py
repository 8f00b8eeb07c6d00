"""The scripts that are shown, in the order of their occasions."""

from collections.abc import Sequence

from leaders.models.care import Script, ScriptOccasion


def scripts_by_occasion(
    *, without: ScriptOccasion | None = None
) -> list[tuple[ScriptOccasion, Sequence[Script]]]:
    """Occasions with their scripts, in one query; an occasion without any is left out."""
    shown = list(Script.objects.filter(is_active=True).order_by("rank", "pk"))
    groups = [
        (occasion, [script for script in shown if script.occasion == occasion])
        for occasion in ScriptOccasion
        if occasion != without
    ]
    return [(occasion, scripts) for occasion, scripts in groups if scripts]
