"""An application in Flask: `site.register_blueprint(blueprint(app), url_prefix="/ivr")`."""

from .application import Application, PageRequest

try:
    import flask
except ImportError as error:
    raise ImportError("callwright.pages.flask needs Flask: pip install flask") from error


def blueprint(application: Application, name: str = "pages") -> flask.Blueprint:
    """Make a blueprint with every page of an application."""
    pages = flask.Blueprint(name, __name__)

    def answer(page_path: str) -> flask.Response:
        asked = flask.request
        request = PageRequest(
            asked.method,
            f"/{page_path}",
            asked.query_string.decode("latin-1"),
            asked.stream.read(application.max_body_bytes + 1),
            asked.headers.get("Authorization", ""),
        )
        reply = application.handle(request)
        return flask.Response(reply.body, reply.status, dict(reply.headers))

    pages.add_url_rule("/<path:page_path>", "page", answer, methods=["GET", "POST"])
    return pages
