"""The interface of callback clients: `/api/ver1.0` and `/oauth`."""
