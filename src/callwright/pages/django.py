"""An application in Django: `path("ivr/", include(urls(app)))` in a site's `urlpatterns`."""

from typing import Any

from .application import Application, PageRequest

try:
    from django.http import HttpRequest, HttpResponse  # type: ignore[import-untyped] # it has no types
    from django.urls import path  # type: ignore[import-untyped] # as above
    from django.views.decorators.csrf import csrf_exempt  # type: ignore[import-untyped] # as above
except ImportError as error:
    raise ImportError("callwright.pages.django needs Django: pip install django") from error


def urls(application: Application) -> list[Any]:  # Django's own patterns
    """Make URL patterns with one for each page of an application."""
    view = csrf_exempt(_view(application))
    return [
        path(page[1:], view, {"page_path": page}, name=f"page{page.replace('/', '-')}")
        for page in application.pages
    ]


def _view(application: Application) -> Any:  # a function that Django calls
    def answer(request: HttpRequest, page_path: str) -> HttpResponse:
        asked = PageRequest(
            request.method or "",
            page_path,
            request.META.get("QUERY_STRING", ""),
            request.read(application.max_body_bytes + 1),
            request.META.get("HTTP_AUTHORIZATION", ""),
        )
        reply = application.handle(asked)
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    return answer
