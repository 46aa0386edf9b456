"""The API described for people: a plain list made from the same schema that machines read."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@dataclass(frozen=True, slots=True)
class Operation:
    method: str  # «GET»
    path: str
    summary: str
    sends: str  # name of the shape in the schema; empty: nothing
    answers: str
    parameters: tuple[str, ...]


class OnceGenerator(SchemaGenerator):
    """The schema changes with the code alone: a process makes it once, whoever asks."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _schema(public)


@cache
def _schema(public: bool) -> Any:
    generator: Any = SchemaGenerator
    return generator().get_schema(request=None, public=public)


@cache
def operations() -> tuple[Operation, ...]:
    """Return the operations of the API in the order of their addresses."""
    schema = _schema(public=True)
    return tuple(
        _operation(method, path, found)
        for path, methods in sorted(schema["paths"].items())
        for method, found in methods.items()
    )


def _operation(method: str, path: str, found: dict[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        summary=found.get("description", ""),
        sends=_shape(found.get("requestBody", {})),
        answers=_shape(found["responses"].get("200", {})),
        parameters=tuple(p["name"] for p in found.get("parameters", ()) if p["in"] == "query"),
    )


def _shape(body: dict[str, Any]) -> str:
    schema = body.get("content", {}).get("application/json", {}).get("schema", {})
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    name = str(reference).rpartition("/")[2]
    return f"список {name}" if schema.get("type") == "array" else name
