"""For every test: properties are judged by their outcome, never by the clock."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("outcome", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("outcome")
