"""Errors in the use of the command line, as a Dutch sentence."""

from __future__ import annotations

import typer
from pydantic import ValidationError


def usage_sentence(error: typer.TyperException) -> str:
    """What was wrong with the command as it was typed; typer says it in English, by kinds it does not publish."""
    name = _name_of(getattr(error, "param", None))
    match type(error).__name__:
        case "MissingParameter":
            return f"{name} ontbreekt."
        case "BadParameter" if name:
            return f"Ongeldige waarde voor {name}{_wanted(error)}."
        case "NoSuchOption":
            return f"Onbekende optie {getattr(error, 'option_name', '')}."
        case "BadOptionUsage":
            return f"Te veel of te weinig waarden bij optie {getattr(error, 'option_name', '')}."
        case "UsageError":
            return _of_command(str(error))
        case _:
            return str(error)


def _of_command(message: str) -> str:
    """The two errors that typer tells apart by their text only."""
    _, unknown, command = message.partition("No such command ")
    if unknown:
        return f"Onbekende opdracht {command}"
    _, extra, arguments = message.partition("Got unexpected extra argument")
    return f"Te veel argumenten: {arguments.rpartition('(')[2].rstrip(')')}." if extra else message


def _name_of(parameter: object) -> str:
    """INVOER for an argument, --seed for an option; "" where the error is about none."""
    options = [option for option in getattr(parameter, "opts", ()) if option.startswith("-")]
    metavar = getattr(parameter, "metavar", None) or getattr(parameter, "name", "") or ""
    return options[0] if options else str(metavar)


def _wanted(error: typer.TyperException) -> str:
    """What the value should have been, as far as the check behind it tells."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return ""
    problem = cause.errors(include_url=False)[0]
    bounds = problem.get("ctx", {})
    if "ge" in bounds:
        return f": ten minste {bounds['ge']}"
    if "le" in bounds:
        return f": ten hoogste {bounds['le']}"
    return ": een geheel getal" if problem["type"].startswith("int") else ""
