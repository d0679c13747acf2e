"""The common look: base templates, design tokens, parts for deadlines, findings, lists and forms; no models.

Every room above it renders with these parts, so that a deadline or a refusal looks the same everywhere."""
