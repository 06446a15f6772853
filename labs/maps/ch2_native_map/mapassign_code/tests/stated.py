"""Figures of the corrections that no judge says: where fields lie."""

stated = {"2.1-a": {"16": lambda seen: [field.offset] if (field := seen.type("runtime.hmap").field("buckets")) else []}}
