"""Shamir's sharing over the integers mod n (the order of the SM2 curve), so that a share is a scalar of 32 bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yiwang.pure.sm.points import ORDER, SecretScalar

MAX_HOLDERS = 16


def shares(coefficients: Sequence[SecretScalar], count: int) -> list[SecretScalar]:
    """f(1)…f(count) of the polynomial with ``coefficients`` (the secret first; their number is the threshold).

    Raises BadKey (from SecretScalar) in the one case of 2²⁵⁶ in which a share is 0: choose another secret.
    """
    if not 2 <= len(coefficients) <= count <= MAX_HOLDERS:
        raise ValueError(f"threshold 2 to the number of holders, at most {MAX_HOLDERS} holders")
    out = []
    for place in range(1, count + 1):
        value = 0
        for coefficient in reversed(coefficients):
            value = (value * place + coefficient.expose()) % ORDER
        out.append(SecretScalar(value))
    return out


def joined(parts: Mapping[int, SecretScalar]) -> SecretScalar:
    """The secret from shares by place (1…16), by Lagrange at 0. With wrong shares it is a wrong secret."""
    places = sorted(parts)
    if not places or places[0] < 1 or places[-1] > MAX_HOLDERS:
        raise ValueError("places of shares run from 1")
    value = 0
    for place in places:
        above = below = 1
        for other in places:
            if other != place:
                above = above * other % ORDER
                below = below * (other - place) % ORDER
        value += parts[place].expose() * above * pow(below, -1, ORDER)
    return SecretScalar(value % ORDER)
