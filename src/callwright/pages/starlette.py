"""An application in Starlette: `Starlette(routes=[mount(app, "/ivr")])`."""

from .application import Application
from .asgi import AsgiApp, asgi_app

try:
    from starlette.routing import Mount
except ImportError as error:
    raise ImportError(
        "callwright.pages.starlette needs Starlette: pip install starlette"
    ) from error


def mount(application: Application, at: str) -> Mount:
    """Make a route of Starlette's below which every page of an application stands."""
    app: AsgiApp = asgi_app(application)
    return Mount(at, app=app)
