"""Errors in the use of the command line, as a Dutch sentence."""

from __future__ import annotations

import typer


def usage_sentence(error: typer.TyperException) -> str:
    """What was wrong with the command as it was typed; typer says it in English, by kinds it does not publish."""
    name = _name_of(getattr(error, "param", None))
    match type(error).__name__:
        case "MissingParameter":
            return f"{name} ontbreekt."
        case "BadParameter" if name:
            return f"Ongeldige waarde voor {name}{_range_of(error)}."
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
    return f"Te veel argumenten:{arguments.removeprefix('s')}." if extra else message


def _name_of(parameter: object) -> str:
    """INVOER for an argument, --seed for an option; "" where the error is about none."""
    options = [option for option in getattr(parameter, "opts", ()) if option.startswith("-")]
    metavar = getattr(parameter, "metavar", None) or getattr(parameter, "name", "") or ""
    return options[0] if options else str(metavar)


def _range_of(error: typer.TyperException) -> str:
    kind = getattr(getattr(error, "param", None), "type", None)
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    return "" if low is None or high is None else f": een getal van {low} tot en met {high}"
