"""How each field of the self-declaration is typed: the macro of its input (design/macros.html) and that macro's arguments."""

from collections.abc import Mapping
from typing import Any

from clients.gateway import web

Input = tuple[str, Mapping[str, Any]]

INPUTS: Mapping[str, Input] = {
    "mobile": (
        "text",
        {"hint": "مانند ۰۹۱۳۱۲۳۴۵۶۷", "ltr": True, "size": "number", "mode": "tel", "complete": "tel"},
    ),
    "email": ("text", {"optional": True, "ltr": True, "mode": "email", "complete": "email"}),
    "phone": (
        "text",
        {"hint": "با کد استان، مانند ۰۳۱۳۲۲۱۱۲۲۳", "optional": True, "ltr": True, "size": "number", "mode": "tel"},
    ),
    "province": ("choice", {"options": web.labels.PROVINCES, "size": "half"}),
    "city": ("text", {"size": "half", "complete": "address-level2", "max": 60}),
    "address": ("area", {"rows": 3}),
    "postal_code": (
        "text",
        {
            "hint": "۱۰ رقم، بدون خط تیره",
            "ltr": True,
            "size": "number",
            "mode": "numeric",
            "complete": "postal-code",
        },
    ),
    "residence_since": ("day_boxes", {"optional": True}),
    "education": ("choice", {"options": web.labels.EDUCATION, "size": "half"}),
    "discipline": ("choice", {"options": web.labels.DISCIPLINES, "size": "half"}),
    "licence_no": ("text", {"optional": True, "ltr": True, "size": "number", "max": 30}),
    "employment.status": ("choice", {"options": web.labels.EMPLOYMENT, "size": "half"}),
    "employer": ("text", {"hint": "اگر شاغل هستید", "max": 120}),
    "job_title": ("text", {"optional": True, "size": "half", "max": 120}),
    "employment.province": ("choice", {"options": web.labels.PROVINCES, "optional": True, "size": "half"}),
    "employment.from_on": ("day_boxes", {"hint": "برای شغل تمام‌وقت لازم است"}),
    "employment.to_on": ("day_boxes", {"optional": True}),
    "weekly_hours": ("text", {"optional": True, "ltr": True, "size": "short", "mode": "numeric"}),
    "is_public_employee": ("tick", {}),
    "is_mine_operator": ("tick", {}),
    "note": ("area", {"hint": "حداکثر ۱۰۰۰ نویسه", "optional": True}),
}
